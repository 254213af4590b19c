"""The command line: every command of `dubstage` in one place, none of its work.

An expected problem ends as one line on stderr and exit status 1; wrong usage is 2;
anything else is a traceback, for it is a mistake of ours.
"""

import io
import os
import sys

import typer

from audio import AudioError
from db import SchemaError
from dubstage.commands.build import build
from dubstage.commands.cast import cast
from dubstage.commands.conform import conform
from dubstage.commands.demo import demo
from dubstage.commands.duplicates import duplicates
from dubstage.commands.edl import edl
from dubstage.commands.export import export
from dubstage.commands.follow import follow
from dubstage.commands.history import history
from dubstage.commands.inspect import inspect
from dubstage.commands.keep import keep, note, rate
from dubstage.commands.learn import learn
from dubstage.commands.loudness import loudness
from dubstage.commands.map import map_sounds
from dubstage.commands.qc import qc
from dubstage.commands.record import record
from dubstage.commands.render import render
from dubstage.commands.scan import scan
from dubstage.commands.search import search
from dubstage.commands.serve import serve
from dubstage.commands.show import show
from dubstage.commands.spot import spot
from dubstage.commands.tag import tag
from dubstage.commands.timecode import timecode
from dubstage.commands.timeline import timeline
from dubstage.commands.watch import watch
from library import LibraryError
from premix import PremixError

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help: rich would take half of the start-up
    context_settings={"max_content_width": 120},
    help="Find, spot and pre-mix Foley, backgrounds and sound effects.",
)

app.command()(build)
app.command()(cast)
app.command()(conform)
app.command()(demo)
app.command()(duplicates)
app.command()(edl)
app.command()(export)
app.command()(follow)
app.command()(history)
app.command()(inspect)
app.command()(keep)
app.command()(learn)
app.command()(loudness)
app.command("map")(map_sounds)
app.command()(note)
app.command()(qc)
app.command()(rate)
app.command()(record)
app.command()(render)
app.command()(scan)
app.command()(search)
app.command()(serve)
app.command()(show)
app.command()(spot)
app.command()(tag)
app.command()(timecode)
app.command()(timeline)
app.command()(watch)


@app.callback()
def dubstage() -> None:
    """Find, spot and pre-mix Foley, backgrounds and sound effects."""


def main() -> None:
    """Run the command line; the console script `dubstage` is this function."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # The name of a file may be no text; in JSON "\udcfc" then stands for its byte FC.
            stream.reconfigure(errors="backslashreplace")
    try:
        app()
    except (AudioError, SchemaError, LibraryError, PremixError) as problem:
        typer.echo(f"dubstage: {problem}", err=True)
        sys.exit(1)
    except BrokenPipeError:  # the reader of our output has seen enough, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
