"""The data that a document learns from."""

from __future__ import annotations

from engine.core.knobs import knobs
from engine.core.problems import DataError
from engine.datasets import Data, datasets
from engine.document import Document

TABLE = "table"
"""The data set that is the user's own table, kept in the document."""


def data_of(document: Document) -> Data:
    """The document's data set, or its own table for the kind ``table``.

    A data set with a knob ``seed`` is drawn from that, others from seed 0: never from the
    training's seed, so that drawing new first weights leaves the data as it is.
    Raises ``DataError`` where the table is missing.
    """
    spec = document.data
    if spec.kind == TABLE:
        if document.table is None:
            raise DataError("The project has no data of its own yet: load a table or choose a data set.")
        return document.table
    kind = datasets.make(spec)
    seed = getattr(kind, "seed", 0) if any(knob.name == "seed" for knob in knobs(type(kind))) else 0
    return kind.load(seed)
