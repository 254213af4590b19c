"""What an editor types into a search, read into words, filters and remarks. Pure.

    gravel boot         both words               "door slam"   in a row
    -rain, NOT rain     without                  boot*         begins so
    gravel,sand         either; also gravel OR sand
    duration:<3s        a filter; also >, <=, >=, a..b, and a list: channels:1,2

Letters are taken in their usual form (NFKC): as a Mac spells a name, in full width or as
ligatures they are the same, and so are curly quotes.

Everything is answered: what makes no sense as an operator is a word, and what makes no
sense as a filter is remarked on and left out. `library.query_fields` knows the fields.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Literal

from db.conditions import Condition
from library.query_fields import FIELDS, is_field, meant_field, nearest_field, read_filter

Kind = Literal["word", "phrase", "prefix"]


@dataclass(frozen=True)
class Term:
    """One word, phrase or beginning of a word; as typed, without its quotes or star."""

    text: str
    kind: Kind = "word"


@dataclass(frozen=True)
class Group:
    """Terms of which any one is asked for; or, negated, none may be there."""

    terms: tuple[Term, ...]
    negated: bool = False


@dataclass(frozen=True)
class Query:
    """All groups and all conditions must hold. `remarks` are for the one who typed."""

    groups: tuple[Group, ...] = ()
    conditions: tuple[Condition, ...] = ()
    remarks: tuple[str, ...] = ()
    # Each of `conditions` as it was typed.
    filters: tuple[str, ...] = field(default=(), compare=False)


_PIECE = re.compile(
    r"""
    (?P<or> (?: \| | OR ) (?=\s|$) )
    | (?P<and> AND (?=\s|$) )
    | (?P<minus> - (?=[^\s-]) | NOT \s+ (?=\S) )?
      (?: (?P<field> [A-Za-z][A-Za-z_]* ) : (?P<value> "[^"]*"? | [^\s"]+ (?: "[^"]*"? )? )
        | (?P<phrase> "[^"]*"? )
        | (?P<word> [^\s"]+ )
      )
    """,
    re.VERBOSE,
)


_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»", '"'))
_BLANK_BEHIND_FIELD = re.compile(rf"((?<![^\s-])(?:{'|'.join(FIELDS)}):)\s+(?=\S)", re.IGNORECASE)


def parse_query(text: str) -> Query:
    """Read a query. Never fails; an empty one asks for everything.

    >>> parse_query('boot* gravel,sand -"rain drop"').groups[1].terms[1].text
    'sand'
    >>> parse_query("channel:2").remarks
    ("there is no field 'channel'; read as channels",)
    >>> parse_query("door ★").remarks
    ("left out '★': no letter or digit in it",)
    >>> parse_query("colour:2").remarks[0][:40]
    "there is no field 'colour'; the fields a"
    """
    groups: list[Group] = []
    conditions: list[Condition] = []
    remarks: list[str] = []
    filters: list[str] = []
    joins_previous = False
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).translate(_QUOTES)
    for piece in _PIECE.finditer(_BLANK_BEHIND_FIELD.sub(r"\1", text)):
        if piece["or"]:
            joins_previous = bool(groups)
            continue
        if piece["and"]:
            continue
        negated = piece["minus"] is not None
        field = piece["field"] and meant_field(piece["field"])
        if field:
            read = read_filter(field, _unquoted(piece["value"]), negated=negated)
            if not is_field(piece["field"]):
                remarks.append(f"there is no field {piece['field']!r}; read as {field}")
            if isinstance(read, Condition):
                conditions.append(read)
                filters.append(piece[0])
            else:
                remarks.append(read)
            joins_previous = False
            continue
        word = piece["word"] or ""
        if word.endswith(":") and is_field(word[:-1]):
            remarks.append(str(read_filter(word[:-1].lower(), "")))
            continue
        terms = _terms(piece)
        if piece["field"]:
            remark = f"there is no field {piece['field']!r}{nearest_field(piece['field'])}"
            remarks.append(remark)
        if not terms:
            if not piece[0].isascii():  # else a stray operator
                remarks.append(f"left out {piece[0]!r}: no letter or digit in it")
            continue
        if joins_previous and not negated and not groups[-1].negated:
            groups[-1] = Group(groups[-1].terms + terms)
        else:
            groups.append(Group(terms, negated))
        joins_previous = False
    return Query(tuple(groups), tuple(conditions), tuple(remarks), tuple(filters))


def _terms(piece: re.Match[str]) -> tuple[Term, ...]:
    if piece["phrase"]:
        text = piece["phrase"]
        # A quote that is still open: its last word may go on.
        closed = len(text) > 1 and text.endswith('"')
        return _spoken([Term(_unquoted(text), "phrase" if closed else "prefix")])
    if piece["field"]:
        return _spoken([Term(f"{piece['field']} {_unquoted(piece['value'])}", "phrase")])
    return _spoken(
        [
            Term(part.rstrip("*"), "prefix") if part.endswith("*") else Term(part)
            for part in piece["word"].split(",")
        ]
    )


def _spoken(terms: list[Term]) -> tuple[Term, ...]:
    """Those with a letter or a digit; the word index knows nothing else."""
    return tuple(term for term in terms if any(c.isalnum() for c in term.text))


def _unquoted(text: str) -> str:
    return text.replace('"', "").strip()
