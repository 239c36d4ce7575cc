"""``new``: write a project with a network to begin with."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from engine.architectures import Architecture, architectures
from engine.commands.base import Command, Options, aligned, counted_word, json_option, say, say_json
from engine.core.knobs import Knob, knobs
from engine.core.problems import FileError, KnobError, UnknownKindError
from engine.core.spec import Spec, Value
from engine.files import Project, save_project


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("architecture", metavar="ARCHITECTURE", help="which network; 'list' lists them all")
    parser.add_argument(
        "file",
        nargs="?",
        metavar="FILE",
        help="the project to write (plain JSON if it ends in .json); without it the settings are listed",
    )
    parser.add_argument(
        "--set",
        dest="settings",
        metavar="KNOB=VALUE",
        type=_setting,
        action="append",
        default=[],
        help="another value for a setting; may be given several times",
    )
    json_option(parser)


def run(options: Options) -> None:
    """List what there is, or write the project."""
    if options.architecture == "list" and options.file is None:
        _list(options.json)
    elif options.file is None:
        _describe(options.architecture, options.json)
    else:
        _write(options)


def _write(options: Options) -> None:
    made = architecture(options.architecture, dict(options.settings))
    _check_free(options.file)
    project = Project.new(made.document())
    save_project(project, options.file)
    document = project.document
    count = sum(each.size for each in project.learned.parameters.values())
    settings = {name: value for name, value in made.spec.to_json().items() if name != "kind"}
    if options.json:
        say_json(
            {
                "command": "new",
                "architecture": made.kind,
                "settings": settings,
                "file": options.file,
                "layers": len(document.layers),
                "parameters": count,
                "data": document.data.to_json(),
                "epochs": made.epochs,
            }
        )
        return
    chosen = ", ".join(f"{name} {_word(value)}" for name, value in settings.items())
    say(
        f"{made.title}: {counted_word(len(document.layers), 'layer')}, "
        f"{count:,} weights and biases, data {document.data.kind}",
        f"settings: {chosen}",
        f"saved in {options.file}; {counted_word(made.epochs, 'epoch')} of training will do",
    )


def architecture(name: str, given: dict[str, str]) -> Architecture:
    """The architecture of that name with settings as they were typed.

    Raises ``UnknownKindError`` or ``KnobError``, each with a sentence that says what there is.
    """
    cls = _found(name)
    known = {each.name: each for each in knobs(cls)}
    for knob in given:
        if knob not in known:
            raise KnobError(
                f"{cls.title} has no setting called '{knob[:40]}': there are {', '.join(known) or 'none'}."
            )
    values = {knob: value_of(known[knob], words) for knob, words in given.items()}
    return architectures.make(Spec.of(name, **values))


def value_of(knob: Knob, words: str) -> Value:
    """What was typed, in the type of the knob; raises ``KnobError`` with one sentence."""
    typed: Value = words
    if knob.optional and words.lower() in {"none", "null", ""}:
        typed = None
    elif knob.type in {"bool", "int", "float"}:
        typed = _plain_value(words)
    elif knob.type == "kind":
        try:
            typed = Spec.from_json(json.loads(words) if words.startswith("{") else words)
        except ValueError as error:
            raise KnobError(f"{knob.label} cannot be read: {str(error).rstrip('.')}.") from None
    return knob.checked(typed)


def _plain_value(words: str) -> Value:
    """A truth value or a number; else the words, which the knob then refuses."""
    truth = {"true": True, "yes": True, "false": False, "no": False}
    if words.lower() in truth:
        return truth[words.lower()]
    for kind in (int, float):
        try:
            return kind(words) if len(words) < 30 else words[:30]
        except ValueError:
            continue
    return words[:40]


def _setting(words: str) -> tuple[str, str]:
    name, equals, value = words.partition("=")
    if not equals or not name.strip():
        raise argparse.ArgumentTypeError(f"must be written KNOB=VALUE, not '{words[:40]}'")
    return name.strip(), value.strip()


def _found(name: str) -> type[Architecture]:
    if name not in architectures:
        there = ", ".join(cls.kind for cls in architectures)
        raise UnknownKindError(f"There is no architecture called '{name[:60]}': there are {there}.")
    return architectures[name]


def _list(as_json: bool) -> None:
    if as_json:
        say_json(
            {
                "command": "new",
                "architectures": [
                    {"name": cls.kind, "title": cls.title, "summary": cls.summary, "group": cls.group}
                    for cls in architectures
                ],
            }
        )
        return
    say(*aligned((cls.kind, cls.summary) for cls in architectures))


def _describe(name: str, as_json: bool) -> None:
    cls = _found(name)
    if as_json:
        say_json({"command": "new", "architecture": name, "settings": [_entry(each) for each in knobs(cls)]})
        return
    say(f"{cls.title}: {cls.summary}")
    rows = []
    for each in knobs(cls):
        bounds = " or ".join(each.choices) if each.choices else ""
        if each.type in {"int", "float"}:
            bounds = f"{each.minimum:g} to {each.maximum:g}"
        rows.append((f"{each.name}={_word(_plain(each.default))}", bounds or each.family, each.label))
    say(*aligned(rows))


def _entry(knob: Knob) -> dict[str, object]:
    return {
        "name": knob.name,
        "label": knob.label,
        "type": knob.type,
        "default": _plain(knob.default),
        "minimum": knob.minimum,
        "maximum": knob.maximum,
        "choices": list(knob.choices),
    }


def _plain(value: object) -> object:
    to_json = getattr(value, "to_json", None)
    return value if to_json is None else to_json()


def _word(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return str(value["kind"]) if len(value) == 1 else json.dumps(value, ensure_ascii=False)
    return str(value)


def _check_free(path: str) -> None:
    """Nobody's work is written over."""
    target = Path(path)
    if target.exists():
        raise FileError(f"'{path}' cannot be written: there is something of that name already.")
    if not target.parent.is_dir():
        raise FileError(f"'{target.name}' cannot be saved: the folder does not exist.")


command = Command("write a project with a network to begin with", arguments, run)
