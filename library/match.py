"""A query's words as expressions for the word index, from the strict to the generous. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from db.words import quoted
from library.query import Group, Query, Term

Expand = Callable[[Term], Sequence[str]]  # a term → more words (or CatIDs) that may stand for it
NOTHING = '"' + "\x01" + '"'  # an FTS5 string without a word: it matches no row


@dataclass(frozen=True)
class Tier:
    """One way to read the words; each tier matches all that the one before it does."""

    name: str  # "words", "parts of words", "synonyms", "spelling"
    match: str | None  # None: every asset


def strict(query: Query) -> Tier:
    """Every word as typed (and its inflections, by the index's stemmer)."""
    return Tier("words", _all_of(query, [lambda term: [_literal(term)]]))


def generous(query: Query, name: str, expansions: Sequence[Expand]) -> Tier:
    """Every word as typed or as any of `expansions` (FTS5 expressions) has it."""
    return Tier(name, _all_of(query, [lambda term: [_literal(term)], *expansions]))


def excluded(query: Query) -> str | None:
    """What must not be there, or None."""
    terms = [_literal(t) for group in query.groups if group.negated for t in group.terms]
    return " OR ".join(terms) or None


def _all_of(query: Query, expansions: Sequence[Expand]) -> str | None:
    asked = [group for group in query.groups if not group.negated]
    return " AND ".join(f"({_any_of(group, expansions)})" for group in asked) or None


def _any_of(group: Group, expansions: Sequence[Expand]) -> str:
    alternatives = [text for term in group.terms for expand in expansions for text in expand(term)]
    return " OR ".join(dict.fromkeys(alternatives))


def _literal(term: Term) -> str:
    return f"{quoted(term.text)} *" if term.kind == "prefix" else quoted(term.text)


def one_of_words(texts: Sequence[str]) -> list[str]:
    """Expressions for whole words."""
    return [quoted(text) for text in texts]


def one_of_cat_ids(cat_ids: Sequence[str]) -> list[str]:
    """Expressions for CatIDs."""
    return [f"cat_id : {quoted(cat_id)}" for cat_id in cat_ids]
