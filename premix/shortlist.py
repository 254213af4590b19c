"""What each cue of a sheet might be played with: for a person to pick from."""

from collections.abc import Collection
from typing import Any

from library import LibraryError
from premix import PremixError
from premix.casting import Shelf
from premix.cues import Cue, CueProblem, CueSheet
from premix.reel import CannotHaveError, Reel


def shortlists(
    sheet: CueSheet, shelf: Shelf, *, only: Collection[str] = (), limit: int
) -> tuple[list[dict[str, Any]], list[str]]:
    """(for each cue the best `limit` recordings as plain values, what cannot be had).

    Raises:
        PremixError: `only` names a cue that the sheet has not.
    """
    known = {cue.number for cue in sheet.cues}
    for number in only:
        if number not in known:
            raise PremixError(f"{sheet.name} has no cue {number}")
    reel = Reel(shelf=shelf, sample_rate_hz=48_000, start_samples=0)
    reel.problems += [one for one in sheet.problems if not only or one.cue in only]
    lists = []
    for cue in sheet.cues:
        if only and cue.number not in only:
            continue
        try:
            lists.append(_shortlist(cue, reel, limit))
        except (CannotHaveError, LibraryError) as problem:
            reel.problems.append(CueProblem(cue.line, cue.number, str(problem)))
    ordered = sorted(reel.problems, key=lambda problem: problem.line)
    return lists, [f"{sheet.name}, {problem}" for problem in ordered]


def shortlist(cue: Cue, shelf: Shelf, *, limit: int) -> dict[str, Any]:
    """The best `limit` recordings for one cue, as in `shortlists`.

    Raises:
        CannotHaveError, LibraryError: there are none.
    """
    return _shortlist(cue, Reel(shelf=shelf, sample_rate_hz=48_000, start_samples=0), limit)


def _shortlist(cue: Cue, reel: Reel, limit: int) -> dict[str, Any]:
    by_asset: dict[int, dict[str, Any]] = {}
    candidates = reel.candidates(cue)
    reel.cast(cue, [0], candidates)  # so that a later cue may ask for the same shoes
    for one in candidates:
        if one.asset.id in by_asset:
            by_asset[one.asset.id]["takes"] += 1
        elif len(by_asset) < limit:
            by_asset[one.asset.id] = {
                "asset_id": one.asset.id,
                "path": one.asset.path,
                "take": one.take.index,
                "takes": 1,
                "score": one.score,
                "why": one.why,
                "duration_s": round(one.asset.duration_s, 3),
            }
    return {
        "cue": cue.number,
        "line": cue.line,
        "track": cue.track_name,
        "query": cue.query,
        "like": cue.like,
        "sound": cue.sound,
        "who": cue.who,
        "candidates": list(by_asset.values()),
    }
