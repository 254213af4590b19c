"""Channel layouts: which loudspeaker each channel of a sound is meant for.

A layout is its labels, in the order of the channels. Those of `LAYOUTS` stand
in the order of a WAVE file (by bit of the speaker mask), which up to 5.1 is also
SMPTE's; a 7.1 file carries the rears before the sides. Other orders are
asked for by name and give a layout with the same labels, moved.

Sources: WAVE_FORMAT_EXTENSIBLE (dwChannelMask); SMPTE ST 428-12 and ITU-R
BS.2051-3 (labels, places); ITU-R BS.1770-5, Table 4 (weights).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from audio import AudioError

# label: (speaker mask bit, azimuth in degrees, elevation in degrees; of a pair the left one's)
_SPEAKERS = {
    "L": (0x1, 30, 0),
    "R": (0x2, 30, 0),
    "C": (0x4, 0, 0),
    "LFE": (0x8, 45, -30),
    "Lsr": (0x10, 135, 0),
    "Rsr": (0x20, 135, 0),
    "Lc": (0x40, 15, 0),
    "Rc": (0x80, 15, 0),
    "Cs": (0x100, 180, 0),
    "Lss": (0x200, 90, 0),
    "Rss": (0x400, 90, 0),
    "Ltf": (0x1000, 45, 45),
    "Rtf": (0x4000, 45, 45),
    "Ltr": (0x8000, 135, 45),
    "Rtr": (0x20000, 135, 45),
    # The surrounds of 5.1 stand at 110 degrees and are written as the back pair, as most tools do.
    "Ls": (0x10, 110, 0),
    "Rs": (0x20, 110, 0),
    # Overhead pair of .2 layouts: between front and rear, for which a mask has no bit of its own.
    "Lts": (0x1000, 90, 45),
    "Rts": (0x4000, 90, 45),
    "M": (0x4, 0, 0),
}

_ALIASES = {
    "lf": "L",
    "rf": "R",
    "sub": "LFE",
    "lrs": "Lsr",
    "rrs": "Rsr",
    "lb": "Lsr",
    "rb": "Rsr",
    "lbs": "Lsr",
    "rbs": "Rsr",
    "ltb": "Ltr",
    "rtb": "Rtr",
    "s": "Cs",
    "mono": "M",
    "left": "L",
    "right": "R",
    "center": "C",
    "centre": "C",
} | {label.lower(): label for label in _SPEAKERS}


@dataclass(frozen=True)
class Layout:
    """Labels of the channels, in their order; no label twice.

    >>> LAYOUTS["5.1"].in_order("film").labels
    ('L', 'C', 'R', 'Ls', 'Rs', 'LFE')
    """

    name: str
    labels: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.labels:
            raise AudioError(f"layout {self.name} has no channels")
        if len(set(self.labels)) < len(self.labels):
            left = list(self.labels)
            for label in set(self.labels):
                left.remove(label)
            raise AudioError(
                f"layout {self.name} has {', '.join(sorted(set(left)))} more than once"
            )

    @property
    def channels(self) -> int:
        return len(self.labels)

    @property
    def speaker_mask(self) -> int:
        """dwChannelMask of a WAVE file in this order; 0 (no place) where a mask cannot say it.

        A mask implies the order of its bits, so the film order of 5.1 has none.
        """
        bits = [_SPEAKERS[label][0] if label in _SPEAKERS else 0 for label in self.labels]
        if 0 in bits or any(a >= b for a, b in pairwise(bits)):
            return 0
        return sum(bits)

    @property
    def loudness_weights(self) -> tuple[float, ...]:
        """G of ITU-R BS.1770-5, Table 4: 0 for LFE, 1.41 beside the listener, else 1.

        Beside is 60 to 120 degrees at less than 30 degrees of height: the surrounds of 5.1
        and the sides of 7.1, but not its rears.
        """
        return tuple(_loudness_weight(label) for label in self.labels)

    def index(self, label: str) -> int:
        """Which channel a label names.

        Raises:
            AudioError: no channel of this layout.
        """
        if label not in self.labels:
            raise AudioError(f"{self.name} has no channel {label}; it has {' '.join(self.labels)}")
        return self.labels.index(label)

    def in_order(self, order: str) -> "Layout":
        """The same channels as "wave", "smpte" or "film" order them.

        wave: by speaker mask. smpte: L R C LFE, sides, rears, heights.
        film: L C R, surrounds, LFE, heights, as a dubbing console has them.

        Raises:
            AudioError: another order, or a label no order knows.
        """
        ranking = _ORDERS.get(order)
        if ranking is None:
            raise AudioError(f"{order!r} is not a channel order; one of {', '.join(_ORDERS)}")
        unknown = [label for label in self.labels if label not in ranking]
        if unknown:
            raise AudioError(f"channel {', '.join(unknown)} has no place in {order} order")
        return Layout(self.name, tuple(sorted(self.labels, key=ranking.index)))

    def indices_from(self, source: "Layout") -> list[int]:
        """Where each of these channels stands in `source`, to index its second axis with.

        Raises:
            AudioError: the two do not hold the same labels.
        """
        if set(self.labels) != set(source.labels):
            raise AudioError(
                f"{' '.join(source.labels)} cannot be reordered as {' '.join(self.labels)}; "
                "the labels differ"
            )
        return [source.labels.index(label) for label in self.labels]


_ORDERS: dict[str, tuple[str, ...]] = {
    name: tuple(labels.split())
    for name, labels in {
        "wave": "M L R C LFE Ls Rs Lsr Rsr Lc Rc Cs Lss Rss Ltf Lts Rtf Rts Ltr Rtr",
        "smpte": "M L R C LFE Ls Rs Lss Rss Lsr Rsr Cs Lc Rc Ltf Rtf Lts Rts Ltr Rtr",
        "film": "M L Lc C Rc R Ls Rs Lss Rss Lsr Rsr Cs LFE Ltf Rtf Lts Rts Ltr Rtr",
    }.items()
}

LAYOUTS: dict[str, Layout] = {
    name: Layout(name, tuple(labels.split()))
    for name, labels in {
        "mono": "M",
        "stereo": "L R",
        "LCR": "L R C",
        "quad": "L R Ls Rs",
        "5.0": "L R C Ls Rs",
        "5.1": "L R C LFE Ls Rs",
        "7.0": "L R C Lsr Rsr Lss Rss",
        "7.1": "L R C LFE Lsr Rsr Lss Rss",
        "5.1.2": "L R C LFE Ls Rs Lts Rts",
        "5.1.4": "L R C LFE Ls Rs Ltf Rtf Ltr Rtr",
        "7.1.4": "L R C LFE Lsr Rsr Lss Rss Ltf Rtf Ltr Rtr",
    }.items()
}
"""The layouts of the trade in WAVE order, by name."""

_BY_CHANNELS = {1: "mono", 2: "stereo", 3: "LCR", 4: "quad", 5: "5.0", 6: "5.1"} | {
    7: "7.0",
    8: "7.1",
    10: "5.1.4",
    12: "7.1.4",
}


def layout_for(what: int | str) -> Layout:
    """The layout of a name, or the usual one of a number of channels.

    A number that no layout has is a layout "discrete" of channels "1", "2", … which
    all count in loudness.

    Raises:
        AudioError: a name that is not one of `LAYOUTS`, or no channels.
    """
    if isinstance(what, int):
        if what in _BY_CHANNELS:
            return LAYOUTS[_BY_CHANNELS[what]]
        if what < 1:
            raise AudioError(f"no layout has {what} channels")
        return Layout("discrete", tuple(str(number + 1) for number in range(what)))
    by_lower = {name.lower(): layout for name, layout in LAYOUTS.items()}
    layout = by_lower.get(what.strip().lower())
    if layout is None:
        raise AudioError(f"{what!r} is not a channel layout; one of {', '.join(LAYOUTS)}")
    return layout


def layout_from_labels(labels: Sequence[str]) -> Layout:
    """The layout of these labels in their order, by its known name or else "custom"."""
    for layout in LAYOUTS.values():
        if set(layout.labels) == set(labels) and len(labels) == layout.channels:
            return Layout(layout.name, tuple(labels))
    return Layout("custom", tuple(labels))


def layout_from_mask(speaker_mask: int, channels: int) -> Layout:
    """What a WAVE file's mask says of its channels; 0 says nothing, so their number must.

    Both the back pair (0x3F) and the side pair (0x60F) are the surrounds of a 5.1.
    A mask of fewer bits than channels leaves the rest without a place, labelled by number.
    """
    if speaker_mask == 0:
        return layout_for(channels)
    if channels == 1 and speaker_mask == _SPEAKERS["C"][0]:
        return LAYOUTS["mono"]
    pairs = 0x30, 0x600
    only_pair = [pair for pair in pairs if speaker_mask & pair]
    by_bit = {_SPEAKERS[label][0]: label for label in reversed(_ORDERS["smpte"])}
    by_bit |= {0x10: "Lsr", 0x20: "Rsr", 0x200: "Lss", 0x400: "Rss", 0x1000: "Ltf", 0x4000: "Rtf"}
    by_bit[0x4] = "C"
    if len(only_pair) == 1:
        by_bit |= {only_pair[0] & 0x210: "Ls", only_pair[0] & 0x420: "Rs"}
    labels = [by_bit.get(1 << bit, f"bit{bit}") for bit in range(32) if speaker_mask >> bit & 1][
        :channels
    ]
    labels += [str(number + 1) for number in range(len(labels), channels)]
    return layout_from_labels(labels)


def layout_of_file(channel_names: Sequence[str], speaker_mask: int) -> Layout:
    """By the names of a file's channels if each is a loudspeaker's, else by its mask or number.

    >>> layout_of_file(["L", "C", "R", "Ls", "Rs", "Lfe"], 0).labels
    ('L', 'C', 'R', 'Ls', 'Rs', 'LFE')
    >>> layout_of_file(["Boom", "Lav"], 0).labels
    ('L', 'R')
    """
    labels = [_ALIASES.get(name.strip().lower()) for name in channel_names]
    known = [label for label in labels if label is not None]
    if len(set(known)) == len(channel_names):
        return layout_from_labels(known)
    return layout_from_mask(speaker_mask, len(channel_names))


def label_of_suffix(stem_name: str) -> tuple[str, str] | None:
    """Split the channel off a split file's name: its base and its label; None where it has none.

    >>> label_of_suffix("R2_FX.Ls"), label_of_suffix("Door v1.2")
    (('R2_FX', 'Ls'), None)
    """
    base, dot, suffix = stem_name.rpartition(".")
    label = _ALIASES.get(suffix.lower())
    return (base, label) if dot and base and label is not None else None


def group_split_files(stem_names: Iterable[str]) -> dict[str, dict[str, str]]:
    """Names of split files by base and label: {"R2_FX": {"L": "R2_FX.L", …}}.

    A name without a suffix, or the second of one label, is left out.
    """
    groups: dict[str, dict[str, str]] = {}
    for name in stem_names:
        split = label_of_suffix(name)
        if split is not None:
            groups.setdefault(split[0], {}).setdefault(split[1], name)
    return groups


def _loudness_weight(label: str) -> float:
    if label == "LFE":
        return 0.0
    _bit, azimuth, elevation = _SPEAKERS.get(label, (0, 0, 0))
    return 1.41 if abs(elevation) < 30 and 60 <= azimuth <= 120 else 1.0
