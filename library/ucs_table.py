"""The Universal Category System 8.2.1 as a table: 753 CatIDs, 82 categories, 21 languages.

Reads its own tables in library/data/ucs (made by tools/make_ucs_table.py), a language
when it is first asked for. Source: universalcategorysystem.com, public domain.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from library import LibraryError

DATA = Path(__file__).parent / "data" / "ucs"

LANGUAGES: Mapping[str, str] = MappingProxyType(
    {
        "en": "English",
        "ar": "Arabic",
        "da": "Danish",
        "de": "German",
        "es": "Spanish",
        "fi": "Finnish",
        "fr": "French",
        "it": "Italian",
        "ja": "Japanese",
        "ko": "Korean",
        "nl": "Dutch",
        "no": "Norwegian",
        "pl": "Polish",
        "pt": "Portuguese",
        "pt-br": "Brazilian Portuguese",
        "ru": "Russian",
        "sv": "Swedish",
        "tr": "Turkish",
        "uk": "Ukrainian",
        "zh": "Chinese, simplified",
        "zh-tw": "Chinese, traditional",
    }
)

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


@dataclass(frozen=True)
class UcsCategory:
    """One row of UCS: what a CatID stands for, in one language."""

    cat_id: str  # "DOORWood"
    category: str  # "DOORS"
    subcategory: str  # "WOOD"
    cat_short: str  # "DOOR": the part that the CatIDs of a category share
    synonyms: tuple[str, ...]


@cache
def categories(language: str = "en") -> Mapping[str, UcsCategory]:
    """Every CatID and what it stands for, in the order of the alphabet.

    Args:
        language: one of LANGUAGES. Arabic lacks AIRBlow, which is English there.

    Raises:
        LibraryError: not a language of UCS.
    """
    if language not in LANGUAGES:
        raise LibraryError(f"UCS has no language {language!r}; it has {', '.join(LANGUAGES)}")
    english = {} if language == "en" else categories()
    table = dict(english)
    for line in (DATA / f"{language}.tsv").read_text(encoding="utf-8").splitlines():
        cat_id, category, subcategory, short, synonyms = line.split("\t")
        table[cat_id] = UcsCategory(
            cat_id,
            category,
            subcategory,
            short or english[cat_id].cat_short,
            tuple(synonyms.split(", ")) if synonyms else (),
        )
    return MappingProxyType(table)


def category_of(cat_id: str, language: str = "en") -> UcsCategory:
    """What a CatID stands for.

    Raises:
        LibraryError: not a CatID of UCS 8.2.1, with the nearest that is.

    >>> category_of("DOORWood").subcategory
    'WOOD'
    >>> category_of("DOORWood", "fr").category
    'PORTES'
    """
    found = categories(language).get(cat_id)
    if found is None:
        raise LibraryError(f"{cat_id!r} is not a UCS CatID{hint_for(cat_id)}")
    return found


def synonyms(cat_id: str, language: str = "en") -> tuple[str, ...]:
    """Other words for what a CatID stands for, in one language.

    >>> synonyms("RAINMetl")[:3]
    ('can', 'car', 'drizzle')
    """
    return category_of(cat_id, language).synonyms


def hint_for(cat_id: str) -> str:
    """'; did you mean DOORWood?' for a CatID that is nearly right, else ''."""
    from difflib import get_close_matches

    same_but_case = cat_id_in_any_case(cat_id)
    near = [same_but_case] if same_but_case else get_close_matches(cat_id, categories(), n=1)
    return f"; did you mean {near[0]}?" if near else ""


def cat_id_in_any_case(text: str) -> str | None:
    """The CatID that `text` spells in some mixture of capitals, or None.

    >>> cat_id_in_any_case("doorwood")
    'DOORWood'
    """
    return _by_lower_case().get(text.lower())


@cache
def _by_lower_case() -> dict[str, str]:
    return {cat_id.lower(): cat_id for cat_id in categories()}


def fold_words(text: str) -> list[str]:
    """Words as they are compared: small letters, no accents, no punctuation.

    >>> fold_words("Porte d'Entrée, GRÜN")
    ['porte', "d'entree", 'grun']
    """
    if not text.isascii():
        # ß and İ fold to more letters; kana and hangul keep their marks, which are letters there.
        folded = unicodedata.normalize("NFKD", text.casefold())
        folded = "".join(c for c in folded if not "\u0300" <= c <= "\u036f")
        text = unicodedata.normalize("NFC", folded)
    return _WORD.findall(text.lower())
