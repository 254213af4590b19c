"""The command line: every command of `dubstage` in one place, none of its work.

An expected problem ends as one line on stderr and exit status 1; wrong usage is 2;
anything else is a traceback, for it is a mistake of ours. Only the command that is asked for is
loaded, for all of them take as long as a search.
"""

import errno
import io
import os
import sys
from collections.abc import Iterable
from importlib import import_module
from typing import Any

import typer

from audio import AudioError
from db import SchemaError
from library import LibraryError
from premix import PremixError

# Module of dubstage.commands, and the function where it has another name.
_COMMANDS = {
    "build": "build",
    "cast": "cast",
    "conform": "conform",
    "demo": "demo",
    "duplicates": "duplicates",
    "edl": "edl",
    "export": "export",
    "follow": "follow",
    "history": "history",
    "inspect": "inspect",
    "keep": "keep",
    "learn": "learn",
    "loudness": "loudness",
    "map": "map:map_sounds",
    "note": "keep:note",
    "qc": "qc",
    "rate": "keep:rate",
    "record": "record",
    "render": "render",
    "scan": "scan",
    "search": "search",
    "serve": "serve",
    "show": "show",
    "spot": "spot",
    "tag": "tag",
    "timecode": "timecode",
    "timeline": "timeline",
    "watch": "watch",
}


# Their words may begin with a dash: -rain. All of their options have two.
_WITH_DASHES = frozenset(["search", "map", "record", "note"])


def app_of(names: Iterable[str]) -> typer.Typer:
    """The command line with these commands."""
    app = typer.Typer(
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,  # plain help: rich would take half of the start-up
        context_settings={"max_content_width": 120},
        help="Find, spot and pre-mix Foley, backgrounds and sound effects.",
    )
    app.callback()(dubstage)
    for name in names:
        module, _colon, function = _COMMANDS[name].partition(":")
        command = getattr(import_module(f"dubstage.commands.{module}"), function or module)
        settings = {"ignore_unknown_options": True} if name in _WITH_DASHES else None
        app.command(name, context_settings=settings)(command)
    return app


def __getattr__(name: str) -> Any:
    """`app`, the whole command line."""
    if name != "app":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()["app"] = whole = app_of(_COMMANDS)
    return whole


def dubstage() -> None:
    """Find, spot and pre-mix Foley, backgrounds and sound effects."""


def main() -> None:
    """Run the command line; the console script `dubstage` is this function."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # The name of a file may be no text; in JSON "\udcfc" then stands for its byte FC.
            stream.reconfigure(errors="backslashreplace")
    # What a command multiplies is small; more threads of OpenBLAS only spin, at 0.3 s of CPU each.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    asked = sys.argv[1] if len(sys.argv) > 1 else ""
    app = app_of([asked] if asked in _COMMANDS else _COMMANDS)
    try:
        try:
            app()
        finally:
            sys.stdout.flush()
    except (AudioError, SchemaError, LibraryError, PremixError) as problem:
        typer.echo(f"dubstage: {problem}", err=True)
        sys.exit(1)
    except BrokenPipeError:  # the reader of our output has seen enough, as `head` does
        _let_go_of_output()
        sys.exit(1)
    except OSError as problem:
        if problem.errno != errno.ENOSPC:
            raise
        _let_go_of_output()
        where = problem.filename or "the output"
        typer.echo(f"dubstage: {where} cannot be written: the disk is full", err=True)
        sys.exit(1)


def _let_go_of_output() -> None:
    """What is still to be written goes nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
