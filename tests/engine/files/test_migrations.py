"""Older versions of the format, with a made-up one."""

from __future__ import annotations

import pytest

from engine.files.migrations import migrated
from engine.files.problems import Wrong


def test_migrations():
    def rename(entry: dict[str, object]) -> dict[str, object]:
        return {("layers" if name == "neurons" else name): value for name, value in entry.items()}

    def double(entry: dict[str, object]) -> dict[str, object]:
        return {**entry, "step": 2 * entry["step"]}

    old = {"format": "axon-project", "version": 1, "neurons": [1, 1], "step": 4}
    steps = {1: rename, 2: double}
    assert migrated(old, version=3, migrations=steps) == {
        "format": "axon-project",
        "version": 3,
        "layers": [1, 1],
        "step": 8,
    }
    assert migrated({**old, "version": 2}, version=3, migrations=steps)["step"] == 8
    assert migrated({**old, "version": 3}, version=3, migrations=steps)["step"] == 4
    assert "version" in old
    with pytest.raises(Wrong, match="newer Axon"):
        migrated({**old, "version": 4}, version=3, migrations=steps)
