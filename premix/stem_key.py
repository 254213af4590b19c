"""Whether a stem on disk is still the one that a render would write.

A stem carries a key of all that it is made of: its clips and their sounds, how it is
written, this version. With the same key, and sound files that nobody touched since, it
is not rendered again. Times of files are in the report alone: a stem's bytes know none.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

import numpy as np

from audio import AudioError
from audio.files import open_sound, read_header
from audio.loudness import Loudness
from premix.plan import Plan, StemJob
from premix.qc_checks import Finding
from premix.report import Overview
from premix.stem_meters import OverviewMeter

USER_FIELD = "DUBSTAGE_STEM_KEY"  # in the USER element of iXML
NOT_HEARD: dict[str, Any] = {"why": "", "locked": False, "cue": "", "take_index": 0}
_BLOCK_SAMPLES = 65_536


def key_of(planned: Plan, job: StemJob, product_version: str) -> str:
    """SHA-256, hexadecimal, of all that makes the stem."""
    delivery = planned.delivery
    made_of = {
        "version": product_version,
        "session": [planned.session.name, planned.session.rate.name],
        "stem": [job.name, job.file_stem, job.layout.name, job.layout.labels, job.sample_rate_hz],
        "span": [job.start_samples, job.end_samples, job.pops],
        "heard": [job.heard_start_samples, job.heard_end_samples],
        "written": [delivery.encoding, delivery.dither, delivery.split],
        "clips": [
            asdict(replace(clip, **NOT_HEARD)) for track in job.tracks for clip in track.clips
        ],
        "parts": [
            key_of(planned, part, product_version)
            for part in planned.jobs
            if part.name in job.sum_of
        ],
    }
    text = json.dumps(made_of, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def kept(
    planned: Plan, folder: Path, job: StemJob, paths: Sequence[Path], key: str
) -> dict[str, Any] | None:
    """What a result says of a stem that need not be rendered again; None where it must be."""
    told = told_of(folder, job.name)
    if told is None or told.get("key") != key:
        return None
    if told.get("state") != states_of(paths) or told.get("sources") != sources_of(planned, job):
        return None
    try:
        for path in paths:
            ixml = read_header(path).ixml
            if ixml is None or ixml.user.get(USER_FIELD) != key:
                return None
        return {
            "loudness": Loudness(**{each.name: told[each.name] for each in fields(Loudness)}),
            "short_term_lufs": tuple(told["short_term_lufs"]),
            "findings": tuple(Finding(**finding) for finding in told["findings"]),
            "overview": _overview_of(job, paths),
        }
    except (AudioError, KeyError, TypeError):
        return None


def sources_of(planned: Plan, job: StemJob) -> dict[str, list[int]]:
    """Size and time of each recording in the stem and in the stems that it sums, by asset_id."""
    jobs = [job, *(part for part in planned.jobs if part.name in job.sum_of)]
    return {
        str(asset_id): _file_state(each.sounds[asset_id])
        for each in jobs
        for asset_id in _asset_ids(each)
    }


def states_of(paths: Sequence[Path]) -> list[list[int]]:
    """Size and time of each file; empty where one is not there."""
    try:
        return [_file_state(path) for path in paths]
    except OSError:
        return []


def _file_state(path: Path) -> list[int]:
    state = path.stat()
    return [state.st_size, state.st_mtime_ns]


def _asset_ids(job: StemJob) -> list[int]:
    clips = [clip for track in job.tracks for clip in track.clips]
    used = {sound.asset_id for clip in clips for sound in (clip.sound, clip.room) if sound}
    return sorted(used)


def told_of(folder: Path, stem: str) -> Mapping[str, Any] | None:
    """The stem's part of the last report; None where there is none."""
    try:
        report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
        return next((each for each in report["stems"] if each["name"] == stem), None)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _overview_of(job: StemJob, paths: Sequence[Path]) -> Overview:
    meter = OverviewMeter(job.end_samples - job.start_samples)
    if len(paths) == 1:
        with open_sound(paths[0]) as reader:
            for block in reader.blocks(_BLOCK_SAMPLES):
                meter.add(block)
        return meter.result()
    overviews = [_overview_of(job, [path]) for path in paths]
    return Overview(
        bucket_samples=overviews[0].bucket_samples,
        low=np.minimum.reduce([each.low for each in overviews]),
        high=np.maximum.reduce([each.high for each in overviews]),
    )
