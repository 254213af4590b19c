"""A file on disk becomes an asset: one decode, one pass, everything learned on the way.

Hash, picture, loudness, takes and features are computed block by block, so that memory
does not grow with the file. Runs in the worker processes of a scan; knows no database.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import numpy as np

from audio import AudioError
from audio.files import SoundHeader, SoundReader, open_with_header
from audio.layout import Layout, layout_for
from audio.level import Samples
from audio.loudness import Loudness, LoudnessMeter
from library import LibraryError
from library.asset import Asset, Take
from library.catalogue import Described
from library.ear import EarPass
from library.embedding import (
    Embedder,
    Floats,
    Hearing,
    TwoNetworks,
    default_embedder,
    hear,
    shape_of,
)
from library.excerpts import excerpt, excerpts_of, heard_for_all, to_hear, whole_beside
from library.features import features_of
from library.hearings import pack as pack_hearing
from library.hearings import unpack as unpack_hearing
from library.likely_cat_ids import kinds_of_takes, likely_cat_ids, scores_of_takes
from library.metadata import markers_of, said_of
from library.peaks import PeaksMeter, pack
from library.sound_hash import SoundHash, hash_of_file, sound_blocks
from library.takes import TakeFinder

_KEEP_S = 60.0  # of the mono mix stay in memory for the embedding
_LEAST_LOUDNESS_HZ = 8_000  # K-weighting is not defined below


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a file is, as the catalogue says it, and how it was when it was seen there."""

    root: str
    path: str
    size_bytes: int
    modified_ns: int


@dataclass(frozen=True, kw_only=True)
class Renewed:
    """A file whose sound is known already; only what the file says of itself was read."""

    asset: Asset  # without id, takes and levels


@dataclass(frozen=True)
class _Measured:
    """What one pass over the samples gives."""

    sound_hash: str
    duration_samples: int
    loudness: Loudness | None
    takes: tuple[Take, ...]
    excerpts: tuple[Samples, ...]  # mono, one for each take that is embedded
    whole: Samples | None  # mono; what the takes are part of, if it is heard beside them
    shapes: tuple[Floats, ...]  # of those takes
    embedded: tuple[int, ...]  # for each take, whose excerpt (index into excerpts) stands for it
    peak_levels: str
    peak_numbers: bytes


def describe(
    files: Sequence[tuple[Path, Place, frozenset[str]]], embedder: Embedder | None = None
) -> list[Described | Renewed | AudioError]:
    """What each file is, in order; or why it cannot be taken in.

    Takes of all files are given to the network together, which is quicker than each alone.

    Args:
        files: path here, place, and hashes: a file with such a sound is only `Renewed`.
    """
    embedder = embedder or default_embedder()
    found: list[tuple[Asset, _Measured] | Renewed | AudioError] = []
    for path, place, known in files:
        try:
            found.append(_read(path, place, known))
        except AudioError as problem:
            found.append(problem)
        except (OSError, ValueError, MemoryError, LibraryError) as problem:
            found.append(AudioError(f"{path}: {problem}"))
        except Exception as fault:  # one file in a million is not the end of a scan
            told = f"{type(fault).__name__}: {fault}"
            found.append(AudioError(f"{path}: Dubstage failed on it; please report: {told}"))
    read = [each for each in found if isinstance(each, tuple)]
    heard = iter(_heard(embedder, [(m, asset.sample_rate_hz) for asset, m in read]))
    return [
        _described(*each, embedder, list(islice(heard, len(each[1].excerpts))))
        if isinstance(each, tuple)
        else each
        for each in found
    ]


def vectors_of_file(
    path: Path, stretch_s: tuple[float, float] | None, model: str
) -> tuple[Samples, list[int]]:
    """The directions of a sound that is not in the library: of its takes, or of a stretch.

    Returns:
        Vectors of unit length, shape (takes, dimensions), and how many samples each stands for.

    Raises:
        AudioError: the file cannot be read, or has nothing at that stretch.
        LibraryError: the library's vectors were made by another model than this program has.
    """
    embedder = default_embedder()
    if model and embedder.name != model:
        raise LibraryError(
            f"the library's vectors are of {model}, this Dubstage has {embedder.name};"
            " bring them up with: dubstage scan FOLDER"
        )
    header, sound = open_with_header(path)
    with sound:
        if stretch_s is None:
            measured = _measure(header, sound, loudness=False)
            lengths = [0] * len(measured.excerpts)
            for take, index in zip(measured.takes, measured.embedded, strict=True):
                lengths[index] += take.duration_samples
            return embedder.project(_hearings([(measured, header.sample_rate_hz)])), lengths
        start, end = (round(edge * sound.sample_rate_hz) for edge in stretch_s)
        mono = excerpt(sound, start, end)
    if not mono.size:
        raise AudioError(f"{path} has no sound from {stretch_s[0]} to {stretch_s[1]} s")
    return embedder.project(hear([(mono, header.sample_rate_hz)])), [end - start]


def _read(path: Path, place: Place, known: frozenset[str]) -> tuple[Asset, _Measured] | Renewed:
    header, sound = open_with_header(path)
    with sound:
        return _read_open(header, sound, place, known)


