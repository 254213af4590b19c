"""The controls: the command line, one file a command, and the demo."""
