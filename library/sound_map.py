"""A map of sounds: what is alike lies together. One HTML page that needs nothing else."""

import html
import sqlite3
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from db import vectors as vectors_of
from library import LibraryError
from library.catalogue import likeliest_cat_ids
from library.likeness import middle
from library.search import Hit, search
from library.ucs import category_of

_SIDE, _EDGE = 1000, 30
_TOO_FEW = 8  # for neighbourhoods to mean anything
_COMPONENTS, _ROUNDS = 32, 500  # trustworthiness .963 on 960 recordings; of all, 1,000 times: .960

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<style>
body {{ margin: 0; font: 14px system-ui, sans-serif; background: #14161a; color: #dde; }}
header {{ padding: 10px 16px; display: flex; gap: 16px; align-items: baseline; }}
input {{ background: #22262c; color: inherit; border: 1px solid #445; padding: 4px 8px; }}
svg {{ display: block; width: 100%; height: calc(100vh - 90px); }}
circle {{ opacity: .85; cursor: pointer; }} circle:hover {{ stroke: #fff; stroke-width: 2; }}
circle.off {{ opacity: .08; }} #told {{ padding: 4px 16px; min-height: 1.4em; }}
</style></head><body>
<header><b>{title}</b><span>{count} sounds</span><input id="word" placeholder="filter"></header>
<svg viewBox="0 0 {side} {side}" role="img" aria-label="{title}">
{dots}
</svg><div id="told"></div>
<script>
const dots = [...document.querySelectorAll("circle")], told = document.getElementById("told");
for (const dot of dots) dot.onmouseenter = dot.onclick = () => told.textContent = dot.dataset.told;
document.getElementById("word").oninput = event => {{
  const words = event.target.value.toLowerCase().split(/\\s+/);
  for (const dot of dots) {{
    const text = dot.dataset.told.toLowerCase();
    dot.classList.toggle("off", !words.every(word => text.includes(word)));
  }}
}};
</script></body></html>
"""


def laid_out(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """A place in the unit square for each vector (n, 2): t-SNE, or PCA where there are few."""
    if len(vectors) < _TOO_FEW:
        return by_components(vectors)
    from sklearn.manifold import TSNE
    from threadpoolctl import threadpool_limits

    parts = _components(vectors - vectors.mean(axis=0), _COMPONENTS)
    begin = 1e-4 * parts[:, :2] / max(float(parts[:, 0].std()), 1e-9)  # so it does not turn over
    perplexity = min(30.0, (len(vectors) - 1) / 3)
    tsne = TSNE(perplexity=perplexity, init=begin, random_state=0, max_iter=_ROUNDS)
    with threadpool_limits(1):  # threads that wait for each other's gradients take far longer
        return _in_unit_square(tsne.fit_transform(parts))


def by_components(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """A place in the unit square for each vector (n, 2), by principal components: at once."""
    if not len(vectors):
        return np.zeros((0, 2), np.float32)
    return _in_unit_square(_components(vectors - vectors.mean(axis=0), 2))


def _components(centred: NDArray[np.float32], most: int) -> NDArray[np.float32]:
    """The first principal components of each, (n, at most `most`); missing ones are 0."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        axes = np.linalg.eigh(centred.T @ centred)[1][:, ::-1][:, :most]
    kept: NDArray[np.float32] = centred @ axes
    return np.pad(kept, ((0, 0), (0, max(0, 2 - kept.shape[1]))))


def _in_unit_square(places: NDArray[np.float32]) -> NDArray[np.float32]:
    low, high = places.min(axis=0, initial=0.0), places.max(axis=0, initial=0.0)
    scaled: NDArray[np.float32] = (places - low) / np.maximum(high - low, 1e-9)
    return scaled


def page(
    title: str,
    hits: Sequence[Hit],
    vectors: NDArray[np.float32],
    likely: Mapping[int, str] = MappingProxyType({}),
) -> str:
    """The map of hits, each with its vector, as HTML.

    Args:
        likely: by asset id, the likeliest CatID of sounds that have none.
    """
    dots = []
    for hit, (x, y) in zip(hits, laid_out(vectors), strict=True):
        asset = hit.asset
        guess = likely.get(asset.id)
        kind = asset.cat_id or (f"{guess}?" if guess else "no CatID")
        told = f"{asset.root}/{asset.path} · {asset.duration_s:.2f} s · {kind}"
        guessed = category_of(guess) if guess else None
        category = asset.category or (guessed.category if guessed else "")
        hue = zlib.crc32(category.encode()) % 360
        # A guess is paler.
        colour = f"hsl({hue} {65 if asset.category else 30}% 60%)" if category else "#889"
        place = [_EDGE + (_SIDE - 2 * _EDGE) * float(part) for part in (x, y)]
        text = html.escape(told, quote=True)
        dots.append(
            f'<circle cx="{place[0]:.1f}" cy="{place[1]:.1f}" r="6" fill="{colour}"'
            f' data-told="{text}"><title>{text}</title></circle>'
        )
    return _PAGE.format(title=html.escape(title), count=len(hits), side=_SIDE, dots="\n".join(dots))


def draw(connection: sqlite3.Connection, query: str, limit: int, path: Path) -> int:
    """Write the map of what a query finds; how many sounds are on it.

    Raises:
        LibraryError: the library has no vectors, or the page cannot be written.
    """
    model = vectors_of.chief(connection)
    if model is None:
        raise LibraryError("this library has no vectors yet; let its scan finish")
    shown, directions = [], []
    for hit in search(connection, query, limit=limit).hits:
        rows = vectors_of.of_asset(connection, hit.asset.id, model["id"])
        if rows:
            numbers = np.array([np.frombuffer(row["numbers"], np.float16) for row in rows])
            lengths = [row["end_samples"] - row["start_samples"] for row in rows]
            directions.append(middle(numbers.astype(np.float32), lengths))
            shown.append(hit)
    vectors = np.array(directions, np.float32).reshape(len(shown), -1 if shown else 0)
    likely = likeliest_cat_ids(connection, [hit.asset for hit in shown])
    text = page(query or "All sounds", shown, vectors, likely)
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as problem:
        raise LibraryError(f"{path} cannot be written: {problem.strerror}") from problem
    return len(shown)
