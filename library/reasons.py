"""Why a sound answers a query, in words. Pure."""

import unicodedata

from library.asset import Asset
from library.little_words import are_little
from library.match import begun
from library.query import Query, Term

_FIELDS = (
    ("name", lambda asset: asset.fx_name),
    ("category", lambda asset: f"{asset.category or ''} {asset.subcategory or ''}"),
    ("description", lambda asset: f"{asset.description} {asset.keywords}"),
    ("facets", lambda asset: " ".join(asset.facets.values())),
    ("file", lambda asset: f"{asset.root}/{asset.path}"),
)
_NAMES = frozenset(name for name, _text_of in _FIELDS)


def why_words(query: Query, asset: Asset, tier: str) -> str:
    """Which field holds which word; a word that no field shows was found in the way of `tier`.

    Filters alone, and an empty query, have no words to speak of: "".
    """
    places: dict[str, list[str]] = {}
    for group in query.groups:
        if not group.negated:
            place, word = _place(group.terms, asset, tier)
            if place not in _NAMES and tier != "words" and are_little([word]):
                continue  # it need not be there
            places.setdefault(place, []).append(word)
    return "; ".join(f"{place}: {', '.join(found)}" for place, found in places.items())


def _place(terms: tuple[Term, ...], asset: Asset, tier: str) -> tuple[str, str]:
    for name, text_of in _FIELDS:
        text = text_of(asset).lower()
        if not text.isascii():
            text = unicodedata.normalize("NFKC", text)  # as the query is
        for term in terms:
            word = term.text.lower()
            if (word if tier == "spelling" else begun(word)) in text:
                return name, term.text
    place = "synonym" if tier == "synonyms" else tier
    if place == "synonym" and asset.cat_id:
        place = f"synonym in {asset.cat_id}"
    return place, terms[0].text
