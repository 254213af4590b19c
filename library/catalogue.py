"""Assets and takes as rows of the catalogue, and back; and the words that find them.

The only place that knows both the library's values and the tables of `db`.
"""

import hashlib
import json
import os
import re
import sqlite3
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path, PurePosixPath

from db import assets, hearings, peaks, refusals, roots, state, tags, takes, vectors, words
from db.connect import transaction
from library import LibraryError
from library.asset import Asset, Take
from library.spaceless import letter_by_letter

_INDEXED = "usual forms of letters, and letter by letter"  # how texts are, since when it is told
_AT_ONCE = 4096  # assets
_ID_DIGITS = 18  # more than an id has
ID_BITS = 52  # the largest whole number that JSON keeps exactly everywhere has 53
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=\d)(?=\D)|(?<=\D)(?=\d)")
_WORD = re.compile(r"[^\W_]+")
_ASSET_FIELDS = tuple(
    field.name for field in fields(Asset) if field.name not in ("takes", "facets")
)


@dataclass(frozen=True, kw_only=True)
class Described:
    """All that was learned of one file: the asset, and what is kept beside it."""

    asset: Asset
    model: str  # which network made `vectors`; "" for none
    vectors: tuple[bytes, ...]  # float16, one a take
    hearings: tuple[bytes, ...]  # library.hearings, one a take; () where the model has none
    dimensions: int
    peak_levels: str  # library.peaks
    peak_numbers: bytes
    cat_ids: tuple[tuple[str, float], ...] = ()  # suggested where the file names none


def id_of_sound(sound_hash: str, copy: int = 0) -> int:
    """The id of the first file with this sound, or of another file with the same (1, 2 …)."""
    if copy:
        sound_hash = hashlib.sha256(f"{sound_hash}:{copy}".encode()).hexdigest()
    return int(sound_hash[:16], 16) >> (64 - ID_BITS)


def free_id(connection: sqlite3.Connection, sound_hash: str, root: str, path: str) -> int:
    """The id for a file with this sound: the one that it has, or the first that no other has."""
    copy = 0
    while True:
        number = id_of_sound(sound_hash, copy)
        row = assets.by_ids(connection, [number]).get(number)
        if row is None or (row["root"], row["path"]) == (root, path):
            return number
        copy += 1


def put(connection: sqlite3.Connection, described: Sequence[Described]) -> None:
    """Remember files, with takes, vectors, peaks and words, in place of what stood there.

    One batch of a scan; the caller holds the transaction. `asset.id` is given
    here, whatever it says.
    """
    indexed: dict[int, words.Row] = {}
    for each in described:
        asset = each.asset
        number = free_id(connection, asset.sound_hash, asset.root, asset.path)
        at_place = assets.at_place(connection, asset.root, asset.path)
        if at_place is not None and at_place["sound_hash"] == asset.sound_hash:
            number = at_place["id"]
        elif at_place is not None:
            assets.remove(connection, [at_place["id"]])  # replaced by another sound
        asset = replace(asset, facets=asset.facets | tags.of_asset(connection, number))
        row = row_of_asset(asset) | {"id": number}
        assets.put(connection, [row])
        take_rows = [row_of_take(take) for take in asset.takes]
        take_ids = takes.replace(connection, number, take_rows)
        if each.vectors:
            model = vectors.model_id(connection, each.model, each.dimensions)
            if vectors.chief(connection) is None:
                vectors.make_chief(connection, each.model)
            pairs = zip(take_ids, each.vectors, strict=True)
            vectors.put(connection, [(take_id, model, numbers) for take_id, numbers in pairs])
        if each.hearings:
            networks = each.model.partition("/")[0]
            heard = zip(take_ids, each.hearings, strict=True)
            hearings.put(connection, [(take_id, networks, numbers) for take_id, numbers in heard])
        peaks.put(connection, number, each.peak_levels, each.peak_numbers)
        refusals.remove(connection, asset.root, [asset.path])
        tags.suggest(connection, number, "cat_id", each.cat_ids)
        indexed[number] = (number, *indexed_texts(asset))
    _index(connection, indexed)


