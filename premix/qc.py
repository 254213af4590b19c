"""Checking a delivery before someone else does: the stems of a folder against its report.

Everything is read from the files as they lie there; nothing of the render is trusted
but what report.json says was meant.
"""

import json
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audio import AudioError
from audio.files import open_sound, read_header
from audio.loudness import Loudness
from audio.timecode import Timecode, parse_rate
from premix import PremixError
from premix.qc_checks import Finding
from premix.qc_stem import BITS, SyncOfCue, check_null, check_pops, check_sync, listen


@dataclass(frozen=True, kw_only=True)
class Credit:
    """One sound that is heard, and on whose word it may be."""

    sound: str
    asset_id: int
    cues: tuple[str, ...]
    licence: str | None
    creator: str | None


@dataclass(frozen=True, kw_only=True)
class QcReport:
    """What was found. A delivery without a grave finding may go out."""

    session: str
    delivery: str
    stems: tuple[str, ...]
    findings: tuple[tuple[str | None, Finding], ...]  # with the timecode of each
    loudness: Mapping[str, Loudness]  # by stem
    sync: tuple[SyncOfCue, ...]
    credits: tuple[Credit, ...]

    @property
    def passed(self) -> bool:
        return not any(finding.grave for _timecode, finding in self.findings)


def check(folder: Path, about: Mapping[int, Mapping[str, Any]] | None = None) -> QcReport:
    """Check all stems that the folder's report.json names.

    Args:
        about: what the library knows of the sounds, by asset_id: columns of table `asset`.

    Raises:
        PremixError: no report there, or one that is none.
    """
    told = _read_report(folder)
    findings: list[Finding] = []
    loudness: dict[str, Loudness] = {}
    sync: list[SyncOfCue] = []
    findings += [Finding("missing", "", problem) for problem in told["problems"]]
    for stem in told["stems"]:
        files = [folder / name for name in stem["files"]]
        faults = list(_file_findings(stem, files, told))
        findings += faults
        if any(fault.check == "file" for fault in faults):
            continue
        with ExitStack() as opened:
            readers = [opened.enter_context(open_sound(path)) for path in files]
            found, measured = listen(stem, readers, told)
            findings += found
            loudness[stem["name"]] = measured
            findings += check_pops(stem, readers, told)
            sync += check_sync(stem, readers, told)
            parts = [each for each in told["stems"] if each["name"] in stem["sum_of"]]
            if parts:
                findings += check_null(stem, readers, parts, folder, told)
        findings += _against_target(stem, measured, told["target"])
    findings += [
        Finding(
            "sync",
            each.stem,
            f"cue {each.cue} lies {each.lag_samples:+d} samples off",
            each.at_samples,
        )
        for each in sync
        if each.lag_samples
    ]
    findings += _against_picture(told)
    findings += _strangers(folder, told)
    return QcReport(
        session=told["session"],
        delivery=told["delivery"],
        stems=tuple(stem["name"] for stem in told["stems"]),
        findings=tuple((_timecode(told, finding.at_samples), finding) for finding in findings),
        loudness=loudness,
        sync=tuple(sync),
        credits=credits_of(told, about or {}),
    )


def credits_of(
    told: Mapping[str, Any], about: Mapping[int, Mapping[str, Any]]
) -> tuple[Credit, ...]:
    """Every sound of a report once, by name, with its licence where the library knows it."""
    cues: dict[tuple[str, int], list[str]] = {}
    for stem in told["stems"]:
        for cue in stem["cues"]:
            cues.setdefault((cue["sound"], cue["asset_id"]), []).append(cue["cue"])
    known_sounds = []
    for (sound, asset_id), names in sorted(cues.items()):
        known = about.get(asset_id, {})
        known_sounds.append(
            Credit(
                sound=sound,
                asset_id=asset_id,
                cues=tuple(dict.fromkeys(names)),
                licence=known.get("licence"),
                creator=known.get("creator_id"),
            )
        )
    return tuple(known_sounds)


