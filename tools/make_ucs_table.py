"""Make library/data/ucs/ from the lists of the Universal Category System (public domain).

Run: python tools/make_ucs_table.py FOLDER

FOLDER holds `ucs-8.2.1.tsv` (language, cat_id, category, subcategory, synonyms) and
`cat-short.tsv` (cat_id, cat_short): the official UCS 8.2.1 sheets, one row per language
and CatID. What is written is read by `library.ucs_table` and `library.ucs_words`:

    en.tsv, de.tsv …  cat_id, category, subcategory, cat_short (English only), synonyms
    words.tsv         a folded word or phrase, then where it stands: language, kind
                      (c category, s subcategory, y synonym, w one word of a synonym)
                      and the rows of en.tsv, so that a word is found without reading
                      21 tables
"""

import csv
import re
import sys
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from library.ucs_table import DATA, fold_words

_SEPARATOR = re.compile(r"[,，、]")  # a few Chinese and Japanese rows use their own comma


def main(folder: Path) -> None:
    with (folder / "cat-short.tsv").open(encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        cat_short = dict(rows)
    by_language: dict[str, list[tuple[str, str, str, list[str]]]] = defaultdict(list)
    with (folder / "ucs-8.2.1.tsv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            found = (word.strip() for word in _SEPARATOR.split(row["synonyms"]))
            synonyms = list(dict.fromkeys(word for word in found if word))
            by_language[row["language"]].append(
                (row["cat_id"], row["category"].strip(), row["subcategory"].strip(), synonyms)
            )
    DATA.mkdir(parents=True, exist_ok=True)
    for language, rows_of_language in by_language.items():
        with (DATA / f"{language}.tsv").open("w", encoding="utf-8", newline="\n") as out:
            for cat_id, category, subcategory, synonyms in sorted(rows_of_language):
                short = cat_short[cat_id] if language == "en" else ""
                out.write("\t".join([cat_id, category, subcategory, short, ", ".join(synonyms)]))
                out.write("\n")
    _write_words(by_language)


def _write_words(by_language: dict[str, list[tuple[str, str, str, list[str]]]]) -> None:
    number = {row[0]: index for index, row in enumerate(sorted(by_language["en"]))}
    index: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for language, rows in sorted(by_language.items()):
        for cat_id, category, subcategory, synonyms in rows:
            for kind, texts in (("c", [category]), ("s", [subcategory]), ("y", synonyms)):
                for text in texts:
                    words = fold_words(text)
                    index[" ".join(words)][f"{language}:{kind}"].add(number[cat_id])
                    for word in words if len(words) > 1 else ():
                        index[word][f"{language}:w"].add(number[cat_id])
    index.pop("", None)
    with (DATA / "words.tsv").open("w", encoding="utf-8", newline="\n") as out:
        for word, places in sorted(index.items()):
            where = (
                f"{place}:{','.join(map(str, sorted(found)))}"
                for place, found in sorted(places.items())
            )
            out.write(f"{word}\t{';'.join(where)}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
