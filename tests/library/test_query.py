"""The query language: what editors type is read as they mean it, and nothing is refused."""

import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.conditions import Condition, Test
from db.find import is_field as is_column
from library import match
from library.query import Group, Query, Term, parse_query
from library.query_fields import FIELDS, read_filter


def test_words_phrases_exclusions_alternatives_and_beginnings():
    query = parse_query('gravel "slow walk" -rain boot* sand,dirt wood OR metal | glass')
    assert query.groups == (
        Group((Term("gravel"),)),
        Group((Term("slow walk", "phrase"),)),
        Group((Term("rain"),), negated=True),
        Group((Term("boot", "prefix"),)),
        Group((Term("sand"), Term("dirt"))),
        Group((Term("wood"), Term("metal"), Term("glass"))),
    )
    assert query.remarks == ()


def test_a_quote_that_is_still_open_is_a_phrase_whose_last_word_may_go_on():
    assert parse_query('"door op').groups == (Group((Term("door op", "prefix"),)),)
    assert parse_query('wood "').groups == (Group((Term("wood"),)),)


@pytest.mark.parametrize(
    ("typed", "condition"),
    [
        ("duration:<3s", Condition("duration_s", (Test("<", (3.0,)),))),
        ("duration:<=500ms", Condition("duration_s", (Test("<=", (0.5,)),))),
        ("duration:1..2m", Condition("duration_s", (Test("between", (60.0, 120.0)),))),
        ("rate:>=96k", Condition("sample_rate_hz", (Test(">=", (96000.0,)),))),
        ("rate:44.1k", Condition("sample_rate_hz", (Test("=", (44100.0,)),))),
        ("channels:1,2", Condition("channels", (Test("=", (1.0,)), Test("=", (2.0,))))),
        ("loudness:>-30", Condition("loudness_lufs", (Test(">", (-30.0,)),))),
        ("pitch:200..400hz", Condition("take.pitch_hz", (Test("between", (200.0, 400.0)),))),
        ("pitch:0.2..0.4khz", Condition("take.pitch_hz", (Test("between", (200.0, 400.0)),))),
        ("pace:100..", Condition("take.pace_per_min", (Test(">=", (100.0,)),))),
        ("pace:slow", Condition("facet.pace", (Test("=", ("slow",)),))),
        ("category:footsteps", Condition("category", (Test("=", ("footsteps",)),))),
        ("CatID:DOOR*", Condition("cat_id", (Test("starts", ("DOOR",)),))),
        (
            "surface:gravel,sand",
            Condition("facet.surface", (Test("=", ("gravel",)), Test("=", ("sand",)))),
        ),
        ('root:"Foley 2019"', Condition("root", (Test("=", ("Foley 2019",)),))),
        ("-channels:1", Condition("channels", (Test("=", (1.0,)),), negated=True)),
        ("is:duplicate", Condition("copies", (Test(">", (1,)),))),
        ("duration:3s", Condition("duration_s", (Test("between", (2.5, 3.5)),))),
    ],
)
def test_filters(typed, condition):
    query = parse_query(typed)
    assert query == Query(conditions=(condition,))
    assert is_column(condition.field)


@pytest.mark.parametrize("slip", ["chanels", "channel", "chanenls", "chamnels", "channnels"])
def test_a_field_with_a_slip_of_one_letter_is_read_as_the_one_that_was_meant(slip):
    query = parse_query(f"{slip}:2 door")
    assert query.conditions == parse_query("channels:2").conditions
    assert query.groups == (Group((Term("door"),)),)
    assert query.remarks == (f"there is no field {slip!r}; read as channels",)


@pytest.mark.parametrize(
    ("typed", "nearest"), [("chanls", "; did you mean channels?"), ("rats", "?"), ("rates", "?")]
)
def test_a_field_that_is_farther_off_is_named_and_its_words_are_looked_for(typed, nearest):
    query = parse_query(f"{typed}:2")
    assert query.remarks[0].startswith(f"there is no field {typed!r}; did you mean ")
    assert query.remarks[0].endswith(nearest)
    assert query.groups == (Group((Term(f"{typed} 2", "phrase"),)),)


def test_a_value_that_is_none_is_remarked_on_with_an_example():
    query = parse_query("duration:long rain")
    assert query.remarks == ("duration:long is not understood; write for example duration:<3s",)
    assert query.groups == (Group((Term("rain"),)),)


def test_a_blank_behind_a_field_is_no_matter_and_one_without_a_value_is_no_word():
    assert parse_query("channels: 2 Surface:  gravel") == parse_query("channels:2 Surface:gravel")
    query = parse_query("rain is:")
    assert query.groups == (Group((Term("rain"),)),)
    assert query.remarks == ("is: has no value; write for example is:take, is:loop, is:duplicate",)


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_reads_some_value_or_says_how(field):
    for value in ("1", "word", "", "<", "..", ",", "-", "1..2", "*"):
        read = read_filter(field, value)
        assert is_column(read.field) if isinstance(read, Condition) else "write for example" in read


@pytest.fixture(scope="module")
def index():
    connection = sqlite3.connect(":memory:")
    connection.execute(
        "create virtual table words using fts5 (name, category, metadata, folders, cat_id)"
    )
    connection.execute("insert into words (name, cat_id) values ('C# 24-96 door OR not', 'X')")
    yield connection
    connection.close()


ODD = (
    'C# 24-96 OR AND NOT NEAR( ) " * a* - -- ^ : { } | , door -door channels: name:x path:" \0 \' ;'
)
typed_text = st.text(max_size=40) | st.lists(st.sampled_from(ODD.split(" ")), max_size=8).map(
    " ".join
)


@settings(max_examples=100)
@given(typed_text)
def test_whatever_is_typed_the_word_index_takes_it(index, typed):
    query = parse_query(typed)
    for expression in (match.strict(query).match, match.excluded(query)):
        if expression is not None:
            index.execute("select rowid from words where words match ?", (expression,)).fetchall()


@pytest.mark.parametrize("typed", ["C#", "24-96", "door", "door -rain", '"24 96"', '"door or'])
def test_operators_within_words_are_taken_for_words(index, typed):
    query = parse_query(typed)
    found = index.execute(
        "select rowid from words where words match ?", (match.strict(query).match,)
    ).fetchall()
    assert len(found) == 1


def test_letters_are_read_in_their_usual_form():
    assert parse_query("ﬁre ＤＯＯＲ") == parse_query("fire DOOR")
    assert parse_query("U\u0308berfall") == parse_query("Überfall")
    assert parse_query("“door slam” «rain»") == parse_query('"door slam" "rain"')
    assert parse_query("duration：<3s\u3000rain") == parse_query("duration:<3s rain")


def test_a_range_may_be_written_from_either_end():
    assert parse_query("loudness:-20..-30") == parse_query("loudness:-30..-20")
    assert parse_query("pitch:1k..200hz") == parse_query("pitch:200hz..1k")


def test_and_is_a_blank_and_not_is_a_minus():
    assert parse_query("door AND slam NOT car") == parse_query("door slam -car")
    assert parse_query("NOT surface:gravel") == parse_query("-surface:gravel")
    assert [group.terms[0].text for group in parse_query("and not ANDES NOT").groups] == [
        "and", "not", "ANDES", "NOT",
    ]  # fmt: skip
