"""The names that an EDL's columns have room for: reels and channels. Pure."""

import re
from dataclasses import dataclass, field

from premix.cut import Report, TimelineTrack

_CHANNEL = re.compile(r"V\d*|A\d+|NONE")


@dataclass(frozen=True)
class Dialect:
    """How wide an EDL is."""

    name: str
    reel_characters: int
    number_digits: int
    most_events: int
    sound_tracks: int
    picture_tracks: int


DIALECTS = {
    dialect.name: dialect
    for dialect in (
        Dialect("cmx3600", 8, 3, 999, 4, 1),
        Dialect("file_32", 32, 6, 999_999, 24, 24),  # Avid's, of wider columns
    )
}


@dataclass
class Reels:
    """Reel names as the column takes them; two that would become one are told apart."""

    dialect: Dialect
    reported: list[Report] = field(default_factory=list)
    _known: dict[str, str] = field(default_factory=dict)

    def name(self, reel: str) -> str:
        """An empty one is AX, the auxiliary source.

        >>> reels = Reels(DIALECTS["cmx3600"])
        >>> reels.name("A101C003_240"), reels.name("A101C003_250"), reels.name("")
        ('A101C003', 'A101C0_2', 'AX')
        """
        if reel not in self._known:
            self._known[reel] = self._written(reel)
        return self._known[reel]

    def _written(self, reel: str) -> str:
        if not reel:
            return "AX"
        most = self.dialect.reel_characters
        name = re.sub(r"[^A-Za-z0-9_.\-*]", "_", reel)[:most]
        # M2 finds its reel without regard to case.
        taken = {known.casefold() for known in self._known.values()}
        count = 1
        while name.casefold() in taken and name.casefold() != reel.casefold():
            count += 1
            name = f"{name[: most - 1 - len(str(count))]}_{count}"
        if name != reel:
            self.reported.append(
                Report(f"reel {reel}", f"written as {name}: {self.dialect.name} has room for "
                                       f"{most} letters, digits, - . _")
            )  # fmt: skip
        return name


def channels_of(
    tracks: tuple[TimelineTrack, ...], dialect: Dialect
) -> tuple[list[tuple[str, TimelineTrack]], list[Report]]:
    """Each track with its channel, those that have none left out and reported.

    Tracks that all have names of channels keep them; others are numbered as they come.
    """
    names = [track.name for track in tracks]
    keep = all(_CHANNEL.fullmatch(name) for name in names) and len(set(names)) == len(names)
    counts = {"V": 0, "A": 0}
    found: list[tuple[str, TimelineTrack]] = []
    reported: list[Report] = []
    for track in tracks:
        letter = "V" if track.kind == "picture" else "A"
        counts[letter] += 1
        number = counts[letter]
        if keep:
            channel = track.name
            number = int(channel[1:]) if channel[1:].isdigit() else 1
        else:
            channel = "V" if letter + str(number) == "V1" else f"{letter}{number}"
        most = dialect.picture_tracks if letter == "V" else dialect.sound_tracks
        if number > most:
            wider = "" if dialect.name == "file_32" else "; file_32 has 24"
            kind = "picture" if letter == "V" else "sound"
            reported.append(
                Report(f"track {track.name}", f"left out, {len(track.events)} events: "
                       f"{dialect.name} has {most} {kind} track{'s' * (most > 1)}{wider}")
            )  # fmt: skip
            continue
        found.append((channel, track))
    return found, reported


def channel_field(channels: tuple[str, ...]) -> tuple[str, str | None]:
    """The column of an event on several tracks, and the AUD line that takes the rest.

    >>> channel_field(("A1",)), channel_field(("V", "A1")), channel_field(("A1", "A2", "A4"))
    (('A', None), ('B', None), ('AA', 'AUD   4'))
    >>> channel_field(("V", "A2")), channel_field(("A3", "A4"))
    (('A2/V', None), ('NONE', 'AUD   3    4'))
    """
    if len(channels) == 1:
        return {"A1": "A"}.get(channels[0], channels[0]), None
    picture = [channel for channel in channels if channel.startswith("V")]
    sound = sorted(int(channel[1:]) for channel in channels if channel.startswith("A"))
    first = tuple(number for number in sound if number <= 2)
    if picture and picture[0] != "V":
        column, first = picture[0], ()
    else:
        column = {
            (False, ()): "NONE", (False, (1,)): "A", (False, (2,)): "A2", (False, (1, 2)): "AA",
            (True, ()): "V", (True, (1,)): "B", (True, (2,)): "A2/V", (True, (1, 2)): "AA/V",
        }[bool(picture), first]  # fmt: skip
    rest = [number for number in sound if number not in first]
    return column, "AUD" + "".join(f"{number:>4} " for number in rest).rstrip() if rest else None
