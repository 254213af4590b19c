"""What a request asks to be done to a session, as a change of it. Reads the catalogue."""

import math
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from audio.timecode import Timecode
from dubstage.page.open_session import Change, OpenSession, State
from library.asset import Asset, Take
from library.catalogue import asset_by_id, find_asset
from premix import PremixError
from premix.cue_sheet_edit import with_sound
from premix.guide import read_guide
from premix.hand_edit import (
    add,
    clip_at,
    clip_ids,
    each_of,
    find_clip,
    lock,
    nudge,
    remove,
    set_gain,
    swap,
    unlock,
)
from premix.hand_trim import trim
from premix.plan import samples_of
from premix.recast import recast
from premix.shelf import LibraryShelf
from premix.timeline import Session

_MOST = 1 << 53  # what JSON keeps exactly everywhere


class RequestError(PremixError, ValueError):
    """A request that asks for nothing that there is; the message says what would be right."""


def change_of(
    asked: Mapping[str, Any], opened: OpenSession, catalogue: sqlite3.Connection
) -> Change:
    """The change that `asked` describes: {"op": …, …}.

    Raises:
        RequestError: no such op, or it lacks what it needs.
    """
    op = asked.get("op")
    if op == "nudge":
        clip_id = _text(asked, "clip")
        frames, samples = _whole(asked, "frames", 0), _whole(asked, "samples", 0)
        return _of_session(lambda session: nudge(session, clip_id, frames=frames, samples=samples))
    if op == "trim":
        clip_id = _text(asked, "clip")
        head, tail = _whole(asked, "head", 0), _whole(asked, "tail", 0)
        return _of_session(
            lambda session: trim(session, clip_id, head_samples=head, tail_samples=tail)
        )
    if op == "gain":
        clip_id, gain_db = _text(asked, "clip"), _number(asked, "db")
        return _of_session(lambda session: set_gain(session, clip_id, gain_db))
    if op == "remove":
        clip_id = _text(asked, "clip")
        return _of_session(lambda session: remove(session, clip_id))
    if op == "lock":
        return _of_session(_clip_or_cue(asked, lock))
    if op == "unlock":
        return _unlocking(asked, opened)
    if op == "swap":
        return _swapping(asked, opened, catalogue)
    if op == "add":
        return _adding(asked, catalogue)
    raise RequestError(
        f"{op!r} is no edit; one of nudge, trim, gain, lock, unlock, swap, add, remove"
    )


def _of_session(edit: Callable[[Session], Session]) -> Change:
    return lambda state: replace(state, session=edit(state.session))


def _clip_or_cue(
    asked: Mapping[str, Any], edit: Callable[[Session, str], Session]
) -> Callable[[Session], Session]:
    if asked.get("cue") is not None:
        cue = _text(asked, "cue")
        return lambda session: each_of(session, cue, edit)
    clip_id = _text(asked, "clip")
    return lambda session: edit(session, clip_id)


def _unlocking(asked: Mapping[str, Any], opened: OpenSession) -> Change:
    """What the sheet has locked is unlocked there, or spotting would lock it again."""
    edit = _clip_or_cue(asked, unlock)

    def change(state: State) -> State:
        session = state.session
        number = asked.get("cue")
        if number is None:
            number = clip_at(session, find_clip(session, _text(asked, "clip"))).cue
        by_sheet = any(
            clip.cue == number and clip.metadata.get("locked_by") == "cue sheet"
            for track in session.tracks
            for clip in track.clips
        )
        after = replace(state, session=edit(session))
        return _with_choice(after, str(number), "", opened) if by_sheet else after

    return change


def _swapping(
    asked: Mapping[str, Any], opened: OpenSession, catalogue: sqlite3.Connection
) -> Change:
    """A whole cue is spotted anew with the sound, which its sheet is then told; else one clip."""
    asset, take = _sound(asked, catalogue)

    def change(state: State) -> State:
        session = state.session
        if asked.get("cue") is not None:
            number = _text(asked, "cue")
        else:
            clip_id = _text(asked, "clip")
            number = clip_at(session, find_clip(session, clip_id)).cue
            if not _is_only_clip(session, number):
                return replace(state, session=_swapped(session, clip_id, asset, take, catalogue))
        return _with_cue_swapped(state, number, asset, take, opened, catalogue)

    return change


def _is_only_clip(session: Session, cue: str) -> bool:
    return sum(clip.cue == cue for track in session.tracks for clip in track.clips) == 1


