"""What is measured of each take: the table of names, and the measuring in one pass.

Every name carries its unit; `None` stands where a take has no such thing (no
pitch, no level because it is silent). docs/features.md says how each agrees
with librosa.
"""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from library import LibraryError
from library.percentile import percentile

if TYPE_CHECKING:
    from library.ear import Heard
    from library.spectra import Floats

_CHUNK = 1 << 13  # windows looked at together, three minutes


class Feature(NamedTuple):
    """What one number of a take is."""

    unit: str  # "" for a pure number
    meaning: str


FEATURES: dict[str, Feature] = {
    "duration_s": Feature("s", "length of the take"),
    "loudness_lufs": Feature("LUFS", "K-weighted level of all channels, without a gate"),
    "rms_dbfs": Feature("dBFS", "mean power over all channels; a full-scale square wave is 0"),
    "peak_dbfs": Feature("dBFS", "highest sample of any channel"),
    "crest_db": Feature("dB", "peak above mean power: impacts high, noise and drones low"),
    "attack_s": Feature("s", "from 20 % to 90 % of the highest envelope"),
    "decay_s": Feature("s", "from the highest envelope until it stays 20 dB lower"),
    "temporal_centroid": Feature("", "where the energy lies: 0 at the start, 1 at the end"),
    "onset_count": Feature("", "attacks within the take"),
    "onsets_per_min": Feature("1/min", "attacks within the take for each minute of it"),
    "pace_per_min": Feature("1/min", "60 / median distance of attacks: steps a minute"),
    "centroid_hz": Feature("Hz", "centre of gravity of the spectrum: brightness"),
    "bandwidth_hz": Feature("Hz", "spread of the spectrum about its centre"),
    "rolloff_hz": Feature("Hz", "85 % of the magnitude lies below"),
    "flatness": Feature("", "geometric by arithmetic mean of the power spectrum"),
    "contrast_db": Feature("dB", "peaks above valleys of the spectrum, mean of octave bands"),
    "flux_db": Feature("dB", "mean rise of the mel bands from window to window"),
    "low_share": Feature("", "share of power below 250 Hz"),
    "mid_share": Feature("", "share of power from 250 to 4,000 Hz"),
    "high_share": Feature("", "share of power above 4,000 Hz"),
    "zero_crossings_per_s": Feature("1/s", "changes of sign each second"),
    "pitch_hz": Feature("Hz", "median fundamental, 60 to 4,000 Hz, of the windows that are sure"),
    "pitch_confidence": Feature("", "how periodic the sound is, 0 to 1"),
    "tonality": Feature("", "how much the power stands in lines: 0 noise, 1 tones"),
    "noisiness": Feature("", "how flat the spectrum is within each octave: 0 tones, 1 noise"),
    "roughness": Feature("", "depth of fast (15 to 180 Hz) changes of the envelope"),
    "stereo_width": Feature("", "share of the side signal: 0 mono, 0.5 wide, 1 out of phase"),
    "stereo_correlation": Feature("", "of the first two channels, -1 to 1"),
    "level_range_db": Feature("dB", "level exceeded 10 % of the time above that exceeded 90 %"),
    "steadiness": Feature("", "1 where the level stands still, 0 where it jumps"),
    "loopability": Feature("", "steadiness, and likeness of the end to the start: 0 to 1"),
}


def take_features(samples: "Floats", sample_rate_hz: int) -> dict[str, float | None]:
    """Features of a take that is at hand, shape (n_samples, n_channels).

    Returns:
        every name of FEATURES; never NaN.

    Raises:
        LibraryError: not two-dimensional, or holds NaN or infinity.
    """
    from library.ear import EarPass

    if samples.ndim != 2:
        raise LibraryError(f"samples must be (n_samples, n_channels), got shape {samples.shape}")
    if not np.isfinite(samples).all():
        raise LibraryError("samples hold NaN or infinity; the file is damaged")
    ear = EarPass(sample_rate_hz, samples.shape[1], keep_s=0)
    ear.add(samples)
    return ear.features([(0, len(samples))])[0]


def features_of(heard: "Heard") -> dict[str, float | None]:
    """Features of one take from what was kept of it; spectral ones are weighted by power."""
    found: dict[str, float | None] = dict.fromkeys(FEATURES)
    found["duration_s"] = heard.duration_samples / heard.grid.sample_rate_hz
    found["onset_count"] = 0.0
    found["onsets_per_min"] = 0.0
    if heard.duration_samples and not heard.silent:
        for measure in (_levels, _in_time, _of_spectrum, _of_stereo):
            found.update(measure(heard))
            heard.let_go()
    return {
        name: value if value is None or np.isfinite(value) else None
        for name, value in found.items()
    }


def mfcc_of(heard: "Heard") -> "Floats":
    """Means, then deviations, of the cepstral coefficients, shape (40,); zeros if silent.

    Windows more than 60 dB below the loudest are pauses and do not count.
    """
    power = heard.column("power")
    silent = heard.silent
    heard.let_go()
    if silent or not power.size:
        return np.zeros(2 * heard.mfcc.shape[1], np.float32)
    least = 1e-6 * power.max()
    heard.let_go()
    count, sums, squares = 0, np.float64(0.0), np.float64(0.0)
    for start in range(0, len(power), _CHUNK):
        part = slice(start, start + _CHUNK)
        mfcc = heard.mfcc[part][power[part] >= least].astype(np.float64)
        count += len(mfcc)
        sums = sums + mfcc.sum(axis=0)
        squares = squares + np.einsum("ij,ij->j", mfcc, mfcc)
        heard.let_go()
    mean = sums / count
    deviation = np.sqrt(np.maximum(squares / count - mean**2, 0.0))
    return np.concatenate([mean, deviation]).astype(np.float32)


