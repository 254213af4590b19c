"""How well likeness finds sounds of the same kind, on the audio alone.

    python benchmarks/retrieval.py FOLDER [--vectors FILE.npz]
        [--also FOLDER [--also-vectors FILE.npz]] [--shipped | --against FILE.npz]

FOLDER holds `labels.tsv` (columns file, class, group). Each sound asks for its like among all
others, and again among those of other sources (groups) only. Printed: mAP@10, P@1, P@5, P@10,
means over classes; relevant is what has the same class, and average precision is divided by
min(relevant, 10). `--vectors` keeps what was heard, so that a second run needs no networks.

Kinds are learned without the sounds that ask, and without their sources. "one source unknown":
each source asks by what all others taught. "half unknown": half of the sources, asked and
answering, by what the other half taught; means over several halves, where many a kind is unknown
too. --shipped judges the file that ships, fair only on sounds that it was not learned from.
--against compares with what another network heard, kept by --vectors: over twelve halves and the
rest of each, compared closer, how much more is found now, and the standard error. --also adds the
sounds of another such folder, which answer and ask with the others but never teach.

Names are not heard, but in one line: there sounds without names ask those that have them (column
original_name), by library.name_votes.
"""

import argparse
import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import soundfile

from library.embedding import Hearing, hear
from library.name_votes import Named, Votes, named, nearest_few
from library.neighbours import finer
from library.projection import learned, learned_whitening, load_projection

_HEAD = "{} sounds, {} classes: mAP@10 P@1 P@5 P@10 [other sources]"
_PARTS = ("aisfx", "yamnet", "scores", "shape")
_HALVES = 3  # halves of the sources, each and its rest taken in turn
_HALVES_AGAINST = 12


def labels_of(folder: Path) -> list[dict[str, str]]:
    table = (folder / "labels.tsv").read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(table, delimiter="\t"))


