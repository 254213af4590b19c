"""What is measured of each take: the table of names, and the measuring in one pass.

Every name carries its unit; `None` stands where a take has no such thing (no
pitch, no level because it is silent). docs/features.md says how each agrees
with librosa.
"""

from typing import NamedTuple


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
