"""The collection of sounds, from a folder on disk to a ranked search result.

    scan → describe → catalogue → search

A file is found (`scan`), read into an `Asset` with its takes and features
(`describe`), remembered (`catalogue`, which turns assets into rows of `db` and
back) and found again by words or by likeness (`search`).
"""


class LibraryError(Exception):
    """A sound cannot be taken in or found. The message says which and why."""
