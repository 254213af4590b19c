"""Missing sounds: a few may go, many are kept, most stop the scan; what moved is found once."""

import pytest

from library.relink import Lost, Missing, Verdict, judge


def missing(n, root="Foley"):
    return [Missing(k, f"hash{k}", root, f"a/{k}.wav", 1000 + k) for k in range(n)]


@pytest.mark.parametrize(
    ("gone", "forget", "verdict"),
    [
        (0, False, Verdict.LET_GO),
        (5, False, Verdict.LET_GO),  # 5 % is not over 5 %
        (6, False, Verdict.KEEP),
        (6, True, Verdict.LET_GO),
        (50, True, Verdict.LET_GO),
        (51, False, Verdict.STOP),
        (51, True, Verdict.STOP),
        (100, True, Verdict.STOP),
    ],
)
def test_the_guards_stand_at_5_and_50_percent(gone, forget, verdict):
    verdicts, notes = judge(missing(gone), {"Foley": 100}, forget=forget)
    assert verdicts == {"Foley": verdict}
    assert bool(notes) == (verdict is not Verdict.LET_GO)


def test_each_root_is_judged_by_itself():
    verdicts, notes = judge(missing(60) + missing(1, "BG"), {"Foley": 100, "BG": 100}, forget=False)
    assert verdicts == {"Foley": Verdict.STOP, "BG": Verdict.LET_GO}
    assert notes == [
        "root Foley: 60 of 100 sounds are gone; nothing was changed. Is its drive mounted?"
        " If they are to go, take the root out: dubstage scan --drop 'Foley'"
    ]


def test_a_missing_sound_is_given_out_once_and_first_to_its_own_name():
    one, two = Missing(1, "h", "Foley", "a/x.wav", 9), Missing(2, "h", "Foley", "a/y.wav", 9)
    lost = Lost([one, two])
    assert lost.of_size(9) == {"h"}
    assert lost.of_size(8) == frozenset()
    assert lost.claim("h", "Foley", "b/x.wav") == one
    assert lost.left() == [two]
    assert lost.claim("h", "Foley", "b/z.wav") == two
    assert lost.claim("h", "Foley", "b/z.wav") is None
    assert lost.left() == []
