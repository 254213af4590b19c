"""Names of the nearest: what is named as others near the question comes before what is not."""

from contextlib import closing

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.connect import open_catalogue
from library.name_votes import Votes, named, nearest_few
from library.neighbours import SAME
from library.search import search
from premix.shelf import LibraryShelf
from tests.library.shelf import described, put_all


def called(name: str, folder: str = "a"):
    return named(name, folder, None, None)


def test_a_name_is_its_words_without_numbers_letters_and_articles():
    assert called("DoorClose_02b.wav").words == {"door", "close"}
    assert called("The door of a cabin.wav").words == {"door", "cabin"}
    assert called("扉 閉 3").words == {"扉", "閉"}
    assert called(f"дверь б {'閉' * 41}").words == {"дверь"}


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
    likeness = np.linspace(0.9, 0.5, 14).astype(np.float32)
    steps, others = (
        [called(f"step {n}") for n in range(12)],
        [called("rain"), called("step 1", "b")],
    )
    lifted = Votes(likeness, [*steps, *others]).lifted()
    assert lifted[:12] - likeness[:12] == pytest.approx(
        np.full(12, 0.1 * (0.5 / 0.9) ** 4), abs=1e-6
    )
    assert lifted[12] == likeness[12]
    assert lifted[13] - likeness[13] == pytest.approx(0.1)


def test_ten_families_speak_and_lift_by_a_tenth_at_most():
    likeness = np.linspace(0.9, 0.8, 12).astype(np.float32)
    doors = [called(f"door {'abcdefghijk'[n] * 2}", str(n)) for n in range(11)]
    votes = Votes(likeness, [*doors, called("rain")])
    assert votes.words(called("jj")) == ("jj",)
    assert votes.words(called("kk")) == ()
    assert votes.lift(called("door")) == pytest.approx(0.1)


def test_a_copy_of_the_example_does_not_speak_nor_quieten_others():
    likeness = np.array([0.97, 0.6, 0.5, 0.5], np.float32)
    names = [called("rain"), called("door"), called("rain", "b"), called("door", "b")]
    assert Votes(likeness, names).lifted() - likeness == pytest.approx(
        [0, 0.1 * (0.5 / 0.6) ** 4, 0, 0.1]
    )


def test_a_word_that_all_have_says_nothing_and_what_is_unlike_is_not_lifted():
    likeness = np.array([0.8, 0.5, -0.1], np.float32)
    names = [called("acme door"), called("acme rain", "b"), called("acme door", "c")]
    votes = Votes(likeness, names)
    assert votes.lifted() == pytest.approx(likeness)
    assert votes.words(names[2]) == ("door",)


def test_the_nearest_files_are_asked_each_by_its_nearest_take():
    likeness = np.array([0.5] * 60 + [0.9, 0.4], np.float32)
    assert nearest_few(likeness, [7] * 60 + [1, 2]) == {7, 1, 2}
    assert nearest_few(likeness, list(range(62))) == {60, *range(49)}


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


def near_and_far(n_takes: int = 1):
    """Of four sounds as near to the example two are named by one word, in different folders."""
    axes = np.eye(64)
    near = {
        "A/door heavy.wav": [axes[0] + axes[1]],
        "B/glass.wav": [axes[0] + axes[2]],
        "C/paper.wav": [axes[0] + axes[3]],
        "D/door light.wav": [axes[0] + axes[4]],
        "paper as asked.wav": [axes[0]] * n_takes,
    }
    far = {f"E/{number}.wav": [axes[number]] for number in range(6, 64)}
    return [described(path, vectors) for path, vectors in (near | far).items()]


@pytest.fixture(scope="module", params=[1, 60, 250])
def library(request, tmp_path_factory):
    """The example has as many takes."""
    catalogue = tmp_path_factory.mktemp("named") / "library.db"
    put_all(catalogue, *near_and_far(request.param))
    with closing(open_catalogue(catalogue)) as connection:
        yield connection


def test_a_search_lets_names_speak_and_says_so(library):
    hits = search(library, like=["paper as asked.wav"], limit=4, explain=True).hits
    assert [hit.asset.path for hit in hits[:2]] == ["A/door heavy.wav", "D/door light.wav"]
    for hit in hits[:2]:
        assert hit.names == ("door",)
        assert hit.score == pytest.approx(hit.sounds + 0.05, abs=2e-4)
        assert hit.why.endswith("; named as others near it: door")
        assert any(line.endswith("+0.05: door") for line in hit.explained.told())
    # The example asks by its sound: that a candidate is named as itself does not count.
    for hit in hits[2:]:
        assert (hit.names, hit.score) == ((), hit.sounds)
        assert "named" not in hit.why


@pytest.mark.parametrize(
    "asked",
    [
        {"like": ["paper as asked.wav"], "aspects": {"timbre": 1}},
        {"like": ["paper as asked.wav"], "names": False},
        {"unlike": ["E/7.wav"]},
    ],
)
def test_sound_alone_ranks_by_an_aspect_unasked_and_where_nothing_is_near(library, asked):
    hits = search(library, limit=20, **asked).hits
    assert all(hit.names == () and hit.score == hit.sounds for hit in hits)


def test_pages_go_on_where_they_ended_and_scores_fall(library):
    whole = search(library, like=["paper as asked.wav"], limit=60).hits
    pages = [
        hit
        for offset in range(0, 60, 7)
        for hit in search(library, like=["paper as asked.wav"], limit=7, offset=offset).hits
    ]
    assert [hit.asset.id for hit in pages[:60]] == [hit.asset.id for hit in whole]
    assert len({hit.asset.id for hit in whole}) == 60
    scores = [hit.score for hit in whole]
    assert scores == sorted(scores, reverse=True)


def test_cues_are_cast_by_sound_alone(tmp_path):
    put_all(tmp_path / "library.db", *near_and_far())
    with closing(open_catalogue(tmp_path / "library.db")) as connection:
        found = LibraryShelf(connection).candidates("", "paper as asked.wav", 4)
        assert len({one.score for one in found}) == 1
