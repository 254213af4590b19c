"""Scripts that put no blanks between words: Chinese, Japanese, Thai. Pure.

Nobody can tell where their words end without a dictionary, so the word index holds such texts a
second time, a letter a word, and a word is found as letters in a row, wherever it stands.
"""

import re

_RUN = re.compile(
    "[\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u0e01-\u0e5b]+"
)


def letter_by_letter(text: str) -> str:
    """The stretches of a text that are so written, each letter apart; "" where there are none.

    >>> letter_by_letter("木のドア close"), letter_by_letter("wood door")
    ('木 の ド ア', '')
    """
    if text.isascii():
        return ""
    return " ".join(" ".join(run) for run in _RUN.findall(text))


def is_spaceless(text: str) -> bool:
    """Whether all of a text, of letters and digits, is so written."""
    return _RUN.fullmatch(text) is not None
