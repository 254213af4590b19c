"""Names of the nearest: what is named as others near the question comes before what is not."""

from contextlib import closing

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.connect import open_catalogue
from library.name_votes import Votes, named
from library.neighbours import SAME
from library.search import search
from tests.library.shelf import described, put_all


def called(name: str, folder: str = "a"):
    return named(name, folder, None, None)


def test_a_name_is_its_words_without_numbers_letters_and_articles():
    assert called("DoorClose_02b.wav").words == {"door", "close"}
    assert called("The door of a cabin.wav").words == {"door", "cabin"}
    assert called("扉 閉 3").words == {"扉", "閉"}


def test_a_name_without_words_lets_its_folder_speak():
    assert called("07", "disk/Glass Breaks").words == {"glass", "breaks"}
    assert called("07", "").words == frozenset()


def test_a_tag_is_a_word_of_the_name():
    assert named("Slam", "a", "DOORWood", "DOORS").words == {"slam", "doorwood", "doors"}


def test_what_is_named_as_another_near_the_question_is_lifted():
    likeness = np.array([0.8, 0.5, 0.5], np.float32)
    votes = Votes(likeness, [called("door slam"), called("rain", "b"), called("door creak", "b")])
    # One voter, as near as the nearest, and one word of two: half of a tenth.
    assert votes.lifted() - likeness == pytest.approx([0.05 * (0.5 / 0.8) ** 4, 0, 0.05])
    assert votes.words(called("door creak", "b")) == ("door",)


def test_numbered_files_of_one_folder_have_one_voice_and_none_for_themselves():
    likeness = np.linspace(0.9, 0.5, 12).astype(np.float32)
    own = [called(f"step {number}") for number in range(12)]
    assert Votes(likeness, own).lifted() == pytest.approx(likeness)
    one, twelve = Votes(likeness[:1], own[:1]), Votes(likeness, own)
    other = called("step 1", "b")
    assert one.lift(other) == pytest.approx(twelve.lift(other)) == pytest.approx(0.1)


def test_ten_families_speak_and_no_more():
    likeness = np.linspace(0.9, 0.8, 11).astype(np.float32)
    votes = Votes(likeness, [called(f"door {'abcdefghijk'[n] * 2}", str(n)) for n in range(11)])
    assert votes.words(called("jj")) == ("jj",)
    assert votes.words(called("kk")) == ()


def test_fifty_of_the_nearest_are_lifted():
    likeness = np.linspace(0.9, 0.5, 70).astype(np.float32)
    lifted = Votes(likeness, [called("door", str(n)) for n in range(70)]).lifted()
    assert np.flatnonzero(lifted > likeness).tolist() == list(range(50))


NAMES = st.one_of(
    st.none(),
    st.builds(
        called,
        st.sampled_from(["door slam", "door 2", "rain", "wood door", "17", ""]),
        st.sampled_from(["", "a", "b/7"]),
    ),
)


@given(st.lists(st.tuples(st.floats(-1, 1, width=32), NAMES), max_size=40))
def test_names_never_take_away_and_the_same_sound_stays_first(candidates):
    likeness = np.array([near for near, _name in candidates], np.float32)
    lifted = Votes(likeness, [name for _near, name in candidates]).lifted()
    assert lifted.shape == likeness.shape
    assert np.all((lifted >= likeness) & ((lifted <= SAME) | (likeness >= SAME)))
    nameless = [name is None or not name.words for _near, name in candidates]
    assert np.array_equal(lifted[nameless], likeness[nameless])
    assert np.array_equal(lifted[likeness >= SAME], likeness[likeness >= SAME])


@given(st.lists(st.tuples(st.floats(0, 1, width=32), NAMES), max_size=20, unique_by=lambda c: c[0]))
def test_the_order_of_candidates_is_no_difference(candidates):
    def lifted(some):
        likeness = np.array([near for near, _name in some], np.float32)
        return Votes(likeness, [name for _near, name in some]).lifted()

    assert lifted(candidates[::-1])[::-1] == pytest.approx(lifted(candidates))


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """Of four sounds as near to the question two are named by one word, in different folders."""
    axes = np.eye(64)
    near = {
        "A/door heavy.wav": axes[0] + axes[1],
        "B/glass.wav": axes[0] + axes[2],
        "C/paper.wav": axes[0] + axes[3],
        "D/door light.wav": axes[0] + axes[4],
        "paper as asked.wav": axes[0],
    }
    far = {f"E/{number}.wav": axes[number] for number in range(6, 64)}
    catalogue = tmp_path_factory.mktemp("named") / "library.db"
    put_all(catalogue, *(described(path, [vector]) for path, vector in (near | far).items()))
    with closing(open_catalogue(catalogue)) as connection:
        yield connection


def test_a_search_lets_names_speak_and_says_so(library):
    hits = search(library, like=["paper as asked.wav"], limit=4, explain=True).hits
    assert [hit.asset.path for hit in hits[:2]] == ["A/door heavy.wav", "D/door light.wav"]
    for hit in hits[:2]:
        assert hit.names == ("door",)
        assert hit.score == pytest.approx(hit.sounds + 0.05, abs=2e-4)
        assert hit.why.endswith("(named as others near it: door)")
        assert any(line.endswith("+0.05: door") for line in hit.explained.told())
    # The example asks by its sound: that a candidate is named as itself does not count.
    for hit in hits[2:]:
        assert (hit.names, hit.score) == ((), hit.sounds)
        assert "named" not in hit.why


def test_by_an_aspect_sound_alone_ranks(library):
    hits = search(library, like=["paper as asked.wav"], limit=4, aspects={"timbre": 1}).hits
    assert len({hit.score for hit in hits}) == 1
    assert all(hit.names == () for hit in hits)
