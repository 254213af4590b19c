"""The map: one page that needs nothing else, on which what is alike lies together."""

import re
from contextlib import closing
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest

from db.connect import open_catalogue
from library.sound_map import draw, laid_out
from tests.library.shelf import described, put_all


def test_what_is_alike_lies_together():
    random = np.random.default_rng(2)
    middles = np.repeat(np.eye(3, 16), 12, axis=0)
    places = laid_out((middles + 0.05 * random.standard_normal((36, 16))).astype(np.float32))
    assert places.min() >= 0 and places.max() <= 1
    away = np.linalg.norm(places[:, np.newaxis] - places, axis=2)
    np.fill_diagonal(away, np.inf)
    assert np.all(away.argmin(axis=1) // 12 == np.arange(36) // 12)


@pytest.mark.parametrize("n", [0, 1, 2, 7, 8, 9])
def test_few_sounds_have_places_too(n):
    places = laid_out(np.random.default_rng(n).standard_normal((n, 5)).astype(np.float32))
    assert places.shape == (n, 2)
    assert np.all(np.isfinite(places))


def test_the_page_names_each_sound_and_asks_no_network(tmp_path):
    put_all(
        tmp_path / "library.db",
        described('a/<b> & "c".wav', [[1, 0, 0]]),
        described("DOORWood_Slam_DUB_Test.wav", [[0, 1, 0], [0, 0.9, 0.1]]),
    )
    with closing(open_catalogue(tmp_path / "library.db")) as connection:
        assert draw(connection, "", 100, tmp_path / "map.html") == 2
    text = (tmp_path / "map.html").read_text(encoding="utf-8")
    assert not re.search(r"https?:|src=|@import|url\(", text)
    svg = ElementTree.fromstring(re.search(r"<svg.*?</svg>", text, re.DOTALL)[0])
    told = sorted(dot.attrib["data-told"] for dot in svg)
    assert told[0].startswith("Foley/DOORWood_Slam_DUB_Test.wav · 2.00 s · DOORWood")
    assert told[1].startswith('Foley/a/<b> & "c".wav')


def test_a_sound_without_a_cat_id_is_told_and_coloured_by_the_likeliest(tmp_path):
    likely = replace(described("a.wav", [[1, 0, 0]]), cat_ids=(("DOORWood", 0.6),))
    put_all(tmp_path / "library.db", likely, described("DOORMetl_Slam_DUB_Test.wav", [[0, 1, 0]]))
    with closing(open_catalogue(tmp_path / "library.db")) as connection:
        draw(connection, "", 100, tmp_path / "map.html")
    dots = dict(
        re.findall(
            r'fill="([^"]*)" data-told="[^"]* · (\w+\??)"', (tmp_path / "map.html").read_text()
        )
    )
    (guess, sure) = sorted(dots, key=dots.__getitem__, reverse=True)
    assert (dots[guess], dots[sure]) == ("DOORWood?", "DOORMetl")
    assert guess.split()[0] == sure.split()[0]  # both are doors
