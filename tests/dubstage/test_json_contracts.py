"""The JSON that other programs hold on to: every key, and what kind of value it has."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dubstage.cli import app

NUMBER = (int, float)
TAKE = {"index": int, "start_samples": int, "end_samples": int, "sync_samples": int}
HIT = {
    "rank": int,
    "asset_id": int,
    "path": str,
    "take": TAKE,
    "cat_id": (str, None),
    "likely_cat_id": (str, None),
    "category": (str, None),
    "subcategory": (str, None),
    "description": str,
    "score": NUMBER,
    "why": str,
    "duration_s": NUMBER,
    "channels": int,
    "sample_rate_hz": int,
    "facets": dict,
}
SEARCH = {"total": int, "took_ms": NUMBER, "hits": [HIT]}
EVENT = {
    "number": str,
    "line": int,
    "reel": str,
    "channels": (str, list),
    "transition": {"kind": str, "frames": int},
    "source_in": str,
    "source_out": str,
    "record_in": str,
    "record_out": str,
    "clip_name": (str, None),
    "to_clip_name": (str, None),
    "source_file": (str, None),
    "speed_percent": (*NUMBER, None),
    "reverse": bool,
    "freeze": bool,
    "locators": [{"timecode": str, "colour": str, "text": str}],
    "comments": [str],
}
EDL = {
    "title": (str, None),
    "rate": str,
    "events": [EVENT],
    "reported": [{"line": int, "text": str, "problem": str}],
}
CUE = {
    "cue": str,
    "track": str,
    "path": str,
    "take": int,
    "record_start_samples": int,
    "sync_samples": (int, None),
    "duration_samples": int,
}
STEM = {
    "name": str,
    "path": str,
    "layout": str,
    "integrated_lufs": (*NUMBER, None),
    "true_peak_dbtp": (*NUMBER, None),
    "cues": [CUE],
}
REPORT = {
    "session": str,
    "sample_rate_hz": int,
    "start_timecode": str,
    "stems": [STEM],
    "problems": [str],
}


def check(value, shape, where="$"):
    """Every key of `shape` is in `value`, of its type; more keys may be there."""
    if isinstance(shape, dict):
        assert isinstance(value, dict), where
        for key, inner in shape.items():
            assert key in value, f"{where}.{key} is missing"
            check(value[key], inner, f"{where}.{key}")
    elif isinstance(shape, list):
        assert isinstance(value, list), where
        for number, each in enumerate(value):
            check(each, shape[0], f"{where}[{number}]")
    else:
        allowed = shape if isinstance(shape, tuple) else (shape,)
        kinds = {type(None) if kind is None else kind for kind in allowed}
        assert type(value) in kinds, f"{where} is {value!r}"


def spoken(*arguments, status=0):
    """What a command says on stdout, strictly JSON: NaN and infinity are none."""
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == status, result.output
    return json.loads(result.stdout, parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))


@pytest.fixture(scope="module")
def samples() -> Path:
    folder = Path(__file__).parents[2] / "assets_sample"
    if not folder.exists():
        pytest.skip("no sample library beside the tests")
    return folder


@pytest.fixture(scope="module")
def library(samples, tmp_path_factory):
    file = tmp_path_factory.mktemp("contract") / "library.db"
    result = CliRunner().invoke(app, ["scan", str(samples), "--library", str(file)])
    assert result.exit_code == 0, result.output
    return file


def test_a_search(library):
    for query in (["door"], ["--like", "1"], ["nothing of the kind zyxxyq"]):
        if query[0] == "--like":
            first = spoken("search", "door", "--json", "--library", library)["hits"][0]
            query = ["--like", str(first["asset_id"])]
        found = spoken("search", *query, "--json", "--library", library)
        check(found, SEARCH)
        assert [hit["rank"] for hit in found["hits"]] == list(range(1, len(found["hits"]) + 1))
        for hit in found["hits"]:
            take = hit["take"]
            assert 0 <= take["start_samples"] <= take["sync_samples"] < take["end_samples"]


def test_an_edl(samples, tmp_path):
    check(spoken("edl", samples / "reel1.edl", "--rate", "24", "--json"), EDL)
    odd = tmp_path / "odd.edl"
    odd.write_text(
        "TITLE: ODD\nFCM: NON-DROP FRAME\n"
        "001  A1  V  C  01:00:00:00 01:00:01:00 01:00:00:00 01:00:01:00\n"
        "* FROM CLIP NAME: ONE\n* LOC: 01:00:00:12 RED  here\n"
        "002  A2  V  D 012  01:00:00:00 01:00:01:00 01:00:01:00 01:00:02:00\n"
        "M2   A2   000.0   01:00:00:00\n"
        "003  A3  V  C  01:00:00:99 01:00:01:00 01:00:02:00 01:00:03:00\n"
        "what is this\n"
    )
    result = CliRunner().invoke(app, ["edl", str(odd), "--rate", "24", "--json"])
    told = json.loads(result.stdout)
    check(told, EDL)
    assert [event["number"] for event in told["events"]] == ["001", "002", "003"]
    assert told["events"][1]["transition"] == {"kind": "dissolve", "frames": 12}
    assert told["reported"]


def test_a_report(samples, library, tmp_path):
    session, out = tmp_path / "reel1.otio", tmp_path / "stems"
    spoken(
        "spot", samples / "reel1.cues.csv", "--picture", samples / "reel1.edl", "--rate", "24",
        "--library", library, "-o", session, "--json",
    )  # fmt: skip
    told = spoken("render", session, "-o", out, "--library", library, "--json")
    check(told, REPORT)
    written = json.loads((out / "report.json").read_text(encoding="utf-8"))
    check(written, REPORT)
    assert [stem["name"] for stem in written["stems"]] == ["foley", "backgrounds", "fx"]
    for stem in written["stems"]:
        assert stem["cues"]
        assert (out / stem["path"]).exists() or Path(stem["path"]).exists()
