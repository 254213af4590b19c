"""Pro Tools renders what lies between frames into clips of its own; here they are undone. Pure.

In an AAF that counts frames, Pro Tools writes a fade as a clip "Fade " that it has rendered,
with a "Sample accurate edit" of one frame before and behind it. Their names are in the user's
language, so they are known by their shape: an edit is one unit long and all of its recording;
a fade plays its recording but for one unit at each end, and stands between two edits.

A rendered crossfade between two clips is left as it is, with all that touches it: how the two
sounds share it is known to the rendering alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from premix.cut import Event


@dataclass(frozen=True)
class Part:
    """One component of an AAF sequence: a clip, a filler or a transition, in edit units."""

    kind: str  # "clip", "filler", "transition"
    length: int
    event: Event | None = None
    source_start: int = 0  # of a clip: in its recording
    source_length: int | None = None  # of the recording
    head: int = 0  # by how much rendered clips have made it longer
    tail: int = 0
    fade_in: int = 0
    fade_out: int = 0


def undo_rendered_fades(parts: Sequence[Part]) -> list[Part]:
    """The same sequence, rendered fades told as fades of the clip that they belong to."""
    undone: list[Part] = []
    for run in _runs(parts):
        undone += _undo(run)
    return undone


def _runs(parts: Sequence[Part]) -> Iterator[list[Part]]:
    """Clips that follow each other without anything between, and what stands between them."""
    run: list[Part] = []
    for part in parts:
        if part.kind == "clip":
            run.append(part)
            continue
        if run:
            yield run
            run = []
        yield [part]
    if run:
        yield run


def _is_edit(part: Part) -> bool:
    return (part.length, part.source_start, part.source_length) == (1, 0, 1)


def _undo(run: list[Part]) -> list[Part]:
    edits = [index for index, part in enumerate(run) if _is_edit(part)]
    fades = {
        after - 1
        for before, after in pairwise(edits)
        if after == before + 2
        and run[after - 1].source_start == 1
        and run[after - 1].source_length == run[after - 1].length + 2
    }
    rendered = fades | set(edits)
    real = [index for index in range(len(run)) if index not in rendered]
    if not rendered or not real:
        return run
    if any(real[0] < fade < real[-1] for fade in fades):
        return run
    return [part for index in real for part in [_with_its_fades(run, index, real, fades)]]


def _with_its_fades(run: list[Part], index: int, real: list[int], fades: set[int]) -> Part:
    """The clip at `index`, grown over the rendered clips that belong to it.

    Those before the run's first clip and behind its last are theirs; an edit between two
    clips is the end of the one before it.
    """
    first = 0 if index == real[0] else index
    following = [other for other in real if other > index]
    end = following[0] if following else len(run)
    head = sum(part.length for part in run[first:index])
    tail = sum(part.length for part in run[index + 1 : end])
    part = run[index]
    fade_in = head if any(first <= fade < index for fade in fades) else 0
    # As LibAAF counts it: the fade-out begins behind the edit that ends the clip.
    fade_out = tail - 1 if any(index < fade < end for fade in fades) else 0
    return replace(
        part,
        length=head + part.length + tail,
        head=head,
        tail=tail,
        fade_in=fade_in,
        fade_out=fade_out,
    )
