"""`dubstage timecode`, as another program would use it."""

import json

import pytest
from typer.testing import CliRunner

from audio.timecode import TimecodeError
from dubstage.cli import app

runner = CliRunner()


def run(*words, stdin=None):
    return runner.invoke(app, ["timecode", *words], input=stdin)


def answer(*words):
    result = run(*words, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_a_label_is_answered_with_its_frame_and_sample():
    assert answer("01:00:00;00", "--rate", "29.97df", "--sample-rate", "48000") == {
        "label": "01:00:00;00",
        "frame": 107_892,
        "sample": 172_799_827,
        "seconds": pytest.approx(3599.9964),
        "rate": "29.97df",
        "drop": True,
    }


def test_the_same_moment_by_label_by_frame_and_by_sample():
    common = ("--rate", "23.976", "--sample-rate", "48000")
    by_label = answer("12:39:59:00", *common)
    assert answer("--frame", str(by_label["frame"]), *common) == by_label
    assert answer("--sample", str(by_label["sample"]), *common) == by_label


def test_a_sample_within_a_frame_is_answered_as_that_sample():
    # 2190940753 is what a recorder wrote into a file that begins at 12:39:59:00.
    found = answer("--sample", "2190940753", "--rate", "23.976", "--sample-rate", "48000")
    assert (found["label"], found["sample"]) == ("12:39:59:00", 2_190_940_753)


def test_standard_input_is_answered_line_by_line_and_a_bad_line_does_not_end_it():
    lines = b"00:00:59;29\n00:01:00;00\n\n\xff\xfe\n00:01:00;02\n"
    result = run("-", "--rate", "29.97df", "--sample-rate", "48000", stdin=lines)
    assert result.exit_code == 0
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(answers) == 5
    assert [found.get("frame") for found in answers] == [1799, None, None, None, 1800]
    assert "00:00:59;29 to 00:01:00;02" in answers[1]["error"]


def test_for_people_it_is_one_line():
    result = run("01:00:00:00", "--rate", "24", "--sample-rate", "48000")
    assert result.stdout == (
        "01:00:00:00  frame 86400  sample 172800000  3600.000000 s  5400+00 ft  at 24\n"
    )


@pytest.mark.parametrize(
    "words",
    [
        ["--rate", "24", "--sample-rate", "48000"],
        ["01:00:00:00", "--frame", "5", "--rate", "24", "--sample-rate", "48000"],
        ["01:00:00:00", "--rate", "24"],
        ["01:00:00:00", "--sample-rate", "48000"],
        ["01:00:00:00", "--rate", "24", "--sample-rate", "0"],
    ],
)
def test_wrong_usage_is_exit_status_2(words):
    assert run(*words).exit_code == 2


@pytest.mark.parametrize(
    "words",
    [
        ["24:00:00:00", "--rate", "24"],
        ["01:00:00:00", "--rate", "26"],
        ["--frame", "-1", "--rate", "24"],
        ["--frame", "2073600", "--rate", "24"],
        ["--sample", "-1", "--rate", "24"],
    ],
)
def test_what_timecode_does_not_have_is_an_expected_problem(words):
    result = run(*words, "--sample-rate", "48000")
    assert isinstance(result.exception, TimecodeError)  # which main() makes one line
