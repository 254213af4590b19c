"""A new model: vectors are made anew, of what was heard where that is enough; none is lost."""

from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest

from db import hearings, vectors
from db.connect import open_catalogue
from library import embedding, models_changed, scan_work
from library.embedding import TwoNetworks
from library.hearings import pack, unpack
from library.projection import load_projection
from library.search import search


class Other:
    """Another model altogether: how long a sound is, and little else."""

    name, dimensions = "other/1", 3

    def embed(self, sounds):
        return np.array(
            [[1.0, len(samples) / 96_000, 0.1] for samples, _rate in sounds], np.float32
        )


@pytest.fixture
def hear_with(monkeypatch):
    def choose(embedder):
        scan_work._embedder.cache_clear()
        for module in (embedding, models_changed, scan_work):
            monkeypatch.setattr(module, "default_embedder", lambda: embedder)

    yield choose
    scan_work._embedder.cache_clear()


def of_chief(catalogue):
    with closing(open_catalogue(catalogue)) as connection:
        chief = vectors.chief(connection)
        return chief["name"], vectors.count(connection, chief["id"])


def test_a_new_projection_is_made_of_what_was_heard_before(shelf, hear_with):
    for seed in range(4):
        shelf.add(f"{seed}.wav", seed)
    shelf.scan()
    old = embedding.default_embedder().name
    assert of_chief(shelf.catalogue) == (old, 4)
    newer = TwoNetworks(replace(load_projection(), version=99))
    hear_with(newer)
    for path in shelf.folder.iterdir():  # not one of them can be read again
        path.chmod(0)
    result = shelf.scan()
    assert (result.unchanged, result.changed, result.refused) == (4, 0, 0)
    assert of_chief(shelf.catalogue) == (newer.name, 4)


def test_with_other_networks_every_sound_is_heard_again_and_ids_stay(shelf, hear_with):
    for seed in range(4):
        shelf.add(f"{seed}.wav", seed, seconds=0.2 + 0.1 * seed)
    shelf.scan()
    before = shelf.ids()
    hear_with(Other())
    result = shelf.scan()
    assert (result.changed, result.new, result.unchanged) == (4, 0, 0)
    assert shelf.ids() == before
    assert of_chief(shelf.catalogue) == ("other/1", 4)
    with closing(open_catalogue(shelf.catalogue)) as connection:
        assert search(connection, "", like=["1.wav"]).hits
    assert shelf.scan().unchanged == 4


def test_a_change_that_is_not_finished_leaves_the_old_model_in_use(shelf, hear_with):
    for seed in range(4):
        shelf.add(f"sub {seed % 2}/{seed}.wav", seed)
    shelf.scan()
    old = embedding.default_embedder().name
    hear_with(Other())
    shelf.scan(shelf.folder / "sub 0")
    assert of_chief(shelf.catalogue) == (old, 4)
    shelf.scan()
    assert of_chief(shelf.catalogue) == ("other/1", 4)


def test_what_was_heard_is_kept_and_read_back(shelf):
    shelf.add("a.wav", 1)
    shelf.scan()
    with closing(open_catalogue(shelf.catalogue)) as connection:
        ((_take, numbers),) = hearings.every(connection)
    heard = unpack(numbers)
    assert (heard.aisfx.shape, heard.yamnet.shape, heard.scores.shape) == ((512,), (2560,), (521,))
    assert pack(heard) == numbers
