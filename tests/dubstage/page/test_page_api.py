"""What the page is told: the same that the command line tells, and the very samples."""

import io
import json
import sqlite3
from contextlib import closing

import numpy as np
import pytest
import soundfile
from hypothesis import HealthCheck, given
from hypothesis import settings as limits
from hypothesis import strategies as st

from audio import AudioError
from audio.resample import resample
from audio.sample_reader import DecodedReader
from dubstage.page import search_api
from dubstage.page.audition import Audition

OURS = {"x-dubstage": "1"}


def sound(answer):
    return soundfile.read(io.BytesIO(answer.content), dtype="float32", always_2d=True)


def test_the_page_finds_what_a_search_finds(client, page_library):
    from db.connect import open_catalogue
    from library.search import search

    with closing(open_catalogue(page_library)) as catalogue:
        expected = [hit.asset.id for hit in search(catalogue, "wood", limit=60).hits]
    found = client.get("/api/search", params={"q": "wood"}).json()
    assert [hit["asset_id"] for hit in found["hits"]] == expected
    later = client.get("/api/search", params={"q": "wood", "offset": 1, "limit": 1}).json()
    assert [hit["asset_id"] for hit in later["hits"]] == expected[1:2]


def test_a_wrong_field_is_a_remark_and_no_error(client):
    assert "channels" in client.get("/api/search?q=chanels:2").json()["remarks"][0]


def test_facets_count_what_there_is(client):
    about, facets = client.get("/api/about").json(), client.get("/api/facets").json()
    assert sum(each["count"] for each in facets["channels"]) == about["assets"]


def test_ratings_notes_and_keeping(client, id_of):
    number = id_of("gravel")
    client.put(f"/api/marks/{number}", json={"rating": 4, "note": "reel 1"}, headers=OURS)
    known = client.get(f"/api/sound/{number}").json()
    assert (known["rating"], known["note"]) == (4, "reel 1")
    assert client.get("/api/search?q=rated:4").json()["hits"][0]["asset_id"] == number
    kept = client.post(f"/api/keep/{number}", json={"collection": "page"}, headers=OURS).json()
    assert kept == {"collection": "page", "sounds": 1}


@pytest.mark.parametrize("body", ["", "[]", "{", '{"rating": 9}', '{"note": 3}', "x" * 70_000])
def test_what_makes_no_sense_is_refused(client, id_of, body):
    answer = client.put(f"/api/marks/{id_of('gravel')}", content=body, headers=OURS)
    assert answer.status_code in (400, 413)
    assert "error" in answer.json()


@pytest.mark.parametrize("path", ["/api/sound/7", "/api/audio/7", "/api/sound/" + "9" * 30])
def test_a_sound_that_nobody_knows_is_not_found(client, path):
    assert client.get(path).status_code == 404


def test_the_samples_are_those_of_the_file(client, id_of, page_library):
    number = id_of("gravel")
    known = client.get(f"/api/sound/{number}").json()
    original, rate_hz = soundfile.read(
        page_library.parent / "sounds" / known["path"], dtype="float32", always_2d=True
    )
    heard, heard_hz = sound(client.get(f"/api/audio/{number}"))
    assert heard_hz == rate_hz
    assert np.abs(heard - original).max() <= 1.01 / 32_768
    take = known["takes"][0]
    part, _ = sound(client.get(f"/api/audio/{number}?take=0"))
    assert np.array_equal(part, heard[take["start_samples"] : take["end_samples"]])
    backwards, _ = sound(client.get(f"/api/audio/{number}?reverse=1"))
    assert np.array_equal(backwards[::-1], heard)


def test_six_channels_at_96_khz_become_what_a_browser_plays(client, id_of):
    number = id_of("six tones")
    whole, rate_hz = sound(client.get(f"/api/audio/{number}"))
    assert (rate_hz, whole.shape) == (48_000, (48_000, 2))
    one, rate_hz = sound(client.get(f"/api/audio/{number}?solo=3"))
    # Its fourth channel is a tone of 400 Hz; a second of it has its peak at the 400th place.
    assert np.abs(np.fft.rfft(one[:, 0])).argmax() == 400


def test_a_file_that_was_spoilt_after_it_was_scanned_is_told(client, id_of, page_library):
    number = id_of("gravel")
    path = client.get(f"/api/sound/{number}").json()["path"]
    file = page_library.parent / "sounds" / path
    good = file.read_bytes()
    asked = {"range": "bytes=0-"}
    try:
        file.write_bytes(b"")
        answer = client.get(f"/api/audio/{number}", headers=asked)
        assert answer.status_code == 410
        assert answer.json()["error"].endswith(f"/{path}: is empty, a file of 0 bytes")
        assert str(file.parent) not in answer.text
        other = io.BytesIO()
        soundfile.write(other, np.zeros((48_000, 3)), 48_000, format="FLAC")
        file.write_bytes(other.getvalue())
        answer = client.get(f"/api/audio/{number}", headers=asked)
        assert answer.status_code == 410
        assert "is another sound now: 3 channels at 48000 Hz" in answer.json()["error"]
    finally:
        file.write_bytes(good)
    assert client.get(f"/api/audio/{number}", headers=asked).status_code == 206


