"""From a table to data: which column is the target, what the task is, and X and Y as columns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.core.plan import Array
from engine.core.problems import DataError
from engine.datasets.arrays import one_hot, read_only, standardised, standardised_name, target_names
from engine.datasets.base import Data, Task
from engine.imports.csv_table import Column, Table, distinct, label
from engine.imports.text_file import shown

MAX_CLASSES = 100

FEW = 10
"""Up to this many different whole numbers in the target look like classes."""


def propose_task(table: Table, target: str | int | None = None) -> Task:
    """The task that fits the target column; the last column unless another is named.

    Texts are classes. So are whole numbers if there are at most ten different ones and each
    stands there twice or more on average, or if they are 0 and 1 or -1 and 1. Anything else is
    regression.
    """
    column = table.columns[table.position(target)]
    if column.texts:
        return Task.BINARY if len(set(column.texts) - {""}) == 2 else Task.CLASSES
    values = np.unique(column.numbers[np.isfinite(column.numbers)])
    if values.tolist() in ([0.0, 1.0], [-1.0, 1.0]):
        return Task.BINARY
    whole = bool((values == np.rint(values)).all())
    if not whole or not 2 <= len(values) <= FEW or 2 * len(values) > table.m:
        return Task.REGRESSION
    return Task.BINARY if len(values) == 2 else Task.CLASSES


def to_data(
    table: Table,
    *,
    target: str | int | None = None,
    features: Sequence[str | int] | None = None,
    task: Task | None = None,
    standardise: bool = False,
) -> Data:
    """The table as data: X (n, m), Y (k, m), examples as columns.

    ``target`` and ``features`` are names or numbers (from 0) of columns: by default the last
    column, and all others. ``task`` is proposed by ``propose_task`` if it is left out. Classes are
    sorted: texts by the alphabet, numbers by size; of two the first is 0, the second 1. With
    ``standardise`` each feature has mean 0 and variance 1; a constant one becomes 0.
    Raises ``DataError`` with one sentence: the first missing value, text, infinity, or a target
    that does not fit the task.
    """
    at = table.position(target)
    if features is None:
        chosen = [i for i in range(len(table.columns)) if i != at]
    else:
        chosen = list(dict.fromkeys(table.position(each) for each in features))
    try:
        return _data(table, at, chosen, task or propose_task(table, at), standardise)
    except DataError as error:
        raise DataError(f"In {table.name}, {error}") from None


def _data(table: Table, at: int, chosen: Sequence[int], task: Task, standardise: bool) -> Data:
    aim = table.columns[at]
    if not chosen:
        raise DataError("no feature is chosen; choose at least one column as a feature.")
    if at in chosen:
        raise DataError(f"the target column '{shown(aim.name)}' cannot be a feature too; leave it out there.")
    inputs = [table.columns[i] for i in chosen]
    _check_missing([table.columns[i] for i in sorted([*chosen, at])])
    for column in inputs:
        _check_numbers(column, "a feature")
    Y, classes = _regression(aim) if task is Task.REGRESSION else _classes(aim, task)
    X = np.stack([column.numbers for column in inputs])
    names = tuple(column.name for column in inputs)
    return Data(
        X=read_only(standardised(X) if standardise else X),
        Y=read_only(Y),
        features=tuple(map(standardised_name, names)) if standardise else names,
        targets=target_names(len(Y)) if task is Task.CLASSES else (aim.name,),
        task=task,
        classes=classes,
        source=f"Own data: {table.name}.{' Features are standardised.' if standardise else ''}",
    )


def _check_missing(columns: Sequence[Column]) -> None:
    count = sum(column.count_of_missing for column in columns)
    if not count:
        return
    gaps = [(column.first_missing.line, column.name) for column in columns if column.first_missing]
    line, name = min(gaps, key=lambda gap: gap[0])
    what = "1 value is missing," if count == 1 else f"{count} values are missing, the first"
    raise DataError(f"{what} in line {line}, column '{shown(name)}'; fill the gaps or delete these rows.")


def _check_numbers(column: Column, role: str) -> None:
    """Refuse texts and infinities in a feature or in the target of a regression."""
    name = shown(column.name)
    if column.first_text:
        line, text = column.first_text.line, shown(column.first_text.text)
        raise DataError(
            f"column '{name}' has the text '{text}' in line {line}, but {role} must be a number; "
            "correct it or leave this column out."
        )
    _check_finite(column)


def _check_finite(column: Column) -> None:
    if column.first_infinite:
        line, text = column.first_infinite.line, shown(column.first_infinite.text)
        raise DataError(
            f"column '{shown(column.name)}' has {text} in line {line}, which is infinite or too large; "
            "correct it or delete this row."
        )


def _regression(aim: Column) -> tuple[Array, tuple[str, ...]]:
    _check_numbers(aim, "the target of a regression")
    if aim.numbers.min() == aim.numbers.max():
        raise DataError(_one_value(aim, label(float(aim.numbers[0]))))
    return aim.numbers[np.newaxis], ()


def _classes(aim: Column, task: Task) -> tuple[Array, tuple[str, ...]]:
    """Targets (1, m) of 0 and 1 or one-hot (k, m), and the names of the classes."""
    name = shown(aim.name)
    _check_finite(aim)
    if aim.texts:
        if aim.first_text and 2 * aim.count_of_texts < len(aim.texts):
            raise DataError(
                f"the target column '{name}' holds numbers, but the text '{shown(aim.first_text.text)}' "
                f"in line {aim.first_text.line}; correct it or choose another target."
            )
        classes = sorted(set(aim.texts))
        number = {each: i for i, each in enumerate(classes)}
        labels = np.array([number[each] for each in aim.texts])
    else:
        values, labels = np.unique(aim.numbers, return_inverse=True)
        classes = [label(value) for value in values.tolist()]
    k = len(classes)
    if k == 1:
        raise DataError(_one_value(aim, shown(classes[0])))
    if task is Task.BINARY and k != 2:
        raise DataError(
            f"the target column '{name}' has {k} different values, but a binary task needs 2; "
            "choose several classes or another target."
        )
    if k > MAX_CLASSES:
        raise DataError(
            f"the target column '{name}' has {k} different values, too many for classes "
            f"(at most {MAX_CLASSES}); choose regression or another target."
        )
    Y = labels[np.newaxis] if task is Task.BINARY else one_hot(labels, k)
    return Y, tuple(distinct(shown(each, 100) or "?" for each in classes))


def _one_value(aim: Column, value: str) -> str:
    return (
        f"the target column '{shown(aim.name)}' has the same value ({value}) in every row, "
        "so there is nothing to learn; choose another target."
    )
