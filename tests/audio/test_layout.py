"""Layouts: labels, orders, masks and suffixes, and what folding down makes of a channel."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio import AudioError
from audio.fold_down import fold_down, fold_matrix
from audio.layout import (
    LAYOUTS,
    Layout,
    group_split_files,
    label_of_suffix,
    layout_for,
    layout_from_labels,
    layout_from_mask,
)

any_layout = st.sampled_from(list(LAYOUTS.values()))
any_order = st.sampled_from(["wave", "smpte", "film"])


@pytest.mark.parametrize(
    ("name", "mask"),
    [  # ksmedia.h: KSAUDIO_SPEAKER_…
        ("mono", 0x4),
        ("stereo", 0x3),
        ("quad", 0x33),
        ("5.1", 0x3F),
        ("7.1", 0x63F),
        ("7.1.4", 0x2D63F),
    ],
)
def test_speaker_masks_of_the_wave_format(name, mask):
    assert LAYOUTS[name].speaker_mask == mask
    assert layout_from_mask(mask, LAYOUTS[name].channels) == LAYOUTS[name]


def test_a_mask_is_only_given_in_its_own_order():
    assert LAYOUTS["7.1"].in_order("smpte").speaker_mask == 0
    assert LAYOUTS["5.1"].in_order("film").speaker_mask == 0
    assert LAYOUTS["5.1"].in_order("smpte").speaker_mask == 0x3F


def test_other_masks_of_recorders_and_workstations():
    assert layout_from_mask(0x60F, 6) == LAYOUTS["5.1"]  # sides instead of backs
    assert layout_from_mask(0, 2) == LAYOUTS["stereo"]
    assert layout_from_mask(0x3, 4).labels == ("L", "R", "3", "4")  # fewer bits than channels
    assert layout_from_mask(0x3F, 2).labels == ("L", "R")  # and more
    assert layout_from_mask(0x80000000, 1).labels == ("bit31",)


@pytest.mark.parametrize(
    ("name", "order", "labels"),
    [
        ("5.1", "smpte", "L R C LFE Ls Rs"),  # SMPTE ST 320
        ("5.1", "film", "L C R Ls Rs LFE"),
        ("7.1", "smpte", "L R C LFE Lss Rss Lsr Rsr"),
        ("7.1", "film", "L C R Lss Rss Lsr Rsr LFE"),
        ("7.1", "wave", "L R C LFE Lsr Rsr Lss Rss"),
        ("7.1.4", "film", "L C R Lss Rss Lsr Rsr LFE Ltf Rtf Ltr Rtr"),
        ("LCR", "film", "L C R"),
    ],
)
def test_orders(name, order, labels):
    assert LAYOUTS[name].in_order(order).labels == tuple(labels.split())


@given(any_layout, any_order, any_order)
def test_every_order_leads_back(layout, there, back):
    ordered = layout.in_order(there)
    assert ordered.in_order(back) == layout.in_order(back)
    samples = np.arange(layout.channels)[np.newaxis, :]
    moved = samples[:, ordered.indices_from(layout)]
    np.testing.assert_array_equal(moved[:, layout.indices_from(ordered)], samples)
    assert [layout.labels[i] for i in moved[0]] == list(ordered.labels)


@given(any_layout, any_order)
def test_a_layout_is_known_again_by_its_labels(layout, order):
    ordered = layout.in_order(order)
    assert layout_from_labels(ordered.labels) == ordered
    assert layout_for(layout.name) == layout
    assert layout_for(layout.name.upper()) == layout


@pytest.mark.parametrize("channels", range(1, 17))
def test_any_number_of_channels_has_a_layout(channels):
    layout = layout_for(channels)
    assert layout.channels == channels
    assert len(layout.loudness_weights) == channels


def test_loudness_weights_by_place():
    # BS.1770-5, Table 4: 1.41 where 60 to 120 degrees aside and below 30 degrees up.
    assert LAYOUTS["5.1"].loudness_weights == (1, 1, 1, 0, 1.41, 1.41)
    assert LAYOUTS["7.1"].loudness_weights == (1, 1, 1, 0, 1, 1, 1.41, 1.41)
    assert LAYOUTS["7.1.4"].loudness_weights == (1, 1, 1, 0, 1, 1, 1.41, 1.41, 1, 1, 1, 1)


@pytest.mark.parametrize(
    ("name", "split"),
    [
        ("R2_FX.L", ("R2_FX", "L")),
        ("R2_FX.LFE", ("R2_FX", "LFE")),
        ("R2_FX.Lfe", ("R2_FX", "LFE")),
        ("R2 v1.2.Rs", ("R2 v1.2", "Rs")),
        ("R2.lss", ("R2", "Lss")),
        ("R2.Lrs", ("R2", "Lsr")),
        ("Door v1.2", None),
        (".L", None),
        ("L", None),
    ],
)
def test_suffixes_of_split_files(name, split):
    assert label_of_suffix(name) == split


@given(any_layout)
def test_split_files_of_a_layout_are_grouped(layout):
    names = [f"Reel 1.{label}" for label in layout.labels] + ["Reel 1", "Other"]
    groups = group_split_files(names)
    assert list(groups) == ["Reel 1"]
    assert layout_from_labels(tuple(groups["Reel 1"])) == layout


def test_what_no_layout_is_is_refused():
    with pytest.raises(AudioError, match=r"'5\.2' is not a channel layout; one of mono"):
        layout_for("5.2")
    with pytest.raises(AudioError, match="0 channels"):
        layout_for(0)
    with pytest.raises(AudioError, match="L more than once"):
        Layout("odd", ("L", "R", "L"))
    with pytest.raises(AudioError, match="has no channel C; it has L R"):
        LAYOUTS["stereo"].index("C")
    with pytest.raises(AudioError, match="not a channel order; one of wave, smpte, film"):
        LAYOUTS["5.1"].in_order("dts")
    with pytest.raises(AudioError, match="the labels differ"):
        LAYOUTS["LCR"].indices_from(LAYOUTS["5.1"])


def test_folding_3_2_down_follows_bs_775():
    def gains(source, target):
        return fold_matrix(LAYOUTS[source], LAYOUTS[target])

    # ITU-R BS.775-4, Annex 4, Table 2.
    np.testing.assert_allclose(
        gains("5.0", "stereo"), [[1, 0, 0.7071, 0.7071, 0], [0, 1, 0.7071, 0, 0.7071]], atol=1e-4
    )
    np.testing.assert_allclose(gains("5.0", "mono"), [[0.7071, 0.7071, 1.0, 0.5, 0.5]], atol=1e-4)
    np.testing.assert_allclose(
        gains("5.0", "LCR"),
        [[1, 0, 0, 0.7071, 0], [0, 1, 0, 0, 0.7071], [0, 0, 1, 0, 0]],
        atol=1e-4,
    )
    np.testing.assert_allclose(gains("stereo", "mono"), [[0.7071, 0.7071]], atol=1e-4)


def test_lfe_is_left_out_where_there_is_none_and_kept_where_there_is():
    assert not fold_matrix(LAYOUTS["5.1"], LAYOUTS["stereo"])[:, 3].any()
    assert fold_matrix(LAYOUTS["7.1"], LAYOUTS["5.1"])[3, 3] == 1


@given(any_layout, any_layout, any_order)
def test_a_fold_knows_labels_not_places(source, target, order):
    if source.channels < target.channels:
        return
    samples = np.random.default_rng(5).normal(size=(20, source.channels)).astype(np.float32)
    try:
        folded = fold_down(samples, source, target)
    except AudioError:
        return
    moved = source.in_order(order)
    again = fold_down(samples[:, moved.indices_from(source)], moved, target)
    np.testing.assert_allclose(again, folded, atol=1e-5)


def test_what_cannot_be_folded_is_refused():
    with pytest.raises(AudioError, match="channel 1 of discrete has no way into stereo"):
        fold_matrix(layout_for(9), LAYOUTS["stereo"])
    with pytest.raises(AudioError, match=r"2 channels are not a 5\.1 of 6"):
        fold_down(np.zeros((5, 2), dtype=np.float32), LAYOUTS["5.1"], LAYOUTS["stereo"])
