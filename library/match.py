"""A query's words as expressions for the word index, from the strict to the generous. Pure."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from db.words import quoted
from library.little_words import are_little
from library.query import Group, Query, Term
from library.spaceless import is_spaceless, letter_by_letter

Expand = Callable[[Term], Sequence[str]]  # a term → more words (or CatIDs) that may stand for it
NOTHING = '"' + "\x01" + '"'  # an FTS5 string without a word: it matches no row


@dataclass(frozen=True)
class Tier:
    """One way to read the words; each tier matches all that the one before it does."""

    name: str  # "words", "synonyms", "parts of words", "spelling"
    groups: tuple[tuple[str, ...], ...]  # FTS5 expressions: one of each group must be there

    @property
    def match(self) -> str | None:
        """All of it as one expression; None: every asset."""
        return " AND ".join(f"({' OR '.join(group)})" for group in self.groups) or None


def strict(query: Query) -> Tier:
    """Every word as typed (and its inflections, by the index's stemmer)."""
    return Tier("words", _groups(query, [_literals]))


def generous(query: Query, name: str, expansions: Sequence[Expand]) -> Tier:
    """Every word as typed or as any of `expansions` (FTS5 expressions) has it.

    Little words need not be there, where there are others.
    """
    named = [group for group in query.groups if group.negated or not _is_little(group)]
    if any(not group.negated for group in named):
        query = replace(query, groups=tuple(named))
    return Tier(name, _groups(query, [_literals, *expansions]))


def _is_little(group: Group) -> bool:
    return all(t.kind == "word" for t in group.terms) and are_little(t.text for t in group.terms)


def excluded(query: Query) -> str | None:
    """What must not be there, or None."""
    return " OR ".join(excluded_each(query)) or None


def excluded_each(query: Query) -> list[str]:
    """The same as FTS5 expressions, none of which may be there."""
    negated = [group for group in query.groups if group.negated]
    return [text for group in negated for term in group.terms for text in _literals(term)]


def _groups(query: Query, expansions: Sequence[Expand]) -> tuple[tuple[str, ...], ...]:
    return tuple(_any_of(group, expansions) for group in query.groups if not group.negated)


def _any_of(group: Group, expansions: Sequence[Expand]) -> tuple[str, ...]:
    alternatives = [text for term in group.terms for expand in expansions for text in expand(term)]
    return tuple(dict.fromkeys(alternatives))


def _literals(term: Term) -> list[str]:
    ways = [term.text]
    if is_spaceless(term.text) and len(term.text) > 1:
        ways.append(letter_by_letter(term.text))
    return [f"{quoted(text)} *" if term.kind == "prefix" else quoted(text) for text in ways]


def one_of_words(texts: Sequence[str]) -> list[str]:
    """Expressions for whole words."""
    return [quoted(text) for text in texts]


def one_of_cat_ids(cat_ids: Sequence[str]) -> list[str]:
    """Expressions for CatIDs."""
    return [f"cat_id : {quoted(cat_id)}" for cat_id in cat_ids]


def has_exactly(query: Query) -> Callable[[Sequence[str]], bool]:
    """A test of texts: whether they hold every word as typed, not only in another form.

    Capitals and accents are no difference, as in the index.

    >>> from library.query import parse_query
    >>> exactly = has_exactly(parse_query("doors creak*"))
    >>> exactly(["Doors", "creaking"]), exactly(["Door", "creaking"])
    (True, False)
    """
    groups = [_patterns(group) for group in query.groups if not group.negated]

    def test(texts: Sequence[str]) -> bool:
        text = _folded("\n".join(texts))
        return all(any(pattern.search(text) for pattern in patterns) for patterns in groups)

    return test


def groups_held(query: Query) -> Callable[[str], int]:
    """How many groups of words a text holds, a word in any form that begins as it was typed.

    >>> from library.query import parse_query
    >>> held = groups_held(parse_query("doors creak -rain"))
    >>> held("Door, creaking"), held("doors slam"), held("windows")
    (2, 1, 0)
    >>> groups_held(parse_query('"marker 2"'))("Marker 1")
    0
    """
    beginnings = [
        _patterns(Group(tuple(map(_begun, group.terms))))
        for group in query.groups
        if not group.negated
    ]

    def held(text: str) -> int:
        text = _folded(text)
        return sum(any(pattern.search(text) for pattern in patterns) for patterns in beginnings)

    return held


def _begun(term: Term) -> Term:
    return Term(begun(term.text) if term.kind == "word" else term.text, "prefix")


def begun(text: str) -> str:
    """What its other forms begin with as well: at least the first two thirds."""
    return text[: -(len(text) // 3)] if len(text) > 4 else text


def _patterns(group: Group) -> list[re.Pattern[str]]:
    # A word ends where the index ends one: at all but letters and digits. What stands before it
    # is looked at last, for an expression that begins with plain letters is looked up by them.
    ways = []
    for term in group.terms:
        first, *more = map(re.escape, re.findall(r"[^\W_]+", _folded(term.text)) or [""])
        end = "" if term.kind == "prefix" else r"(?![^\W_])"
        ways.append(r"[\W_]+".join([rf"{first}(?<![^\W_]{first})", *more]) + end)
    return [re.compile(way) for way in ways]


def _folded(text: str) -> str:
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.lower())
    return "".join(c for c in apart if not unicodedata.combining(c))
