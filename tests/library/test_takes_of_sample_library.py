"""Takes of the sample library, whose making says how many performances each sound holds."""

import pytest
import soundfile

from assets_sample.make.catalogue import SOUNDS
from library.takes import find_takes


@pytest.mark.parametrize("sound", SOUNDS, ids=lambda sound: sound.fx_name)
def test_each_performance_is_a_take_and_a_place_is_one(sound, assets_sample):
    (path,) = assets_sample.glob(f"{sound.cat_id}_{sound.fx_name}_*")
    samples, sample_rate_hz = soundfile.read(path, dtype="float32", always_2d=True)
    takes = find_takes(samples, sample_rate_hz)
    assert len(takes) == sound.takes
    if sound.rms_dbfs is not None:  # a place, which never falls silent
        assert takes[0].duration_samples > 0.95 * len(samples)
