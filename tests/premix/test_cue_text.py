"""Cues written in one line: what reads as a cue, what never does, and back again."""

import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from premix.cue_text import format_cue_text, parse_cue_text, tags_of


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        (
            "FOLEY feet: boots gravel walk x6",
            {"stem": "foley:feet", "query": "boots gravel walk", "steps": "6"},
        ),
        ("BG a: city night", {"stem": "backgrounds:a", "query": "city night"}),
        ("FX hard: door slam -6dB", {"stem": "fx:hard", "query": "door slam", "gain_db": "-6"}),
        ("sfx: phone -3,5 dB", {"stem": "fx", "query": "phone", "gain_db": "-3,5"}),
        (
            "#12 Foley foot: heels hardwood @104 x4",
            {"cue": "#12", "stem": "foley:feet", "query": "heels hardwood",
             "pace": "104", "steps": "4"},
        ),
        ("BG: rain for 12s", {"stem": "backgrounds", "query": "rain", "lasts": "12s"}),
        (
            "FX stinger: ring to 01:00:12:00 (twice)",
            {"stem": "fx:stingers", "query": "ring", "out": "01:00:12:00", "note": "twice"},
        ),
        (
            "boots {stem=foley:feet} {who=Anna B} $SEED=7",
            {"query": "boots", "stem": "foley:feet", "who": "Anna B", "seed": "7"},
        ),
        ("Sound Effects hard: bang", {"stem": "fx:hard", "query": "bang"}),
        # Numbers that belong to the words stay there.
        ("FX: Boeing 747 pass", {"stem": "fx", "query": "Boeing 747 pass"}),
        ("FX: 4x4 car", {"stem": "fx", "query": "4x4 car"}),
    ],
)  # fmt: skip
def test_what_a_text_asks_for(text, cells):
    assert parse_cue_text(text) == cells


@pytest.mark.parametrize(
    "text",
    [
        "", "ADD VFX", "DOOR SLAM", "note: FX here", "FX by John: bang", "Foley feet boots",
        "VFX: remove wire", "BGM: main title", "10:00:00:00", "https://fx/foley:feet", "FX",
        "Foley supervisor: call Ann", "{stem=music} strings", "$STEM= boots", "{who=anna} boots",
        "[FX] explosion", "Affects: nothing", "fx.wav",
    ],
)  # fmt: skip
def test_what_is_no_cue(text):
    assert parse_cue_text(text) is None


def test_tags_as_pro_tools_users_write_them():
    """The example of ptulsconv's manual."""
    assert tags_of("Fireworks explosion {note=Replace for final} $V=1 [FX] [DESIGN]") == (
        "Fireworks explosion",
        {"note": "Replace for final", "v": "1", "fx": "FX", "design": "DESIGN"},
    )


def test_a_guide_track_gives_its_stem_and_a_clip_may_overrule_it():
    inherited = {"stem": "foley:feet", "who": "anna"}
    assert parse_cue_text("boots gravel", inherited) == {**inherited, "query": "boots gravel"}
    assert parse_cue_text("FX hard: slam", inherited) == {
        "stem": "fx:hard", "who": "anna", "query": "slam",
    }  # fmt: skip
    assert parse_cue_text("", inherited) is None


# No ":" and no tag: no head, so never a cue, whatever the words.
plain = st.text(alphabet=string.ascii_letters + string.digits + " .,-+@()/'\"", max_size=60)


@given(plain)
@example("FOLEY feet boots x6")
def test_text_without_a_head_or_a_tag_is_never_a_cue(text):
    assert parse_cue_text(text) is None


@given(head=st.from_regex(r"[A-Za-z]{1,12}( [A-Za-z]{1,8})?", fullmatch=True), words=plain)
def test_a_head_that_names_no_stem_is_never_a_cue(head, words):
    from premix.cue_fields import CellError, stem_and_track

    for first in (head, head.split()[0]):
        try:
            stem_and_track(first)
        except CellError:
            continue
        return
    assert parse_cue_text(f"{head}: {words}") is None


vocabulary = ["boots", "gravel", "walk", "slow", "door", "747", "night", "inside", "a"]
words = st.lists(st.sampled_from(vocabulary), min_size=1, max_size=5).map(" ".join)
cells = st.fixed_dictionaries(
    {
        "stem": st.sampled_from(
            ["foley:feet", "foley:props", "backgrounds:a", "backgrounds:walla", "fx", "fx:design"]
        ),
        "query": words,
    },
    optional={
        "cue": st.from_regex(r"[A-Z]{0,2}[1-9][0-9]{0,3}", fullmatch=True),
        "steps": st.integers(1, 999).map(str),
        "pace": st.integers(30, 400).map(str),
        "gain_db": st.integers(-600, 120).map(lambda tenths: f"{tenths / 10:g}"),
        "note": words,
        "who": words,
        "out": st.just("01:00:12:00"),
        "pan": st.sampled_from(["L30", "R100", "-0.3"]),
    },
)


@given(cells)
def test_a_cue_that_is_written_reads_back(cells):
    assert parse_cue_text(format_cue_text(cells)) == cells
