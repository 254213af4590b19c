"""From words to UCS: which CatIDs a query, a file name or a folder name speaks of.

One index over all 21 languages (words.tsv, made by tools/make_ucs_table.py) is read as
bytes and searched in place: no parsing, so a search does not wait for it.
"""

import math
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache

from library.ucs_table import DATA, LANGUAGES, categories, fold_words

# How much a word says by where it stands: as a category, a subcategory, a synonym, or as
# one word of a synonym of several.
_WEIGHT = {"c": 1.0, "s": 0.9, "y": 0.6, "w": 0.25}
_FEW_WORDS = 60  # looked up in the table as it lies
_LONGEST_PHRASE = 4  # words; few entries of UCS are longer
_LONGEST_CJK = 6  # letters, in scripts without blanks
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])")
_SUFFIX = re.compile(
    r"\.(?:wave?|bwf|rf64|w64|aiff?|aifc|caf|flac|og[ga]|opus|mp[23])$", re.IGNORECASE
)
# fmt: off
_UNSAID = frozenset((
    "the", "a", "an", "of", "and", "in", "on", "at", "with", "to", "by", "for", "or", "from",
    "de", "la", "le", "der", "die", "das",
))
# fmt: on


def find_categories(
    words: str, languages: Iterable[str] | None = None, *, limit: int = 20
) -> list[tuple[str, float]]:
    """CatIDs that the words speak of, best first, each with a score above 0.

    A whole phrase of UCS counts more than its words, a category and a subcategory more
    than a synonym, and a word that stands in few rows more than one that stands in many.

    Args:
        words: a query in any of the languages; order and accents do not matter.
        languages: of LANGUAGES; None is all 21.

    >>> find_categories("creaky wooden door", ["en"])[0][0]
    'DOORCreak'
    >>> find_categories("bois porte")[0][0]
    'DOORWood'
    """
    chosen = frozenset(LANGUAGES if languages is None else languages)
    scores = _scores(fold_words(words), chosen)
    ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    cat_ids = tuple(categories())
    return [(cat_ids[number], score) for number, score in ranked[:limit]]


def suggest_cat_ids(
    file_name: str, folder_names: Sequence[str] = (), limit: int | None = 5
) -> list[tuple[str, float]]:
    """Likely CatIDs of a sound whose name does not follow UCS, with probabilities.

    Args:
        file_name: with or without suffix; "DoorSlam_02" and "door-slam-02" are read alike.
        folder_names: outermost first; the nearest says most, and all say less than the name.

    Returns:
        At most `limit` CatIDs (None is all), best first. The probabilities of all that have a
        word in common add up to one, so a long list of poor guesses gets small numbers; no word
        in common with UCS gives an empty list.
    """
    totals: dict[int, float] = defaultdict(float)
    parts = [(split_name(file_name), 1.0)]
    for distance, folder in enumerate(reversed(folder_names)):
        parts.append((split_name(folder), 0.5 / (1 + distance)))
    for words, weight in parts:
        for number, score in _scores_of_name(tuple(words)).items():
            totals[number] += weight * score
    if not totals:
        return []
    best = max(totals.values())
    odds = {number: math.exp(_SHARPNESS * (total - best)) for number, total in totals.items()}
    whole = sum(odds.values())
    ranked = sorted(odds.items(), key=lambda item: (-item[1], item[0]))
    cat_ids = tuple(categories())
    return [(cat_ids[number], odd / whole) for number, odd in ranked[:limit]]


_SHARPNESS = 3.0


@lru_cache(maxsize=1024)
def _scores_of_name(words: tuple[str, ...]) -> Mapping[int, float]:
    """Kept, for many files share a folder, or a name but for its number."""
    return _scores(list(words), frozenset(LANGUAGES), of_names=True)


def split_name(name: str) -> list[str]:
    """The words of a file name or a description, folded, without numbers and suffix.

    >>> split_name("DoorSlam_wood-02.wav")
    ['door', 'slam', 'wood']
    """
    words = fold_words(_CAMEL.sub(" ", _SUFFIX.sub("", name)))
    return [word for word in words if not word.isdigit()]


