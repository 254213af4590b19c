"""A session as the page is given it: plain values. Pure."""

import re
from collections.abc import Mapping
from typing import Any

from audio.timecode import Timecode
from premix.by_hand import is_added
from premix.cue import Cue
from premix.cue_rows import fx_name
from premix.cues import CueSheet
from premix.hand_edit import clip_at, clip_ids, nudged_by
from premix.hand_trim import handles_of, trimmed_by
from premix.plan import samples_of
from premix.timeline import Clip, Session, Track

_CUE = re.compile(r", cue (.+?): ")


def session_json(session: Session, sheet: CueSheet | None, version: str) -> dict[str, Any]:
    """All that the cue list and the timeline show."""
    ids = clip_ids(session)
    names = {(place.track, place.clip): name for name, place in ids.items()}
    rate = session.rate
    return {
        "name": session.name,
        "version": version,
        "rate": rate.name,
        "fps": [rate.fps.numerator, rate.fps.denominator],
        "drop": rate.drop,
        "sample_rate_hz": session.sample_rate_hz,
        "start_frame": session.start_frame,
        "end_frame": session.end_frame,
        "start_samples": samples_of(session, session.start_frame),
        "end_samples": samples_of(session, session.end_frame),
        "start_timecode": str(Timecode.wrapped(session.start_frame, rate)),
        "cue_sheet": None if sheet is None else sheet.name,
        "tracks": [
            _track(
                track,
                [names[number, index] for index in range(len(track.clips))],
                session.sample_rate_hz,
            )
            for number, track in enumerate(session.tracks)
        ],
        "picture": [
            {
                "name": shot.name,
                "reel": shot.reel,
                "in_frame": shot.record_in_frame,
                "out_frame": shot.record_out_frame,
            }
            for shot in session.picture
        ],
        "cues": cues_json(session, sheet, ids),
        "problems": list(session.problems),
        "notes": list(session.metadata.get("notes", [])),
    }


def _track(track: Track, names: list[str], sample_rate_hz: int) -> dict[str, Any]:
    return {
        "stem": track.stem,
        "name": track.name,
        "lane": track.lane,
        "clips": [
            _clip(clip, name, sample_rate_hz) for clip, name in zip(track.clips, names, strict=True)
        ],
    }


def _clip(clip: Clip, name: str, sample_rate_hz: int) -> dict[str, Any]:
    frames, samples = nudged_by(clip)
    return {
        "id": name,
        "cue": clip.cue,
        "asset_id": clip.sound.asset_id,
        "name": fx_name(clip.sound.path),
        "take": clip.take_index,
        "record_start_samples": clip.record_start_samples,
        "duration_samples": clip.duration_samples,
        "source_start_samples": clip.source_start_samples,
        "source_rate_hz": clip.sound.sample_rate_hz,
        "source_duration_samples": clip.sound.duration_samples,
        "source_pace": clip.speed / clip.time_ratio,
        "reverse": clip.reverse,
        "sync_samples": clip.sync_samples,
        "gain_db": clip.gain_db,
        "pan": clip.pan,
        "fade_in_samples": clip.fade_in_samples,
        "fade_out_samples": clip.fade_out_samples,
        "locked": clip.locked,
        "locked_by": "sheet" if clip.metadata.get("locked_by") == "cue sheet" else "hand",
        "added": is_added(clip),
        "nudged": [frames, samples],
        "trimmed": list(trimmed_by(clip)),
        "handles": list(handles_of(clip, sample_rate_hz)),
        "why": clip.why,
    }


def cues_json(
    session: Session, sheet: CueSheet | None, ids: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """The cues of the sheet with the clips that each has; then those that only clips know of."""
    clips: dict[str, list[tuple[str, Clip, Track]]] = {}
    for name, place in ids.items():
        clip = clip_at(session, place)
        clips.setdefault(clip.cue, []).append((name, clip, session.tracks[place.track]))
    told = _problems(session)
    cues = [_sheet_cue(cue, session) for cue in sheet.cues] if sheet is not None else []
    known = {cue["number"] for cue in cues}
    cues += [
        _bare_cue(number, here, session) for number, here in clips.items() if number not in known
    ]
    for cue in cues:
        here = sorted(clips.get(cue["number"], []), key=lambda each: each[1].record_start_samples)
        cue["clips"] = [name for name, _clip, _track in here]
        cue["sounds"] = list(dict.fromkeys(fx_name(clip.sound.path) for _, clip, _ in here))
        cue["locked"] = bool(here) and all(clip.locked for _, clip, _ in here)
        cue["problems"] = told.get(cue["number"], [])
    return sorted(cues, key=lambda cue: (cue["in_frame"], cue["number"]))


def _problems(session: Session) -> dict[str, list[str]]:
    """What each cue could not have, by its number, without the place in the sheet."""
    told: dict[str, list[str]] = {}
    for problem in session.problems:
        found = _CUE.search(problem)
        if found is not None:
            told.setdefault(found[1], []).append(problem[found.end() :])
    return told


def _sheet_cue(cue: Cue, session: Session) -> dict[str, Any]:
    first = cue.first
    return {
        "number": cue.number,
        "stem": cue.stem,
        "track": cue.track,
        "in_frame": session.start_frame if first is None else first.frame,
        "out_frame": None if cue.record_out is None else cue.record_out.frame,
        "query": cue.query,
        "like": cue.like,
        "sound": cue.sound,
        "who": cue.who,
        "note": cue.note,
        "in_sheet": True,
    }


def _bare_cue(number: str, here: list[tuple[str, Clip, Track]], session: Session) -> dict[str, Any]:
    """A cue of which only its clips tell: laid by hand, or its sheet is not at hand."""
    _name, first, track = min(here, key=lambda each: each[1].record_start_samples)
    at = first.record_start_samples if first.sync_samples is None else first.sync_samples
    rate, hz = session.rate, session.sample_rate_hz
    ends = max(clip.record_end_samples for _, clip, _ in here)
    return {
        "number": number,
        "stem": track.stem,
        "track": track.name,
        "in_frame": Timecode.from_samples(at, rate, hz, wrap=True).frame,
        "out_frame": Timecode.from_samples(ends, rate, hz, wrap=True).frame + 1,
        "query": "",
        "like": "",
        "sound": "",
        "who": str(first.metadata.get("who", "")),
        "note": str(first.metadata.get("note", "")),
        "in_sheet": False,
    }
