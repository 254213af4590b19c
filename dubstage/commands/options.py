"""What several commands ask for in the same way."""

import re
from pathlib import Path
from typing import Annotated

import typer

_OPTION = re.compile(r"--[a-z][a-z-]*(=.*)?", re.DOTALL)


def _library_file(given: Path | None) -> Path:
    if given is not None:
        return given
    from platformdirs import user_data_path

    return user_data_path("dubstage", appauthor=False) / "dubstage.db"


LibraryFile = Annotated[
    Path,
    typer.Option(
        "--library",
        envvar="DUBSTAGE_LIBRARY",
        metavar="FILE",
        callback=_library_file,
        show_default="dubstage.db in the user's data folder",
        help="The library's file.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="JSON on stdout, all else on stderr.")]
NO_FILE: Path = None  # type: ignore[assignment]  # the default of LibraryFile: asked for by its callback


def shown(text: str) -> str:
    """A name as a terminal may show it on one line: control characters as escapes.

    >>> shown("new\\nline\\x1b[31m door")
    'new\\\\nline\\\\x1b[31m door'
    """
    if text.isprintable():
        return text
    return "".join(
        c if ord(c) >= 0x20 and not 0x7F <= ord(c) < 0xA0 else repr(c)[1:-1] for c in text
    )


def words_of(given: list[str] | None) -> str:
    """The words of a search as they were typed.

    Raises:
        typer.BadParameter: one of them must be meant as an option.
    """
    for word in given or ():
        if _OPTION.fullmatch(word):
            raise typer.BadParameter(f"there is no option {word.partition('=')[0]}; see --help")
    return " ".join(given or ())
