"""How a clip is set among the speakers beyond gain and pan, as its metadata asks. Values only.

clip.metadata["placement"] = {"azimuth_deg": 110, "width": 0.5, "lfe_send_db": -6, …}
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from premix import PremixError
from premix.timeline import Clip

Points = tuple[tuple[int, float], ...]  # (samples since the clip's start, value), in order


@dataclass(frozen=True, kw_only=True)
class Placement:
    """Where it comes from, how wide, and how both and its level move."""

    azimuth_deg: float | None = None  # 0 in front, 90 left, -90 right; None: by the clip's pan
    elevation_deg: float = 0.0  # 0 at the ear to 90 above
    width: float | None = None  # of several channels: 1 as recorded, 0 from one place
    divergence: float = 0.0  # how much of the centre goes to left and right: 0 none, 1 all
    lfe_send_db: float | None = None  # a copy to the LFE, low-passed at 120 Hz
    gain_envelope: Points = ()  # dB, straight between points
    pan_envelope: Points = ()  # -1 to 1, straight between points; stands for the clip's pan

    def __post_init__(self) -> None:
        for name, low, high in (
            ("azimuth_deg", -360.0, 360.0),
            ("elevation_deg", -90.0, 90.0),
            ("width", 0.0, 2.0),
            ("divergence", 0.0, 1.0),
            ("lfe_send_db", -math.inf, 24.0),
        ):
            value = getattr(self, name)
            if value is not None and not low <= value <= high:
                raise PremixError(f"{name} {value} is out of range, {low:g} to {high:g}")
        for name in ("gain_envelope", "pan_envelope"):
            places = [at for at, _value in getattr(self, name)]
            if places != sorted(places):
                raise PremixError(f"{name}: its points must be in order of time")

    @property
    def is_by_angle(self) -> bool:
        return self.azimuth_deg is not None or self.elevation_deg != 0 or self.width is not None


def placement_of(clip: Clip) -> Placement:
    """What the clip's metadata asks; nothing for most.

    Raises:
        PremixError: a word that is not known here, or a value that cannot be.
    """
    asked = clip.metadata.get("placement")
    if not asked:
        return Placement()
    known = {each.name for each in fields(Placement)}
    if not isinstance(asked, Mapping) or set(asked) - known:
        raise PremixError(f"placement {asked!r}; its words are {', '.join(sorted(known))}")
    try:
        return Placement(**{name: _value(name, value) for name, value in asked.items()})
    except (TypeError, ValueError) as problem:
        raise PremixError(f"placement {asked!r}: {problem}") from None


def at_positions(points: Points, first: int, n_samples: int) -> NDArray[np.float64]:
    """The value at each of `n_samples` from `first` on; held before the first point and after."""
    places = [at for at, _value in points]
    values = [value for _at, value in points]
    return np.interp(np.arange(first, first + n_samples), places, values)


def _value(name: str, value: Any) -> Any:
    if name.endswith("_envelope"):
        return tuple((int(at), float(point)) for at, point in value)
    return None if value is None else float(value)
