#!/usr/bin/env python3
"""Axon: read the command line, then open the window or run one command without it.

    python main.py                    open the window
    python main.py FILE               open the window with a project
    python main.py COMMAND ...        run a command that needs no window

docs/command-line.md has the rest. A file called like a command is opened with ./ before its name.
"""

from __future__ import annotations

import sys


def main(argv: list[str]) -> int:
    """Do what the words say and return the exit code."""
    from engine.console import utf8

    utf8()
    if argv:
        from engine import cli

        if cli.is_command(argv):
            return cli.main(argv)
        cli.check_window(argv)  # --help, --version and wrong usage need no window either
    from gui.app import main as window

    return int(window(argv))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
