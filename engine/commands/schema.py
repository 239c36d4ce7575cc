"""``schema``: the JSON schema of project files."""

from __future__ import annotations

from engine.commands.base import Command, Options, say_json
from engine.files.json_schema import json_schema


def run(options: Options) -> None:
    """Print the schema."""
    say_json(json_schema())


command = Command("print the JSON schema of project files", lambda parser: None, run)
