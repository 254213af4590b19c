"""Clips onto lanes, so that on none of them two overlap. Pure."""

from collections.abc import Iterable

from premix.timeline import STEMS, TRACKS, Clip, Track


def in_lanes(clips: Iterable[tuple[str, str, Clip]]) -> tuple[Track, ...]:
    """Tracks of (stem, track name, clip): each clip on the first lane that is free.

    Tracks come in the order of the trade, then the user's own by name.
    """
    by_track: dict[tuple[str, str], list[Clip]] = {}
    for stem, name, clip in clips:
        by_track.setdefault((stem, name), []).append(clip)
    tracks = []
    for stem, name in sorted(by_track, key=place_of):
        lanes: list[list[Clip]] = []
        for clip in sorted(by_track[stem, name], key=lambda clip: clip.record_start_samples):
            for lane in lanes:
                if lane[-1].record_end_samples <= clip.record_start_samples:
                    lane.append(clip)
                    break
            else:
                lanes.append([clip])
        tracks += [
            Track(stem=stem, name=name, lane=number, clips=tuple(lane))
            for number, lane in enumerate(lanes)
        ]
    return tuple(tracks)


def place_of(track: tuple[str, str]) -> tuple[int, int, str]:
    """Where a (stem, track name) comes among all of them."""
    stem, name = track
    known = TRACKS[stem]
    return STEMS.index(stem), known.index(name) if name in known else len(known), name
