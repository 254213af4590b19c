"""Duplicates: told with the reason, exact ones by hash, near ones by ear and by sample."""

import numpy as np

from audio.resample import resample
from library.duplicates import duplicates
from library.heard_files import HeardFiles
from tests.library.shelf import RATE_HZ, click_and_ring, write_sound


def told(found):
    return {
        frozenset((pair.first.path, pair.second.path)): (pair.is_exact, pair.reasons)
        for pair in found
    }


def test_copies_are_told_with_what_was_done_to_them(shelf, read):
    import soundfile

    sound = click_and_ring(1)
    write_sound(shelf.folder / "door.wav", sound)
    write_sound(shelf.folder / "copy.flac", sound)
    write_sound(shelf.folder / "quiet.wav", 0.5 * sound)
    write_sound(shelf.folder / "dual mono.wav", sound.repeat(2, axis=1))
    at_44 = resample(sound.astype("float32"), RATE_HZ, 44_100)
    soundfile.write(shelf.folder / "44k.wav", at_44, 44_100, subtype="PCM_24")
    for seed in range(2, 12):
        shelf.add(f"other {seed}.wav", seed)
    shelf.scan()
    before = shelf.ids()

    found = told(duplicates(read()))
    assert found[frozenset(("copy.flac", "door.wav"))] == (True, ("same samples",))
    assert found[frozenset(("quiet.wav", "copy.flac"))] == (False, ("gain -6.0 dB",))
    assert found[frozenset(("dual mono.wav", "copy.flac"))] == (False, ("2 channels of 1",))
    assert found[frozenset(("44k.wav", "copy.flac"))] == (
        False,
        ("resampled from 48000 to 44100 Hz",),
    )
    assert not [pair for pair in found if any(path.startswith("other") for path in pair)]
    assert shelf.ids() == before

    assert told(duplicates(read(), near=False)) == {
        frozenset(("copy.flac", "door.wav")): (True, ("same samples",))
    }


def test_a_copy_is_found_whose_attack_or_tail_was_cut(shelf, read):
    """Its vector is far from that of the whole sound; what was cut is known, for we cut it."""
    random = np.random.default_rng(5)
    for seed in range(1, 9):
        ring = click_and_ring(seed, 1.2)
        noise = random.standard_normal((2, *ring.shape))
        sound = ring * (1 + 0.5 * noise[0]) + 0.002 * noise[1]  # at no place silent
        write_sound(shelf.folder / f"sound {seed}.wav", sound)
        cut = 9_000  # 50 ms of silence, and then the attack
        write_sound(shelf.folder / f"head {seed}.wav", 0.5 * sound[cut:])
        write_sound(shelf.folder / f"tail {seed}.wav", sound[: len(sound) - cut])
    shelf.scan()
    found = told(duplicates(read()))
    assert set(found) == {
        frozenset((f"sound {seed}.wav", f"{end} {seed}.wav"))
        for seed in range(1, 9)
        for end in ("head", "tail")
    }
    assert found[frozenset(("sound 1.wav", "tail 1.wav"))] == (False, ("trimmed by 0.19 s",))
    assert found[frozenset(("sound 1.wav", "head 1.wav"))] == (
        False,
        ("trimmed by 0.19 s", "gain -6.0 dB"),
    )


def test_each_copy_is_told_once_and_each_file_read_once(shelf, read, monkeypatch):
    """Ten copies are nine pairs, each with the best of them, not forty-five."""
    was_read = []
    read_file = HeardFiles._read
    monkeypatch.setattr(
        HeardFiles,
        "_read",
        lambda self, asset: was_read.append(asset.path) or read_file(self, asset),
    )
    monkeypatch.setattr("library.duplicates.default_workers", lambda: 1)
    sound = click_and_ring(1)
    for at in range(10):
        write_sound(shelf.folder / f"{at}.wav", sound * 0.9**at)
    shelf.scan()
    found = list(duplicates(read()))
    assert sorted(pair.second.path for pair in found) == [f"{at}.wav" for at in range(1, 10)]
    assert {pair.first.path for pair in found} == {"0.wav"}  # the loudest lost no steps
    assert sorted(was_read) == [f"{at}.wav" for at in range(10)]


def test_silence_around_a_copy_does_not_make_it_the_better_one(shelf, read):
    sound = click_and_ring(1)
    write_sound(shelf.folder / "b.wav", sound)
    write_sound(shelf.folder / "a.wav", np.concatenate([np.zeros((2 * RATE_HZ, 1)), sound]))
    shelf.scan()
    (pair,) = duplicates(read())
    assert (pair.first.path, pair.reasons) == ("b.wav", ("longer by 2.00 s",))