def _scores(
    words: list[str], languages: frozenset[str], *, of_names: bool = False
) -> dict[int, float]:
    """Row of en.tsv → score, from every phrase of the words that UCS knows.

    Args:
        of_names: what bears the name of a category is of that category, and less likely one of
            another that has such a part: a door is no ship's door.
    """
    scores: dict[int, float] = defaultdict(float)
    for phrase, n_words in _phrases(words):
        best: dict[int, float] = {}
        named: set[str] = set()
        for spelling, likeness in _spellings(phrase):
            for language, kind, numbers in _places(spelling):
                if language not in languages:
                    continue
                rarity = 1.0 / (1.0 + math.log2(len(numbers)) / 4)
                if of_names and kind == "c":
                    rarity = max(rarity, _OF_CATEGORY)
                    named.update(_category_of_row()[number] for number in numbers)
                english = 1.0 if language == "en" else 0.8
                score = _WEIGHT[kind] * likeness * rarity * english * n_words
                for number in numbers:
                    best[number] = max(best.get(number, 0.0), score)
        for number, score in best.items():
            category = _category_of_row()[number]
            if named and category not in named:
                score *= _OF_OTHERS
            elif named and number in _general_rows():
                score += _GENERAL
            scores[number] += score
    return scores


_OF_CATEGORY = 0.7  # though a category has many rows; these three by benchmarks/cat_ids.py
_OF_OTHERS = 0.5
_GENERAL = 0.1  # of a category alone, its general row is the likeliest


@cache
def _category_of_row() -> tuple[str, ...]:
    return tuple(category.category for category in categories().values())


@cache
def _general_rows() -> frozenset[int]:
    """Rows for what is nothing in particular of its category."""
    return frozenset(
        row
        for row, each in enumerate(categories().values())
        if each.subcategory in ("MISC", "GENERAL")
    )


def _phrases(words: list[str]) -> Iterator[tuple[str, int]]:
    """Every run of up to four words, and of letters in scripts without blanks."""
    for first in range(len(words)):
        for n_words in range(1, min(_LONGEST_PHRASE, len(words) - first) + 1):
            if n_words > 1 or words[first] not in _UNSAID:
                yield " ".join(words[first : first + n_words]), n_words
    for word in words:
        for run in _CJK.findall(word):
            for first in range(len(run)):
                for n_letters in range(1, min(_LONGEST_CJK, len(run) - first) + 1):
                    part = run[first : first + n_letters]
                    if part != word:
                        yield part, 1


def _spellings(phrase: str) -> Iterator[tuple[str, float]]:
    """The phrase itself, then the forms UCS may list it in: door and doors, creak and creaking."""
    yield phrase, 1.0
    if not phrase.isascii() or len(phrase) < 3:
        return
    yield phrase + "s", 0.95
    if phrase.endswith("s"):
        yield phrase[:-1], 0.95
    if phrase.endswith("es"):
        yield phrase[:-2], 0.95
    for ending in ("ing", "ed", "y", "en"):
        if phrase.endswith(ending) and len(phrase) - len(ending) >= 3:
            root = phrase[: -len(ending)]
            yield root, 0.85
            yield root + "e", 0.85
            if root[-1] == root[-2]:
                yield root[:-1], 0.85


@cache
def _index() -> bytes:
    return b"\n" + (DATA / "words.tsv").read_bytes()


@cache
def _lines() -> list[bytes]:
    return _index().split(b"\n")


def _line_of(key: bytes) -> str | None:
    """What follows `key` where a line begins with it: halving, for the lines are sorted.

    To part the lines takes 7 ms, and then a word is found in a hundredth of the time: it pays for
    whoever asks for many, as a scan does.
    """
    if _places.cache_info().misses > _FEW_WORDS:
        lines = _lines()
        at = bisect_left(lines, key)
        if at < len(lines) and lines[at].startswith(key):
            return lines[at][len(key) :].decode()
        return None
    index = _index()
    low, high = 0, len(index) - 1  # each a line break
    while low < high:
        start = index.rfind(b"\n", low, (low + high) // 2 + 1) + 1
        end = index.index(b"\n", start)
        if index.startswith(key, start):
            return index[start + len(key) : end].decode()
        # The tab that ends a key sorts before whatever a longer word goes on with.
        if index[start:end] < key:
            low = end
        else:
            high = start - 1
    return None


@lru_cache(maxsize=4096)
def _places(word: str) -> tuple[tuple[str, str, tuple[int, ...]], ...]:
    """(language, kind, rows of en.tsv) of each place where a folded word or phrase stands."""
    line = _line_of(word.encode() + b"\t")
    if line is None:
        return ()
    places = []
    for place in line.split(";"):
        language, kind, numbers = place.split(":")
        places.append((language, kind, tuple(map(int, numbers.split(",")))))
    return tuple(places)
