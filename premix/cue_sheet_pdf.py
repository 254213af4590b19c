"""The cue sheet for the wall: a PDF, a column a track, cloth last. All about ReportLab.

The same rows give the same bytes: no clock, no random id.
"""

# mypy: disable-error-code="import-untyped"

import io
from collections.abc import Sequence
from fractions import Fraction
from functools import partial
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.enums import TA_LEFT
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Frame,
    LongTable,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    TableStyle,
)

from audio.timecode import FrameRate
from premix.cue_rows import CuePage, CueRow, tracks_in_order
from premix.cue_sheet_csv import label

_WIDTH, _HEIGHT = landscape(A4)
_MARGIN = 12 * mm
_CUE, _TIMECODE = 17 * mm, 29 * mm
_GREY = colors.Color(0.42, 0.42, 0.42)
_LINE = colors.Color(0.72, 0.72, 0.72)
_BAND = colors.Color(0.955, 0.955, 0.955)
# So that any row fits on a page: what is longer ends in "…", what is more is counted.
_MOST_HITS = 30
_MOST_LETTERS = {"number": 20, "track": 24, "description": 120, "who": 20, "note": 120}
_MOST_COLUMNS = 5  # beside each other; a stem of more tracks goes on below with the next ones
_MONO = "Courier-Bold"  # one of PDF's own fonts: digits of one width, in every viewer


def write_cue_sheet_pdf(page: CuePage) -> bytes:
    """The sheet, each stem from a new page on."""
    _register_fonts()
    out = io.BytesIO()
    document = BaseDocTemplate(
        out, pagesize=(_WIDTH, _HEIGHT), title=f"{page.name} cue sheet", author="Dubstage",
        invariant=1, leftMargin=_MARGIN, rightMargin=_MARGIN,
    )  # fmt: skip
    stems = page.stems() or [""]
    frame = Frame(
        _MARGIN, 13 * mm, _WIDTH - 2 * _MARGIN, _HEIGHT - 34 * mm,
        leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0,
    )  # fmt: skip
    document.addPageTemplates(
        [PageTemplate(id=f"stem {stem}", frames=[frame],
                      onPage=partial(_head, page=page, stem=stem)) for stem in stems]
    )  # fmt: skip
    story: list[Any] = []
    for stem in stems:
        if story:
            story += [NextPageTemplate(f"stem {stem}"), PageBreak()]
        story += _tables(page, stem)
    document.build(story, canvasmaker=_Numbered)
    return out.getvalue()