def test_what_cannot_be_read_further_on_is_silence(client, id_of, page_library, monkeypatch):
    number = id_of("six tones")
    whole = client.get(f"/api/audio/{number}").content
    path = client.get(f"/api/sound/{number}").json()["path"]
    file = page_library.parent / "sounds" / path
    read = DecodedReader.read

    def damaged(reader, start, count):
        if start > 20_000:
            raise AudioError(f"{file}: cannot be read: Input/output error")
        return read(reader, start, count)

    monkeypatch.setattr(DecodedReader, "read", damaged)
    answer = client.get(f"/api/audio/{number}").content
    assert len(answer) == len(whole)
    assert answer[:20_000] == whole[:20_000]
    assert not any(answer[-20_000:])


def test_any_range_is_a_part_of_the_whole(client, id_of):
    for number in (id_of("gravel"), id_of("six tones")):
        whole = client.get(f"/api/audio/{number}").content
        for first, last in ((0, 9), (40, 60), (44, 44), (1_001, 5_000), (90_000, 90_101)):
            asked = {"range": f"bytes={first}-{last}"}
            part = client.get(f"/api/audio/{number}", headers=asked)
            assert part.status_code == 206
            assert part.headers["content-range"] == f"bytes {first}-{last}/{len(whole)}"
            got = np.frombuffer(part.content[len(part.content) % 2 :], np.uint8)
            meant = whole[first : last + 1]
            assert np.array_equal(got, np.frombuffer(meant[len(meant) % 2 :], np.uint8))
        tail = client.get(f"/api/audio/{number}", headers={"range": "bytes=-100"})
        assert tail.content == whole[-100:]
        beyond = client.get(f"/api/audio/{number}", headers={"range": f"bytes={len(whole)}-"})
        assert beyond.status_code == 416


@limits(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rate_hz=st.sampled_from([8_000, 44_100, 48_000, 88_200, 96_000, 192_000]),
    n_samples=st.integers(1, 40_000),
    start=st.floats(0, 1),
    first=st.floats(0, 1),
)
def test_bytes_from_anywhere_are_those_of_the_whole(
    tmp_path_factory, rate_hz, n_samples, start, first
):
    path = tmp_path_factory.getbasetemp() / f"part-{rate_hz}.wav"
    noise = np.random.default_rng(1).uniform(-0.5, 0.5, (n_samples, 1)).astype(np.float32)
    soundfile.write(path, noise, rate_hz, subtype="FLOAT")
    begin = min(n_samples - 1, int(start * n_samples))
    audition = Audition(path=path, rate_hz=rate_hz, start_samples=begin, end_samples=n_samples)
    whole = b"".join(audition.part(0, audition.n_bytes))
    assert len(whole) == audition.n_bytes
    values = np.frombuffer(whole[44:], "<i2") / 32_767
    direct = resample(noise[begin:], rate_hz, audition.to_hz)[:, 0]
    assert np.abs(values - direct).max(initial=0) <= 1 / 32_767
    at = int(first * (audition.n_bytes - 1))
    part = b"".join(audition.part(at, audition.n_bytes))
    assert len(part) == len(whole) - at
    if rate_hz <= 48_000:
        assert part == whole[at:]
    else:  # begun elsewhere, the resampler may round the last bit otherwise
        even = len(part) // 2 * 2
        apart = np.frombuffer(part[-even:] if even else b"", "<i2").astype(int)
        apart -= np.frombuffer(whole[-even:] if even else b"", "<i2").astype(int)
        assert at < 44 or np.abs(apart).max(initial=0) <= 1


def test_channels_that_nobody_names_are_heard_as_the_first_two(tmp_path):
    tones = np.random.default_rng(2).uniform(-0.5, 0.5, (3_000, 16)).astype(np.float32)
    path = tmp_path / "sixteen.wav"
    soundfile.write(path, tones, 48_000, subtype="FLOAT")
    audition = Audition(
        path=path,
        rate_hz=48_000,
        start_samples=0,
        end_samples=3_000,
        of_channels=16,
        channels=2,
    )
    data = b"".join(audition.part(44, audition.n_bytes))
    heard = np.frombuffer(data, "<i2").reshape(-1, 2) / 32_767
    assert np.abs(heard - tones[:, :2]).max() <= 1 / 32_767


