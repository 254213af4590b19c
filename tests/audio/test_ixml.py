"""iXML: what is written is read, and loose files are read all the same."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio import AudioError
from audio.ixml import Ixml, IxmlTrack, parse_ixml, tracks_of
from audio.ixml_writer import build_ixml, change_ixml

# XML has no way to carry other control characters; texts are trimmed at their ends.
texts = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="￾￿"), max_size=20
).map(str.strip)
groups = st.dictionaries(
    st.sampled_from(["CATID", "FXNAME", "KEYWORDS", "catId", "fxName"]), texts, max_size=3
)


@given(
    st.builds(
        Ixml,
        version=st.just("3.01"),
        project=texts,
        scene=texts,
        note=texts,
        circled=st.sampled_from([None, True, False]),
        family_uid=texts,
        user=groups,
        aswg=groups,
        tracks=st.lists(
            st.builds(
                IxmlTrack,
                channel_index=st.integers(1, 16),
                interleave_index=st.integers(1, 16),
                name=texts,
                function=texts,
            ),
            max_size=4,
        ).map(tuple),
    )
)
def test_what_is_written_is_read(ixml):
    assert parse_ixml(build_ixml(ixml)) == (ixml, [])


@given(st.binary(max_size=300) | st.text(alphabet="<>/&; ABTRACK_LIS\"'![", max_size=300))
def test_anything_is_read_or_warned_of(contents):
    raw = contents if isinstance(contents, bytes) else contents.encode()
    ixml, warnings = parse_ixml(raw)
    assert ixml is not None or warnings


def test_loose_files_are_read():
    raw = (
        b'<?xml version="1.0" encoding="UTF-16"?>\n<BWFXML><aswg:SCENE>1\xe9</aswg:SCENE>'
        b"<NOTE>a &amp; b</NOTE><USER>plain words</USER></BWFXML>\0\0\0junk"
    )
    ixml, warnings = parse_ixml(raw)
    assert (ixml.scene, ixml.note, ixml.user) == ("1é", "a & b", {"text": "plain words"})
    assert (ixml.tracks, warnings) == ((), [])


@pytest.mark.parametrize(
    ("rate", "flag", "name"),
    [
        ("24000/1001", "NDF", "23.976"),
        ("23.976", "NDF", "23.976"),
        ("23.98", "", "23.976"),
        ("25/1", "NDF", "25"),
        ("30000/1001", "DF", "29.97df"),
        ("", "", None),
        ("0/0", "DF", None),
        ("fast", "DF", None),
    ],
)
def test_rate(rate, flag, name):
    found = Ixml(timecode_rate=rate, timecode_flag=flag).rate
    assert (found and found.name) == name
    assert found is None or isinstance(found.fps, Fraction)


def test_names_follow_the_interleave_not_the_recorder():
    boom = IxmlTrack(channel_index=3, interleave_index=1, name="BOOM")
    lav = IxmlTrack(channel_index=1, interleave_index=2, name="LAV")
    assert Ixml(tracks=(lav, boom)).channel_names(2) == ("BOOM", "LAV")
    assert Ixml(tracks=(boom,)).channel_names(2) is None
    assert Ixml(tracks=tracks_of(["L", "R"])).channel_names(2) == ("L", "R")


def test_a_change_keeps_what_it_does_not_name():
    before = b"<BWFXML><OWN a='1'><X>kept</X></OWN><SCENE>1</SCENE><!-- so --></BWFXML>\0\0"
    after = change_ixml(before, {"SCENE": "2 & 3", "USER/CATID": "DOORWood"})
    assert b'<OWN a="1"><X>kept</X></OWN>' in after and b"<!-- so -->" in after
    ixml, warnings = parse_ixml(after)
    assert (ixml.scene, ixml.user, warnings) == ("2 & 3", {"CATID": "DOORWood"}, [])
    with pytest.raises(AudioError, match="holds elements"):
        change_ixml(after, {"OWN": "text"})
    with pytest.raises(AudioError, match="not a way"):
        change_ixml(after, {"USER/1 2": "text"})
