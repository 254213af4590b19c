"""One reel while it is being spotted: what cues share, and what one asks of the library."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import pairwise

from library.facets import facets_from_words
from premix import PremixError
from premix.casting import AT_HAND, Candidate, Cast, Choice, Memory, Shelf, cast_takes
from premix.chance import chance, pick, stable_number
from premix.cue import Cue, CueProblem
from premix.guide import Guide
from premix.respot import Kept
from premix.surfaces import alike

CANDIDATES = 24  # recordings that are asked of the library for a cue


class CannotHaveError(PremixError):
    """What a cue asks for is not to be had; the message says what and, if so, what is near."""


@dataclass
class Reel:
    """What is the same for every cue, and what one cue leaves to the next."""

    shelf: Shelf
    sample_rate_hz: int
    start_samples: int
    hear_guide: Callable[[str], Guide] | None = None
    kept: Mapping[str, Kept] = field(default_factory=dict)
    shuffled: Mapping[str, int] = field(default_factory=dict)  # cue → how often dealt again
    shuffle: Collection[str] = ()  # cues to be dealt again now
    memory: Memory = field(default_factory=Memory)
    problems: list[CueProblem] = field(default_factory=list)
    notes: list[CueProblem] = field(default_factory=list)  # worth knowing; nothing is missing
    accounts: dict[str, dict[str, object]] = field(default_factory=dict)  # cue → what was done
    begun: dict[int, list[int]] = field(default_factory=dict)  # asset → where scenes began in it

    def tell(self, cue: Cue, problem: str) -> None:
        """Report what a cue cannot have."""
        self.problems.append(CueProblem(cue.line, cue.number, problem))

    def note(self, cue: Cue, remark: str) -> None:
        """Say what a person may want to know of a cue that has all it asked for."""
        self.notes.append(CueProblem(cue.line, cue.number, remark))

    def samples(self, seconds: Fraction) -> int:
        """A time as a position of the session, rounded once."""
        return round(seconds * self.sample_rate_hz)

    def seed(self, cue: Cue) -> int:
        """The cue's own, else one that its number stands for; another each time it is shuffled."""
        seed = cue.seed if cue.seed is not None else stable_number("cue", cue.number)
        dealt = self.shuffled.get(cue.number, 0)
        return stable_number(seed, dealt) if dealt else seed

    def candidates(self, cue: Cue, *, more_words: str = "") -> Sequence[Candidate]:
        """The takes that may play a cue, best first.

        Raises:
            CannotHaveError: there are none.
        """
        if cue.sound:
            locked = self.shelf.locked(cue.sound)
            if not locked:
                raise CannotHaveError(f"its locked sound {cue.sound!r} is not in the library")
            return locked
        if not (cue.query or cue.like):
            palette = self.memory.palette_of.get((cue.who, cue.track_name), ())
            if not palette:
                raise CannotHaveError(
                    f"asks only for what {cue.who!r} wore before, "
                    "and no cue above says what that is"
                )
            return palette
        query = " ".join(filter(None, (cue.query, more_words)))
        found = self.shelf.candidates(query, cue.like, CANDIDATES)
        if not found and not more_words:
            raise CannotHaveError(self._nothing_found(cue))
        return found if more_words else self._on_its_surface(cue, found)

    def _on_its_surface(self, cue: Cue, found: Sequence[Candidate]) -> Sequence[Candidate]:
        """What was found, unless it is Foley and on another surface: then on the nearest, told.

        A search that listens finds something for every word, and never says what it lacks.
        """
        surface = facets_from_words(cue.query).get("surface") if cue.stem == "foley" else None
        known = [one.asset.facets.get("surface") for one in found]
        if surface is None or surface in known or cue.like:
            return found
        near = self._nearest_surface(cue, surface)
        if near is None:
            if known[0] is None:
                told = f"nothing tells whether {found[0].asset.path} is on {surface}"
                self._once(self.notes, cue, f"{told}; it was found otherwise ({found[0].why})")
            else:
                self._once(
                    self.problems,
                    cue,
                    f"the library lacks this on {surface}; it plays "
                    f"{found[0].asset.path}, on {known[0]}",
                )
            return found
        self._once(
            self.problems,
            cue,
            f"the library lacks this on {surface}; it plays on {near}, the nearest it has",
        )
        # With its shoes and gait, else without them, where that finds more of it.
        answers = [
            [
                one
                for one in self.shelf.candidates(f"{words} {near}", "", CANDIDATES)
                if one.asset.facets.get("surface") == near
            ]
            for words in (_without(cue.query, "surface"), _without(cue.query))
            if words
        ]
        return max(answers, key=len, default=[]) or found

    def _once(self, told: list[CueProblem], cue: Cue, text: str) -> None:
        """A cue's finds may be asked for more than once; it is told once."""
        problem = CueProblem(cue.line, cue.number, text)
        if problem not in told:
            told.append(problem)

    def cast(self, cue: Cue, targets: Sequence[int], candidates: Sequence[Candidate]) -> Cast:
        """The takes of a cue, with every earlier choice that the sheet's change leaves alone."""
        kept = self._kept_choices(cue, targets)
        worn = self.memory.assets_of.get((cue.who, cue.track_name), ()) if cue.who else ()
        if cue.number in self.shuffle and len(targets) == 1 and not cue.sound:
            candidates = self._another(cue, candidates, worn)
        cast = cast_takes(
            candidates,
            len(targets),
            seed=self.seed(cue),
            recent=self.memory.recall(cue.track_name),
            worn=worn,
            locked=bool(cue.sound),
            kept=kept,
            distance=self.shelf.distance,
        )
        self.memory.keep(cue.who, cue.track_name, cast)
        self._account(cue, cast)
        return cast

    def _kept_choices(self, cue: Cue, targets: Sequence[int]) -> dict[int, Choice]:
        kept = self.kept.get(cue.number)
        if kept is None or cue.sound:
            return {}
        choices = {}
        for number, old in kept.for_targets(cue, targets, cue.number in self.shuffle).items():
            asset = self.shelf.asset(old.asset_id)
            take = next(
                (take for take in asset.takes if take.index == old.take) if asset else iter(()),
                None,
            )
            if asset is not None and take is not None:
                choices[number] = old.choice(asset, take)
        return choices

    def _another(
        self, cue: Cue, candidates: Sequence[Candidate], worn: Sequence[int]
    ) -> Sequence[Candidate]:
        """The same finds led by another good one than last time: a shuffle of a single sound."""
        kept = self.kept.get(cue.number)
        last = {(one.asset_id, one.take) for one in kept.choices} if kept else {candidates[0].key}
        first = candidates[0].score
        good = [one for one in candidates if one.score >= first / 2 and one.key not in last]
        good = [one for one in good if one.asset.id in worn] or good
        if not good:
            return candidates
        lead = replace(pick(chance(self.seed(cue), "shuffle"), good), score=first)
        return [lead, *(one for one in candidates if one.key != lead.key)]

    def _account(self, cue: Cue, cast: Cast) -> None:
        """What a report wants to know of a cast: its variety, in numbers."""
        chosen = [choice.candidate for choice in cast.choices]
        pairs = list(pairwise(chosen))
        distances = [self.shelf.distance(one, other) for one, other in pairs]
        known = [distance for distance in distances if distance is not None]
        account: dict[str, object] = {
            "takes_at_hand": len(cast.palette),
            "distinct_takes": cast.distinct,
            "repeats_in_a_row": sum(one.key == other.key for one, other in pairs),
        }
        if known:
            account["nearest_adjacent"] = round(min(known), 4)
        self.accounts.setdefault(cue.number, {}).update(account)

    def _nothing_found(self, cue: Cue) -> str:
        asked = [f"query {cue.query!r}"] if cue.query else []
        asked += [f"like {cue.like!r}"] if cue.like else []
        told = f"no sound found for {' and '.join(asked)}"
        facets = facets_from_words(cue.query)
        if "surface" in facets:
            near = self._nearest_surface(cue, facets["surface"])
            told += f"; the library lacks this on {facets['surface']}"
            told += f", the nearest it has is {near}" if near else ""
        return told

    def _nearest_surface(self, cue: Cue, surface: str) -> str | None:
        """The surface that sounds most like the one asked, of those this sound is there on."""
        rest = _without(cue.query, "surface")
        if not rest:
            return None
        answers = self.shelf.candidates(rest, cue.like, 4 * CANDIDATES)
        has = {
            one.asset.facets.get("surface")
            for one in answers
            if one.score >= AT_HAND * abs(answers[0].score)
        }
        return next((near for near in alike(surface) if near in has), None)


def _without(query: str, *facets: str) -> str:
    """The words of a query that tell none of `facets`; without any given, no facet at all."""
    return " ".join(
        word
        for word in query.split()
        if not (set(facets) & set(facets_from_words(word)) if facets else facets_from_words(word))
    )
