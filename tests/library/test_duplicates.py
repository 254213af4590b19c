"""Duplicates: told with the reason, exact ones by hash, near ones by ear and by sample."""

from audio.resample import resample
from library.duplicates import duplicates
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
    assert found[frozenset(("quiet.wav", "door.wav"))] == (False, ("gain -6.0 dB",))
    assert found[frozenset(("dual mono.wav", "door.wav"))] == (False, ("1 channel of 2",))
    assert found[frozenset(("44k.wav", "door.wav"))] == (
        False,
        ("resampled from 48000 to 44100 Hz",),
    )
    assert not [pair for pair in found if any(path.startswith("other") for path in pair)]
    assert shelf.ids() == before

    assert told(duplicates(read(), near=False)) == {
        frozenset(("copy.flac", "door.wav")): (True, ("same samples",))
    }
