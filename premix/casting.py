"""Casting: which takes play a cue, chosen together and never the same one twice in a row.

The library stands behind `Shelf`, so that all here is pure. Chance comes from the
cue's seed alone: the same sheet and the same library give the same cast.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Protocol

from audio.level import Samples
from library.asset import Asset, Take
from premix.chance import chance, pick
from premix.variation import vary_levels, vary_speeds

MEMORY = 6  # no take comes again within this many hits while others are left
_SHORTLIST = 3
_SIDES = {"l": "left", "left": "left", "r": "right", "right": "right"}
_NEAR_THE_BEST = 0.9  # of the best score: as good a find, where BM25 tells no more
AT_HAND = 0.5  # of the best score: what still answers the query
# Of sounds that nobody has named. Of pairs of different kinds by makers that taught the vectors
# nothing, 98 to 99 in 100 lie farther apart; of one kind, a third to a half lie nearer.
_NEAR_IN_SOUND = 0.55


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A take that answers a cue; `asset` holds all its takes."""

    asset: Asset
    take: Take
    score: float  # comparable within one answer
    why: str

    @property
    def key(self) -> tuple[int, int]:
        return self.asset.id, self.take.index


class Shelf(Protocol):
    """The library as casting sees it. `premix.shelf` is the one on disk."""

    def candidates(self, query: str, like: str, limit: int) -> Sequence[Candidate]:
        """Takes that answer, best first; of each recording found, all its takes."""
        ...

    def locked(self, reference: str) -> Sequence[Candidate]:
        """The takes of the recording that a path or an id names; none where it is gone."""
        ...

    def asset(self, asset_id: int) -> Asset | None:
        """A recording by its id, with its takes."""
        ...

    def read(self, asset: Asset, start_samples: int, n_samples: int) -> Samples | None:
        """Its sound, at its own rate; None where the file is not at hand."""
        ...

    def distance(self, one: Candidate, other: Candidate) -> float | None:
        """How unlike two takes sound: 0 alike, 1 strangers; None where nobody has listened."""
        ...


@dataclass(frozen=True, kw_only=True)
class Alternative:
    """A take that would have been next; small enough to be kept in the session."""

    asset_id: int
    path: str
    take: int
    score: float
    why: str


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One take for one hit, and what speaks for it."""

    candidate: Candidate
    gain_db: float = 0.0  # against the cue's own gain, where the take comes again
    speed: float = 1.0  # against the cue's own speed, likewise
    locked: bool = False
    why: str
    next_best: tuple[Alternative, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Cast:
    """The takes of one cue, one for each hit, in their order."""

    choices: tuple[Choice, ...]
    palette: tuple[Candidate, ...] = ()  # the takes at hand

    @property
    def distinct(self) -> int:
        return len({choice.candidate.key for choice in self.choices})


@dataclass
class Memory:
    """What was cast so far on the reel: the shoes of each character, the last takes of a track."""

    assets_of: dict[tuple[str, str], list[int]] = field(default_factory=dict)  # (who, track)
    palette_of: dict[tuple[str, str], tuple[Candidate, ...]] = field(default_factory=dict)
    last_on: dict[str, list[tuple[int, int]]] = field(default_factory=dict)  # track → take keys

    def recall(self, track: str) -> tuple[tuple[int, int], ...]:
        return tuple(self.last_on.get(track, ()))

    def keep(self, who: str, track: str, cast: Cast) -> None:
        """Remember a cue's cast for those that follow."""
        keys = [choice.candidate.key for choice in cast.choices]
        self.last_on[track] = (self.last_on.get(track, []) + keys)[-MEMORY:]
        if who and cast.choices:
            worn = self.assets_of.setdefault((who, track), [])
            worn += [number for number, _ in dict.fromkeys(keys) if number not in worn]
            self.palette_of[who, track] = cast.palette