def _with_cue_swapped(
    state: State,
    number: str,
    asset: Asset,
    take: Take,
    opened: OpenSession,
    catalogue: sqlite3.Connection,
) -> State:
    session = state.session
    sheet = opened.sheet(state)
    cue = next((cue for cue in sheet.cues if cue.number == number), None) if sheet else None
    if sheet is None or cue is None:
        return replace(
            state,
            session=each_of(
                session, number, lambda now, clip_id: _swapped(now, clip_id, asset, take, catalogue)
            ),
        )
    # Of a cue of several hits every take may play; of one hit the very take that was chosen.
    one_hit = len(cue.hits) <= 1 and not (cue.steps or cue.pace or cue.guide or cue.size)
    reference = _reference(asset, catalogue) + (
        f"@{take.index}" if one_hit and cue.stem != "backgrounds" and len(asset.takes) > 1 else ""
    )
    told = _with_choice(state, number, reference, opened)
    shelf = LibraryShelf(catalogue)
    folder = opened.sheet_path.parent if opened.sheet_path else opened.path.parent
    recut = recast(
        session,
        replace(cue, sound=reference),
        sheet.name,
        shelf,
        hear_guide=cache(lambda guide: read_guide(folder / guide)),
    )
    return replace(told, session=replace(recut, roots={**shelf.roots(), **recut.roots}))


def _with_choice(state: State, number: str, reference: str, opened: OpenSession) -> State:
    """The state with the choice in the cue sheet as well."""
    sheet, path = opened.sheet(state), opened.sheet_path
    if sheet is None or path is None or state.sheet is None:
        return state
    session = state.session
    written = with_sound(
        state.sheet,
        number,
        reference,
        path.name,
        session.rate,
        feet_from=Timecode.wrapped(session.start_frame, session.rate),
    )
    return replace(state, sheet=written)


def _reference(asset: Asset, catalogue: sqlite3.Connection) -> str:
    """Its path, where that means it and no other; else its id."""
    try:
        found = find_asset(catalogue, asset.path)
    except Exception:  # several end so
        found = None
    return asset.path if found is not None and found.id == asset.id else str(asset.id)


def _swapped(
    session: Session, clip_id: str, asset: Asset, take: Take, catalogue: sqlite3.Connection
) -> Session:
    clip = clip_at(session, find_clip(session, clip_id))
    was = asset_by_id(catalogue, clip.sound.asset_id)
    roots = LibraryShelf(catalogue).roots()
    after = swap(session, clip_id, asset, take, was=was)
    return replace(after, roots={asset.root: roots[asset.root], **after.roots})


def _adding(asked: Mapping[str, Any], catalogue: sqlite3.Connection) -> Change:
    asset, take = _sound(asked, catalogue)
    stem, track = _text(asked, "stem"), _text(asked, "track")
    cue = _text(asked, "cue") if asked.get("cue") else ""

    def change(state: State) -> State:
        session = state.session
        if asked.get("samples") is not None:
            at = _whole(asked, "samples", 0)
        else:
            at = samples_of(session, _whole(asked, "frame", None))
        roots = LibraryShelf(catalogue).roots()
        grown, _new = add(
            session, asset, take, stem=stem, track=track, at_samples=at, cue=cue, roots=roots
        )
        return replace(state, session=grown)

    return change


def new_clips(before: Session, after: Session) -> list[str]:
    """Names of clips that a change brought."""
    return sorted(set(clip_ids(after)) - set(clip_ids(before)))


def _sound(asked: Mapping[str, Any], catalogue: sqlite3.Connection) -> tuple[Asset, Take]:
    number = _whole(asked, "asset_id", None)
    asset = asset_by_id(catalogue, number)
    if asset is None or not asset.takes:
        raise RequestError(f"the library has no sound {number}")
    index = _whole(asked, "take", asset.takes[0].index)
    take = next((take for take in asset.takes if take.index == index), None)
    if take is None:
        raise RequestError(
            f"{Path(asset.path).name} has no take {index}; it has {len(asset.takes)}"
        )
    return asset, take


def _text(asked: Mapping[str, Any], name: str) -> str:
    value = asked.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= 200:
        raise RequestError(f"{name} {value!r}; 1 to 200 letters would be right")
    return value


def _whole(asked: Mapping[str, Any], name: str, default: int | None) -> int:
    value = asked.get(name, default)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > _MOST:
        raise RequestError(f"{name} {value!r} is not a whole number")
    return value


def _number(asked: Mapping[str, Any], name: str) -> float:
    value = asked.get(name)
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        raise RequestError(f"{name} {value!r} is not a number")
    return float(value)