def parts_of(heard: list[Hearing]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What `library.projection` takes: aiSFX, YAMNet and shapes, each (sounds, …)."""
    return (
        np.stack([each.aisfx for each in heard]).astype(np.float32),
        np.stack([each.yamnet for each in heard]).astype(np.float32),
        np.stack([each.shape for each in heard]),
    )


def heard_in(folder: Path, rows: list[dict[str, str]], kept: Path | None) -> list[Hearing]:
    """What is heard of each sound, from `kept` if it is there."""
    if kept is not None and kept.exists():
        with np.load(kept) as held:
            return [Hearing(*parts) for parts in zip(*(held[name] for name in _PARTS), strict=True)]
    found: list[Hearing] = []
    for row in rows:
        found += hear([soundfile.read(folder / row["file"], dtype="float32", always_2d=True)])
    if kept is not None:
        parts = {name: np.stack([getattr(each, name) for each in found]) for name in _PARTS}
        np.savez(kept, **parts)
    return found


def names_of(rows: list[dict[str, str]]) -> list[Named]:
    """What each sound is called; the folder is its source."""
    called = (row.get("original_name") or Path(row["file"]).name for row in rows)
    return [named(name, row["group"], None, None) for name, row in zip(called, rows, strict=True)]


def with_names(seen: np.ndarray, files: list[int], names: Sequence[Named]) -> np.ndarray:
    """Likeness with what names say, as a search has it; `files` of each that answers."""
    near = nearest_few(seen, files)
    return Votes(seen, [names[file] if file in near else None for file in files]).lifted()


def answers(vectors, classes, groups, asking, *, across_sources, closer=False, names=None):
    """(class, (mAP@10, P@1, P@5, P@10)) of each query that has an answer, by cosine.

    Args:
        asking: rows that ask; all answer.
        closer: put the first 200 in order as a search does, by `library.neighbours.finer`.
        names: of all, heard of those that answer.
    """
    unit = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    found = []
    for query in asking:
        row = unit @ unit[query]
        asked = groups != groups[query] if across_sources else np.ones(len(row), bool)
        asked[query] = False
        gallery = np.flatnonzero(asked)
        relevant = int((classes[gallery] == classes[query]).sum())
        if not relevant:
            continue
        best = gallery[np.argsort(-row[gallery], kind="stable")[:200]]
        if closer:
            seen = finer(unit[query], unit[best])
            if names is not None:
                seen = with_names(seen, best.tolist(), names)
            best = best[np.argsort(-seen, kind="stable")]
        best = best[:10]
        hits = (classes[best] == classes[query]).astype(float)
        precision = np.cumsum(hits) / np.arange(1, len(hits) + 1)
        average = (hits * precision).sum() / min(relevant, 10)
        numbers = np.array([average, hits[0], hits[:5].mean(), hits.mean()])
        found.append((classes[query], numbers))
    return found


def over_classes(found) -> np.ndarray:
    """The mean over classes of the mean over queries."""
    by_class: dict[str, list[np.ndarray]] = {}
    for name, numbers in found:
        by_class.setdefault(name, []).append(numbers)
    return np.mean([np.mean(of_class, axis=0) for of_class in by_class.values()], axis=0)


def halves_of(groups: np.ndarray, count: int = _HALVES) -> list[np.ndarray]:
    """Masks of sounds: halves of the sources at random, of about as many sounds, and the rest."""
    rng, names = np.random.default_rng(0), np.unique(groups)
    halves: list[np.ndarray] = []
    while len(halves) < 2 * count:
        half = np.isin(groups, rng.permutation(names)[: rng.integers(3, len(names) - 2)])
        if 0.42 <= half.mean() <= 0.58:
            halves += [half, ~half]
    return halves


class Judged:
    """Sounds with their classes and sources, on which vectors are judged."""

    def __init__(self, parts, classes: np.ndarray, groups: np.ndarray, names=None) -> None:
        self.parts, self.classes, self.groups, self.names = parts, classes, groups, names
        self.teach = np.ones(len(classes), bool)  # those that may

    def vectors_by(self, learn, taught: np.ndarray, asked: np.ndarray) -> np.ndarray:
        """Vectors of the sounds asked for, by what the taught ones teach."""
        make = learn(*(part[taught] for part in self.parts), self.classes[taught])
        return make(*(part[asked] for part in self.parts))

    def whole(self, vectors, closer: bool = False) -> list[np.ndarray]:
        every = range(len(self.classes))
        return [
            over_classes(
                answers(
                    vectors, self.classes, self.groups, every, across_sources=across, closer=closer
                )
            )
            for across in (False, True)
        ]

    def one_source_unknown(self, learn) -> list[list[np.ndarray]]:
        """As `whole` has it: plain, compared closer, and with names heard."""
        ways = ({}, {"closer": True}, {"closer": True, "names": self.names})
        found: list[tuple[list, list]] = [([], []) for _ in ways]
        everything = np.ones(len(self.classes), bool)
        asking = [self.groups == source for source in np.unique(self.groups[self.teach])]
        if not self.teach.all():
            asking.append(~self.teach)
        for own in asking:
            vectors = self.vectors_by(learn, self.teach & ~own, everything)
            known = (vectors, self.classes, self.groups, np.flatnonzero(own))
            for way, of_way in zip(ways, found, strict=True):
                for across, of_all in zip((False, True), of_way, strict=True):
                    of_all.extend(answers(*known, across_sources=across, **way))
        return [[over_classes(of_all) for of_all in of_way] for of_way in found]

    def half_unknown(self, learn) -> list[list[np.ndarray]]:
        """As `whole` has it, plain and compared closer."""
        found: tuple[list, list] = ([], [])
        for half in halves_of(self.groups):
            vectors = self.vectors_by(learn, ~half, half)
            inner = Judged((), self.classes[half], self.groups[half])
            for closer, of_all in zip((False, True), found, strict=True):
                of_all.append(inner.whole(vectors, closer))
        return [list(np.mean(of_all, axis=0)) for of_all in found]


def show_against(now: Judged, before: Judged) -> None:
    """What is found more often now, by halves of the sources, each with its rest."""
    more = []
    for half in halves_of(now.groups, _HALVES_AGAINST):
        inner = Judged((), now.classes[half], now.groups[half])
        found = [
            inner.whole(judged.vectors_by(with_kinds, ~half, half), closer=True)
            for judged in (now, before)
        ]
        more.append(np.subtract(*found))
    by_half = (np.array(more[::2]) + np.array(more[1::2])) / 2
    error = by_half.std(axis=0, ddof=1) / len(by_half) ** 0.5
    show("more than before", list(by_half.mean(axis=0)))
    show("standard error", list(error))


def show_one_source_unknown(sounds: Judged) -> None:
    plain, _closer, _named = sounds.one_source_unknown(whitened)
    show("one source unknown: whitened", plain)
    plain, closer, by_names = sounds.one_source_unknown(with_kinds)
    show("one source unknown: with kinds, as stored", plain)
    show("one source unknown: with kinds, compared closer", closer)
    show("… and the names of those that answer heard", by_names)


def whitened(aisfx, yamnet, shape, _kinds):
    return learned_whitening(aisfx, yamnet, shape).together


def with_kinds(aisfx, yamnet, shape, kinds):
    return learned(aisfx, yamnet, shape, kinds).vectors


def show(name: str, numbers: list[np.ndarray]) -> None:
    of_all, others = (" ".join(f"{number:.3f}" for number in part) for part in numbers)
    print(f"{name:44} {of_all}  [{others}]", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--vectors", type=Path)
    parser.add_argument("--shipped", action="store_true")
    parser.add_argument("--against", type=Path)
    parser.add_argument("--also", type=Path)
    parser.add_argument("--also-vectors", type=Path)
    given = parser.parse_args()
    if given.also and given.against:
        parser.error("--against compares on one folder: leave out --also")
    rows = labels_of(given.folder)
    parts = parts_of(heard_in(given.folder, rows, given.vectors))
    n_teach = len(rows)
    if given.also:
        more = labels_of(given.also)
        parts_of_more = parts_of(heard_in(given.also, more, given.also_vectors))
        parts = tuple(map(np.concatenate, zip(parts, parts_of_more, strict=True)))
        rows += more
    classes, groups = (np.array([row[name] for row in rows]) for name in ("class", "group"))
    sounds = Judged(parts, classes, groups, names_of(rows))
    sounds.teach[n_teach:] = False
    if given.against:
        before = parts_of(heard_in(given.folder, rows, given.against))
        show_against(sounds, Judged(before, classes, groups))
        return
    if given.also and not given.shipped:
        print(_HEAD.format(len(rows), len(set(classes))))
        show_one_source_unknown(sounds)
        return
    mfcc = parts[2][:, :40]
    print(_HEAD.format(len(rows), len(set(classes))))
    show("MFCC statistics, z-scored", sounds.whole((mfcc - mfcc.mean(0)) / (mfcc.std(0) + 1e-9)))
    show("aiSFX", sounds.whole(parts[0]))
    show("YAMNet, last layer", sounds.whole(parts[1][:, :1024]))
    if given.shipped:
        vectors = load_projection().vectors(*parts)
        show("as shipped", sounds.whole(vectors))
        show("as shipped, compared closer", sounds.whole(vectors, closer=True))
        return
    whitening = learned_whitening(*parts)
    names = ("aiSFX", "YAMNet's last layer", "YAMNet's inner layers", "measured features")
    for name, part in zip(names, whitening.parts(*parts), strict=True):
        show(f"whitened: {name}", sounds.whole(part))
    show("whitened: all", sounds.whole(whitening.together(*parts)))
    show("whitened: all, compared closer", sounds.whole(whitening.together(*parts), closer=True))
    show_one_source_unknown(sounds)
    plain, _closer = sounds.half_unknown(whitened)
    show("half unknown: whitened", plain)
    plain, closer = sounds.half_unknown(with_kinds)
    show("half unknown: with kinds, as stored", plain)
    show("half unknown: with kinds, compared closer", closer)


if __name__ == "__main__":
    main()
