"""Sound as such: files, samples, levels and timecode.

The ground floor. It knows neither the library nor the film; nothing here
imports `db`, `library`, `premix` or `dubstage`.

Everywhere in this product:

    samples   float32 array, shape (n_samples, n_channels), full scale = 1.0
    *_samples a position or length counted in samples per channel
    *_s       seconds                *_hz    cycles per second
    *_db      a ratio                *_dbfs, *_dbtp, *_lufs   a level
    frame     a picture frame, never a sample and never an analysis window
"""


class AudioError(Exception):
    """A file or a value of sound cannot be used. The message says which and why."""
