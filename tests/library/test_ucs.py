"""UCS: names read, checked and built; categories, synonyms and what words speak of."""

import csv
import subprocess
import sys
from pathlib import PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from library import LibraryError, ucs_words
from library.ucs import (
    LANGUAGES,
    UcsName,
    UcsNameError,
    build_file_name,
    categories,
    category_of,
    find_categories,
    parse_file_name,
    read_name,
    suggest_cat_ids,
    synonyms,
)


def test_every_file_name_of_the_shared_table_is_read_as_it_says(shared):
    with (shared / "conformance/tables/ucs_filenames.tsv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    assert len(rows) >= 12
    for row in rows:
        if not row["CatID"]:
            with pytest.raises(UcsNameError):
                parse_file_name(row["filename"])
            continue
        name = parse_file_name(row["filename"])
        assert name.cat_id == row["CatID"]
        assert (name.user_category or "") == (row["UserCategory"] or "")
        assert (name.vendor_category or "") == (row["VendorCategory"] or "")
        assert name.fx_name == row["FXName"]
        assert (name.creator_id, name.source_id) == (row["CreatorID"], row["SourceID"])
        assert (name.user_data or "") == (row["UserData"] or "")


def test_the_table_is_the_official_one(shared):
    with (shared / "ucs/ucs-8.2.1.tsv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    for row in rows:
        ours = category_of(row["cat_id"], row["language"])
        assert (ours.category, ours.subcategory) == (
            row["category"].strip(),
            row["subcategory"].strip(),
        )
        for word in ours.synonyms:
            assert word in row["synonyms"]


def test_753_cat_ids_in_82_categories_and_21_languages():
    # UCS 8.2.1, "Full List": 753 CatIDs, 82 categories.
    assert len(categories()) == 753
    assert len({entry.category for entry in categories().values()}) == 82
    assert len(LANGUAGES) == 21
    assert all(len(categories(language)) == 753 for language in LANGUAGES)


def test_a_language_says_it_in_its_own_words():
    assert category_of("DOORWood", "de").category == "TÜR"
    assert category_of("DOORWood", "ja").subcategory == "木"
    assert "haustür" in synonyms("DOORWood", "de")
    assert category_of("AIRBlow", "ar") == category_of("AIRBlow")  # Arabic lacks this one row


@pytest.mark.parametrize(
    ("file_name", "problem"),
    [
        ("slam.wav", "slam.wav: a UCS name has 4 blocks, .*; found 1"),
        ("DOORWood_Slam_TC.wav", "found 3"),
        ("DOORWod_Slam_TC_LIB.wav", "'DOORWod' is not a UCS CatID; did you mean DOORWood?"),
        ("doorwood_Slam_TC_LIB.wav", "did you mean DOORWood?"),
        ("DOORWood__TC_LIB.wav", "FXName of .* is empty"),
        ("DOORWood-_Slam_TC_LIB.wav", "UserCategory of .* is empty"),
        ("DOORWood_Slam__.wav", "CreatorID and SourceID of .* are empty"),
        ("", "found 1"),
    ],
)
def test_a_wrong_name_is_refused_with_what_would_be_right(file_name, problem):
    with pytest.raises(UcsNameError, match=problem):
        parse_file_name(file_name)


def test_a_name_is_read_with_and_without_folders_suffix_and_dots():
    expected = parse_file_name("GUNAuto_Uzi 9.5mm Burst_TN_DORY")
    assert expected.fx_name == "Uzi 9.5mm Burst"
    assert parse_file_name(PurePath("a_b/c.d/GUNAuto_Uzi 9.5mm Burst_TN_DORY.wav")) == expected
    assert parse_file_name("GUNAuto_x_TN_DORY 2.0.aiff").source_id == "DORY 2.0"


blocks = st.text(
    st.characters(exclude_characters='_/\\:*?"<>|.\x7f', exclude_categories=["Cc", "Cs", "Z"]),
    min_size=1,
    max_size=12,
)
names = st.builds(
    UcsName,
    cat_id=st.sampled_from(sorted(categories())),
    fx_name=blocks,
    creator_id=blocks,
    source_id=blocks,
    user_category=st.none() | blocks,
    user_data=st.none() | st.lists(blocks, min_size=1, max_size=3).map("_".join),
)


@given(names, st.sampled_from(["", ".wav", ".flac", ".AIFF"]))
def test_what_is_built_is_read_back(name, suffix):
    file_name = build_file_name(name, suffix)
    assert parse_file_name(file_name) == name
    assert read_name(file_name) == name


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"cat_id": "DOORWod"}, "did you mean DOORWood"),
        ({"fx_name": "Slam_Hard"}, "separates blocks"),
        ({"fx_name": ""}, "FXName"),
        ({"creator_id": " "}, "CreatorID"),
        ({"source_id": "A/B"}, "cannot hold everywhere"),
        ({"source_id": "Vol.two"}, "ends like a suffix"),
    ],
)
def test_what_cannot_be_read_back_is_not_built(changed, problem):
    fields = {"cat_id": "DOORWood", "fx_name": "Slam", "creator_id": "TC", "source_id": "LIB"}
    with pytest.raises(UcsNameError, match=problem):
        build_file_name(UcsName(**{**fields, **changed}))


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text):
    read_name(text)
    try:
        parse_file_name(text)
    except UcsNameError as problem:
        assert str(problem)


