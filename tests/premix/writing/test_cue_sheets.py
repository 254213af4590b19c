"""Cue sheets for the stage: a column a track, cloth last, as CSV and as PDF."""

import csv
import io
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audio.timecode import FILM_24, NTSC_2997_DROP
from premix.cue_rows import (
    CuePage,
    CueRow,
    page_of_cues,
    page_of_session,
    page_of_timeline,
    tracks_in_order,
)
from premix.cue_sheet_csv import csv_text
from premix.cues import parse_cues, read_cues

pypdf = pytest.importorskip("pypdf")


@pytest.fixture(scope="module")
def sheet(assets_sample):
    return read_cues(assets_sample / "reel1.cues.csv", FILM_24)


@pytest.fixture(scope="module")
def page(sheet):
    return page_of_cues(sheet)


def row(number="1", track="feet", stem="foley", start=0, **told):
    told = {"out_s": None, "description": "boots", **told}
    return CueRow(number=number, stem=stem, track=track, in_s=Fraction(start), **told)


def test_cloth_is_last_and_the_users_own_tracks_before_it():
    rows = [row(track="cloth"), row(track="hands"), row(track="feet")]
    assert tracks_in_order("foley", rows) == ["feet", "props", "hands", "cloth"]


def test_a_sessions_cue_is_one_row_with_its_hits(session):
    rows = {one.number: one for one in page_of_session(session).rows}
    feet = rows["F101"]
    assert feet.description == "Boots Concrete Walk"
    assert [hit * 48_000 - 3600 * 48_000 for hit in feet.hits_s] == [100_000, 124_000]
    assert (feet.in_s * 48_000 - 3600 * 48_000, feet.who, feet.note) == (
        100_000, "Anna", "walks towards us",
    )  # fmt: skip
    assert (feet.out_s * 48_000) == 3600 * 48_000 + 140_008


def test_a_timeline_of_any_kind_has_rows(cut):
    page = page_of_timeline(cut)
    assert page.stems() == ["foley", "backgrounds", ""]
    assert len(page.of_stem("foley")) == 3
    assert {one.track for one in page.of_stem("")} == {"markers"}


def test_the_csv_has_a_column_a_track_and_rows_by_timecode(page):
    rows = list(csv.DictReader(io.StringIO(csv_text(page))))
    assert list(rows[0])[:7] == [
        "cue", "in", "out", "length", "foley feet", "foley props", "foley cloth",
    ]  # fmt: skip
    assert [one["in"] for one in rows] == sorted(one["in"] for one in rows)
    f101 = next(one for one in rows if one["cue"] == "F101")
    assert f101["foley feet"] == "footsteps boots concrete"
    assert f101["foley cloth"] == ""


def test_the_csv_reads_back_as_the_same_cues(sheet, page):
    read = parse_cues(csv_text(page).encode("utf-8-sig"), "again.csv", FILM_24)
    known = {cue.number: cue for cue in sheet.cues}
    assert len(read.cues) == len(known)
    for cue in read.cues:
        was = known[cue.number]
        assert (cue.stem, cue.track, cue.first, cue.record_out) == (
            was.stem, was.track, was.first, was.record_out,
        )  # fmt: skip
        assert (cue.hits, cue.steps, cue.who, cue.note) == (
            was.hits, was.steps, was.who, was.note,
        )  # fmt: skip
        if was.query:
            assert cue.query == was.query


def test_a_spreadsheet_gets_no_formula():
    text = csv_text(CuePage(name="x", rate=FILM_24, rows=(row(note="=1+1", description="-x"),)))
    (one,) = csv.DictReader(io.StringIO(text))
    assert (one["note"], one["foley feet"]) == ("'=1+1", "'-x")


def text_of(pdf):
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def test_the_pdf_numbers_its_pages_and_repeats_its_head(page):
    from premix.cue_sheet_pdf import write_cue_sheet_pdf

    pages = text_of(write_cue_sheet_pdf(page))
    assert len(pages) > 2
    for number, text in enumerate(pages, start=1):
        assert f"page {number} of {len(pages)}" in text
        assert "reel1" in text
        assert "CUE" in text and "OUT" in text
    foley = [text for text in pages if "FOLEY" in text]
    assert len(foley) == 2
    assert all("FEET" in text and "CLOTH" in text for text in foley)
    assert all(text.index("FEET") < text.index("PROPS") < text.index("CLOTH") for text in foley)
    # A timecode stands in one piece.
    assert "01:00:12:06" in foley[0]
    assert "10 hits 00:12:10 13:02" in " ".join(foley[0].split())


def test_every_cue_is_in_the_pdf(page):
    from premix.cue_sheet_pdf import write_cue_sheet_pdf

    text = " ".join(text_of(write_cue_sheet_pdf(page)))
    assert all(one.number in text for one in page.rows)


def test_the_same_rows_give_the_same_pdf(page):
    from premix.cue_sheet_pdf import write_cue_sheet_pdf

    assert write_cue_sheet_pdf(page) == write_cue_sheet_pdf(page)


def test_letters_that_cannot_be_shown_are_told():
    from premix.cue_sheet_pdf import letters_not_shown, write_cue_sheet_pdf

    page = CuePage(name="bobine 1", rate=NTSC_2997_DROP, rows=(row(note="сапоги café 脚步"),))
    assert set("сапоги") == set(letters_not_shown(page))
    assert write_cue_sheet_pdf(page).startswith(b"%PDF")


@pytest.mark.parametrize("letter", ["W", "脚", "@", "m"])
def test_the_longest_cue_of_the_widest_letters_fits_on_a_page(letter):
    from premix.cue_sheet_pdf import write_cue_sheet_pdf

    longest = row(
        number=letter * 99, track=letter * 99, description=letter * 999, note=letter * 999,
        who=letter * 99, hits_s=tuple(Fraction(number * 61) for number in range(99)),
    )  # fmt: skip
    others = tuple(row(track=f"{letter * 99} {number}") for number in range(9))
    pdf = write_cue_sheet_pdf(CuePage(name="reel", rate=FILM_24, rows=(longest, *others)))
    assert "99 hits" in " ".join(text_of(pdf))


texts = st.text(max_size=40) | st.text("wm脚ю<&", min_size=500, max_size=500)
tracks = st.sampled_from(["feet", "cloth", *(f"own <{number}>" for number in range(12))])


@settings(max_examples=20)
@given(st.lists(st.tuples(texts, texts, tracks), max_size=6))
def test_any_text_on_any_number_of_tracks_makes_a_pdf(cells):
    from premix.cue_sheet_pdf import write_cue_sheet_pdf

    rows = tuple(
        row(number=number, track=track, description=told, note=told, who=number, start=start,
            hits_s=tuple(Fraction(start * 7 + hit * 61) for hit in range(start * 40)))
        for start, (number, told, track) in enumerate(cells)
    )  # fmt: skip
    pdf = write_cue_sheet_pdf(CuePage(name="reel", rate=FILM_24, rows=rows))
    assert len(pypdf.PdfReader(io.BytesIO(pdf)).pages) >= 1