def cast_takes(
    candidates: Sequence[Candidate],
    count: int,
    *,
    seed: int,
    recent: Sequence[tuple[int, int]] = (),
    worn: Sequence[int] = (),
    locked: bool = False,
    kept: Mapping[int, Choice] | None = None,
    distance: Callable[[Candidate, Candidate], float | None] | None = None,
) -> Cast:
    """Choose `count` takes together.

    Args:
        candidates: best first, at least one.
        recent: keys of the takes that sounded last, the latest at the end.
        worn: ids of recordings that this character has used already.
        locked: a person chose the recording; only its takes are at hand.
        kept: choices that stand already, by the number of their hit.
        distance: how unlike two takes sound, as `Shelf.distance` tells.
    """
    kept = kept or {}
    palette = takes_at_hand(candidates, count, worn=worn, distance=distance)
    fixed = {number: choice.candidate for number, choice in kept.items()}
    dealt = deal(palette, count, chance(seed, "cast"), recent, fixed)
    keys = [one.key for one in dealt]
    gains = vary_levels(keys, chance(seed, "level"))
    speeds = vary_speeds(keys, chance(seed, "speed"))
    return Cast(
        choices=tuple(
            kept[number]
            if number in kept
            else Choice(
                candidate=one,
                gain_db=gain_db,
                speed=speed,
                locked=locked,
                why=_why(one, palette[0].asset, locked),
                next_best=_next_best(one, palette, candidates),
            )
            for number, (one, gain_db, speed) in enumerate(zip(dealt, gains, speeds, strict=True))
        ),
        palette=tuple(palette),
    )


def takes_at_hand(
    candidates: Sequence[Candidate],
    count: int,
    *,
    worn: Sequence[int] = (),
    distance: Callable[[Candidate, Candidate], float | None] | None = None,
) -> list[Candidate]:
    """The takes of the leading recording and, while they are too few, of its kin.

    Kin is the same category, surface and shoe; so a walk does not change its floor
    because a recording has run out. Where nobody has said what a sound is, kin is
    what has its name, then what sounds nearest.
    """
    by_asset: dict[int, list[Candidate]] = {}
    for candidate in candidates:
        by_asset.setdefault(candidate.asset.id, []).append(candidate)
    lead = _lead(by_asset, count, worn)
    palette = list(by_asset[lead])
    if len(palette) < count:
        best = palette[0].score
        for asset_id in _kin(by_asset, lead, distance):
            if by_asset[asset_id][0].score >= best - (1 - AT_HAND) * abs(best):
                palette += by_asset[asset_id]
            if len(palette) >= count:
                break
    return palette


def _lead(by_asset: dict[int, list[Candidate]], count: int, worn: Sequence[int]) -> int:
    """The recording to start from: one already worn, else of the best the one with most takes."""
    for asset_id in worn:
        if asset_id in by_asset:
            return asset_id
    top = next(iter(by_asset.values()))[0].score
    near = [
        asset_id
        for asset_id, takes in by_asset.items()
        if takes[0].score >= top - (1 - _NEAR_THE_BEST) * abs(top)
    ]
    return max(near, key=lambda asset_id: min(count, len(by_asset[asset_id])))


def _kin(
    by_asset: dict[int, list[Candidate]],
    lead: int,
    distance: Callable[[Candidate, Candidate], float | None] | None,
) -> list[int]:
    """The other recordings of the lead's kind, those of its own name first, then the nearest."""
    first = by_asset[lead][0]
    kind, name = kind_of(first.asset), name_of(first.asset)
    kin: list[tuple[bool, float, int]] = []  # another name, distance, place in `order`
    order = list(by_asset)
    for number, asset_id in enumerate(order):
        other = by_asset[asset_id][0]
        if asset_id == lead or kind_of(other.asset) != kind:
            continue
        named_alike = name_of(other.asset) == name
        apart = distance(first, other) if distance else None
        if kind is None and not named_alike and (apart is None or apart > _NEAR_IN_SOUND):
            continue
        kin.append((not named_alike, apart or 0.0, number))
    return [order[number] for *_, number in sorted(kin)]


