"""Where nothing is named by a word: words near in meaning by which the library has sounds."""

import sqlite3

from db import find
from db.words import quoted
from library.query import Query

_LOOK = 40  # of the nearest words
_OFFERED_MOST = 3
_NEAR_LEAST = 0.5  # cosine


def near_named(connection: sqlite3.Connection, asked: Query) -> list[str]:
    """A remark on each word that no sound is named by, with others that some are.

    For queries that found nothing by name. Where filters or exclusions are asked for, they may
    be why, and nothing is said.
    """
    if asked.conditions or any(group.negated for group in asked.groups):
        return []
    terms = [group.terms[0] for group in asked.groups if len(group.terms) == 1]
    remarks = []
    for word in dict.fromkeys(term.text for term in terms if term.kind == "word"):
        if _is_known(connection, word):
            continue
        others = _near(connection, word)
        if others:
            remarks.append(f"nothing is named {word!r}; near in meaning: {', '.join(others)}")
    return remarks


def _near(connection: sqlite3.Connection, word: str) -> list[str]:
    from library.near_words import load_near_words

    near = load_near_words().words_near(word, _LOOK)
    offered: list[str] = []
    for other, cosine in near:
        # A plural beside its singular would find the same.
        same = any(other.startswith(one) or one.startswith(other) for one in offered)
        if cosine >= _NEAR_LEAST and not same and _is_known(connection, other):
            offered.append(other)
    return offered[:_OFFERED_MOST]


def _is_known(connection: sqlite3.Connection, word: str) -> bool:
    return bool(find.count(connection, quoted(word), None, (), 1))
