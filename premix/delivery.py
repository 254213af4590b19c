"""What is handed over: which stems, in which layout, order, names and leader.

Templates are TOML; those that come with the product lie in `premix/deliveries`.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

from audio.layout import layout_for
from premix import PremixError
from premix.leader import Leader
from premix.timeline import STEMS, Session

ENCODINGS = {"pcm16": 16, "pcm24": 24, "float32": 32}
ORDERS = ("wave", "smpte", "film")
_TEMPLATES = files("premix") / "deliveries"
_UNSAFE = re.compile(r'[\x00-\x1f<>:"/\\|?*]+')


class DeliveryError(PremixError, ValueError):
    """A delivery template, or what it asks for, cannot be used."""


@dataclass(frozen=True, kw_only=True)
class StemSpec:
    """One stem: the tracks that are summed in it, or the stems that it sums."""

    name: str
    tracks: tuple[str, ...] = ()  # "foley", or one track of it: "foley:feet"
    sum_of: tuple[str, ...] = ()  # other stems, as delivered
    layout: str = ""  # empty: the delivery's

    def takes(self, stem: str, track: str) -> bool:
        return stem in self.tracks or f"{stem}:{track}" in self.tracks


@dataclass(frozen=True, kw_only=True)
class Target:
    """What the receiver asks of a full mix. Reported of pre-mixes, not enforced."""

    integrated_lufs: float | None = None
    tolerance_lu: float = 1.0
    true_peak_dbtp: float | None = None
    range_lu: float | None = None  # at most


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """How a session is handed over; as it stands here, one plain stereo file a stem."""

    name: str = "plain"
    title: str = "One file a stem"
    stems: tuple[StemSpec, ...] = ()  # none: one for each stem of the session
    layout: str = "stereo"
    encoding: str = "pcm24"
    dither: bool = True  # to integers; seeded by the stem's name
    sample_rate_hz: int | None = None  # None: the session's
    order: str = "wave"  # of the channels; see audio.layout
    split: bool = False  # one mono file a channel
    pattern: str = "{stem}"
    leader: Leader = field(default_factory=Leader)
    target: Target = field(default_factory=Target)
    names: Mapping[str, str] = field(default_factory=dict)  # values for the pattern

    def __post_init__(self) -> None:
        layout_for(self.layout)
        if self.encoding not in ENCODINGS:
            raise DeliveryError(
                f"delivery {self.name}: {self.encoding!r} is not an encoding; "
                f"one of {', '.join(ENCODINGS)}"
            )
        if self.order not in ORDERS:
            raise DeliveryError(
                f"delivery {self.name}: {self.order!r} is not an order; one of {', '.join(ORDERS)}"
            )
        known = {stem.name for stem in self.stems if not stem.sum_of}
        for stem in self.stems:
            unknown = set(stem.sum_of) - known
            if unknown:
                raise DeliveryError(
                    f"delivery {self.name}: stem {stem.name} sums {', '.join(sorted(unknown))}, "
                    f"which is not one of {', '.join(sorted(known))}"
                )
            if bool(stem.tracks) == bool(stem.sum_of):
                raise DeliveryError(
                    f"delivery {self.name}: stem {stem.name} needs either tracks or sum_of"
                )

    @property
    def bits(self) -> int:
        return ENCODINGS[self.encoding]

    def specs_for(self, session: Session) -> tuple[StemSpec, ...]:
        """The stems to render; where none are named, the three of the trade and the session's."""
        if self.stems:
            return self.stems
        used = dict.fromkeys([*STEMS, *(track.stem for track in session.tracks)])
        return tuple(StemSpec(name=stem, tracks=(stem,)) for stem in used)

    def file_stem(self, session: Session, spec: StemSpec) -> str:
        """A stem's file name, without channel and ".wav".

        Raises:
            DeliveryError: the pattern asks for a name that nobody gave.
        """
        layout = layout_for(spec.layout or self.layout)
        rate_hz = self.sample_rate_hz or session.sample_rate_hz
        known = {
            "title": session.name,
            "session": session.name,
            "version": "01",
            **{str(key): str(value) for key, value in self.names.items()},
            "stem": spec.name,
            "layout": layout.name,
            "channels": str(layout.channels),
            "khz": f"{rate_hz / 1000:g}",
            "bits": str(self.bits),
            "fps": session.rate.name.replace(".", ""),
        }
        try:
            name = self.pattern.format_map(known)
        except KeyError as missing:
            raise DeliveryError(
                f"delivery {self.name}: names are {self.pattern!r}, so {missing.args[0]} is needed"
            ) from None
        except (ValueError, IndexError, AttributeError):
            raise DeliveryError(
                f"delivery {self.name}: {self.pattern!r} is not a pattern of names; "
                f"words in braces are {', '.join(known)}"
            ) from None
        return _UNSAFE.sub("-", name).strip(". ") or spec.name


def template_names() -> list[str]:
    """Templates that come with the product."""
    return sorted(
        entry.name.removesuffix(".toml")
        for entry in _TEMPLATES.iterdir()
        if entry.name.endswith(".toml")
    )


def read_delivery(name: str, names: Mapping[str, str] | None = None) -> Delivery:
    """A template that comes with the product, by name, or a file of one's own.

    Args:
        names: values for the pattern of file names; they stand before the template's.

    Raises:
        DeliveryError: neither, or a template that says what cannot be.
    """
    if name in template_names():
        text, where = (_TEMPLATES / f"{name}.toml").read_text(encoding="utf-8"), name
    elif Path(name).is_file():
        text, where = Path(name).read_text(encoding="utf-8"), name
    else:
        raise DeliveryError(
            f"{name!r} is neither a delivery ({', '.join(template_names())}) nor a TOML file"
        )
    try:
        asked = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise DeliveryError(f"{where}: {problem}") from None
    asked["stems"] = tuple(_value(StemSpec, stem, where) for stem in asked.get("stems", ()))
    asked["leader"] = _value(Leader, asked.get("leader", {}), where)
    asked["target"] = _value(Target, asked.get("target", {}), where)
    asked["names"] = {**asked.get("names", {}), **(names or {})}
    asked.setdefault("name", Path(where).stem)
    return _value(Delivery, asked, where)


_T = TypeVar("_T")


def _value(kind: type[_T], asked: Mapping[str, Any], where: str) -> _T:
    """A frozen value of a table, whose keys are its fields."""
    known = {each.name: each for each in fields(kind)}  # type: ignore[arg-type]
    unknown = set(asked) - set(known)
    if unknown:
        raise DeliveryError(
            f"{where}: {', '.join(sorted(unknown))} is not known here; there are {', '.join(known)}"
        )
    given = {key: tuple(v) if isinstance(v, list) else v for key, v in asked.items()}
    try:
        return kind(**given)
    except TypeError as problem:
        raise DeliveryError(f"{where}: {problem}") from None