def put_metadata(connection: sqlite3.Connection, renewed: Sequence[Asset]) -> None:
    """Remember what files say of themselves and where they are, their sound being as it was.

    `asset.id` is that of the row; takes, vectors and peaks stay.
    """
    from library.suggest import likely_cat_ids_of  # numpy, which most commands do without

    indexed: dict[int, words.Row] = {}
    for each in renewed:
        asset = replace(each, facets=each.facets | tags.of_asset(connection, each.id))
        assets.put(connection, [row_of_asset(asset)])
        refusals.remove(connection, asset.root, [asset.path])
        tags.suggest(connection, asset.id, "cat_id", likely_cat_ids_of(connection, asset))
        indexed[asset.id] = (asset.id, *indexed_texts(asset))
    _index(connection, indexed)


def index_anew(connection: sqlite3.Connection) -> int:
    """Index sounds again whose texts an older Dubstage indexed in another way; how many."""
    if state.get(connection, "indexed") == _INDEXED:
        return 0
    with transaction(connection):
        others = assets.not_in_ascii(connection)
        for start in range(0, len(others), _AT_ONCE):
            rows = assets.by_ids(connection, others[start : start + _AT_ONCE])
            some = {number: asset_of_row(row) for number, row in rows.items()}
            _index(connection, {n: (n, *indexed_texts(asset)) for n, asset in some.items()})
        state.put(connection, "indexed", _INDEXED)
    return len(others)


def likeliest_cat_ids(connection: sqlite3.Connection, some: Iterable[Asset]) -> dict[int, str]:
    """What is suggested most, by asset id, for those that have no CatID and anything is for."""
    bare = [asset.id for asset in some if asset.cat_id is None]
    return tags.likeliest(connection, bare, "cat_id")


def _index(connection: sqlite3.Connection, indexed: Mapping[int, words.Row]) -> None:
    words.put(connection, [indexed[number] for number in sorted(indexed)])
    terms = {term.lower() for row in indexed.values() for term in _WORD.findall(" ".join(row[1:5]))}
    words.put_terms(connection, sorted(term for term in terms if not term.isdigit()))


def indexed_texts(asset: Asset) -> tuple[str, str, str, str, str]:
    """What the word index holds of an asset: db.words.COLUMNS.

    Words run together are given both ways: "DoorSlam02" also as "Door Slam 02".
    """
    place = PurePosixPath(asset.path)
    category = " ".join(filter(None, (asset.category, asset.subcategory)))
    own_category = " ".join(filter(None, (asset.user_category, asset.vendor_category)))
    metadata = (
        asset.description,
        asset.keywords,
        place.stem if asset.fx_name != place.stem else "",
        " ".join(asset.facets.values()),
        asset.user_data or "",
        asset.creator_id or "",
        asset.source_id or "",
    )
    return (
        apart(asset.fx_name),
        f"{category} {apart(own_category)}",
        apart(" ".join(filter(None, metadata))),
        apart(" ".join((asset.root, *place.parent.parts))),
        asset.cat_id or "",
    )


def apart(text: str) -> str:
    """The text, and once more with words that run together taken apart, if there are any.

    Letters are in their usual form (NFKC), as `library.query` has them.

    >>> apart("CabinDoor02")
    'CabinDoor02 Cabin Door 02'
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    split = _CAMEL.sub(" ", text)
    ways = (text, split if split != text else "", letter_by_letter(text))
    return " ".join(filter(None, ways))


def row_of_asset(asset: Asset) -> dict[str, object]:
    """The row of table `asset`."""
    row: dict[str, object] = {name: getattr(asset, name) for name in _ASSET_FIELDS}
    return row | {"facets": json.dumps(asset.facets, ensure_ascii=False, sort_keys=True)}


def row_of_take(take: Take) -> dict[str, object]:
    """The row of table `take`, but for its asset's id."""
    return (
        {name: getattr(take, name) for name in takes.PLACE}
        | {name: take.features.get(name) for name in takes.FEATURES}
        | {"steady": json.dumps(take.steady)}
    )


