"""SOURCES.md: where each sound comes from, told from the catalogue so that it cannot lag behind."""

from assets_sample.make.catalogue import SOUNDS, Sound

_HEAD = """\
# Where these sounds come from

Every sound here was synthesised by this project (`make/`, numpy, scipy and soundfile; no recording, no sample of
anybody else) and is dedicated to the public domain: **CC0 1.0 Universal**, https://creativecommons.org/publicdomain/zero/1.0/.
The FLAC comments of each file say so too.

- Format: FLAC, 48 kHz, 24 bit; Foley, props and some effects mono, places and most designed sounds stereo. Samples are
  rounded once, to 16 significant bits (Foley, props, doors) or 15 (places, effects), the lower bits being zero: the error
  lies at −101 and −95 dBFS, at least 11 dB under what noise there is in the file, and lets all of them fit into 12 MB.
- Levels are those of a recordist, not of a normaliser: peaks and RMS as listed. Between takes lies a pink noise floor of −76 to
  −84 dBFS, never digital silence. Places are loops: their end was faded into their start before 10 and 50 ms of safety fade.
- Names follow UCS: `CatID_FX Name_CreatorID_SourceID`, with CatIDs of UCS 8.2.1, creator `DUBST`, source `SMPL`.
- Made again by `python -m assets_sample.make`. On one machine the files come out byte for byte, whatever the number of threads;
  on another processor or with other versions of numpy and scipy a last bit of sin, exp or FFT may tip the rounding of
  a rare sample by one step, and another libFLAC may pack the same samples into other bytes.

| file | level | what and how |
| --- | --- | --- |
"""  # noqa: E501


def _row(sound: Sound) -> str:
    level = (
        f"peak {sound.peak_dbfs:.0f} dBFS"
        if sound.peak_dbfs is not None
        else f"RMS {sound.rms_dbfs:.0f} dBFS"
    )
    return f"| `{sound.file_name}` | {level} | {sound.model} |"


def sources() -> str:
    """The whole page."""
    return _HEAD + "\n".join(_row(sound) for sound in SOUNDS) + "\n"
