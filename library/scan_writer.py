"""What workers found, into the catalogue: one batch, one transaction."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from db import assets, refusals
from db.connect import transaction
from library.catalogue import Described, folders, put, put_metadata
from library.describe import Renewed
from library.relink import Lost, Missing
from library.scan_work import File, Outcome, Refused


class Writer:
    """Writes the outcomes of a scan and counts them."""

    def __init__(self, connection: sqlite3.Connection, missing: Iterable[Missing]) -> None:
        self._connection = connection
        self._lost = Lost(missing)
        self._folders = folders(connection)
        self.not_settled: list[File] = []  # thought to be known sounds, but another file was
        self.done_files = self.new = self.changed = self.moved = self.refused = 0
        self.audio_s = 0.0

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

    def still_missing(self) -> list[Missing]:
        """Sounds whose files have not turned up yet."""
        return self._lost.left()

    def _described(self, found: Described) -> None:
        asset = found.asset
        self.audio_s += asset.duration_s
        at_place = assets.at_place(self._connection, asset.root, asset.path)
        if at_place is not None:
            self.changed += 1
            return
        moved = self._claim(asset.sound_hash, asset.path)
        if moved is None:
            self.new += 1
            return
        self.moved += 1
        place = {
            "id": moved,
            "root": asset.root,
            "path": asset.path,
            "size_bytes": asset.size_bytes,
            "modified_ns": asset.modified_ns,
        }
        assets.move(self._connection, [place])

    def _renewed(self, file: File, found: Renewed) -> None:
        asset = found.asset
        row = assets.at_place(self._connection, asset.root, asset.path)
        if row is not None and row["sound_hash"] == asset.sound_hash:
            self.changed += 1
        else:
            number = self._claim(asset.sound_hash, asset.path)
            if number is None:
                self.not_settled.append(file)
                self.done_files -= 1
                return
            if row is not None:  # another sound was here
                assets.remove(self._connection, [row["id"]])
            row = assets.by_ids(self._connection, [number])[number]
            self.moved += 1
        kept = ("id", "duration_samples", "loudness_lufs", "true_peak_dbtp")
        renewed = replace(asset, **{name: row[name] for name in kept})
        put_metadata(self._connection, [renewed])

    def _claim(self, sound_hash: str, path: str) -> int | None:
        """The asset that lost its file and has this sound; also one of a root not scanned now."""
        missing = self._lost.claim(sound_hash, path)
        if missing is not None:
            return missing.asset_id
        for row in assets.with_sound(self._connection, sound_hash):
            folder: Path = self._folders[row["root"]]
            # A root that is not mounted tells nothing about its files.
            if folder.is_dir() and any(folder.iterdir()) and not (folder / row["path"]).exists():
                return int(row["id"])
        return None

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
