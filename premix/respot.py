"""Spotting again after the sheet has changed: what the change does not touch stays. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from library.asset import Asset, Take
from premix.by_hand import is_added
from premix.casting import Alternative, Candidate, Choice
from premix.chance import stable_number
from premix.cue import Cue
from premix.timeline import Clip, Session

# What of a cue decides *which* takes it has; all else decides where and how they lie.
_ASKED = ("stem", "track", "query", "like", "sound", "seed", "who", "ending", "size", "loop")


@dataclass(frozen=True)
class KeptChoice:
    """One choice of an earlier session."""

    target_samples: int  # where its attack stood, or where it began
    asset_id: int
    take: int
    score: float
    varied_db: float
    varied_speed: float
    by_hand: bool
    why: str
    next_best: tuple[Alternative, ...]

    def choice(self, asset: Asset, take: Take) -> Choice:
        """The same choice, now that the take is known to be there still."""
        return Choice(
            candidate=Candidate(asset=asset, take=take, score=self.score, why=self.why),
            gain_db=self.varied_db,
            speed=self.varied_speed,
            locked=self.by_hand,
            why=self.why,
            next_best=self.next_best,
        )


@dataclass(frozen=True)
class Kept:
    """What an earlier session holds of one cue."""

    asked: str
    placed: str
    choices: tuple[KeptChoice, ...]
    moved: tuple[Clip, ...] = ()  # by hand, in another program

    def for_targets(
        self, cue: Cue, targets: Sequence[int], shuffled: bool
    ) -> Mapping[int, KeptChoice]:
        """The choices that stand, by the number of their target.

        A choice made by hand always stands while its hit does; the others while the cue
        asks for the same.
        """
        same = asked_of(cue) == self.asked and not shuffled
        standing = [one for one in self.choices if one.by_hand or same]
        by_target = {one.target_samples: one for one in standing}
        kept = {}
        if len(set(targets)) == len(targets):  # the layers of a crowd all begin at once
            kept = {
                number: by_target[target]
                for number, target in enumerate(targets)
                if target in by_target
            }
        if len(self.choices) == len(targets):
            # As many as there were: those that have moved, one of them or all after a change
            # of the cut, keep their order.
            stood = {id(one) for one in kept.values()}
            moved = [one for one in self.choices if id(one) not in stood]
            free = [number for number in range(len(targets)) if number not in kept]
            kept |= {
                number: one for number, one in zip(free, moved, strict=True) if one.by_hand or same
            }
        return kept


def asked_of(cue: Cue) -> str:
    """A mark of all in a cue that decides its takes."""
    return f"{stable_number(*(getattr(cue, name) for name in _ASKED)):016x}"


def placed_of(cue: Cue, sample_rate_hz: int) -> str:
    """A mark of all in a cue that decides where and how its takes lie."""
    fields = [
        (name, str(value) if name in ("record_in", "record_out") else value)
        for name, value in sorted(vars(cue).items())
        if name not in (*_ASKED, "line", "note", "extra", "hits")
    ]
    return f"{stable_number(sample_rate_hz, *map(str, cue.hits), *fields):016x}"


def kept_of(session: Session | None, sample_rate_hz: int) -> dict[str, Kept]:
    """What an earlier session says of each cue, by the cue's number."""
    if session is None:
        return {}
    by_cue: dict[str, list[Clip]] = {}
    for track in session.tracks:
        for clip in track.clips:
            if not is_added(clip):  # those are carried over as they are: premix.by_hand
                by_cue.setdefault(clip.cue, []).append(clip)
    accounts: Mapping[str, Any] = session.metadata.get("cues", {})
    kept = {}
    for number, clips in by_cue.items():
        account = accounts.get(number, {})
        ordered = sorted(clips, key=lambda clip: _target(clip, session, sample_rate_hz))
        kept[number] = Kept(
            asked=account.get("asked", ""),
            placed=account.get("placed", ""),
            choices=tuple(
                _choice(clip, session, sample_rate_hz)
                for clip in sorted(ordered, key=lambda clip: clip.metadata.get("layer", 0))
                if not clip.metadata.get("piece")
            ),
            moved=tuple(clip for clip in ordered if _by_hand(clip)),
        )
    return kept


def deals_of(session: Session | None) -> dict[str, int]:
    """How often each cue was dealt again in an earlier session."""
    if session is None:
        return {}
    accounts: Mapping[str, Any] = session.metadata.get("cues", {})
    return {
        number: account["dealt"] for number, account in accounts.items() if account.get("dealt")
    }


def _by_hand(clip: Clip) -> bool:
    return clip.locked and clip.metadata.get("locked_by") != "cue sheet"


def _target(clip: Clip, session: Session, sample_rate_hz: int) -> int:
    put = clip.record_start_samples if clip.sync_samples is None else clip.sync_samples
    at: int = clip.metadata.get("target_samples", put)
    if session.sample_rate_hz == sample_rate_hz:
        return at
    return round(at * sample_rate_hz / session.sample_rate_hz)


def _choice(clip: Clip, session: Session, sample_rate_hz: int) -> KeptChoice:
    return KeptChoice(
        target_samples=_target(clip, session, sample_rate_hz),
        asset_id=clip.sound.asset_id,
        take=clip.take_index,
        score=clip.metadata.get("score", 0.0),
        varied_db=clip.metadata.get("varied_db", 0.0),
        varied_speed=clip.metadata.get("varied_speed", 1.0),
        by_hand=_by_hand(clip),
        why=clip.why,
        next_best=tuple(Alternative(**other) for other in clip.metadata.get("next", ())),
    )
