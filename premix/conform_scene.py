"""What has become of a scene: the stretches of the new cut over which its background lies. Pure."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from premix.conform_match import Frames, Piece, Stretch

_OVERLAP_FRAMES = 48  # a background may reach so far into its neighbours, or begin so late
_INSERT_FRAMES = 1_500  # new shots within a scene, up to a minute, belong to it

ToSamples = Callable[[Frames], int]


@dataclass(frozen=True)
class Scene:
    """One stretch of the new cut that a cue is to cover."""

    start_samples: int
    end_samples: int
    offset_samples: int  # from the old cut to the new, at its beginning


@dataclass
class _Run:
    """Pieces of a scene that follow each other in the new cut."""

    pieces: list[Piece]
    end: Frames


def scenes_after(
    start: int,
    end: int,
    before: Sequence[Stretch],
    after: Sequence[Stretch],
    pieces: Sequence[Piece],
    samples: ToSamples,
) -> list[Scene]:
    """Where a cue of the old samples [start, end) is needed in the new cut, in its order.

    A cue that begins or ends with a shot, give or take an overlap, still does so.
    """
    shots = _shots_of(start, end, before, samples)
    if not shots:
        return []
    first, last = before[shots[0]], before[shots[-1]]
    # From the shot's edge to the cue's: what overlaps the neighbours, or begins late.
    lead = start - samples(first.record_in)
    tail = end - samples(last.record_out)
    slack = samples(_OVERLAP_FRAMES) - samples(0)
    with_first, with_last = lead <= slack, tail >= -slack
    own = _own_pieces(shots, pieces, start, end, with_first, with_last, samples)
    scenes = []
    runs = _runs(own, [piece for piece in pieces if piece.old not in set(shots)])
    for number, run in enumerate(runs):
        head, foot = run.pieces[0], max(run.pieces, key=lambda piece: piece.new_out)
        offset = samples(head.new_in) - samples(head.old_in)
        begin, finish = samples(head.new_in), samples(foot.new_out)
        if head.old == shots[0]:
            begin = start + offset
            if with_first:
                begin = samples(_edge(head, pieces, after, first=True)) + lead
        else:
            if with_first and number == 0:
                begin += min(lead, 0)  # the scene begins with another shot, and laps as it did
            if any(piece.old == shots[0] for piece in run.pieces):
                offset = begin - start
        if foot.old == shots[-1]:
            finish = end + samples(foot.new_out) - samples(foot.old_out)
            if with_last:
                finish = samples(_edge(foot, pieces, after, first=False)) + tail
        elif with_last and number == len(runs) - 1:
            finish += max(tail, 0)
        if finish > begin:
            scenes.append(Scene(begin, finish, offset))
    return scenes


def _shots_of(start: int, end: int, before: Sequence[Stretch], samples: ToSamples) -> list[int]:
    """The shots that a cue spans; one that it only laps into is its neighbour's."""
    slack = samples(_OVERLAP_FRAMES) - samples(0)
    spanned = []
    for index, shot in enumerate(before):
        first, last = samples(shot.record_in), samples(shot.record_out)
        common = min(end, last) - max(start, first)
        if common > 0:
            spanned.append((index, common, start <= first and last <= end))
    kept = [index for index, common, whole in spanned if whole or common > slack]
    return kept or [index for index, *_ in sorted(spanned, key=lambda row: -row[1])[:1]]


def _own_pieces(
    shots: Sequence[int],
    pieces: Sequence[Piece],
    start: int,
    end: int,
    with_first: bool,
    with_last: bool,
    samples: ToSamples,
) -> list[Piece]:
    """Pieces of the scene's shots that the cue covers."""
    own = []
    wanted = set(shots)
    for piece in pieces:
        if piece.old not in wanted:
            continue
        too_early = samples(piece.old_out) <= start and not (with_first and piece.old == shots[0])
        too_late = samples(piece.old_in) >= end and not (with_last and piece.old == shots[-1])
        if not (too_early or too_late):
            own.append(piece)
    return own


def _runs(own: Sequence[Piece], others: Sequence[Piece]) -> list[_Run]:
    starts = sorted(piece.new_in for piece in others)
    runs: list[_Run] = []
    for piece in sorted(own, key=lambda piece: piece.new_in):
        if runs and _is_one(runs[-1].end, piece.new_in, starts):
            runs[-1].pieces.append(piece)
            runs[-1].end = max(runs[-1].end, piece.new_out)
        else:
            runs.append(_Run([piece], piece.new_out))
    return runs


def _is_one(end: Frames, start: Frames, others: Sequence[Frames]) -> bool:
    """Whether nothing stands between but what is new."""
    if start - end > _INSERT_FRAMES:
        return False
    next_other = bisect_left(others, end)
    return next_other == len(others) or others[next_other] >= start


def _edge(
    piece: Piece, pieces: Sequence[Piece], after: Sequence[Stretch], *, first: bool
) -> Frames:
    """The edge of the new shot, so that a longer shot is filled; unless another shares it."""
    shot = after[piece.new]
    for other in pieces:
        if other.new == piece.new and other is not piece:
            if first and other.new_in < piece.new_in:
                return piece.new_in
            if not first and other.new_out > piece.new_out:
                return piece.new_out
    return shot.record_in if first else shot.record_out
