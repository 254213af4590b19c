"""Sounds that are not where they were: found again by their sound, kept, or let go.

A drive that is not mounted must never look like a thousand deleted sounds.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

_FEW = 0.05  # of a root may be gone without a question
_MOST = 0.5


@dataclass(frozen=True)
class Missing:
    """A sound of the library that is not where it was: no file is there, or one that changed."""

    asset_id: int
    sound_hash: str
    root: str
    path: str
    size_bytes: int
    replaced: bool = False  # a file is there, but not as it was


class Verdict(Enum):
    """What is done about the missing sounds of a root."""

    LET_GO = "let go"
    KEEP = "keep"
    STOP = "stop"  # and do nothing more with this root


def judge(
    missing: Iterable[Missing], known: Mapping[str, int], *, forget: bool
) -> tuple[dict[str, Verdict], list[str]]:
    """What to do about each root's missing sounds, and what to tell of it.

    Args:
        known: how many sounds each root had where it was looked at.
        forget: the user agrees to lose more than a few.
    """
    count: dict[str, int] = dict.fromkeys(known, 0)
    for each in missing:
        count[each.root] += 1
    verdicts, notes = {}, []
    for root, n in count.items():
        share = n / known[root] if known[root] else 0.0
        told = f"root {root}: {n} of {known[root]} sounds are gone"
        if share > _MOST:
            verdicts[root] = Verdict.STOP
            notes.append(
                f"{told}; nothing was changed. Is its drive mounted? If they are to go,"
                f" take the root out: dubstage scan --drop {root!r}"
            )
        elif share > _FEW and not forget:
            verdicts[root] = Verdict.KEEP
            notes.append(f"{told}; they are kept. If they are to go: dubstage scan --forget")
        else:
            verdicts[root] = Verdict.LET_GO
    return verdicts, notes


class Lost:
    """The missing sounds, by what may tell that a file is one of them."""

    def __init__(self, missing: Iterable[Missing]) -> None:
        self._by_sound: dict[str, list[Missing]] = {}
        self._by_size: dict[int, set[str]] = {}
        for each in missing:
            self._by_sound.setdefault(each.sound_hash, []).append(each)
            self._by_size.setdefault(each.size_bytes, set()).add(each.sound_hash)

    def of_size(self, size_bytes: int) -> frozenset[str]:
        """Sounds that a file of this size may be, having moved untouched."""
        return frozenset(self._by_size.get(size_bytes, ()))

    def claim(self, sound_hash: str, root: str, path: str) -> Missing | None:
        """The missing sound that a file has turned out to be; each is given out once.

        Of several with the same sound, the one of the same place, then of the same file name.
        """
        some = self._by_sound.get(sound_hash)
        if not some:
            return None
        name = path.rpartition("/")[2]
        some.sort(
            key=lambda each: (
                (each.root, each.path) == (root, path),
                each.path.rpartition("/")[2] == name,
            )
        )
        return some.pop()

    def left(self) -> list[Missing]:
        """Those that have no file any more and were not found again."""
        return [each for some in self._by_sound.values() for each in some if not each.replaced]
