"""Recordings of a session copied beside its export, as WAV, so that any program links them."""

import shutil
from dataclasses import replace
from pathlib import Path

from audio.files import open_sound, read_header
from audio.layout import layout_for, layout_from_mask
from audio.wave_writer import WaveWriter
from audio.whole_file import whole_file
from premix.cut import Timeline
from premix.recordings import recording_at
from premix.session_cut import Recording, SpottedEvent

_BLOCK_SAMPLES = 1 << 16
_AS_THEY_ARE = (".wav", ".bwf")


def consolidated(timeline: Timeline, folder: Path) -> Timeline:
    """The same timeline on copies in `folder`: WAV files as they are, others decoded to WAV.

    Recordings are copied whole, so every handle is there; one that is there already with the
    same length is kept.

    Raises:
        AudioError: a recording cannot be read, or its copy cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    copies: dict[Recording, Recording] = {}
    taken: set[str] = set()
    tracks = []
    for track in timeline.tracks:
        events = []
        for event in track.events:
            if isinstance(event, SpottedEvent) and Path(event.recording.path).is_file():
                if event.recording not in copies:
                    copies[event.recording] = _copied(event.recording, folder, taken)
                copy = copies[event.recording]
                event = replace(event, recording=copy, media=copy.path)
            events.append(event)
        tracks.append(replace(track, events=tuple(events)))
    return replace(timeline, tracks=tuple(tracks))


def _copied(recording: Recording, folder: Path, taken: set[str]) -> Recording:
    source = Path(recording.path)
    name, count = f"{source.stem}.wav", 1
    while name.casefold() in taken:  # two folders may hold sounds of one name
        count += 1
        name = f"{source.stem}-{count:02}.wav"
    taken.add(name.casefold())
    place = folder / name
    there = recording_at(place)
    same = ("duration_samples", "channels", "sample_rate_hz")
    if there is None or any(getattr(there, one) != getattr(recording, one) for one in same):
        if source.suffix.lower() in _AS_THEY_ARE:
            with whole_file(place) as neighbour:
                shutil.copyfile(source, neighbour)
        else:
            _decode(source, place)
        there = recording_at(place)
    assert there is not None
    return there


def _decode(source: Path, place: Path) -> None:
    header = read_header(source)
    layout = layout_from_mask(header.speaker_mask, header.channels)
    if layout.name == "custom":
        layout = layout_for(header.channels)
    # Bits as the recording has them, where a WAV can hold them without loss.
    encoding = {16: "pcm16", 24: "pcm24"}.get(header.bits or 0, "float32")
    with (
        open_sound(source) as sound,
        WaveWriter(
            place, sample_rate_hz=header.sample_rate_hz, layout=layout, encoding=encoding
        ) as out,
    ):
        for block in sound.blocks(_BLOCK_SAMPLES):
            out.write(block)
