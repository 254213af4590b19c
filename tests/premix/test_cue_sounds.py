"""Sounds of a cut list, found in the library by their names."""

from contextlib import closing

from audio.timecode import FILM_24
from db.connect import open_catalogue
from premix.cue_sounds import sounds_of
from premix.cue_sources import read_any_cues
from tests.library.shelf import described, put_all

EDL = """TITLE: FX
001  AX       A     C        00:00:00:00 00:00:01:00 01:00:00:00 01:00:01:00
* FROM CLIP NAME: DOORWood_Slam_AB_SRC.wav
002  STEPS    A2    C        00:00:00:00 00:00:01:00 01:00:02:00 01:00:03:00
003  001      A     C        00:00:00:00 00:00:01:00 01:00:04:00 01:00:05:00
* FROM CLIP NAME: MUSIC CUE 1M1
"""


def test_events_that_name_a_recording_are_cues_locked_to_it(tmp_path):
    library = tmp_path / "library.db"
    put_all(
        library,
        described("Doors/DOORWood_Slam_AB_SRC.wav"),
        described("Feet/steps.flac"),
        described("a/001.wav"),
        described("a/twice.wav"),
        described("b/twice.wav"),
    )
    path = tmp_path / "fx.edl"
    path.write_text(EDL)
    with closing(open_catalogue(library)) as connection:
        rows = connection.execute("select path, id from asset").fetchall()
        ids = {row["path"]: str(row["id"]) for row in rows}
        find = sounds_of(connection)
        sheet = read_any_cues(path, FILM_24, find_sound=find)
    assert [(cue.sound, cue.track_name, str(cue.record_in)) for cue in sheet.cues] == [
        (ids["Doors/DOORWood_Slam_AB_SRC.wav"], "fx:hard", "01:00:00:00"),
        (ids["Feet/steps.flac"], "fx:hard", "01:00:02:00"),
    ]
    assert find("twice.wav") is None
    assert find(r"C:\fx\Steps.flac") == find("file:///x/steps.flac") == ids["Feet/steps.flac"]
