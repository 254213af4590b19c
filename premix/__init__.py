"""The film side, from a cut list and a cue sheet to pre-mix stems.

    edl, cues → casting → spotting → session → mix → render → report

The picture's cut is read (`edl`), what it needs is read (`cues`), takes are
chosen for it (`casting`) and laid against timecode (`spotting`) as clips on
tracks (`timeline`), kept as an OpenTimelineIO file (`session`), summed (`mix`)
into Broadcast WAV stems (`render`) and accounted for (`report`).
"""


class PremixError(Exception):
    """A cue, a cut list or a session cannot be used. The message says where and why."""
