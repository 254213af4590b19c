"""From a moment of the old cut to the same moment of the new one, in samples. Pure."""

from bisect import bisect_right
from collections.abc import Sequence
from fractions import Fraction

from audio.timecode import FrameRate
from premix.conform_match import Frames, Piece, Stretch


class Course:
    """Where each moment of the old cut is in the new one, in samples."""

    def __init__(
        self,
        before: Sequence[Stretch],
        pieces: Sequence[Piece],
        rate: FrameRate,
        sample_rate_hz: int,
    ) -> None:
        self.pieces = pieces
        self.rate = rate
        self.sample_rate_hz = sample_rate_hz
        self._edges = [(self.samples(one.old_in), self.samples(one.old_out)) for one in pieces]
        self._starts = [start for start, _ in self._edges]
        self._longest = max((end - start for start, end in self._edges), default=0)
        # Black has no material; what stands in it goes with its neighbours, as in a gap.
        self._shots = sorted(
            (self.samples(shot.record_in), self.samples(shot.record_out))
            for shot in before
            if not shot.is_black
        )

    def samples(self, frame: Frames) -> int:
        """The first sample of a frame, rounded as `Timecode.to_samples` does."""
        return round(frame / self.rate.fps * self.sample_rate_hz)

    def piece_at(self, samples: int) -> Piece | None:
        """The piece that shows this moment of the old cut; None where it was cut out.

        A moment between two shots, or outside the picture, goes with the piece before it.
        """
        index = bisect_right(self._starts, samples) - 1
        for near in range(index, -1, -1):
            start, end = self._edges[near]
            if samples < end:
                return self.pieces[near]
            if start < samples - self._longest:
                break
        if any(start <= samples < end for start, end in self._shots) or not self.pieces:
            return None
        return self.pieces[max(index, 0)]

    def moved(self, samples: int, piece: Piece) -> int:
        """The new place of a moment within a piece.

        A moment on a frame lands on the frame that shows the same; any other keeps its
        distance in samples, so that a way there and back ends where it began. Where a
        frame is no whole number of samples (29.97), that may be one sample off its frame.
        """
        if piece.ratio != 1:
            start = Fraction(piece.old_in) / self.rate.fps * self.sample_rate_hz
            goal = Fraction(piece.new_in) / self.rate.fps * self.sample_rate_hz
            return round(goal + (samples - start) * piece.ratio)
        nearest = round(Fraction(samples * self.rate.fps, self.sample_rate_hz))
        if self.samples(nearest) == samples:
            return self.samples(nearest + piece.offset)
        return samples + self.samples(piece.new_in) - self.samples(piece.old_in)
