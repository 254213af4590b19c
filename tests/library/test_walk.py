"""Which files are sounds: hidden ones are not, links do no harm, and nothing stops the walk."""

from library.walk import SoundFile, Unreadable, find_sounds


def paths(root, **how):
    return [each.path for each in find_sounds(root, **how)]


def touch(path, contents=b"x"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(contents)
    return path


def test_sounds_are_told_by_their_suffix_in_the_order_of_names(tmp_path):
    for name in ("b/two.WAV", "b/one.flac", "a.aiff", "b/note.txt", "c.mp3", "b/deep/er/x.ogg"):
        touch(tmp_path / name)
    assert paths(tmp_path) == ["a.aiff", "c.mp3", "b/one.flac", "b/two.WAV", "b/deep/er/x.ogg"]
    assert paths(tmp_path, within="b/deep") == ["b/deep/er/x.ogg"]
    assert paths(tmp_path, skip=[tmp_path / "b" / "deep"]) == [
        "a.aiff",
        "c.mp3",
        "b/one.flac",
        "b/two.WAV",
    ]


def test_hidden_files_and_what_a_mac_leaves_beside_are_left_out(tmp_path):
    for name in ("._door.wav", ".hidden.wav", ".Trash/x.wav", "door.wav"):
        touch(tmp_path / name)
    assert paths(tmp_path) == ["door.wav"]


def test_size_and_time_are_those_of_the_file(tmp_path):
    file = touch(tmp_path / "door.wav", b"12345")
    (found,) = find_sounds(tmp_path)
    assert found == SoundFile("door.wav", 5, file.stat().st_mtime_ns)


def test_links_in_a_circle_end(tmp_path):
    touch(tmp_path / "a" / "door.wav")
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    (tmp_path / "a" / "self").symlink_to(tmp_path / "a")
    assert paths(tmp_path) == ["a/door.wav"]


def test_a_link_to_nothing_is_told_and_stops_nothing(tmp_path):
    (tmp_path / "a.wav").symlink_to(tmp_path / "gone.wav")
    touch(tmp_path / "b.wav")
    found = list(find_sounds(tmp_path))
    assert isinstance(found[0], Unreadable)
    assert found[0].reason == "No such file or directory"
    assert found[1].path == "b.wav"


def test_every_container_that_is_read_is_looked_for(tmp_path):
    names = ["a.caf", "b.AU", "c.snd", "d.w64", "e.opus", "f.aifc"]
    for name in [*names, "g.mp4", "h.txt"]:
        touch(tmp_path / name)
    assert paths(tmp_path) == names
