"""Ranking out of arrays is BM25 as FTS5 has it, of what stands in the catalogue now."""

from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db import assets, find, words
from db.connect import create_catalogue, open_catalogue, transaction
from library import by_words, match, word_index
from library.asset import Take
from library.by_words import find_by_words
from library.catalogue import put
from library.common_words import by_columns
from library.query import parse_query
from library.word_index import open_words, path_beside
from library.word_places import has_phrase
from library.word_rank import assets_matching, matches, scored_by_texts
from tests.library.shelf import described, put_all, ranked_by_arrays

_WORDS = [
    "soft",
    "steps",
    "step",
    "close",
    "dry",
    "Böse",
    "bose",
    "door 02",
    "C#",
    "24-96",
    "дверь",
]


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory):
    catalogue = tmp_path_factory.mktemp("library") / "library.db"
    files = [described(f"{k}/soft steps {k}.wav", description="close dry") for k in range(9)]
    files += [described(f"{k}/close soft dry {k}.wav", description="a" * k) for k in range(3)]
    files += [
        described(
            f"Böse/{'step ' * (k % 4)}Дверь {k}.wav", description=" soft" * (k % 9), channels=2
        )
        for k in range(40)
    ]
    files += [
        described(
            f"DOORWood_Door02 24-96 {k}_AB_C.wav", keywords="closed", loudness_lufs=-20.0 - 5 * k
        )
        for k in range(5)
    ]
    files += [
        described(f"gravel {k}.wav", facets={"surface": surface}, bits=16, licence="CC0")
        for k, surface in enumerate(["gravel", "Gravel", "snow", "grass"])
    ]
    files += [
        described(f"steps {k}.wav", [[1, 0]] * len(measured), takes=tuple(takes_with(*measured)))
        for k, measured in enumerate(
            [
                [(100.0, 500.0), (300.0, 5_000.0)],
                [(300.0, None), (None, 5_000.0), (None, None)],
                [(200.0, 1_000.0)],
                [(400.0, 999.9999), (400.1, 2_000.0)],
            ]
        )
    ]
    put_all(catalogue, *files)
    return catalogue


def takes_with(*measured):
    for k, (pitch_hz, centroid_hz) in enumerate(measured):
        features = {"pitch_hz": pitch_hz, "centroid_hz": centroid_hz, "loopability": 0.35 * (k + 1)}
        yield Take(index=k, start_samples=k, end_samples=k + 1, sync_samples=k, features=features)


@pytest.fixture(scope="module")
def library(catalogue):
    with closing(open_catalogue(catalogue)) as connection:
        yield connection


def found(library, query, wanted=30):
    answer = find_by_words(library, parse_query(query), wanted)
    told = [(one.asset_id, pytest.approx(one.score, abs=1e-12)) for one in answer.found]
    return told, [one.reading for one in answer.found], answer.total


@pytest.mark.parametrize(
    "query",
    [
        "soft", "close dry soft", '"close soft"', "clos* soft", "steps", "stepping", "s*",
        "-soft step", "дверь", "bose", "door category:doors", "soft channels:2",
        "soft,dry channels:1 -close",
        '"soft steps" channels:1', "door02 24-96", "pas", "Schritte", "oor", "soft -channels:1",
        "soft duration:<9s -soft", '"soft soft"', '"soft so',
    ],
)  # fmt: skip
@pytest.mark.parametrize("wanted", [3, 100])
def test_arrays_answer_as_fts5_does(library, monkeypatch, query, wanted):
    with monkeypatch.context() as patch:
        patch.setattr(by_words, "_arrays", lambda **_: None)
        by_fts5 = found(library, query, wanted)
    ranked_by_arrays(monkeypatch)
    monkeypatch.setattr("library.common_words._READ_FIRST", 2)
    monkeypatch.setattr("library.common_words._SCORED_FIRST", 2)
    assert found(library, query, wanted) == by_fts5
    monkeypatch.setattr("library.common_words.find.few_meet", lambda *_: False)
    assert found(library, query, wanted) == by_fts5


@pytest.mark.parametrize(
    "filters",
    [
        "channels:2", "-channels:2", "channels:1,2", "duration:<1s", "-duration:<1s",
        "loudness:>-30", "-loudness:>-30", "peak:<-1,>0", "category:doors", "category:do*",
        "-category:doors", "surface:gravel", "-surface:gravel", "surface:gr*,snow", "licence:c",
        "rate:>=96k", "format:WAV", "catid:DOORWood channels:1", "-step channels:2", "rate:48k",
        "bits:24", "-bits:24", "rate:48k -soft", "duration:0..2", "creator:ab", "source:c",
        "pitch:200..400hz", "-pitch:200..400hz", "pitch:200..400hz brightness:bright",
        "pitch:<200,>400", "brightness:dark", "-brightness:dark pitch:100", "is:take", "takes:>2",
        "-is:take", "is:loop pitch:300", "pace:>1", "-pace:>1 takes:2", "steps -pitch:>1",
    ],
)  # fmt: skip
def test_columns_tell_what_sql_tells(library, monkeypatch, filters):
    asked = parse_query(filters)
    told, others = by_columns(asked.conditions)
    assert told
    assert not others
    without = match.excluded_each(asked)
    met = assets_matching(library, open_words(library), (), without, told)
    assert met.tolist() == sorted(find.ids(library, None, match.excluded(asked), told))
    with monkeypatch.context() as patch:
        patch.setattr(by_words, "_arrays", lambda **_: None)
        in_sql = [found(library, filters, wanted) for wanted in (3, 100)]
    assert [found(library, filters, wanted) for wanted in (3, 100)] == in_sql


