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
    """Learn how facets and CatIDs sound, and suggest them for the other sounds.

    Facets are learned from what was tagged: two values of a facet with three sounds each; CatIDs
    from the sounds that have one, three of each. What was suggested before is dropped;
    suggestions are found with a question mark: dubstage search "surface:gravel?"

    Example: dubstage learn --names
    """
    from db.connect import change_catalogue
    from library import LibraryError
    from library.suggest import learn_cat_ids
    from library.tagging import learn_from_tags

    connection = change_catalogue(library)
    cat_ids = learn_cat_ids(connection)
    try:
        facets = learn_from_tags(connection, with_names=names)
    except LibraryError as problem:
        if cat_ids is None:
            raise LibraryError(
                f"{problem}; two CatIDs that three sounds each have in their names would do as well"
            ) from None
        facets = []
        typer.echo(f"dubstage: facets: {problem}", err=True)
    if as_json:
        learnt = [asdict(each) for each in facets]
        if cat_ids is not None:
            counts = {"examples": cat_ids.examples, "suggested": cat_ids.suggested}
            learnt.append({"facet": "cat_id", "values": cat_ids.cat_ids} | counts)
        typer.echo(json.dumps(learnt, ensure_ascii=False))
        return
    for each in facets:
        typer.echo(
            f"{each.facet}: learnt {', '.join(each.values)} from {each.examples} sounds;"
            f" suggested for {each.suggested}"
        )
    if cat_ids is not None:
        typer.echo(
            f"CatID: learnt {len(cat_ids.cat_ids)} from {cat_ids.examples} sounds;"
            f" suggested for {cat_ids.suggested}"
        )
