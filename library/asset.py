"""The asset and its takes: one sound file as the library knows it. Values only."""

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Take:
    """One performance within an asset: a footstep, a slam, a stretch of rain.

    Positions are half-open, [start, end), in samples of the asset's own rate.
    """

    index: int  # 0, 1, 2 … in the order of the file
    start_samples: int
    end_samples: int
    sync_samples: int  # the attack: the sample that lands on the timecode
    label: str | None = None  # what the file's own marker calls it
    steady: tuple[tuple[int, int], ...] = ()  # even stretches [start, end), fit to loop or fill
    features: dict[str, float | None] = field(default_factory=dict)  # library.features.FEATURES

    @property
    def duration_samples(self) -> int:
        return self.end_samples - self.start_samples


@dataclass(frozen=True, kw_only=True)
class Asset:
    """One sound file in the library; immutable, so an edit makes a new value.

    Each field but `takes` is a column of table `asset`, of the same name and unit
    (tests/db/test_schema.py keeps both in step).
    """

    id: int  # from the hash of the sample data: a renamed file is the same sound (below 2**52)
    sound_hash: str  # sha-256 of rate, channels and sample data, hex
    root: str  # name of the root folder
    path: str  # below the root, with "/" between folders
    size_bytes: int
    modified_ns: int
    format: str  # "WAV", "RF64", "BW64", "AIFF", "FLAC", "OGG", "OPUS", "MP3" …
    sample_rate_hz: int
    channels: int
    bits: int | None
    duration_samples: int
    time_reference_samples: int | None = None  # BWF: samples since midnight
    loudness_lufs: float | None = None  # None: shorter than one 400 ms gating block, or silent
    true_peak_dbtp: float | None = None  # None: silent
    cat_id: str | None = None  # UCS, e.g. "DOORWood"
    category: str | None = None  # UCS, e.g. "DOORS"
    subcategory: str | None = None  # UCS, e.g. "WOOD"
    user_category: str | None = None
    vendor_category: str | None = None
    fx_name: str = ""  # UCS FXName, else the file's stem
    creator_id: str | None = None
    source_id: str | None = None
    user_data: str | None = None
    description: str = ""  # bext, iXML, INFO or tags
    keywords: str = ""  # all other words that the file carries
    licence: str | None = None
    facets: dict[str, str] = field(default_factory=dict)  # surface, shoe, gait, intensity …
    takes: tuple[Take, ...] = ()

    @property
    def duration_s(self) -> float:
        return self.duration_samples / self.sample_rate_hz
