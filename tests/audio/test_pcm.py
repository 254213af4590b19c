"""Numbers and samples: exact there and back, and a dither that does what theory says."""

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio.pcm import Packer, unpack


def packed(values, encoding, seed=None):
    return bytes(Packer(encoding, seed).pack(np.asarray(values, np.float32).reshape(-1, 1)))


@given(st.lists(st.integers(-(2**23), 2**23 - 1), max_size=40))
def test_24_bits_are_laid_out_as_python_lays_them(numbers):
    raw = b"".join(number.to_bytes(3, "little", signed=True) for number in numbers)
    assert packed(np.array(numbers) / 2**23, "pcm24") == raw
    np.testing.assert_array_equal(unpack(raw, "int", 24), np.array(numbers) / 2**23)
    big = b"".join(number.to_bytes(3, "big", signed=True) for number in numbers)
    np.testing.assert_array_equal(unpack(big, "int", 24, ">"), np.array(numbers) / 2**23)


def test_a_long_stretch_of_24_bits_has_every_byte_in_its_place():
    numbers = np.random.default_rng(1).integers(-(2**23), 2**23, 200_003)
    raw = packed(numbers / 2**23, "pcm24")
    places = np.frombuffer(raw, np.uint8).reshape(-1, 3).astype(int)
    read = places[:, 0] + places[:, 1] * 256 + places[:, 2] * 65_536
    np.testing.assert_array_equal(np.where(read < 2**23, read, read - 2**24), numbers)


@pytest.mark.parametrize(("encoding", "bits"), [("pcm16", 16), ("pcm24", 24)])
@pytest.mark.parametrize("level", [0.1, 0.25, 0.5, 1000.3])
def test_dithered_error_has_the_mean_and_power_of_theory(encoding, bits, level):
    # Lipshitz, Wannamaker and Vanderkooy (1992): with TPDF dither the error has mean 0 and
    # power 1/12 + 2/12 = 1/4 step squared, whatever the signal.
    values = np.full(400_000, level / 2 ** (bits - 1), np.float32)
    raw = packed(values, encoding, seed=5)
    error = (unpack(raw, "int", bits).astype(float) - values.astype(float)) * 2 ** (bits - 1)
    assert abs(error.mean()) < 0.005
    assert abs((error**2).mean() - 0.25) < 0.005
    assert abs(np.corrcoef(error[:-1], error[1:])[0, 1]) < 0.01


def test_silence_stays_silence_and_seeds_differ():
    assert not any(packed(np.zeros(1000), "pcm24", seed=1))
    quiet = np.full(1000, 0.3)
    assert packed(quiet, "pcm16", 1) == packed(quiet, "pcm16", 1) != packed(quiet, "pcm16", 2)


@pytest.mark.parametrize("seed", [None, 1])
@pytest.mark.parametrize(("encoding", "bits"), [("pcm16", 16), ("pcm24", 24)])
def test_full_scale_never_wraps_around(encoding, bits, seed):
    values = np.tile([1.0, -1.0, 3e38, -3e38], 5000)
    read = unpack(packed(values, encoding, seed), "int", bits)
    np.testing.assert_allclose(read, np.sign(values), atol=2.5 / 2 ** (bits - 1))


def test_doubles_that_float32_does_not_have_are_infinite_or_no_numbers():
    signalling = struct.pack("<Q", 0x7FF0_0000_0000_0001)
    values = unpack(struct.pack("<3d", 0.5, 1e300, -1e300) + signalling, "float", 64)
    np.testing.assert_array_equal(values, np.array([0.5, np.inf, -np.inf, np.nan], np.float32))
