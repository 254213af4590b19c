"""How many assets there are of each kind: what a person may filter by."""

import sqlite3
from typing import Any


def totals(connection: sqlite3.Connection) -> dict[str, int]:
    """{"assets": n, "takes": n}."""
    row = connection.execute(
        "select (select count(*) from asset) as assets, (select count(*) from take) as takes"
    ).fetchone()
    return dict(row)


def all_facets(connection: sqlite3.Connection) -> dict[str, Any]:
    """Counts by category and subcategory, surface, licence, format, channels and rate.

    Most first; what an asset does not say is not counted. "guessed": CatID → how many
    assets without one are likeliest to have it.
    """
    categories: dict[str, dict[str, Any]] = {}
    guessed = {
        row[0]: row[1]
        for row in connection.execute(
            "select value, count(*) from (select value, max(probability) from suggestion"
            " join asset on asset.id = asset_id where field = 'cat_id' and cat_id is null"
            " group by asset_id) group by value order by value"
        )
    }
    for row in connection.execute(
        "select category, subcategory, cat_id, count(*) as n from asset"
        " where category is not null group by 1, 2, 3 order by 1, 2"
    ):
        category = categories.setdefault(
            row["category"], {"category": row["category"], "count": 0, "subcategories": []}
        )
        category["count"] += row["n"]
        category["subcategories"].append(
            {"subcategory": row["subcategory"], "cat_id": row["cat_id"], "count": row["n"]}
        )
    simple = {
        "surfaces": "facets ->> '$.surface'",
        "licences": "licence",
        "formats": "format",
        "channels": "channels",
        "rates": "sample_rate_hz",
        "roots": "root",
    }
    return {"categories": list(categories.values()), "guessed": guessed} | {
        name: [
            {"value": row[0], "count": row[1]}
            for row in connection.execute(
                f"select {column}, count(*) from asset where {column} is not null"
                " group by 1 order by 2 desc, 1"
            )
        ]
        for name, column in simple.items()
    }
