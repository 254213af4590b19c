"""The sample sounds: named by UCS, of the stated format, clean, and each take apart."""

import csv
import itertools
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from assets_sample import FOLDER
from assets_sample.make.catalogue import SOUNDS, Sound
from assets_sample.make.chance import Chance
from assets_sample.make.files import LICENCE, samples_of
from assets_sample.make.sources import sources

WINDOW = 480  # 10 ms at 48 kHz
TAKES_ARE_APART_S = 0.15  # heel and toe of one step are nearer than this, two steps never


def each(sounds: Iterable[Sound]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("sound", sounds, ids=lambda sound: sound.fx_name)


every_sound = each(SOUNDS)
every_row_of_takes = each([sound for sound in SOUNDS if sound.takes > 1])
every_place = each([sound for sound in SOUNDS if sound.rms_dbfs is not None])


def read(sound: Sound) -> np.ndarray:
    samples, sample_rate_hz = soundfile.read(FOLDER / sound.file_name, always_2d=True)
    assert sample_rate_hz == 48_000
    return samples


def window_levels_db(samples: np.ndarray) -> np.ndarray:
    """RMS in dBFS of each 10 ms, over all channels."""
    whole = samples[: len(samples) // WINDOW * WINDOW]
    power = np.mean(whole.reshape(-1, WINDOW * samples.shape[1]) ** 2, axis=1)
    return 10 * np.log10(np.maximum(power, 1e-12))


def events(samples: np.ndarray, threshold_db: float) -> list[tuple[int, int]]:
    """Stretches above a level, joined where the quiet between them is too short to part takes."""
    loud = np.flatnonzero(window_levels_db(samples) > threshold_db)
    gap = round(TAKES_ARE_APART_S * 48_000 / WINDOW)
    cuts = np.flatnonzero(np.diff(loud) > gap) + 1
    return [(int(part[0]), int(part[-1])) for part in np.split(loud, cuts)]


def test_the_folder_holds_what_the_catalogue_lists_and_no_more():
    assert {path.name for path in FOLDER.glob("*.flac")} == {sound.file_name for sound in SOUNDS}
    assert 38 <= len(SOUNDS) <= 48
    assert sum(path.stat().st_size for path in FOLDER.glob("*.flac")) <= 12_000_000


def test_sources_tell_of_every_sound():
    assert (FOLDER / "SOURCES.md").read_text(encoding="utf-8") == sources()
    assert "CC0" in sources()


def test_every_category_is_one_of_ucs(shared: Path):
    with (shared / "ucs" / "ucs-8.2.1.tsv").open(encoding="utf-8", newline="") as table:
        cat_ids = {row["cat_id"] for row in csv.DictReader(table, delimiter="\t")}
    assert {sound.cat_id for sound in SOUNDS} <= cat_ids


@every_sound
def test_name_has_the_four_blocks_of_ucs(sound: Sound):
    cat_id, fx_name, creator, source = Path(sound.file_name).stem.split("_")
    assert cat_id.isalpha()
    assert creator == "DUBST"
    assert source == "SMPL"
    assert 1 <= len(fx_name) <= 25 + 10  # UCS recommends that FX names stay short


@every_sound
def test_format_and_words_within(sound: Sound):
    with soundfile.SoundFile(FOLDER / sound.file_name) as file:
        assert (file.format, file.subtype, file.samplerate) == ("FLAC", "PCM_24", 48_000)
        assert file.channels in (1, 2)
        assert file.title == sound.fx_name
        assert file.license == LICENCE == "CC0-1.0"
        assert sound.model in file.comment
        if sound.rms_dbfs is not None:
            assert file.channels == 2


@every_sound
def test_neither_clipped_nor_dc_nor_a_click_at_the_ends(sound: Sound):
    samples = read(sound)
    assert np.abs(samples).max() < 10 ** (-1 / 20)
    assert np.abs(samples.mean(axis=0)).max() < 10 ** (-60 / 20)
    assert np.abs(samples[[0, -1]]).max() < 10 ** (-70 / 20)


@every_sound
def test_quiet_is_noise_and_not_digital_silence(sound: Sound):
    levels_db = window_levels_db(read(sound))[1:-5]
    assert levels_db.min() > -95
    if sound.takes > 1:
        assert -92 < np.percentile(levels_db, 3) < -65


@every_row_of_takes
def test_takes_stand_apart_and_none_is_a_copy(sound: Sound):
    samples = read(sound)
    # What counts as sound: well above the floor, and no more than 45 dB under the loudest 10 ms.
    threshold_db = max(window_levels_db(samples).max() - 45, sound.floor_dbfs + 12)
    found = events(samples, threshold_db)
    assert len(found) == sound.takes
    if sound.cat_id.startswith("FOLY"):
        assert len(found) >= 8
    mono = samples[:, 0]
    for (first, _), (second, _) in itertools.combinations(found, 2):
        one, other = (mono[start * WINDOW :][: 40 * WINDOW] for start in (first, second))
        length = min(len(one), len(other))
        likeness = np.corrcoef(one[:length], other[:length])[0, 1]
        assert likeness < 0.98


def test_there_are_surfaces_and_shoes_enough():
    names = [sound.fx_name.split() for sound in SOUNDS if sound.cat_id == "FOLYFeet"]
    assert len({words[1] for words in names}) >= 4
    assert len({words[0] for words in names}) >= 2


@every_place
def test_places_stay_level_and_flow_from_end_to_start(sound: Sound):
    samples = read(sound)
    assert 10 <= len(samples) / 48_000 <= 30
    power = samples[: len(samples) // 48_000 * 48_000] ** 2
    seconds_db = 10 * np.log10(power.reshape(-1, 48_000 * 2).mean(axis=1))
    assert np.abs(seconds_db - np.median(seconds_db)).max() < 5
    # Past its safety fades, the last second is as loud as the first.
    power_left, power_right = (samples**2).mean(axis=0)
    assert abs(10 * np.log10(power_left / power_right)) < 3
    assert np.corrcoef(samples.T)[0, 1] < 0.9  # a place that is the same in both ears is a point
    joint_db = 10 * np.log10(
        (samples[2400:50400] ** 2).mean() / (samples[-50400:-2400] ** 2).mean()
    )
    assert abs(joint_db) < 4


@pytest.mark.parametrize(
    "part", ["Boots Gravel", "Nylon", "Light Switch", "Door Close", "Telephone Ring", "Sub Drop"]
)
def test_a_sound_played_again_is_the_same_sound(part: str):
    """On the machine that made the files, bit for bit. Another processor may give another last
    bit of sin, exp or FFT, which tips the rounding of a sample in many millions: by one step."""
    (sound,) = (sound for sound in SOUNDS if part in sound.fx_name)
    kept, _ = soundfile.read(FOLDER / sound.file_name, dtype="int32")
    again = samples_of(sound)
    assert again.shape == kept.shape
    steps = np.abs((again >> (32 - sound.bits)) - (kept >> (32 - sound.bits)))
    assert steps.max() <= 1
    assert np.count_nonzero(steps) <= len(kept) / 10_000


def test_chance_is_the_stream_that_numpy_promises():
    # The first raw word of PCG64(0), as numpy's own tests have it (NEP 19 keeps such streams).
    assert np.random.PCG64(0).random_raw() == 11749869230777074271
    noise = Chance("anything").noise(100_000)
    assert abs(noise.std() - 1) < 0.02
    assert abs(noise.mean()) < 0.02
