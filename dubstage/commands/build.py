"""`dubstage build`: a cue sheet becomes stems, by way of a session that is kept."""

from pathlib import Path

import typer

from dubstage.commands.history import remember_use
from dubstage.commands.options import NO_FILE, AsJson, LibraryFile
from dubstage.commands.render import (
    DeliveryName,
    Encoding,
    LayoutName,
    NoDither,
    OutFolder,
    Words,
    Workers,
    delivery_of,
    render_with_progress,
    sounds_of,
    tell,
)
from dubstage.commands.spot import (
    CueSheetFile,
    Name,
    PictureFile,
    RateName,
    SampleRate,
    Start,
    session_of,
)


def build(
    cues: CueSheetFile,
    rate: RateName,
    out: OutFolder,
    library: LibraryFile = NO_FILE,
    picture: PictureFile = None,
    sample_rate: SampleRate = 48_000,
    start: Start = None,
    name: Name = None,
    delivery: DeliveryName = None,
    layout: LayoutName = None,
    encoding: Encoding = None,
    no_dither: NoDither = False,
    word: Words = None,
    workers: Workers = 2,
    as_json: AsJson = False,
) -> None:
    """Spot a cue sheet and render its stems; the session is kept beside them.

    Where it is there already, its choices stand for all that the sheet has not changed.

    Example: dubstage build reel1.cues.csv --picture reel1.edl --rate 24 -o stems
    """
    from premix import PremixError
    from premix.session import SessionError, read_session, write_session

    called = name or _reel_of(cues)
    asked = delivery_of(delivery, layout, encoding, no_dither, word)
    session_file = out / f"{called}.otio"
    try:
        previous = read_session(session_file) if session_file.exists() else None
    except SessionError as problem:
        raise PremixError(f"{problem}; move it away to build anew") from None
    session = session_of(
        cues, rate, library, picture, sample_rate, start, called, previous=previous
    )
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise PremixError(f"{out}: cannot be made: {problem.strerror}") from None
    write_session(session, session_file)
    remember_use(library, session, session_file)
    if not as_json:
        typer.echo(f"{'session':<12} {session_file}")
    report = render_with_progress(session, out, sounds_of(session, library), asked, workers)
    tell(report, out, as_json)


def _reel_of(cues: Path) -> str:
    """The sheet's name without its endings: reel1.cues.csv is reel1."""
    return cues.stem.removesuffix(".cues")