def asset_of_row(row: sqlite3.Row, take_rows: Iterable[sqlite3.Row] = ()) -> Asset:
    """The asset of a row, with the takes of these rows."""
    values = {name: row[name] for name in _ASSET_FIELDS}
    of_rows = tuple(map(take_of_row, take_rows))
    return Asset(**values, facets=json.loads(row["facets"]), takes=of_rows)


def take_of_row(row: sqlite3.Row) -> Take:
    """The take of a row."""
    place = {name: row[name] for name in takes.PLACE}
    steady = tuple((start, end) for start, end in json.loads(row["steady"]))
    return Take(**place, steady=steady, features={name: row[name] for name in takes.FEATURES})


def asset_by_id(connection: sqlite3.Connection, number: int) -> Asset | None:
    """One asset with its takes, or None."""
    row = assets.by_ids(connection, [number]).get(number)
    return None if row is None else asset_of_row(row, takes.of_asset(connection, number))


def folders(connection: sqlite3.Connection) -> dict[str, Path]:
    """Where each root is on this machine, by name.

    $DUBSTAGE_ROOTS ("Foley=/mnt/foley", several apart by the system's path separator)
    overrules what the catalogue says, for machines that mount the storage elsewhere.
    """
    known = {name: Path(folder) for name, folder in roots.folders(connection).items()}
    mapped = mapped_roots(os.environ.get("DUBSTAGE_ROOTS", ""))
    return {name: mapped.get(name, folder) for name, folder in known.items()}


def mapped_roots(text: str) -> dict[str, Path]:
    """Folders by the names of roots, from "NAME=FOLDER" entries as $DUBSTAGE_ROOTS has them.

    Raises:
        LibraryError: an entry is not NAME=FOLDER.
    """
    mapped = {}
    for entry in filter(None, text.split(os.pathsep)):
        name, equals, folder = entry.partition("=")
        if not equals or not name or not folder:
            raise LibraryError(f"DUBSTAGE_ROOTS: {entry!r} is not NAME=FOLDER")
        mapped[name] = Path(folder)
    return mapped


def find_asset(
    connection: sqlite3.Connection, reference: str, *, unless_file: bool = False
) -> Asset | None:
    """The asset that an id or a path means: a full path, one below a root, or its ending.

    Args:
        unless_file: the path of a file that is there, but not in the library, is not an ending.

    Raises:
        LibraryError: several assets have a path with this ending.
    """
    if reference.isascii() and reference.isdigit() and len(reference) < _ID_DIGITS:
        asset = asset_by_id(connection, int(reference))
        if asset is not None:
            return asset
    full = Path(os.path.abspath(reference))  # noqa: PTH100 - a link is kept as it is written
    for name, folder in folders(connection).items():
        for candidate in (full, full.resolve()):
            if candidate.is_relative_to(folder):
                below = candidate.relative_to(folder).as_posix()
                row = assets.at_place(connection, name, below)
                if row is not None:
                    return asset_of_row(row, takes.of_asset(connection, row["id"]))
    if unless_file and full.is_file():
        return None
    ending = reference.replace(os.sep, "/").strip("/")
    rows = assets.with_path_ending(connection, ending, limit=2)
    if len(rows) > 1:
        some = " and ".join(f"{row['root']}/{row['path']}" for row in rows)
        raise LibraryError(f"{reference} may be {some}; give more of its path, or its id")
    return asset_of_row(rows[0], takes.of_asset(connection, rows[0]["id"])) if rows else None
