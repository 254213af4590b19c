"""Aspects out of the file of features answer as the catalogue's own rows would."""

import math
from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest

from db import assets
from db.connect import create_catalogue, open_catalogue, transaction
from library import among, by_aspects, vector_file, vector_index
from library.aspects import _LOUDNESS, _SPECTRUM, FEATURES, compared_in, weights_of
from library.catalogue import find_asset, put, put_metadata
from library.measured import Measured
from library.search import search
from library.vector_index import open_index, path_beside
from tests.library.shelf import described, put_all

FILES, NEWER = 60, 7
ASPECTS = [
    {"timbre": 0, "pitch": 1},
    {"timbre": 0, "loudness": 1},
    {"timbre": 0, "spectrum": 1},
    {"timbre": 0, "pitch": 1, "loudness": 0.5, "spectrum": 0.2},
    {"timbre": 1, "pitch": 0.5, "spectrum": 2},
]


def some_features(random):
    """As a scan may measure them; a quarter is not there."""
    high = {"pitch_hz": 2000, "centroid_hz": 9000, "bandwidth_hz": 5000, "rolloff_hz": 15000}
    high |= {"zero_crossings_per_s": 8000, "crest_db": 30, "level_range_db": 60, "onset_count": 9}
    values = {name: float(random.uniform(0, high.get(name, 1))) for name in FEATURES}
    return {name: None if random.random() < 0.25 else value for name, value in values.items()}