def _db(power: float) -> float:
    return float(10.0 * np.log10(max(power, 1e-20)))


def _levels(heard: "Heard") -> dict[str, float | None]:
    # The last step may reach beyond the end of the file: counted as silence there.
    whole = float(np.sum(heard.step_power, dtype=np.float64)) * heard.grid.step_samples
    mean_power = whole / heard.duration_samples
    peak_dbfs = 2.0 * _db(float(heard.step_peak.max()))
    of_windows = float(np.sum(heard.column("power"), dtype=np.float64))
    k_share = float(np.sum(heard.column("k_power"), dtype=np.float64)) / max(of_windows, 1e-20)
    loudness = mean_power * heard.channels * k_share
    return {
        # ITU-R BS.1770-4, equation 2, on the sum of all channels.
        "loudness_lufs": _db(loudness) - 0.691 if loudness > 1e-15 else None,
        "rms_dbfs": _db(mean_power),
        "peak_dbfs": peak_dbfs,
        "crest_db": max(0.0, peak_dbfs - _db(mean_power)),
    }


def _in_time(heard: "Heard") -> dict[str, float | None]:
    from library import envelope

    power, step_s = heard.step_power, heard.step_s
    onsets = envelope.onsets_s(power, step_s)
    duration_s = heard.duration_samples / heard.grid.sample_rate_hz
    levels = envelope.levels_db(power)
    steady = envelope.steadiness(levels) if len(levels) > 3 else None
    return {
        "attack_s": envelope.attack_s(heard.step_peak, step_s),
        "decay_s": envelope.decay_s(heard.step_peak, step_s),
        "temporal_centroid": envelope.temporal_centroid(power),
        "onset_count": float(len(onsets)),
        "onsets_per_min": 60.0 * len(onsets) / duration_s,
        "pace_per_min": 60.0 / float(np.median(np.diff(onsets))) if len(onsets) > 1 else None,
        "roughness": envelope.roughness(power),
        "level_range_db": _spread(levels) if len(levels) > 3 else None,
        "steadiness": steady,
        "loopability": None if steady is None else _loopability(heard, steady),
        "zero_crossings_per_s": float(heard.pairs[:, 3].sum())
        / (len(heard.pairs) * heard.hop_s if heard.pairs.shape[0] > 1 else duration_s),
    }


def _spread(levels: "Floats") -> float:
    return percentile(levels, 90) - percentile(levels, 10)


def _loopability(heard: "Heard", steady: float) -> float | None:
    """Steadiness, less what the spectrum of the end differs from that of the start.

    The RMS difference of two spectra in dB is the distance of their cepstra by Parseval.
    """
    edge = min(len(heard.mfcc) // 4, round(2.0 / heard.hop_s))
    if edge * heard.hop_s < 0.2:
        return None
    away = heard.mfcc[:edge].mean(axis=0) - heard.mfcc[-edge:].mean(axis=0)
    differs_db = float(np.sqrt(np.mean(away**2) / 2.0))  # 20 coefficients of 40 bands
    return float(steady * 10.0 ** (-differs_db / 20.0))


def _of_spectrum(heard: "Heard") -> dict[str, float | None]:
    power = heard.column("power")
    whole = float(np.sum(power, dtype=np.float64))
    if whole < 1e-15:
        return {}
    weights = (power / whole).astype(np.float32)
    low = float(heard.column("low_power").sum()) / whole
    high = float(heard.column("high_power").sum()) / whole
    confidence, pitch = heard.column("pitch_confidence"), heard.column("pitch_hz")
    names = (
        "centroid_hz",
        "bandwidth_hz",
        "rolloff_hz",
        "flatness",
        "contrast_db",
        "flux_db",
        "noisiness",
        "tonality",
        "pitch_confidence",
    )
    found: dict[str, float | None] = {name: float(weights @ heard.column(name)) for name in names}
    sure = confidence >= 0.7
    # A fundamental is named where a quarter of the power has one.
    named = bool(sure.any()) and float(weights[sure].sum()) >= 0.25
    return found | {
        "low_share": min(1.0, low),
        "mid_share": min(1.0, max(0.0, 1.0 - low - high)),
        "high_share": min(1.0, high),
        "pitch_hz": _weighted_median(pitch[sure], weights[sure]) if named else None,
    }


def _weighted_median(values: "Floats", weights: "Floats") -> float:
    order = np.argsort(values)
    reached = np.cumsum(weights[order])
    return float(values[order][int((reached >= 0.5 * reached[-1]).argmax())])


def _of_stereo(heard: "Heard") -> dict[str, float | None]:
    if heard.channels == 1:
        return {"stereo_width": 0.0, "stereo_correlation": None}
    left, right, both = (float(v) for v in heard.pairs[:, :3].sum(axis=0, dtype=np.float64))
    if left + right <= 0.0:
        return {}
    # Side is (L - R) / 2, so side² against mid² + side² is this.
    width = (left + right - 2.0 * both) / (2.0 * (left + right))
    norm = (left * right) ** 0.5
    return {
        "stereo_width": min(1.0, max(0.0, width)),
        "stereo_correlation": min(1.0, max(-1.0, both / norm)) if norm > 1e-15 else None,
    }