def _read_open(
    header: SoundHeader, sound: SoundReader, place: Place, known: frozenset[str]
) -> tuple[Asset, _Measured] | Renewed:
    said = said_of(header, place.path)
    base = Asset(
        id=0,
        sound_hash="",
        root=place.root,
        path=place.path,
        size_bytes=place.size_bytes,
        modified_ns=place.modified_ns,
        format=header.format,
        sample_rate_hz=header.sample_rate_hz,
        channels=header.channels,
        bits=header.bits,
        duration_samples=header.duration_samples,
        **said,
    )
    if known:
        sound_hash = hash_of_file(header.path)
        if sound_hash in known:
            return Renewed(asset=replace(base, sound_hash=sound_hash))
    measured = _measure(header, sound)
    loudness = measured.loudness
    asset = replace(
        base,
        sound_hash=measured.sound_hash,
        duration_samples=measured.duration_samples,
        loudness_lufs=loudness.integrated_lufs if loudness else None,
        true_peak_dbtp=loudness.true_peak_dbtp if loudness else None,
        takes=measured.takes,
    )
    return asset, measured


def _measure(header: SoundHeader, sound: SoundReader, *, loudness: bool = True) -> _Measured:
    rate_hz, channels = sound.sample_rate_hz, sound.channels
    digest = SoundHash(rate_hz, channels)
    metered = loudness and rate_hz >= _LEAST_LOUDNESS_HZ
    meter = LoudnessMeter(rate_hz, _layout(channels)) if metered else None
    peaks, finder = PeaksMeter(), TakeFinder(rate_hz, channels)
    ear = EarPass(rate_hz, channels, keep_s=_KEEP_S)
    n_samples = 0
    for block in sound_blocks(sound, header.path):
        digest.add(block)
        peaks.add(block)
        if meter is not None:
            meter.add(block)
        finder.add(block)
        ear.add(block)
        n_samples += len(block)
    if not n_samples:
        raise AudioError(f"{header.path} holds no sound")
    takes = finder.finish(markers_of(header))
    del finder
    features, shapes = _looked_at(ear, takes)
    chosen, embedded = heard_for_all(shapes, n_samples / rate_hz)
    heard = to_hear(takes, n_samples, rate_hz)
    excerpts = tuple(excerpts_of([heard[index] for index in chosen], ear, sound))
    whole = whole_beside(takes, ear)
    levels, numbers = pack(peaks.levels())
    return _Measured(
        digest.result(),
        n_samples,
        meter.result() if meter is not None else None,
        tuple(replace(take, features=of) for take, of in zip(takes, features, strict=True)),
        excerpts,
        whole,
        tuple(shapes[index] for index in chosen),
        embedded,
        levels,
        numbers,
    )


def _looked_at(
    ear: EarPass, takes: Sequence[Take]
) -> tuple[list[dict[str, float | None]], list[Floats]]:
    """Features and shape of each take."""
    features, shapes = [], []
    for take in takes:
        heard = ear.heard(take.start_samples, take.end_samples)
        features.append(features_of(heard))
        shapes.append(shape_of(heard, features[-1]))
        heard.let_go()
    return features, shapes


def _heard(embedder: Embedder, files: Sequence[tuple[_Measured, int]]) -> list[tuple[bytes, bytes]]:
    """(vector, hearing) of each excerpt, as the catalogue keeps them; without a hearing b""."""
    if isinstance(embedder, TwoNetworks):
        hearings = _hearings(files)
        kept = [pack_hearing(each) for each in hearings]
        vectors = embedder.project(hearings)
    else:
        sounds = [(mono, rate_hz) for measured, rate_hz in files for mono in measured.excerpts]
        kept = [b""] * len(sounds)
        vectors = embedder.embed(sounds)
    return [(v.astype("<f2").tobytes(), h) for v, h in zip(vectors, kept, strict=True)]


def _hearings(files: Sequence[tuple[_Measured, int]]) -> list[Hearing]:
    """What is heard of each excerpt; files come with their rate in Hz."""
    sounds: list[tuple[Samples, int]] = []
    shapes: list[Floats] = []
    for measured, rate_hz in files:
        sounds += [(mono, rate_hz) for mono in measured.excerpts]
        shapes += measured.shapes
        if measured.whole is not None:
            sounds.append((measured.whole, rate_hz))
            shapes.append(measured.shapes[0])  # nobody asks for it
    heard = iter(hear(sounds, shapes))
    found: list[Hearing] = []
    for measured, _rate_hz in files:
        takes = list(islice(heard, len(measured.excerpts)))
        if measured.whole is not None:
            whole = next(heard)
            takes = [take.within(whole) for take in takes]
        found += takes
    return found


def _described(
    asset: Asset, measured: _Measured, embedder: Embedder, heard: list[tuple[bytes, bytes]]
) -> Described:
    hearings = tuple(heard[index][1] for index in measured.embedded if heard[index][1])
    cat_ids: list[tuple[str, float]] = []
    if asset.cat_id is None:
        scores = [unpack_hearing(hearing).scores for _vector, hearing in heard if hearing]
        kinds = kinds_of_takes([np.frombuffer(v, "<f2") for v, _hearing in heard], embedder.name)
        cat_ids = likely_cat_ids(asset.path, scores_of_takes(scores), kinds)
    return Described(
        asset=asset,
        cat_ids=tuple(cat_ids),
        model=embedder.name,
        vectors=tuple(heard[index][0] for index in measured.embedded),
        hearings=hearings,
        dimensions=embedder.dimensions,
        peak_levels=measured.peak_levels,
        peak_numbers=measured.peak_numbers,
    )


def _layout(channels: int) -> Layout:
    try:
        return layout_for(channels)
    except AudioError:
        return Layout(f"{channels} channels", tuple(f"Ch{n + 1}" for n in range(channels)))
