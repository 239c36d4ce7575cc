"""Data sets: generators and shipped real data; one file a kind."""

from engine.datasets.base import Data, DataSet, datasets

__all__ = ["Data", "DataSet", "datasets"]
