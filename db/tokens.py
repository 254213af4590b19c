"""Texts apart into words, by the very tokeniser of the word index (db.schema)."""

import sqlite3
from collections.abc import Sequence

_FOLDED = "unicode61 remove_diacritics 2"
_TOKENISERS = {"plain": _FOLDED, "stem": f"porter {_FOLDED}"}


class Tokens:
    """FTS5's tokenisers, in memory. For one thread."""

    def __init__(self) -> None:
        self._connection = sqlite3.connect(":memory:", isolation_level=None)
        for name, how in _TOKENISERS.items():
            self._connection.execute(
                f"create virtual table {name} using fts5 (t, content = '', tokenize = '{how}')"
            )
            self._connection.execute(
                f"create virtual table {name}_at using fts5vocab ({name}, instance)"
            )

    def plain(self, texts: Sequence[str]) -> list[list[str]]:
        """The words of each text, without capitals and accents.

        >>> Tokens().plain(["Porte-Fenêtre", "..."])
        [['porte', 'fenetre'], []]
        """
        return self._apart("plain", texts)

    def stems(self, texts: Sequence[str]) -> list[list[str]]:
        """The words of each text, cut down to what all their forms share.

        >>> Tokens().stems(["Creaking doors"])
        [['creak', 'door']]
        """
        return self._apart("stem", texts)

    def _apart(self, table: str, texts: Sequence[str]) -> list[list[str]]:
        self._connection.execute("begin")
        self._connection.executemany(
            f"insert into {table} (rowid, t) values (?, ?)", enumerate(texts)
        )
        apart: list[list[tuple[int, str]]] = [[] for _ in texts]
        for doc, place, term in self._connection.execute(
            f"select doc, offset, term from {table}_at"
        ):
            apart[doc].append((place, term))
        self._connection.execute("rollback")
        return [[term for _place, term in sorted(found)] for found in apart]
