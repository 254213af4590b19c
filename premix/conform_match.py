"""Two cuts of one film, matched: which stretch of the old one is where in the new. Pure.

A stretch is known by its material: the reel and the source timecode, and where a list
has no reels (AX, black), by the clip's name. Stretches that are the same in both are
paired first, in the order of the cut; then those that are the same but elsewhere; then
those that share a part of their material, largest part first, at the same speed; then
those re-timed; last those whose reel has another name. Each frame of either cut is paired
at most once, so a shot that is used twice takes its cues to one place only.
"""

import heapq
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from fractions import Fraction

from premix.cut import Event, Timeline

_NO_REEL = {"", "AX", "BL", "BLACK", "UNKNOWN", "UNKNOWN_REEL", "NONE", "AUX", "000", "001"}
_BLACK = {"BL", "BLACK"}

Frames = int | Fraction  # whole ones as int, which is many times faster
_MOST_PARTNERS = 16
_SPEED_TOLERANCE = 1  # frames, over the whole of a stretch


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """One picture event, in frames; the source counts as the timecode of its reel does."""

    number: str
    name: str
    reel: str
    record_in: int
    record_out: int
    source_in: Frames | None  # of its lowest source frame
    speed: Frames = 1  # source frames a record frame; negative: backwards

    @property
    def duration(self) -> int:
        return self.record_out - self.record_in

    @property
    def source_out(self) -> Frames:
        return (self.source_in or 0) + self.duration * _size(self.speed)

    @property
    def is_black(self) -> bool:
        return self.reel.upper() in _BLACK

    def record_of(self, source: Frames) -> Frames:
        """The record position at which a source position is shown; not for a freeze."""
        assert self.source_in is not None
        if self.speed == 1:
            return self.record_in + source - self.source_in
        if self.speed > 0:
            return self.record_in + Fraction(source - self.source_in) / self.speed
        return self.record_in + Fraction(self.source_out - source) / -self.speed


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A part of an old stretch and the part of a new one that shows the same, half-open."""

    old: int  # index of the stretch in the old cut
    new: int
    old_in: Frames
    old_out: Frames
    new_in: Frames
    new_out: Frames

    @property
    def offset(self) -> Frames:
        return self.new_in - self.old_in

    @property
    def ratio(self) -> Fraction:
        """New length to old length: above 1 the shot was slowed down."""
        return Fraction(self.new_out - self.new_in) / (self.old_out - self.old_in)


def stretches_of(timeline: Timeline) -> tuple[Stretch, ...]:
    """The picture of a timeline: its first picture track, or its sound where there is none."""
    tracks = [track for track in timeline.tracks if track.kind == "picture" and track.events]
    tracks = tracks or [track for track in timeline.tracks if track.events]
    if not tracks:
        return ()
    made = [_stretch(event, timeline.rate.fps) for event in tracks[0].events]
    return tuple(sorted((one for one in made if one.duration > 0), key=lambda one: one.record_in))


def _stretch(event: Event, fps: Fraction) -> Stretch:
    record_in, record_out = round(event.record_in_s * fps), round(event.record_out_s * fps)
    source_in = event.source_in_s if event.source_timecode_s is None else event.source_timecode_s
    speed = Fraction(event.speed_percent).limit_denominator(100_000) / 100
    if speed == 1 and event.source_in_s is not None and event.source_out_s is not None:
        played = round((event.source_out_s - event.source_in_s) * fps)
        if played > 0 and record_out > record_in and _size(played - (record_out - record_in)) > 1:
            speed = Fraction(played, record_out - record_in)
    first = None if source_in is None else _whole(source_in * fps)
    return Stretch(
        number=event.number,
        name=event.name or event.reel,
        reel=event.reel,
        record_in=record_in,
        record_out=record_out,
        source_in=first,
        speed=_whole(speed),
    )


def _size(frames: Frames) -> Frames:
    return frames if frames >= 0 else -frames


def _whole(frames: Fraction) -> Frames:
    return frames.numerator if frames.denominator == 1 else frames


def match(old: Sequence[Stretch], new: Sequence[Stretch]) -> tuple[Piece, ...]:
    """Pieces in the order of the old cut."""
    matcher = _Matcher(old, new)
    matcher.pair_the_same()
    matcher.pair_by_source(_by_reel, same_speed=True)
    matcher.pair_by_source(_by_reel, same_speed=False)
    matcher.pair_by_source(_by_name, same_speed=True)
    matcher.pair_by_source(_by_name, same_speed=False)
    return tuple(sorted(matcher.pieces, key=lambda piece: (piece.old_in, piece.new_in)))


def _by_reel(stretch: Stretch) -> Hashable:
    if stretch.reel.upper() in _NO_REEL:
        return ("name", stretch.name.casefold()) if stretch.name != stretch.reel else None
    return ("reel", stretch.reel.casefold())


def _by_name(stretch: Stretch) -> Hashable:
    return stretch.name.casefold() if stretch.name not in ("", stretch.reel) else None


def _token(stretch: Stretch) -> Hashable:
    return (
        stretch.reel.casefold(),
        stretch.name.casefold() if stretch.reel.upper() in _NO_REEL else "",
        stretch.source_in,
        stretch.duration,
        stretch.speed,
    )


Span = tuple[Frames, Frames]
KeyOf = Callable[[Stretch], Hashable]


class _Free:
    """What of a stretch has no partner yet, as record spans."""

    def __init__(self, stretch: Stretch) -> None:
        self.spans: list[Span] = [(stretch.record_in, stretch.record_out)]

    def take(self, start: Frames, end: Frames) -> None:
        kept: list[Span] = []
        for first, last in self.spans:
            kept += [
                span for span in ((first, min(last, start)), (max(first, end), last))
                if span[0] < span[1]
            ]  # fmt: skip
        self.spans = kept


class _Matcher:
    def __init__(self, old: Sequence[Stretch], new: Sequence[Stretch]) -> None:
        self.old, self.new = old, new
        self.pieces: list[Piece] = []
        self.free_old = [_Free(stretch) for stretch in old]
        self.free_new = [_Free(stretch) for stretch in new]

    def pair_the_same(self) -> None:
        """Equal stretches: first the longest common runs in order, then one by one anywhere."""
        old_tokens, new_tokens = (
            [_token(one) for one in self.old],
            [_token(one) for one in self.new],
        )
        blocks = SequenceMatcher(None, old_tokens, new_tokens, autojunk=False).get_matching_blocks()
        for block in blocks:
            for step in range(block.size):
                self._pair_whole(block.a + step, block.b + step)
        waiting: dict[Hashable, list[int]] = defaultdict(list)
        for index in reversed(range(len(self.new))):
            if self.free_new[index].spans and not self.new[index].is_black:
                waiting[new_tokens[index]].append(index)
        for index, token in enumerate(old_tokens):
            if self.free_old[index].spans and waiting.get(token):
                self._pair_whole(index, waiting[token].pop())

    def _pair_whole(self, old: int, new: int) -> None:
        self._pair(old, new, self._ends(self.old[old]), self._ends(self.new[new]))

    @staticmethod
    def _ends(stretch: Stretch) -> Span:
        return stretch.record_in, stretch.record_out

    def _pair(self, old: int, new: int, old_span: Span, new_span: Span) -> None:
        self.pieces.append(
            Piece(
                old=old,
                new=new,
                old_in=old_span[0],
                old_out=old_span[1],
                new_in=new_span[0],
                new_out=new_span[1],
            )
        )
        self.free_old[old].take(*old_span)
        self.free_new[new].take(*new_span)

    def pair_by_source(self, key_of: KeyOf, *, same_speed: bool) -> None:
        """Stretches that share material, those that share most of it first."""
        nearest = _Offsets(self.pieces)
        heap: list[tuple[Frames, Frames, int, int]] = []
        for old, new in self._sharing(key_of, nearest):
            if _same_speed(self.old[old], self.new[new]) == same_speed:
                found = self._common(old, new)
                if found is not None:
                    (start, end), (at, _) = found
                    off_course = _size(at - start - nearest.at(start))
                    heap.append((start - end, off_course, old, new))
        heapq.heapify(heap)
        while heap:
            size, off_course, old, new = heapq.heappop(heap)
            found = self._common(old, new)
            if found is None:
                continue
            (start, end), new_span = found
            if start - end > size:  # part of it has gone to another since
                heapq.heappush(heap, (start - end, off_course, old, new))
                continue
            self._pair(old, new, (start, end), new_span)
            heapq.heappush(heap, (0, off_course, old, new))  # what is left of the two

    def _sharing(self, key_of: KeyOf, nearest: "_Offsets") -> Iterator[tuple[int, int]]:
        """Pairs of the same key whose source ranges meet, the likeliest of each old stretch."""
        by_key: dict[Hashable, list[tuple[Frames, Frames, int]]] = defaultdict(list)
        for index, stretch in enumerate(self.new):
            key = key_of(stretch)
            usable = stretch.source_in is not None and not stretch.is_black
            if key is not None and usable and self.free_new[index].spans:
                assert stretch.source_in is not None
                by_key[key].append((stretch.source_in, stretch.source_out, index))
        longest = {key: max(end - start for start, end, _ in rows) for key, rows in by_key.items()}
        for rows in by_key.values():
            rows.sort()
        for index, stretch in enumerate(self.old):
            key = key_of(stretch)
            if key not in by_key or stretch.source_in is None or not self.free_old[index].spans:
                continue
            rows = by_key[key]
            first = bisect_right(rows, stretch.source_in - longest[key], key=lambda row: row[0])
            meeting = []
            for start, end, other in rows[first:]:
                if start >= max(stretch.source_out, stretch.source_in + 1):
                    break
                if end > stretch.source_in or start == stretch.source_in:
                    common = min(end, stretch.source_out) - max(start, stretch.source_in)
                    away = self.new[other].record_in - stretch.record_in
                    meeting.append((-common, _size(away - nearest.at(stretch.record_in)), other))
            # Where a whole list has one name and one source, all would meet all.
            for *_, other in heapq.nsmallest(_MOST_PARTNERS, meeting):
                yield index, other

    def _common(self, old: int, new: int) -> tuple[Span, Span] | None:
        """The longest free part that both show, as (old record span, new record span)."""
        first, second = self.old[old], self.new[new]
        best: tuple[Span, Span] | None = None
        for old_span in self.free_old[old].spans:
            for new_span in self.free_new[new].spans:
                found = _overlap(first, second, old_span, new_span)
                if found is not None and (
                    best is None or found[0][1] - found[0][0] > best[0][1] - best[0][0]
                ):
                    best = found
        return best


def _same_speed(first: Stretch, second: Stretch) -> bool:
    longest = max(first.duration, second.duration)
    return _size(first.speed - second.speed) * longest < _SPEED_TOLERANCE


def _overlap(
    first: Stretch, second: Stretch, old_span: Span, new_span: Span
) -> tuple[Span, Span] | None:
    if first.speed == 0 or second.speed == 0:  # a freeze: frame by frame from its start
        length = min(old_span[1] - old_span[0], new_span[1] - new_span[0])
        if first.speed != second.speed or first.source_in != second.source_in:
            return None
        return (old_span[0], old_span[0] + length), (new_span[0], new_span[0] + length)
    if first.speed * second.speed < 0:  # turned round: the action no longer runs the same way
        return None
    old_source, new_source = _source_span(first, old_span), _source_span(second, new_span)
    low, high = max(old_source[0], new_source[0]), min(old_source[1], new_source[1])
    if high - low < min(1, _size(first.speed), _size(second.speed)):
        return None
    return _record_span(first, low, high), _record_span(second, low, high)


def _record_span(stretch: Stretch, low: Frames, high: Frames) -> Span:
    one, other = stretch.record_of(low), stretch.record_of(high)
    return (one, other) if one < other else (other, one)


def _source_span(stretch: Stretch, span: Span) -> Span:
    assert stretch.source_in is not None
    if stretch.speed > 0:
        start = stretch.source_in + (span[0] - stretch.record_in) * stretch.speed
    else:
        start = stretch.source_in + (stretch.record_out - span[1]) * -stretch.speed
    return start, start + (span[1] - span[0]) * _size(stretch.speed)


class _Offsets:
    """How far the film has moved around a place: by the nearest stretch that is sure."""

    def __init__(self, pieces: Iterable[Piece]) -> None:
        rows = sorted((piece.old_in, piece.offset) for piece in pieces)
        self.starts = [start for start, _ in rows]
        self.offsets = [offset for _, offset in rows]

    def at(self, old: Frames) -> Frames:
        if not self.starts:
            return 0
        return self.offsets[max(0, bisect_right(self.starts, old) - 1)]
