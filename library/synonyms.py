"""Other words for a word: UCS categories in 21 languages, facets, and English for foreign words."""

from collections import Counter
from functools import lru_cache

from library.facets import facets_from_words
from library.ucs_table import LANGUAGES, category_of
from library.ucs_words import find_categories

_CATEGORIES_MOST = 16
_WORTH = 0.25  # of the best category's score; less is chance
_OTHERS = [language for language in LANGUAGES if language != "en"]


@lru_cache(maxsize=1024)
def cat_ids_for(word: str) -> tuple[str, ...]:
    """CatIDs that a word of any language speaks of, best first.

    >>> "FEETHmn" in cat_ids_for("boots"), "BOATUndwtr" in cat_ids_for("boots")
    (True, False)
    """
    found = find_categories(as_heard(word), limit=_CATEGORIES_MOST)
    return tuple(cat_id for cat_id, score in found if score >= _WORTH * found[0][1])


def as_heard(word: str) -> str:
    """The word that says what is heard: shoes are heard as footsteps.

    To UCS boots are things of fashion, and misspelt boats. One "boot" may be a boat indeed, in
    Dutch and German, and stays what it is.
    """
    if word.lower() == "boot" or "shoe" not in facets_from_words(word):
        return word
    return "footsteps"


@lru_cache(maxsize=1024)
def english_for(word: str) -> tuple[str, ...]:
    """English words that sounds may be named by, for a word of another language or a facet's.

    >>> english_for("Kies"), english_for("Schritte"), english_for("pas")
    (('gravel',), ('footsteps',), ('footsteps',))
    >>> english_for("boots"), english_for("boot")
    (('footsteps',), ('boots',))
    """
    words = [value for value in facets_from_words(word).values() if value != word.lower()]
    if as_heard(word) != word:
        words.append(as_heard(word))
    as_english = find_categories(word, ["en"], limit=1)
    found = find_categories(word, _OTHERS, limit=_CATEGORIES_MOST)
    # French "pas" may be a misspelt "pass", but says more as what it is.
    if found and (not as_english or as_english[0][1] < found[0][1]):
        categories = [category_of(n) for n, score in found if score >= _WORTH * found[0][1]]
        # What most of the categories have in common is what the word means.
        spoken = [
            {part.lower() for part in f"{each.category} {each.subcategory}".split()}
            for each in categories
        ]
        # "Doors, glass" and "boats, door" both speak of doors; the index knows them as one.
        common = Counter(one for parts in spoken for one in {part.rstrip("s") for part in parts})
        written = Counter(part for parts in spoken for part in parts if part.isalpha())
        words += [
            max((count, each) for each, count in written.items() if each.rstrip("s") == part)[1]
            for part, count in common.items()
            if 2 * count > len(categories) and part.isalpha()
        ]
    return tuple(dict.fromkeys(words))
