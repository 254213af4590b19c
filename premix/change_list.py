"""What changed between two cuts, shot by shot, as people read it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from premix.conform_match import Frames, Piece, Stretch


@dataclass(frozen=True, kw_only=True)
class ShotChange:
    """A shot of either cut and what became of it; a None stands where a cut does not have it."""

    state: str  # kept, moved, trimmed, split, re-timed, removed, added
    old: Stretch | None
    new: Stretch | None
    offset_frames: Frames | None = None  # how far what remains of it moved
    head_frames: int = 0  # longer (+) or shorter (-) at its beginning
    tail_frames: int = 0
    speed_percent: float | None = None  # of a re-timed one, its new speed against the old

    @property
    def shot(self) -> Stretch:
        shot = self.old or self.new
        assert shot is not None
        return shot


def shot_changes(
    old: Sequence[Stretch], new: Sequence[Stretch], pieces: Sequence[Piece]
) -> tuple[ShotChange, ...]:
    """One row for each piece, removed shot and added shot, in the order of the new cut.

    A removed shot stands where it stood: behind what came before it.
    """
    of_old: dict[int, list[Piece]] = {}
    of_new: dict[int, list[Piece]] = {}
    for piece in pieces:
        of_old.setdefault(piece.old, []).append(piece)
        of_new.setdefault(piece.new, []).append(piece)
    rows: list[tuple[Frames, int, ShotChange]] = []
    for piece in pieces:
        first, second = old[piece.old], new[piece.new]
        change = _change(piece, first, second, whole=len(of_old[piece.old]) == 1)
        rows.append((piece.new_in, 1, change))
    rows += [
        (shot.record_in, 1, ShotChange(state="added", old=None, new=shot))
        for index, shot in enumerate(new)
        if index not in of_new
    ]
    ends = sorted((piece.old_out, piece.new_out) for piece in pieces)
    following: Frames = 0
    position = 0
    for index, shot in enumerate(old):
        while position < len(ends) and ends[position][0] <= shot.record_in:
            following = ends[position][1]
            position += 1
        if index not in of_old:
            rows.append((following, 0, ShotChange(state="removed", old=shot, new=None)))
    return tuple(change for *_, change in sorted(rows, key=lambda row: row[:2]))


def _change(piece: Piece, old: Stretch, new: Stretch, *, whole: bool) -> ShotChange:
    ratio = piece.ratio
    # How much more of the material stands before and behind the common piece than did.
    head = round(piece.new_in - new.record_in) - round((piece.old_in - old.record_in) * ratio)
    tail = round(new.record_out - piece.new_out) - round((old.record_out - piece.old_out) * ratio)
    if abs(ratio - 1) * (piece.old_out - piece.old_in) >= 1:
        state = "re-timed"
    elif not whole:
        state = "split"
    elif head or tail:
        state = "trimmed"
    else:
        state = "moved" if piece.offset else "kept"
    return ShotChange(
        state=state,
        old=old,
        new=new,
        offset_frames=piece.offset,
        head_frames=head,
        tail_frames=tail,
        speed_percent=round(float(100 / ratio), 3) if state == "re-timed" else None,
    )
