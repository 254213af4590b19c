"""One file a command: parse, call one function, print. No decision about sound.

Only typer and the standard library are imported at the top of these files; what
a command needs is imported inside it, so that `dubstage --help` stays instant.
"""
