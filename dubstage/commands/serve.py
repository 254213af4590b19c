"""`dubstage serve`: the page to listen in."""

from pathlib import Path
from typing import Annotated

import typer

from dubstage.commands.options import NO_FILE, LibraryFile


def serve(
    sessions: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[SESSION.otio|FOLDER]...", help="Sessions to edit and render."),
    ] = None,
    library: LibraryFile = NO_FILE,
    host: Annotated[str, typer.Option(help="Elsewhere than here, a token is asked for.")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option(min=0, max=65_535, help="0: any that is free.")] = 8765,
    token: Annotated[
        str | None, typer.Option(help="The token to ask for.", show_default="made where needed")
    ] = None,
    video: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            exists=True,
            dir_okay=False,
            help="The picture, in a form that browsers play: it runs with the sessions.",
        ),
    ] = None,
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
) -> None:
    """Open a page to search, listen, spot and render in, on this machine, until Control-C.

    Example: dubstage serve --port 0 --no-browser
    """
    import secrets
    import socket
    import webbrowser

    from dubstage.page.app import make_app
    from dubstage.page.connections import page_server
    from dubstage.page.security import SHORTEST_TOKEN, is_loopback
    from dubstage.page.state import Settings
    from library import LibraryError

    if token is not None and len(token) < SHORTEST_TOKEN:
        raise typer.BadParameter(
            f"{len(token)} letters can be guessed; at least {SHORTEST_TOKEN}", param_hint="--token"
        )
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen()  # who reads the address may ask at once
    except OSError as problem:
        listener.close()
        raise LibraryError(f"{host}:{port} cannot be used: {problem.strerror}") from None
    port = listener.getsockname()[1]
    if token is None and not is_loopback(host):
        token = secrets.token_urlsafe(16)
    app = make_app(
        Settings(
            library=library,
            sessions=tuple(sessions or ()),
            video=video,
            host=host,
            port=port,
            token=token,
        )
    )
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{port}/" + (f"?token={token}" if token else "")
    typer.echo(address)
    if browser:
        webbrowser.open(address)
    page_server(app).run(sockets=[listener])
