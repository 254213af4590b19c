"""`dubstage learn`: from the user's own tags to suggestions for all other sounds."""

import json
from dataclasses import asdict
from typing import Annotated

import typer

from dubstage.commands.options import NO_FILE, AsJson, LibraryFile


def learn(
    library: LibraryFile = NO_FILE,
    names: Annotated[
        bool, typer.Option("--names", help="Facets that file names tell teach as well.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Learn from what was tagged how facets sound, and suggest them for the other sounds.

    Needs two values of a facet with three sounds each. What was suggested before is dropped;
    suggestions are found with a question mark: dubstage search "surface:gravel?"

    Example: dubstage learn --names
    """
    from db.connect import change_catalogue
    from library.tagging import learn_from_tags

    learnt = learn_from_tags(change_catalogue(library), with_names=names)
    if as_json:
        typer.echo(json.dumps([asdict(each) for each in learnt], ensure_ascii=False))
        return
    for each in learnt:
        typer.echo(
            f"{each.facet}: learnt {', '.join(each.values)} from {each.examples} sounds;"
            f" suggested for {each.suggested}"
        )