def sounds_in(folder: Path) -> list[int]:
    """asset_id of each sound that the folder's stems play."""
    told = _read_report(folder)
    return sorted({cue["asset_id"] for stem in told["stems"] for cue in stem["cues"]})


def _read_report(folder: Path) -> dict[str, Any]:
    path = folder / "report.json"
    try:
        told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        told["stems"], told["problems"], told["action_samples"]
    except OSError as problem:
        raise PremixError(
            f"{path}: {problem.strerror}; a folder that dubstage render wrote has one"
        ) from None
    except (ValueError, KeyError, TypeError):
        raise PremixError(f"{path}: not a report of dubstage render") from None
    return told


def _file_findings(
    stem: Mapping[str, Any], files: Sequence[Path], told: Mapping[str, Any]
) -> list[Finding]:
    """What header and metadata say against what was meant; a "file" finding ends the stem's QC."""
    found = []
    channels = len(stem["channels"]) // len(files)
    for path in files:
        try:
            header = read_header(path)
        except AudioError as problem:
            found.append(Finding("file", stem["name"], str(problem)))
            continue
        meant = {
            "sample rate": (header.sample_rate_hz, told["sample_rate_hz"]),
            "channels": (header.channels, channels),
            "bits": (header.bits, BITS[stem["encoding"]]),
            "length in samples": (header.duration_samples, stem["duration_samples"]),
        }
        for what, (is_now, should) in meant.items():
            if is_now != should:
                text = f"{path.name}: {what} {is_now}, should be {should}"
                found.append(Finding("file", stem["name"], text))
        if header.start_samples != told["start_samples"]:
            start = header.start_timecode(parse_rate(told["rate"]))
            text = f"{path.name}: starts at {start}, should be {told['start_timecode']}"
            found.append(Finding("start", stem["name"], text))
    return found


def _against_target(
    stem: Mapping[str, Any], measured: Loudness, target: Mapping[str, Any]
) -> list[Finding]:
    """Told, not enforced: a target is of the full mix, and a stem is part of it."""
    found = []
    peak, most = measured.true_peak_dbtp, target["true_peak_dbtp"]
    if peak is not None and most is not None and peak > most:
        text = f"true peak {peak:.1f} dBTP is above the {most:g} asked of the mix"
        found.append(Finding("true peak", stem["name"], text, grave=False))
    loudness, asked = measured.integrated_lufs, target["integrated_lufs"]
    if stem["sum_of"] and loudness is not None and asked is not None:
        off = loudness - asked
        if off > target["tolerance_lu"]:
            text = f"{loudness:.1f} LUFS is {off:.1f} LU above the {asked:g} asked of the mix"
            found.append(Finding("loudness", stem["name"], text, grave=False))
    return found


def _against_picture(told: Mapping[str, Any]) -> list[Finding]:
    """Whether the action is as long as the picture, where the session knows of one."""
    shots = told.get("picture") or []
    if not shots:
        return []
    pictures = min(shot[1] for shot in shots), max(shot[2] for shot in shots)
    found = []
    for what, picture, action in zip(
        ("begins", "ends"), pictures, told["action_samples"], strict=True
    ):
        if picture != action:
            label = _timecode(told, picture - told["start_samples"])
            text = f"the picture {what} at {label}, the action of the stems does not"
            at = action - told["start_samples"]
            found.append(Finding("picture", "", text, at, grave=False))
    return found


def _strangers(folder: Path, told: Mapping[str, Any]) -> list[Finding]:
    """Sound files that the report does not name, as are left of an earlier render."""
    named = {name for stem in told["stems"] for name in stem["files"]}
    return [
        Finding("names", "", f"{path.name} is not of this delivery", grave=False)
        for path in sorted(folder.glob("*.wav"))
        if path.name not in named
    ]


def _timecode(told: Mapping[str, Any], at_samples: int | None) -> str | None:
    if at_samples is None:
        return None
    place, rate = told["start_samples"] + at_samples, parse_rate(told["rate"])
    return str(Timecode.from_samples(place, rate, told["sample_rate_hz"], wrap=True))
