"""Sounds of files as they are compared; those that were asked for last are kept."""

from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from threading import Lock

from audio import AudioError
from audio.files import open_sound
from library.asset import Asset
from library.same_sound import COMPARE_MOST_S, Heard, to_compare

_KEPT_BYTES = 256_000_000


class HeardFiles:
    """Reads files by several threads. `n_read` counts how often one was read."""

    def __init__(self, roots: Mapping[str, Path], kept_bytes: int = _KEPT_BYTES) -> None:
        self._roots, self._most = roots, kept_bytes
        self._kept = OrderedDict[int, Heard | None]()
        self._bytes = 0
        self._lock = Lock()
        self.n_read = 0

    def of(self, asset: Asset | None) -> Heard | None:
        """The sound of a file, or None where it is gone or damaged since it was scanned."""
        if asset is None:
            return None
        with self._lock:
            if asset.id in self._kept:
                self._kept.move_to_end(asset.id)
                return self._kept[asset.id]
        heard = self._read(asset)
        with self._lock:
            self.n_read += 1
            if asset.id not in self._kept:
                self._kept[asset.id] = heard
                self._bytes += 0 if heard is None else heard.n_bytes
            while self._bytes > self._most and len(self._kept) > 1:
                _, oldest = self._kept.popitem(last=False)
                self._bytes -= 0 if oldest is None else oldest.n_bytes
        return heard

    def _read(self, asset: Asset) -> Heard | None:
        try:
            with open_sound(self._roots[asset.root] / asset.path) as sound:
                most = round(COMPARE_MOST_S * sound.sample_rate_hz)
                return to_compare(sound.read(0, most), sound.sample_rate_hz)
        except AudioError:
            return None
