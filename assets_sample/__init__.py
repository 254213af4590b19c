"""A small sample library, UCS-named, with a reel and a cue sheet to try it on.

    *.flac           48 kHz, 24 bit: mono Foley and props, stereo places
    SOURCES.md       how each was made
    reel1.edl        a cut list: CMX3600, 24 fps non-drop, picture starts at 01:00:00:00
    reel1.cues.csv   what that reel needs, on every stem
    make/            the instruments; `python -m assets_sample.make` plays every sound again

In the cue sheet `pace` is steps a minute; `pan` goes from -1, left, to 1, right;
a fade without a unit is counted in picture frames ("12"), with one in seconds
("0.5s"); `hits` are timecodes with a blank between; `sound` and `like` name a
file of this folder.

Everything here was made by this project and is given to the public domain (CC0 1.0).
"""

from pathlib import Path

FOLDER = Path(__file__).parent
"""Where the sample sounds, the cut list and the cue sheet lie."""