class _Numbered(Canvas):  # type: ignore[misc]
    """Knows how many pages there are when it writes their numbers."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._pages: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802  # ReportLab's name
        self._pages.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        for number, state in enumerate(self._pages, start=1):
            self.__dict__.update(state)
            self.setFont("Vera", 8)
            self.setFillColor(_GREY)
            self.drawRightString(_WIDTH - _MARGIN, 7 * mm, f"page {number} of {len(self._pages)}")
            super().showPage()
        super().save()


def _register_fonts() -> None:
    """ReportLab's own Vera, for European names; for others PDF's standard East Asian fonts."""
    if "Vera" in pdfmetrics.getRegisteredFontNames():
        return
    for name, file in (
        ("Vera", "Vera.ttf"),
        ("Vera-Bold", "VeraBd.ttf"),
        ("Vera-It", "VeraIt.ttf"),
    ):
        pdfmetrics.registerFont(TTFont(name, file))
    pdfmetrics.registerFontFamily("Vera", normal="Vera", bold="Vera-Bold", italic="Vera-It",
                                  boldItalic="Vera-Bold")  # fmt: skip
    for name in ("STSong-Light", "HeiseiKakuGo-W5", "HYGothic-Medium"):
        pdfmetrics.registerFont(UnicodeCIDFont(name))


def _head(canvas: Canvas, _document: Any, *, page: CuePage, stem: str) -> None:
    canvas.saveState()
    top = _HEIGHT - 13 * mm
    canvas.setFont("Vera-Bold", 17)
    canvas.drawString(_MARGIN, top, _plain(page.name) or "reel")
    canvas.setFont("Vera-Bold", 13)
    title = {"foley": "FOLEY", "backgrounds": "BACKGROUNDS", "fx": "EFFECTS"}.get(stem, stem)
    canvas.drawCentredString(_WIDTH / 2, top, title.upper())
    canvas.setFont("Vera", 9)
    rows = page.of_stem(stem)
    if rows:
        first = label(rows[0].in_s, page.rate)
        last = label(max(row.out_s or row.in_s for row in rows), page.rate)
        told = f"{len(rows)} cues   {first} – {last}   {page.rate} fps"
        canvas.drawRightString(_WIDTH - _MARGIN, top, told)
    canvas.setStrokeColor(colors.black)
    canvas.setLineWidth(1.2)
    canvas.line(_MARGIN, top - 3.2 * mm, _WIDTH - _MARGIN, top - 3.2 * mm)
    canvas.setFont("Vera", 8)
    canvas.setFillColor(_GREY)
    canvas.drawString(_MARGIN, 7 * mm, f"{_plain(page.name)}  {title.lower()}")
    canvas.drawCentredString(_WIDTH / 2, 7 * mm, "hits: minutes where they change, seconds:frames")
    canvas.restoreState()


def _style(name: str, font: str, size: float, **told: Any) -> ParagraphStyle:
    return ParagraphStyle(name, fontName=font, fontSize=size, leading=size * 1.22,
                          alignment=TA_LEFT, **told)  # fmt: skip


_HEAD = _style("head", "Vera-Bold", 9.5, textColor=colors.white)
_NUMBER = _style("number", "Vera-Bold", 10)
_TIME = _style("time", _MONO, 11)
_OUT = _style("out", _MONO, 11, textColor=_GREY)
_WHAT = _style("what", "Vera", 9.5)
_HITS = _style("hits", _MONO, 8.5, textColor=colors.Color(0.15, 0.15, 0.15), spaceBefore=1.5)
_NOTE = _style("note", "Vera-It", 8.5, textColor=_GREY)


def _tables(page: CuePage, stem: str) -> list[Any]:
    """One table, or where a stem has many tracks several, each with the rows of its own."""
    rows = page.of_stem(stem)
    tracks = tracks_in_order(stem, rows)
    story: list[Any] = []
    for first in range(0, max(1, len(tracks)), _MOST_COLUMNS):
        some = tracks[first : first + _MOST_COLUMNS]
        if story:
            story.append(PageBreak())
        story.append(_table([row for row in rows if row.track in some], some, page.rate))
    return story


def _table(rows: Sequence[CueRow], tracks: Sequence[str], rate: FrameRate) -> Any:
    heads = ["CUE", "IN", "OUT", *(_cut(track, "track").upper() for track in tracks)]
    grid: list[list[Any]] = [[Paragraph(_markup(head), _HEAD) for head in heads]]
    for row in rows:
        cells: list[Any] = [
            Paragraph(_markup(_cut(row.number, "number")), _NUMBER),
            Paragraph(label(row.in_s, rate), _TIME),
            Paragraph("" if row.out_s is None else label(row.out_s, rate, up=True), _OUT),
        ]
        cells += [_what(row, rate) if row.track == track else "" for track in tracks]
        grid.append(cells)
    left = _WIDTH - 2 * _MARGIN - _CUE - 2 * _TIMECODE
    widths = [_CUE, _TIMECODE, _TIMECODE, *[left / max(1, len(tracks))] * len(tracks)]
    table = LongTable(grid, colWidths=widths, repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("BACKGROUND", (0, 0), (-1, 0), colors.Color(0.13, 0.13, 0.13)),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("ROWBACKGROUNDS", (0, 1), (-1, -1), [colors.white, _BAND]),
                ("LINEBELOW", (0, 0), (-1, -1), 0.4, _LINE),
                ("LINEAFTER", (2, 0), (-2, -1), 0.4, _LINE),
                ("LEFTPADDING", (0, 0), (-1, -1), 3.5),
                ("RIGHTPADDING", (0, 0), (-1, -1), 3.5),
                ("TOPPADDING", (0, 0), (-1, -1), 3),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
            ]
        )
    )
    return table


def _what(row: CueRow, rate: FrameRate) -> list[Any]:
    who = f"<b>{_markup(_cut(row.who, 'who'))}</b>  " if row.who else ""
    description = _markup(_cut(row.description, "description"))
    found: list[Any] = [Paragraph(f"{who}{description}", _WHAT)]
    if row.hits_s:
        found.append(Paragraph(hits_line(row.hits_s, rate), _HITS))
    elif row.steps:
        found.append(Paragraph(f"{row.steps} steps", _HITS))
    if row.note:
        found.append(Paragraph(_markup(_cut(row.note, "note")), _NOTE))
    return found


def hits_line(hits_s: Sequence[Fraction], rate: FrameRate) -> str:
    """Hits as a Foley artist reads them: seconds and frames, minutes where they change.

    >>> from audio.timecode import FILM_24
    >>> hits_line([Fraction(3658), Fraction(3659) + Fraction(5, 24), Fraction(3660)], FILM_24)
    '3 hits  00:58:00 59:05 01:00:00'
    """
    told = []
    minute = ""
    for hit in hits_s[:_MOST_HITS]:
        _hours, minutes, rest = label(hit, rate).split(":", 2)
        told.append(rest if minutes == minute else f"{minutes}:{rest}")
        minute = minutes
    more = f" … and {len(hits_s) - _MOST_HITS} more" if len(hits_s) > _MOST_HITS else ""
    count = f"{len(hits_s)} hit{'s' * (len(hits_s) != 1)}"
    return f"{count}  {' '.join(told)}{more}"


def _markup(text: str) -> str:
    """Text for a paragraph; runs that Vera cannot show go to a font of their script."""
    parts: list[str] = []
    font = ""
    for letter in " ".join(text.split()):
        wanted = _font_of(letter)
        if wanted != font:
            parts.append("</font>" * bool(font) + f'<font name="{wanted}">' * bool(wanted))
            font = wanted
        parts.append(escape(letter))
    return "".join(parts) + "</font>" * bool(font)


def _font_of(letter: str) -> str:
    """The font of a letter, "" where it is the paragraph's own."""
    code = ord(letter)
    if 0x3040 <= code <= 0x30FF:
        return "HeiseiKakuGo-W5"
    if 0xAC00 <= code <= 0xD7AF:
        return "HYGothic-Medium"
    if 0x2E80 <= code <= 0x9FFF or 0xFF00 <= code <= 0xFFEF:
        return "STSong-Light"
    return ""


def _cut(text: str, what: str) -> str:
    text, most = _plain(text), _MOST_LETTERS[what]
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _plain(text: str) -> str:
    return " ".join(text.split())


def letters_not_shown(page: CuePage) -> str:
    """Letters of the rows for which no font at hand has a shape; they print as boxes."""
    _register_fonts()
    shapes = pdfmetrics.getFont("Vera").face.charToGlyph
    used = {
        letter
        for row in page.rows
        for letter in f"{row.number}{row.track}{row.description}{row.who}{row.note}"
    }
    return "".join(
        sorted(
            letter
            for letter in used
            if not letter.isspace() and not _font_of(letter) and ord(letter) not in shapes
        )
    )
