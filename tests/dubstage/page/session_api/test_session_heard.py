"""A session heard in place is what its stems hold, to the sample."""

import numpy as np
import soundfile

from tests.dubstage.page.reel import run
from tests.dubstage.page.session_client import sound_named


def test_what_is_heard_in_place_is_what_the_stems_hold(page, reel):
    """The same sum, sample for sample, as the stems of the command line."""
    run("render", reel / "reel.otio", "-o", reel / "out", "--library", reel / "lib.db",
        "--encoding", "float32")  # fmt: skip
    start = page.now["start_samples"]
    first, end = start + 60_000, start + 400_000
    expected = sum(
        soundfile.read(reel / "out" / f"{stem}.wav", start=60_000, stop=400_000, dtype="float64")[0]
        for stem in ("foley", "backgrounds", "fx")
    )
    heard = page.heard(**{"from": first, "to": end})
    assert np.abs(heard - np.clip(expected, -1, 1)).max() <= 1.01 / 32_767
    foley = page.heard(**{"from": first, "to": end, "stems": "foley"})
    alone = soundfile.read(reel / "out" / "foley.wav", start=60_000, stop=400_000)[0]
    assert np.abs(foley - alone).max() <= 1.01 / 32_767


def test_a_take_is_tried_in_its_place_before_it_is_chosen(page, reel):
    before = (reel / "reel.otio").read_bytes()
    (slam,) = page.clips("X1")
    at = {"from": slam["sync_samples"] - 24_000, "to": slam["sync_samples"] + 24_000}
    board = sound_named(page, "wood board impact")
    as_is, tried = page.heard(**at), page.heard(**at, asset_id=board, cue="X1")
    assert not np.array_equal(as_is, tried)
    assert (reel / "reel.otio").read_bytes() == before
    page.edit("swap", cue="X1", asset_id=board)
    np.testing.assert_array_equal(page.heard(**at), tried)
    alone = page.heard(**at, only=slam["id"], stems="fx")
    assert np.abs(alone).max() > 0


def test_what_lies_outside_cannot_be_heard(page):
    answer = page.client.get(f"{page.base}/audition", params={"from": 0, "to": 1000})
    assert answer.status_code == 400
    assert "not within the session" in answer.json()["error"]


def test_what_a_trim_leaves_is_heard_to_the_sample_as_it_was(page, reel):
    (slam,) = page.clips("X1")
    start, length = slam["record_start_samples"], slam["duration_samples"]
    whole = page.heard(**{"from": start, "to": start + length, "only": slam["id"]})
    tail = length // 2
    assert page.edit("trim", clip=slam["id"], tail=tail).status_code == 200
    (now,) = page.clips("X1")
    assert now["id"] == slam["id"]
    assert now["trimmed"] == [0, tail]
    assert now["handles"][1] == slam["handles"][1] + tail
    rest = page.heard(**{"from": start, "to": start + length, "only": slam["id"]})
    kept = length - tail - now["fade_out_samples"]
    assert np.array_equal(rest[:kept], whole[:kept])
    assert not rest[length - tail :].any()
    # Beyond the recording there is nothing to open; the session on the disk is as it was.
    on_disk = (reel / "reel.otio").read_bytes()
    answer = page.edit("trim", clip=slam["id"], head=-(1 << 40), tail=0)
    assert answer.status_code in (200, 400)
    if answer.status_code == 400:
        assert (reel / "reel.otio").read_bytes() == on_disk
    for wrong in ({"head": "2"}, {"head": 1.5}, {"tail": None}, {"head": True}):
        assert page.edit("trim", clip=slam["id"], **wrong).status_code == 400
    # Undone step by step it is the clip one began with.
    while page.now["can_undo"]:
        page.now = page.post("undo", version=page.now["version"]).json()
    assert page.clips("X1") == [slam]
