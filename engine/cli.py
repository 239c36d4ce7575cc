"""The command line: what words there are, which command they mean, and how a command ends.

A command ends with 0; with 1 and one sentence on standard error where something is wrong with
what it was given; with 2 for wrong usage. Output is UTF-8 whatever the console says.
"""

from __future__ import annotations

import argparse
import errno
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from engine.commands import base
from engine.console import utf8
from engine.core.problems import AxonError

PROGRAM = "main.py"

DESCRIPTION = """\
Axon, a neural-network simulator for the classroom.

Without a command the window opens, with the project FILE if one is named.
The commands below need no window; "%(prog)s COMMAND --help" says more of each."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code; wrong usage and ``--help`` end in ``SystemExit``."""
    # small products, as a lesson has them, are faster on one thread; it must be said before NumPy comes
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    import numpy as np

    utf8()
    if sys.stdout is None:
        return _failed("The output cannot be written: there is none.")
    options = command_parser().parse_args(sys.argv[1:] if argv is None else list(argv))
    try:
        with np.errstate(all="ignore"):
            base.find(options.command).run(options)
        sys.stdout.flush()
    except AxonError as error:
        return _failed(str(error))
    except MemoryError:
        return _failed("There is not enough memory for this network and its data.")
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        closed = isinstance(error, BrokenPipeError) or (os.name == "nt" and error.errno == errno.EINVAL)
        _drop_output()
        return (
            0
            if closed
            else _failed(f"The output cannot be written: {(error.strerror or 'no reason').lower()}.")
        )
    return 0


def is_command(argv: Sequence[str]) -> bool:
    """Whether these words are meant for a command and not for the window."""
    return bool(argv) and argv[0] in base.names()


def command_parser() -> argparse.ArgumentParser:
    """The parser of ``axon-cli COMMAND ...`` with one sub-parser a command."""
    parser = argparse.ArgumentParser(
        prog=_program(),
        description=DESCRIPTION.replace(
            "Without a command the window opens", "Without a command main.py opens the window"
        ),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action=_Version, help="show program's version number and exit")
    sub = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name in base.names():
        found = base.find(name)
        each = sub.add_parser(
            name, help=found.summary, description=sentence(found.summary), allow_abbrev=False
        )
        found.arguments(each)
    return parser


def window_parser() -> argparse.ArgumentParser:
    """The parser of ``main.py [FILE] [options]``, which opens the window; the one list of its options."""
    parser = _WindowParser(
        prog=_program(),
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
        usage="%(prog)s [FILE] [options]\n       %(prog)s COMMAND ...",
    )
    parser.add_argument(
        "file", nargs="?", metavar="FILE", help="a project to open: an .axon file or plain JSON"
    )
    parser.add_argument("--reset", action="store_true", help="forget the window's settings and lay-out")
    parser.add_argument("--no-welcome", action="store_true", help="begin without a greeting")
    parser.add_argument(
        "--pictures", metavar="FOLDER", help="save pictures of the window in a folder and end"
    )
    parser.add_argument("--version", action=_Version, help="show program's version number and exit")
    return parser


def check_window(argv: Sequence[str]) -> argparse.Namespace:
    """The window's options; wrong usage ends in ``SystemExit``, and so does a mistyped command."""
    parser = window_parser()
    options = parser.parse_args(list(argv))
    word = options.file
    if word and re.fullmatch(r"[a-z][a-z-]*", word) and not Path(word).exists():
        parser.error(f"there is neither a command nor a file called '{word}'")
    return options


class _WindowParser(argparse.ArgumentParser):
    """Its help lists the commands, which are imported only for that: the window does not wait for them."""

    def format_help(self) -> str:
        summaries = base.aligned((name, base.find(name).summary) for name in base.names())
        self.epilog = "\n".join(["commands:", *summaries])
        return super().format_help()


class _Version(argparse.Action):
    """``--version``, which looks the version up only when it is asked for."""

    def __init__(self, option_strings: Sequence[str], dest: str, help: str | None = None) -> None:
        super().__init__(option_strings, argparse.SUPPRESS, nargs=0, default=argparse.SUPPRESS, help=help)

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        sys.stdout.write(f"Axon {version()}\n")
        parser.exit()


def sentence(words: str) -> str:
    """Words that begin small and have no full stop, as a sentence."""
    return f"{words[:1].upper()}{words[1:]}."


def version() -> str:
    """The program's version, from the source tree or from the installed package."""
    source = Path(__file__).resolve().parent.parent / "pyproject.toml"
    if source.is_file():
        import tomllib

        return str(tomllib.loads(source.read_text(encoding="utf-8"))["project"]["version"])
    from importlib import metadata

    try:
        return metadata.version("axon-simulator")
    except metadata.PackageNotFoundError:
        return "unknown"


def _program() -> str:
    name = Path(sys.argv[0]).name if sys.argv else ""
    return name if name and not name.startswith(("-", "__")) else PROGRAM


def _failed(words: str) -> int:
    print(words, file=sys.stderr)
    return 1


def _drop_output() -> None:
    """Nobody reads any more: let the interpreter's last flush go nowhere instead of failing."""
    try:
        handle = sys.stdout.fileno()
    except (OSError, ValueError):
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, handle)
    os.close(nowhere)


if __name__ == "__main__":
    sys.exit(main())