def test_a_dropped_sound_finds_itself(client, id_of, page_library):
    number = id_of("gravel")
    path = client.get(f"/api/sound/{number}").json()["path"]
    dropped = (page_library.parent / "sounds" / path).read_bytes()
    key = client.post("/api/upload", content=dropped, headers=OURS).json()["key"]
    found = client.get("/api/search", params={"like": f"upload:{key}"}).json()
    assert "sounds alike" in found["hits"][0]["why"]
    assert found["hits"][0]["asset_id"] in (number, *[h["asset_id"] for h in found["hits"][:3]])
    no_sound = client.post("/api/upload", content=b"hello", headers=OURS)
    assert no_sound.status_code == 400


def test_aspects_are_asked_and_told(client, id_of):
    number = id_of("gravel")
    asked = {"like": str(number), "aspect": ["timbre=0.5", "pitch=1"]}
    hits = client.get("/api/search", params=asked).json()["hits"]
    assert set(hits[0]["aspects"]) == {"timbre", "pitch"}
    assert "pitch" in hits[0]["why"]
    means = [(0.5 * h["aspects"]["timbre"] + h["aspects"]["pitch"]) / 1.5 for h in hits]
    assert means == pytest.approx([h["score"] for h in hits], abs=2e-3)
    plain = client.get("/api/search", params={"like": str(number)}).json()["hits"]
    assert not plain[0]["aspects"]
    for wrong in ("colour=1", "pitch=-1", "pitch", "pitch=nan", "timbre=0"):
        answer = client.get("/api/search", params={"like": str(number), "aspect": wrong})
        assert answer.status_code == 400
        assert "aspect" in answer.json()["error"]
    # Without an example there is nothing to be alike to: words are searched as ever.
    assert client.get("/api/search", params={"aspect": "pitch=1"}).status_code == 200


def test_pages_of_an_answer_are_the_answer_in_parts(client, id_of):
    for asked in ({}, {"q": "channels:1,2"}, {"q": "wood"}, {"like": str(id_of("gravel"))}):
        whole = client.get("/api/search", params={**asked, "limit": 500}).json()
        ids = [hit["asset_id"] for hit in whole["hits"]]
        parts = []
        for offset in range(0, len(ids), 3):
            part = client.get("/api/search", params={**asked, "offset": offset, "limit": 3}).json()
            parts += [hit["asset_id"] for hit in part["hits"]]
            assert part["total"] == whole["total"]
        assert parts == ids


def test_answers_are_not_remembered_without_end(client, monkeypatch):
    monkeypatch.setattr(search_api, "_MOST_KEPT", 10)
    for word in ("wood", "gravel", "rain", "switch", "boots", "door"):
        client.get("/api/search", params={"q": word})
    assert len(client.app.state.page.answers) <= 10


@pytest.mark.parametrize("limit", ["-1", "501", "1e3", "x", "9" * 40])
def test_a_limit_that_is_none_is_refused(client, limit):
    assert client.get("/api/search", params={"limit": limit}).status_code == 400


def test_a_head_is_told_without_a_body(client, id_of):
    number = id_of("gravel")
    head = client.head(f"/api/audio/{number}")
    assert head.status_code == 200
    assert int(head.headers["content-length"]) == len(client.get(f"/api/audio/{number}").content)
    assert head.content == b""
    assert client.get("/api/audio/1").headers["cache-control"] == "no-store"


def test_the_map_is_there_at_once_and_then_better(client):
    quick = client.get("/api/map", params={"by": "components"}).json()
    better = client.get("/api/map").json()
    assert [p["asset_id"] for p in quick["points"]] == [p["asset_id"] for p in better["points"]]
    for each in (quick, better):
        assert all(0 <= p["x"] <= 1 and 0 <= p["y"] <= 1 for p in each["points"])
        assert each["of"] is None
    state = client.app.state.page
    assert len(state.maps) == 1
    assert client.get("/api/map").json() == better


def test_the_map_has_a_place_for_every_sound(client):
    points = client.get("/api/map").json()["points"]
    assert len(points) == client.get("/api/about").json()["assets"]
    assert all(0 <= point["x"] <= 1 and 0 <= point["y"] <= 1 for point in points)


def test_peaks_are_as_many_as_asked_for(client, id_of):
    number = id_of("gravel")
    drawn = json.loads(client.get(f"/api/peaks?ids={number}&pairs=100").content)[str(number)]
    assert drawn["duration_samples"] / drawn["samples_per_pair"] >= 100
    assert client.get("/api/peaks?ids=x").status_code == 400


def test_a_scan_that_writes_holds_no_reader_up(client, page_library):
    with closing(sqlite3.connect(page_library, isolation_level=None)) as writer:
        writer.execute("begin immediate")
        assert client.get("/api/search?q=wood").status_code == 200
        writer.execute("rollback")
