"""The film side, from a cut list and a cue sheet to pre-mix stems.

    edl, cues → casting → spotting → session → mix → render → report

The picture's cut is read (`edl`), what it needs is read (`cues`), takes are
chosen for it (`casting`) and laid against timecode (`spotting`) as clips on
tracks (`timeline`), kept as an OpenTimelineIO file (`session`), summed (`mix`)
into Broadcast WAV stems (`render`), shaped for who receives them (`delivery`),
checked (`qc`) and accounted for (`report`).

    cut_files → cut → conform; session → session_cut → write_*

Any timeline file becomes one value (`cut`, read by `cut_files`); two of them move a
session to a new cut (`conform`), and a session goes out in any format (`export`).
"""


class PremixError(Exception):
    """A cue, a cut list or a session cannot be used. The message says where and why."""
