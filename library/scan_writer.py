"""What workers found, into the catalogue: one batch, one transaction."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from db import assets, refusals
from db.connect import transaction
from library.asset import Asset
from library.catalogue import Described, folders, put, put_metadata
from library.describe import Renewed
from library.relink import Lost, Missing
from library.scan_work import File, Outcome, Refused

_ASIDE = ".aside"  # a folder that no scan looks into
_PLACE = ("root", "path", "size_bytes", "modified_ns")


class Writer:
    """Writes the outcomes of a scan and counts them."""

    def __init__(self, connection: sqlite3.Connection, missing: Iterable[Missing]) -> None:
        self._connection = connection
        self._lost = Lost(missing)
        self._folders = folders(connection)
        self.not_settled: list[File] = []  # thought to be known sounds, but another file was
        self.done_files = self.new = self.changed = self.moved = self.refused = 0
        self.audio_s = 0.0
        self._aside: set[int] = set()  # sounds whose places others have taken

    def write(self, batch: Sequence[File], outcomes: Sequence[Outcome]) -> None:
        """Remember what became of a batch, all of it or nothing."""
        with transaction(self._connection):
            for file, outcome in zip(batch, outcomes, strict=True):
                if isinstance(outcome, Described):
                    self._described(outcome)
                elif isinstance(outcome, Renewed):
                    self._renewed(file, outcome)
            described = [outcome for outcome in outcomes if isinstance(outcome, Described)]
            put(self._connection, described)
            self._refuse([outcome for outcome in outcomes if isinstance(outcome, Refused)])
        self.done_files += len(batch)

    def refuse(self, refused: Sequence[Refused]) -> None:
        """Remember files that did not even get to a worker."""
        with transaction(self._connection):
            self._refuse(refused)

    def forget_refusals(self, gone: Sequence[tuple[str, str]]) -> None:
        """Forget that files (root, path) were refused, for they are there no more."""
        with transaction(self._connection):
            for root, path in gone:
                refusals.remove(self._connection, root, [path])

    def still_missing(self) -> list[Missing]:
        """Sounds whose files have not turned up yet."""
        return self._lost.left()

    def _described(self, found: Described) -> None:
        asset = found.asset
        self.audio_s += asset.duration_s
        known = self._row_at(asset)
        number = self._claim(asset)
        if number is None and known is None:
            self.new += 1
        elif number is None or (known is not None and known["id"] == number):
            self.changed += 1
        else:
            self.moved += 1
        self._put_in_place(asset, number)

    def _renewed(self, file: File, found: Renewed) -> None:
        asset = found.asset
        known = self._row_at(asset)
        number = self._claim(asset)
        if number is None:  # another file with this sound was quicker
            self.not_settled.append(file)
            self.done_files -= 1
            return
        if known is not None and known["id"] == number:
            self.changed += 1
        else:
            self.moved += 1
        self._put_in_place(asset, number)
        row = assets.by_ids(self._connection, [number])[number]
        kept = ("id", "duration_samples", "loudness_lufs", "true_peak_dbtp")
        renewed = replace(asset, **{name: row[name] for name in kept})
        put_metadata(self._connection, [renewed])

    def _row_at(self, asset: Asset) -> sqlite3.Row | None:
        return assets.at_place(self._connection, asset.root, asset.path)

    def _put_in_place(self, asset: Asset, number: int | None) -> None:
        """Make room where `asset` is, and bring the row of this number there, if there is one."""
        row = self._row_at(asset)
        if row is not None and row["id"] != number:
            # Its own file may come up later in this scan. Were the scan killed before, the
            # next one would find it missing here, and look for it.
            aside = dict(row) | {"path": f"{_ASIDE}/{row['id']}"}
            assets.move(self._connection, [aside])
            self._aside.add(row["id"])
        if number is not None:
            self._aside.discard(number)
            place = {name: getattr(asset, name) for name in _PLACE} | {"id": number}
            assets.move(self._connection, [place])

    def _claim(self, asset: Asset) -> int | None:
        """The asset that this is: one that lost its file, or stands here with this very sound.

        Also one of a root that is not scanned now, where its file is gone from there.
        """
        lost = self._lost.claim(asset.sound_hash, asset.root, asset.path)
        if lost is not None:
            return lost.asset_id
        known = self._row_at(asset)
        if known is not None and known["sound_hash"] == asset.sound_hash:
            return int(known["id"])
        for row in assets.with_sound(self._connection, asset.sound_hash):
            folder = self._folders.get(row["root"])
            # A root that is not mounted tells nothing about its files.
            if folder is None or not folder.is_dir() or not any(folder.iterdir()):
                continue
            if not (folder / row["path"]).exists():
                return int(row["id"])
        return None

    def forget(self, gone: Iterable[Missing]) -> None:
        """Drop these sounds, and those whose files hold other sounds now."""
        with transaction(self._connection):
            assets.remove(self._connection, [each.asset_id for each in gone])
            assets.remove(self._connection, sorted(self._aside))

    def _refuse(self, refused: Sequence[Refused]) -> None:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        for each in refused:
            place = each.place
            row = assets.at_place(self._connection, place.root, place.path)
            if row is not None:  # it was a sound once, and is none any more
                assets.remove(self._connection, [row["id"]])
        refusals.put(
            self._connection,
            [
                {
                    "root": each.place.root,
                    "path": each.place.path,
                    "size_bytes": each.place.size_bytes,
                    "modified_ns": each.place.modified_ns,
                    "reason": each.reason,
                    "refused_at": now,
                }
                for each in refused
            ],
        )
        self.refused += len(refused)