def kind_of(asset: Asset) -> tuple[str | None, ...] | None:
    """What must not change within a cue; None where nothing tells it."""
    told = (asset.cat_id, asset.facets.get("surface"), asset.facets.get("shoe"))
    return told if any(told) else None


def name_of(asset: Asset) -> str:
    """The sound's name without its number: "Step Wood 03" and "step_wood_11" are one family."""
    return " ".join(re.findall(r"[^\W\d_]+", asset.fx_name.lower()))


def deal(
    palette: Sequence[Candidate],
    count: int,
    random: Random,
    recent: Sequence[tuple[int, int]] = (),
    fixed: Mapping[int, Candidate] | None = None,
) -> list[Candidate]:
    """`count` takes out of `palette`: each before any again, none within the last `MEMORY`.

    A single take is the best one that has not just been heard. Where fewer takes are
    left than the memory holds, the memory shrinks to what they allow, and to nothing
    only for a palette of one. What is `fixed` stays at its number, and its neighbours
    are chosen unlike it.
    """
    fixed = fixed or {}
    memory = min(MEMORY, len(palette) - 1)
    used: Counter[tuple[int, int]] = Counter()
    heard = [key for key in recent if any(one.key == key for one in palette)]
    dealt: list[Candidate] = []
    used.update(one.key for one in fixed.values())
    for number in range(count):
        if number in fixed:
            heard.append(fixed[number].key)
            dealt.append(fixed[number])
            continue
        barred = set(heard[-memory:]) if memory else set()
        left = [one for one in palette if one.key not in barred]
        if (after := fixed.get(number + 1)) is not None:
            # Better one from a while ago than one that stands right beside.
            beside = {after.key, *heard[-1:]}
            left = (
                [one for one in left if one.key != after.key]
                or [one for one in palette if one.key not in beside]
                or left
            )
        least = min(used[one.key] for one in left)
        fresh = [one for one in left if used[one.key] == least]
        if dealt and (foot := side_of(dealt[-1].take)):
            fresh = [one for one in fresh if side_of(one.take) not in (foot, None)] or fresh
        chosen = fresh[0] if count == 1 else pick(random, fresh)
        used[chosen.key] += 1
        heard.append(chosen.key)
        dealt.append(chosen)
    return dealt


def side_of(take: Take) -> str | None:
    """ "left" or "right", where the recording's own marker tells the feet apart.

    >>> side_of(Take(index=0, start_samples=0, end_samples=9, sync_samples=1, label="Step 3 L"))
    'left'
    """
    words = re.findall(r"[a-z]+", (take.label or "").lower())
    sides = {_SIDES[word] for word in words if word in _SIDES}
    return sides.pop() if len(sides) == 1 else None


def _why(one: Candidate, lead: Asset, locked: bool) -> str:
    if locked:
        return "locked by the cue sheet"
    if one.asset.id == lead.id:
        return one.why
    return f"{one.why}; kin of {lead.fx_name}, whose takes ran out"


def _next_best(
    one: Candidate, palette: Sequence[Candidate], candidates: Iterable[Candidate]
) -> tuple[Alternative, ...]:
    """The next three: of the palette by rank, then the best of each other recording."""
    others: dict[tuple[int, int], Candidate] = {}
    seen = {one.asset.id}
    for other in palette:
        if other.key != one.key:
            others.setdefault(other.key, other)
            seen.add(other.asset.id)
        if len(others) >= _SHORTLIST - 1:
            break
    for other in candidates:
        if len(others) >= _SHORTLIST:
            break
        if other.asset.id not in seen:
            seen.add(other.asset.id)
            others.setdefault(other.key, other)
    for other in palette:
        if len(others) >= _SHORTLIST:
            break
        if other.key != one.key:
            others.setdefault(other.key, other)
    return tuple(
        Alternative(
            asset_id=other.asset.id,
            path=other.asset.path,
            take=other.take.index,
            score=other.score,
            why=other.why,
        )
        for other in list(others.values())[:_SHORTLIST]
    )