@pytest.mark.parametrize(
    ("file_name", "cat_id", "fx_name", "creator_id"),
    [
        ("DoorWood_Slam_XX_LIB.wav", "DOORWood", "Slam", "XX"),
        ("123456__user__gunauto_uzi_tn_dory.wav", "GUNAuto", "uzi", "tn"),
        ("123456__some_user__doorwood_slam_tn_dory.wav", "DOORWood", "slam", "tn"),
        ("DOORWood_Slam.wav", "DOORWood", "Slam", ""),
        ("RAIN_Light Steady.wav", "RAIN", "Light Steady", ""),
    ],
)
def test_a_loose_name_still_tells_its_cat_id(file_name, cat_id, fx_name, creator_id):
    name = read_name(file_name)
    assert name is not None
    assert (name.cat_id, name.fx_name, name.creator_id) == (cat_id, fx_name, creator_id)


@pytest.mark.parametrize("file_name", ["rain_heavy_02.wav", "Rain_a_b_c.wav", "slam.wav", "A.wav"])
def test_a_plain_word_is_not_taken_for_a_cat_id(file_name):
    assert read_name(file_name) is None


@pytest.mark.parametrize(
    ("words", "cat_id"),
    [
        ("wooden door", "DOORWood"),
        ("rain on metal", "RAINMetl"),
        ("pistol", "GUNPis"),
        ("Schritte Mensch", "FEETHmn"),
        ("bois porte", "DOORWood"),
        ("porte d'entree", "DOORWood"),  # an accent left out
        ("木門", "DOORWood"),  # Japanese says it with a blank, Chinese without
        ("дверь вход", "DOORWood"),
        ("thunder", "THUN"),
        ("human footsteps", "FEETHmn"),
    ],
)
def test_words_of_any_language_find_their_category(words, cat_id):
    assert cat_id in [found for found, _ in find_categories(words)[:5]]


def test_a_language_can_be_asked_for_alone():
    assert find_categories("haustür", ["de"])[0][0] in categories()
    assert find_categories("haustür", ["ja"]) == []
    assert find_categories("") == find_categories("xqzzy") == []


def test_a_sound_without_a_ucs_name_gets_suggestions_with_probabilities():
    guesses = suggest_cat_ids("wooden_door_creak_01.wav", ["SFX", "Doors"])
    assert len(guesses) == 5
    assert guesses[0][0] in {"DOORWood", "DOORCreak"}
    probabilities = [probability for _, probability in guesses]
    assert probabilities == sorted(probabilities, reverse=True)
    assert 0 < sum(probabilities) <= 1
    assert suggest_cat_ids("A101_4.WAV") == []


def test_folders_help_where_the_name_says_nothing():
    assert suggest_cat_ids("001.wav", ["thunder"])[0][0] == "THUN"


@pytest.mark.parametrize(
    ("name", "cat_id"),
    [
        ("DoorOpen1", "DOORMisc"),  # and no car's, which has a row named door
        ("metal_door_close", "DOORMetl"),
        ("car door slam", "VEHDoor"),
        ("rain on metal roof", "RAINMetl"),
        ("glass", "GLASMisc"),
        ("wind", "WIND"),
    ],
)
def test_what_bears_the_name_of_a_category_is_of_that_category(name, cat_id):
    suggested = [cat_id for cat_id, _ in suggest_cat_ids(name)]
    assert cat_id in suggested[:2]


def test_an_unknown_language_or_cat_id_is_refused_with_what_there_is():
    with pytest.raises(LibraryError, match=r"no language 'xx'; it has en, ar"):
        categories("xx")
    with pytest.raises(LibraryError, match="did you mean DOORWood"):
        category_of("doorwood")


def test_reading_names_imports_nothing_heavy():
    heavy = "numpy librosa sklearn scipy soundfile sqlite3"
    code = f"import sys, library.ucs; print(sorted(set('{heavy}'.split()) & set(sys.modules)))"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"


@pytest.mark.parametrize("few", [10**9, -1])
def test_a_word_is_found_in_the_table_as_it_lies_and_in_its_lines(monkeypatch, few):
    monkeypatch.setattr(ucs_words, "_FEW_WORDS", few)
    lines = [line.split(b"\t") for line in ucs_words._index().split(b"\n") if line]
    for word, places in [*lines[::250], lines[-1]]:
        assert ucs_words._line_of(word + b"\t") == places.decode()
    for unknown in (b"no such word\t", b"\t", b"\xff\t"):
        assert ucs_words._line_of(unknown) is None
