"""What tests of the engine share."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.document import Document


@pytest.fixture(scope="session")
def around() -> Callable[..., Iterator[Document]]:
    """The small networks in which the contract of layers tries a kind."""
    path = Path(__file__).parents[1] / "contracts" / "test_layers_contract.py"
    spec = importlib.util.spec_from_file_location("layers_contract", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: Callable[..., Iterator[Document]] = module.around
    return found
