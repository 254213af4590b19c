"""A new model beside the old one: its vectors are made first, then searches turn to it.

Where only the way has changed in which vectors are made of what the networks heard, no
sound is read again; else the scan describes all sounds anew, as it comes to them.
"""

import sqlite3

from db import hearings, vectors
from db.connect import transaction
from library.embedding import TwoNetworks, default_embedder
from library.hearings import networks_of, unpack

_AT_ONCE = 4096


def project_anew(connection: sqlite3.Connection) -> int:
    """Make vectors of what was heard before, where they are of an older model; how many."""
    embedder = default_embedder()
    chief = vectors.chief(connection)
    if chief is None or chief["name"] == embedder.name or not isinstance(embedder, TwoNetworks):
        return 0
    made = 0
    while True:
        with transaction(connection):
            model = vectors.model_id(connection, embedder.name, embedder.dimensions)
            networks = networks_of(embedder.name)
            rows = hearings.without_vector(connection, networks, model, _AT_ONCE)
            numbers = embedder.project([unpack(row[1]) for row in rows]).astype("<f2")
            vectors.put(
                connection,
                [(row[0], model, v.tobytes()) for row, v in zip(rows, numbers, strict=True)],
            )
        made += len(rows)
        if len(rows) < _AT_ONCE:
            settle_model(connection)
            return made


def settle_model(connection: sqlite3.Connection) -> None:
    """Let searches use the new model once it has a vector of every take."""
    name = default_embedder().name
    chief = vectors.chief(connection)
    if chief is None or chief["name"] == name:
        return
    model = vectors.model_id_of(connection, name)
    if model and not vectors.assets_without(connection, model):
        with transaction(connection):
            vectors.make_chief(connection, name)
