"""Reading the outside world's files; CSV tables first.

``read_table`` recognises how a text file is written, ``to_data`` makes a data set of it. Files
have one row an example; from ``to_data`` on, examples are columns.
"""

from engine.imports.csv_table import Column, Table, read_table
from engine.imports.table_data import propose_task, to_data

__all__ = ["Column", "Table", "propose_task", "read_table", "to_data"]
