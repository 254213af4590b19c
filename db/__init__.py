"""The catalogue file: tables, migrations, the word index and the vectors.

The only SQL in the product. Plain rows in and out: it knows neither sounds
nor films, so that another database can stand beside SQLite.
"""


class SchemaError(Exception):
    """A catalogue file cannot be opened or used. The message says which and why."""