def sound(number, seed=None, n_takes=None):
    random = np.random.default_rng(number if seed is None else seed)
    n_takes = number % 3 + 1 if n_takes is None else n_takes
    name = f"{'DOORWood_Creak' if number % 2 else 'RAIN_Heavy'} {number}_A_T.wav"
    one = described(name, random.standard_normal((n_takes, 8)), channels=number % 4 // 2 + 1)
    takes = tuple(replace(take, features=some_features(random)) for take in one.asset.takes)
    return replace(one, asset=replace(one.asset, takes=takes))


@pytest.fixture
def catalogue(tmp_path, monkeypatch):
    """A library with a file of vectors, and sounds that are newer."""
    monkeypatch.setattr(vector_index, "_TAIL_MOST", 20)
    monkeypatch.setattr(by_aspects, "_AT_ONCE", 16)
    path = tmp_path / "library.db"
    put_all(path, *map(sound, range(FILES)))
    with closing(open_catalogue(path)) as connection:
        open_index(connection)
    add(path, *map(sound, range(FILES, FILES + NEWER)))
    return path


def add(path, *files):
    with closing(create_catalogue(path)) as connection, transaction(connection):
        put(connection, files)


def apart_by(scales, one, other):
    """Deviations between two takes, as library.aspects and docs/search.md say it."""
    squares = []
    for name, scale in scales.items():
        a, b = one[name], other[name]
        if a is None and b is None:
            continue
        if a is None or b is None:
            squares.append(4.0)
            continue
        if scale.logarithmic_from is not None:
            a, b = (math.log2(max(each, scale.logarithmic_from)) for each in (a, b))
        squares.append(((a - b) / scale.spread) ** 2)
    return math.sqrt(sum(squares) / max(len(squares), 1))


def alike_in(aspect, asked, found):
    if aspect != "pitch":
        return math.exp(-apart_by(_LOUDNESS if aspect == "loudness" else _SPECTRUM, asked, found))
    sure, as_sure = (
        0.0
        if each["pitch_hz"] is None
        else 1.0
        if each["pitch_confidence"] is None
        else each["pitch_confidence"]
        for each in (asked, found)
    )
    if not sure:
        return 1.0 - as_sure
    if found["pitch_hz"] is None:
        return 1.0 - sure
    octaves = abs(math.log2(max(found["pitch_hz"], 1.0) / asked["pitch_hz"]))
    return 2 ** (-octaves / 0.25) * min(sure, as_sure) / max(sure, as_sure)


def likeness_by_rows(connection, asked_id, aspects, where):
    """(asset id, place of the take in it) → (likeness, likeness in each aspect), row by row."""
    weights = {aspect: weight for aspect, weight in weights_of(aspects).items() if weight}
    rows = connection.execute(
        "select take.*, vector.numbers from take join vector on take_id = take.id"
        f" join asset on asset.id = asset_id where {where}"
    ).fetchall()
    (asked,) = connection.execute(
        "select take.*, vector.numbers from take join vector on take_id = take.id"
        " where asset_id = ?",
        (asked_id,),
    ).fetchall()
    vector = np.frombuffer(asked["numbers"], "<f2").astype(float)
    found = {}
    for row in rows:
        if row["asset_id"] == asked_id:
            continue
        cosine = float(np.frombuffer(row["numbers"], "<f2").astype(float) @ vector)
        parts = {a: cosine if a == "timbre" else alike_in(a, asked, row) for a in weights}
        mean = sum(weights[a] * parts[a] for a in parts) / sum(weights.values())
        found[row["asset_id"], row["index"]] = (mean, parts)
    return found


def one_take_each(connection):
    """Sounds of one take: what is asked is then that take."""
    sql = "select asset_id from take group by 1 having count(*) = 1 order by 1"
    return [row[0] for row in connection.execute(sql)]


@pytest.mark.parametrize("aspects", ASPECTS, ids=str)
@pytest.mark.parametrize(
    ("query", "where"),
    [
        ("", "true"),
        ("rain", "path like 'RAIN%'"),
        ("-rain", "path not like 'RAIN%'"),
        ("channels:2", "channels = 2"),
        ("creak channels:1", "channels = 1 and path like 'DOOR%'"),
    ],
)
def test_all_takes_answer_as_by_their_rows(catalogue, aspects, query, where):
    with closing(open_catalogue(catalogue)) as connection:
        index = open_index(connection)
        assert index.file is not None
        assert index.tail is not None
        for asked_id in one_take_each(connection)[::6]:
            expected = likeness_by_rows(connection, asked_id, aspects, where)
            found = search(
                connection, query, like=[str(asked_id)], aspects=aspects, every_take=True, limit=999
            )
            assert len(found.hits) == len(expected)
            for hit in found.hits:
                mean, parts = expected[hit.asset.id, hit.take.index]
                assert hit.score == pytest.approx(mean, abs=1.5e-3)
                assert hit.aspects == pytest.approx(parts, abs=1.5e-3)
            scores = [hit.score for hit in found.hits]
            assert scores == sorted(scores, reverse=True)


def test_any_rows_and_columns_are_those_of_the_catalogue(catalogue):
    random = np.random.default_rng(3)
    with closing(open_catalogue(catalogue)) as connection:
        index = open_index(connection)
        of_file = Measured(connection, index)
        rows = connection.execute(f"select id, {', '.join(FEATURES)} from take").fetchall()
        known = {row[0]: np.array(tuple(row)[1:], np.float32) for row in rows}
        n, own = index.size(), index.take_ids.size
        chosen = [np.sort(random.choice(n, size, replace=False)) for size in (0, 1, 9, n)]
        chosen += [np.arange(3, 17), np.arange(own - 2, own + 3), np.arange(own, n)]
        for some in chosen:
            take_ids = index.ids_at(some)[0].tolist()
            expected = np.array([known[take] for take in take_ids]).reshape(-1, len(FEATURES))
            for columns in (*map(compared_in, ("timbre", "pitch", "spectrum")), (0, 18, 5)):
                found = of_file.at(some, columns)
                assert found.shape == expected.shape
                names = list(columns)
                np.testing.assert_array_equal(found[:, names], expected[:, names])


def answers(path, query="", aspects=ASPECTS[3]):
    with closing(open_catalogue(path)) as connection:
        asked = str(one_take_each(connection)[2])
        found = search(connection, query, like=[asked], aspects=aspects, limit=999)
    return [(hit.asset.path, hit.score) for hit in found.hits]


@pytest.mark.parametrize("query", ["", "channels:2"])
def test_a_turned_dial_answers_as_if_it_were_asked_first(catalogue, query, monkeypatch):
    with closing(open_catalogue(catalogue)) as connection:
        asked = one_take_each(connection)
        monkeypatch.setattr(by_aspects, "_COMPARED_WHOLE", 30)

        def scores(example, aspects):
            found = search(connection, query, like=[str(example)], aspects=aspects, limit=999)
            return [(hit.asset.id, hit.take.index, hit.score) for hit in found.hits]

        for example in asked[:3]:
            turned = [scores(example, aspects) for aspects in ASPECTS]
            for aspects, found in zip(ASPECTS, turned, strict=True):
                monkeypatch.setattr(by_aspects, "_last_choice", None)
                monkeypatch.setattr(by_aspects, "_last_comparison", None)
                assert scores(example, aspects) == found


@pytest.mark.parametrize("asked_of_all", [True, False])
def test_while_a_dial_is_turned_the_library_may_change(catalogue, monkeypatch, asked_of_all):
    if asked_of_all:  # filters, as where columns do not tell them and many meet them
        monkeypatch.setattr(among, "by_columns", lambda conditions: ((), conditions))
        monkeypatch.setattr(among, "COUNTED_MOST", 3)
    with closing(open_catalogue(catalogue)) as connection:
        asked = str(one_take_each(connection)[2])

        def paths():
            found = search(connection, "channels:2", like=[asked], aspects=ASPECTS[0], limit=999)
            return {hit.asset.path for hit in found.hits}

        before = paths()
        with closing(create_catalogue(catalogue)) as writer, transaction(writer):
            gone = assets.at_place(writer, "Foley", min(before))
            assets.remove(writer, [gone["id"]])
            mono = find_asset(writer, sound(1).asset.path)
            put_metadata(writer, [replace(mono, channels=2)])
        now = before - {gone["path"]} | {mono.path}
        assert paths() == now
        add(catalogue, sound(102))
        assert paths() == now | {sound(102).asset.path}


def test_what_is_measured_anew_counts_at_once_and_is_in_the_next_file(catalogue):
    before = answers(catalogue)
    add(catalogue, *(sound(number, seed=900 + number) for number in range(20)))
    anew = answers(catalogue)
    assert anew != before
    with closing(open_catalogue(catalogue)) as connection:
        index = open_index(connection)
        assert Measured(connection, index).times_measured_anew != index.file.times_measured_anew
        open_index(connection, settled=True)
        index = open_index(connection)
        assert Measured(connection, index).times_measured_anew == index.file.times_measured_anew
    assert [path for path, _score in answers(catalogue)] == [path for path, _score in anew]


def test_the_same_measures_again_leave_the_file_as_it_is(catalogue):
    with closing(open_catalogue(catalogue)) as connection:
        add(catalogue, *map(sound, range(20)))
        index = open_index(connection)
        assert Measured(connection, index).times_measured_anew == index.file.times_measured_anew


def test_a_server_that_runs_on_takes_up_a_file_that_a_scan_made(catalogue):
    with closing(open_catalogue(catalogue)) as connection:
        held = open_index(connection)
        kept = dict(vector_index._last_opened)
        add(catalogue, sound(4, seed=77))
        vector_index._last_opened.clear()
        open_index(connection, settled=True)  # as another process does at a scan's end
        vector_index._last_opened.update(kept)
        index = open_index(connection)
        assert index is not held
        assert index.file.times_measured_anew == Measured(connection, index).times_measured_anew


def test_a_file_of_other_features_is_made_anew(catalogue, monkeypatch):
    expected = answers(catalogue)
    path_beside(catalogue).unlink()
    vector_index._last_opened.clear()
    with closing(open_catalogue(catalogue)) as connection, monkeypatch.context() as patch:
        patch.setattr(vector_file, "FEATURES", FEATURES[::-1])
        assert open_index(connection).file.features.shape[0] == len(FEATURES)
    assert [path for path, _score in answers(catalogue)] == [path for path, _score in expected]
    with closing(open_catalogue(catalogue)) as connection:
        assert open_index(connection).tail is None  # made anew: all is in it