@settings(max_examples=60)
@given(st.lists(st.sampled_from(_WORDS), min_size=1, max_size=4).map(" ".join))
def test_scores_are_those_of_fts5(library, query):
    asked = parse_query(query)
    strict = match.strict(asked)
    ranked = matches(library, open_words(library), strict.groups, match.excluded_each(asked))
    told = dict(zip(ranked.rows.tolist(), ranked.scores.tolist(), strict=True))
    expected = dict(find.ranked(library, strict.match, match.excluded(asked), ()))
    assert told.keys() == expected.keys()
    by_texts = scored_by_texts(library, open_words(library), ranked)
    told_by_texts = dict(zip(by_texts.rows.tolist(), by_texts.scores.tolist(), strict=True))
    assert told_by_texts == pytest.approx(expected, rel=1e-9)
    if any(has_phrase(phrase) for group in strict.groups for phrase in group):
        assert all(told[row] >= score - 1e-12 for row, score in expected.items())  # a bound
    else:
        assert told == pytest.approx(expected, rel=1e-9)


def test_what_changed_since_the_file_was_made_is_ranked_beside_it(tmp_path, monkeypatch):
    ranked_by_arrays(monkeypatch)
    file = tmp_path / "library.db"
    put_all(file, *(described(f"door {k}.wav") for k in range(5)))
    with closing(open_catalogue(file)) as reader, closing(create_catalogue(file)) as writer:
        assert len(found(reader, "door")[0]) == 5
        made = path_beside(file).stat().st_mtime_ns
        with transaction(writer):
            put(writer, [described("creaking door.wav"), described("door 2.wav", description="x")])
            gone = writer.execute("select id from asset where path = 'door 4.wav'").fetchone()[0]
            assets.remove(writer, [gone])
        for _ in range(2):  # brought up to date, and opened anew
            answer = found(reader, "door")
            assert answer[2] == 5
            assert gone not in [asset_id for asset_id, _score in answer[0]]
            assert found(reader, "creaking")[2] == 1
            word_index._last_opened.clear()
        assert path_beside(file).stat().st_mtime_ns == made
        monkeypatch.setattr(word_index, "_CHANGED_MOST", 1)
        assert found(reader, "door") == answer
        assert path_beside(file).stat().st_mtime_ns > made  # far behind: made anew


def test_a_file_that_is_damaged_or_another_library_s_is_made_anew(tmp_path, monkeypatch):
    ranked_by_arrays(monkeypatch)
    for name in ("one", "other"):
        put_all(tmp_path / f"{name}.db", *(described(f"{name} door {k}.wav") for k in range(3)))
    with closing(open_catalogue(tmp_path / "one.db")) as connection:
        expected, file = found(connection, "door"), path_beside(tmp_path / "one.db")
        whole = file.read_bytes()
        with closing(open_catalogue(tmp_path / "other.db")) as other:
            found(other, "door")
        for damaged in (whole[:-4096], b"", b"{}", path_beside(tmp_path / "other.db").read_bytes()):
            word_index._last_opened.clear()
            file.write_bytes(damaged)
            assert found(connection, "door") == expected
            assert file.read_bytes() == whole


def test_where_no_file_can_be_written_words_are_held_in_memory(tmp_path, monkeypatch):
    def full(*_args, **_kwargs):
        raise OSError("no space left on device")

    ranked_by_arrays(monkeypatch)
    monkeypatch.setattr(word_index, "write_arrays", full)
    put_all(tmp_path / "library.db", described("door.wav"))
    with closing(open_catalogue(tmp_path / "library.db")) as connection:
        assert found(connection, "door")[2] == 1
    assert not path_beside(tmp_path / "library.db").exists()


def test_a_catalogue_without_numbered_changes_is_brought_up(tmp_path):
    file = tmp_path / "library.db"
    put_all(file, described("door.wav"))
    with closing(create_catalogue(file)) as connection:
        connection.execute("drop table word_change")
        connection.execute("delete from _sqlite_migrations where name = 'm002_word_changes'")
        connection.execute("pragma user_version = 1")
    with closing(create_catalogue(file)) as connection:
        assert words.last_change(connection) == 0
        assert open_words(connection).n_rows == 1
