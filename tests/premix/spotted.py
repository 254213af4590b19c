"""Cue sheets spotted from a shelf, and what came of it."""

from audio.timecode import FILM_24
from premix.cues import parse_cues
from premix.spotting import spot

START = 3600 * 48_000
HITS = "cue,stem,in,query,hits,who,note"
WALK = "1,foley:feet,,boots wood,01:00:01:00 01:00:02:00 01:00:03:00 01:00:04:00,,"


def spotted(shelf, *lines, **told):
    sheet = parse_cues("\n".join(lines).encode(), "reel.csv", FILM_24)
    return spot(sheet, shelf, sample_rate_hz=48_000, name="reel", **told)


def clips_of(session, cue=None):
    clips = [clip for track in session.tracks for clip in track.clips if cue in (None, clip.cue)]
    return sorted(clips, key=lambda clip: (clip.record_start_samples, clip.source_start_samples))
