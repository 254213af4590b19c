"""Changing metadata: the sound and all that is not named stay as they are, whatever happens."""

import os
import signal
import struct
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audio import AudioError
from audio.cue_points import CuePoint
from audio.files import read_header
from audio.metadata_edit import change_metadata

from .wave_bytes import CUE, DATA, INFO, IXML, LABEL, SMPL, SOUND, bext, chunk, fmt, riff

OWN = chunk(b"ownX", b"\x00\xff\x01 maker's own")
PARTS = (fmt(), DATA, bext(5, b"d\xa0"), IXML, CUE, LABEL, INFO, SMPL, OWN)


def chunks_of(path):
    raw = path.read_bytes()
    return [
        (found.id, raw[found.offset : found.offset + found.size])
        for found in read_header(path).chunks
    ]


@settings(max_examples=30)
@given(
    parts=st.permutations(PARTS).flatmap(
        lambda parts: st.integers(2, len(parts)).map(lambda n: [fmt(), DATA, *parts[:n]])
    ),
    trailing=st.sampled_from([b"", b"\1\2\3"]),
    start=st.integers(0, 2**40),
)
def test_sound_and_unnamed_chunks_stay_byte_for_byte(tmp_path_factory, parts, trailing, start):
    path = tmp_path_factory.mktemp("edit") / "x.wav"
    path.write_bytes(riff(*dict.fromkeys(parts)) + trailing)
    before = chunks_of(path)
    change_metadata(
        path,
        bext={"time_reference_samples": start, "description": "Tür"},
        ixml={"SCENE": "99", "USER/CATID": "DOORWood"},
        info={"title": "New", "software": ""},
        cues=[CuePoint(id=1, position_samples=9, label="neu")],
    )
    header = read_header(path)
    assert (header.bext.time_reference_samples, header.bext.description) == (start, "Tür")
    assert (header.ixml.scene, header.ixml.user) == ("99", {"CATID": "DOORWood"})
    assert header.info == {"title": "New"}
    assert [(cue.id, cue.position_samples, cue.label) for cue in header.cues] == [(1, 9, "neu")]
    named = {"bext", "iXML", "cue ", "LIST", "list"}
    after = chunks_of(path)
    assert [c for c in after if c[0] not in named] == [c for c in before if c[0] not in named]
    assert ("data", SOUND) in after
    assert path.read_bytes().endswith(trailing)


def test_only_the_named_field_changes(tmp_path):
    path = tmp_path / "x.wav"
    path.write_bytes(riff(*PARTS))
    before = path.read_bytes()
    change_metadata(path, bext={"time_reference_samples": 6})
    after = path.read_bytes()
    different = [i for i, (a, b) in enumerate(zip(before, after, strict=True)) if a != b]
    assert len(different) == 1
    assert (before[different[0]], after[different[0]]) == (5, 6)


def test_a_file_grown_past_the_limit_becomes_rf64_and_can_be_changed_again(tmp_path):
    path = tmp_path / "x.wav"
    path.write_bytes(riff(chunk(b"JUNK", bytes(30)), *PARTS))
    change_metadata(path, ixml={"NOTE": "long " * 50}, riff_limit_bytes=1000)
    assert read_header(path).format == "RF64"
    change_metadata(path, ixml={"NOTE": "again"}, bext={"originator": "x"})
    header = read_header(path)
    assert (header.format, header.ixml.note, header.warnings) == ("RF64", "again", ())
    assert ("data", SOUND) in chunks_of(path)
    change_metadata(path, info={"title": "", "software": ""})
    assert read_header(path).info == {}


def test_what_is_too_long_is_refused_and_not_cut(tmp_path):
    path = tmp_path / "x.wav"
    path.write_bytes(riff(*PARTS))
    with pytest.raises(AudioError, match=r"originator .* does not fit"):
        change_metadata(path, bext={"originator": "o" * 33})
    assert path.read_bytes() == riff(*PARTS)


@pytest.mark.parametrize("raw", [riff(fmt(), chunk(b"data", SOUND, size=900)), b"no wave" * 9])
def test_a_damaged_file_is_left_alone(tmp_path, raw):
    path = tmp_path / "x.wav"
    path.write_bytes(raw)
    with pytest.raises(AudioError, match=r"x\.wav"):
        change_metadata(path, bext={"description": "x"})
    assert path.read_bytes() == raw


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_failure_at_any_step_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch, step):
    path = tmp_path / "x.wav"
    path.write_bytes(riff(*PARTS))

    def fail(*_given):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(*((os, "fsync") if step == "fsync" else (Path, "replace")), fail)
    with pytest.raises(AudioError, match=r"x\.wav: cannot be rewritten: No space left"):
        change_metadata(path, bext={"description": "x"})
    assert path.read_bytes() == riff(*PARTS)
    assert list(tmp_path.iterdir()) == [path]


def test_a_write_that_went_wrong_unseen_is_found_by_reading_back(tmp_path, monkeypatch):
    path = tmp_path / "x.wav"
    path.write_bytes(riff(*PARTS))
    sync = os.fsync

    def flip_a_bit(descriptor):
        place = os.fstat(descriptor).st_size - 4
        os.pwrite(descriptor, b"?", place)
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", flip_a_bit)
    with pytest.raises(AudioError, match="did not read back"):
        change_metadata(path, bext={"description": "x"})
    assert path.read_bytes() == riff(*PARTS)


def test_a_process_killed_on_the_way_leaves_the_old_or_the_new_file(tmp_path):
    path = tmp_path / "x.wav"
    path.write_bytes(riff(fmt(), bext(0), chunk(b"data", bytes(8_000_000))))
    program = (
        "import sys, itertools\n"
        "from audio.metadata_edit import change_metadata\n"
        "print('ready', flush=True)\n"
        "for n in itertools.count(1):\n"
        "    change_metadata(sys.argv[1], bext={'time_reference_samples': n})\n"
    )
    for wait_s in (0.01, 0.03, 0.05):
        process = subprocess.Popen(
            [sys.executable, "-c", program, str(path)],
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
        )
        with process:
            assert process.stdout.readline() == b"ready\n"
            time.sleep(wait_s)
            process.send_signal(signal.SIGKILL)
        header = read_header(path)
        assert header.warnings == () and not header.damaged
        assert struct.unpack("<I", path.read_bytes()[4:8])[0] == path.stat().st_size - 8


def test_a_link_stays_a_link_and_rights_stay(tmp_path):
    path, link = tmp_path / "x.wav", tmp_path / "link.wav"
    path.write_bytes(riff(*PARTS))
    path.chmod(0o640)
    link.symlink_to(path)
    change_metadata(link, info={"title": "T"})
    assert link.is_symlink() and read_header(path).info["title"] == "T"
    assert path.stat().st_mode & 0o777 == 0o640
