"""Reading tables: what is recognised, what the data are, and one sentence for everything else."""

from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.core.problems import AxonError, DataError, FileError
from engine.datasets.base import Task
from engine.imports import Table, csv_table, propose_task, read_table, text_file, to_data

pytestmark = pytest.mark.slow

GATES = "x1,x2,y\n0,0,0\n0,1,0\n1,0,0\n1,1,1\n"


def columns(table: Table) -> list[list[float]]:
    return [column.numbers.tolist() for column in table.columns]


def refused(content: str | bytes, **options: object) -> str:
    """The sentence with which reading or using a table is refused."""
    with pytest.raises(DataError) as error:
        to_data(read_table(content), **options)  # type: ignore[arg-type]
    sentence = str(error.value)
    assert sentence.endswith(".") and "\n" not in sentence
    return sentence


# recognised


@pytest.mark.parametrize(
    ("text", "delimiter", "decimal"),
    [
        ("1.5,2.5\n2,3.5\n", ",", "."),
        ("1.5, 2.5\n2, 3.5\n", ",", "."),
        ("1,5;2,5\n2;3,5\n", ";", ","),
        ("1.5;2.5\n2;3.5\n", ";", "."),
        ("1,5\t2,5\n2\t3,5\n", "\t", ","),
        ("1.5\t2.5\n2\t3.5\n", "\t", "."),
        ("1.5 2.5\n2   3.5 \n", " ", "."),
        ("  1,5 2,5\n2 3,5\n", " ", ","),
        ("1.5|2.5\n2|3.5\n", "|", "."),
        ('"1,5","2,5"\n"2","3,5"\n', ",", ","),
        ("1.5,2.5\r\n2,3.5\r\n", ",", "."),
        ("1.5,2.5\r2,3.5", ",", "."),
        ("sep=;\r\n1,5;2,5\r\n2;3,5\r\n", ";", ","),
        ("# made by hand\n#a;b;c;d\n\n1.5,2.5\n2,3.5\n\n\n", ",", "."),
        ("1.5,2.5\n\n2,3.5\n,\n   \n", ",", "."),
        ("1.5,2.5,\n2,3.5,\n", ",", "."),
        ("\ufeff1.5,2.5\n2,3.5\n", ",", "."),
        ("+1.5e0,.25E1\n2.,3.5\n", ",", "."),
    ],
)
def test_delimiter_and_decimal_sign(text: str, delimiter: str, decimal: str) -> None:
    table = read_table(text)
    assert (table.delimiter, table.decimal, table.header) == (delimiter, decimal, False)
    assert columns(table) == [[1.5, 2.0], [2.5, 3.5]]
    assert [column.name for column in table.columns] == ["x1", "y"]


def test_decimal_comma_far_below_the_sample() -> None:
    table = read_table("1;2\n" * 1000 + "1,5;2\n")
    assert table.decimal == "," and table.columns[0].numbers[-1] == 1.5


def test_what_is_recognised_can_be_overruled() -> None:
    table = read_table("1,234;5\n2,345;6\n", delimiter=",", decimal=".", header=True)
    assert (table.delimiter, table.m, table.columns[1].texts) == (",", 1, ("345;6",))
    assert read_table("a,b\nc,d\n", header=False).m == 2
    for options, sentence in (
        ({"delimiter": "::"}, "'::' cannot be a delimiter; choose another."),
        ({"decimal": "'"}, "''' cannot be a decimal sign; choose another."),
    ):
        with pytest.raises(DataError) as error:
            read_table(GATES, **options)  # type: ignore[arg-type]
        assert str(error.value) == sentence


def test_sentences_with_commas_in_a_text_column() -> None:
    table = read_table('1.5;"red; blue";a, b\n2;green;"say ""hi"""\n')
    assert table.delimiter == ";"
    assert table.columns[1].texts == ("red; blue", "green")
    assert table.columns[2].texts == ("a, b", 'say "hi"')


@pytest.mark.parametrize(
    ("codec", "encoding"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("utf-16", "UTF-16"),
        ("utf-32", "UTF-32"),
        ("cp1252", "Windows-1252"),
    ],
)
def test_encodings(tmp_path: Path, codec: str, encoding: str) -> None:
    path = tmp_path / "größe.csv"
    path.write_bytes("Länge;Größe\n1,5;2,5\n2;3\n".encode(codec))
    for source in (path, str(path)):
        table = read_table(source)
        assert (table.encoding, table.name) == (encoding, "'größe.csv'")
        assert [column.name for column in table.columns] == ["Länge", "Größe"]


def test_big_endian_utf16() -> None:
    assert read_table(b"\xfe\xff" + GATES.encode("utf-16-be")).encoding == "UTF-16"


@pytest.mark.parametrize(
    ("text", "header", "names"),
    [
        (GATES, True, ["x1", "x2", "y"]),
        ("1,2,a\n3,4,b\n", False, ["x1", "x2", "y"]),
        ("a,a,,a\n1,2,3,4\n", True, ["a", "a (2)", "x3", "a (3)"]),
        (",a,b\n1,2,3\n", True, ["x1", "a", "b"]),
        ("size,kind\n?,red\n1,blue\n", True, ["size", "kind"]),
        ("colour,kind\nred,a\nblue,b\n", True, ["colour", "kind"]),
        ("red,a\nblue,b\nred,b\n", False, ["x1", "y"]),
        ('"two\nlines",b\n1,2\n', True, ["two lines", "b"]),
    ],
)
def test_header(text: str, header: bool, names: list[str]) -> None:
    table = read_table(text)
    assert (table.header, [column.name for column in table.columns]) == (header, names)


def test_preview() -> None:
    table = read_table("a;b;kind\n" + "1,50; 2 ;red\n" * 20)
    assert table.head == (("1,50", "2", "red"),) * 10 and table.m == 20
    assert [column.type for column in table.columns] == ["number", "number", "text"]


def test_columns_are_read_only_and_keep_nan_for_gaps() -> None:
    table = read_table("a,b\n1,x\nNA,y\n−3,\n")
    first, second = table.columns
    np.testing.assert_array_equal(first.numbers, [1.0, np.nan, -3.0])
    assert not first.numbers.flags.writeable
    assert second.texts == ("x", "y", "") and second.count_of_missing == 1


# data


def test_binary_of_numbers() -> None:
    data = to_data(read_table(GATES))
    assert data.X.tolist() == [[0, 0, 1, 1], [0, 1, 0, 1]] and data.Y.tolist() == [[0, 0, 0, 1]]
    assert (data.task, data.classes) == (Task.BINARY, ("0", "1"))
    assert (data.features, data.targets) == (("x1", "x2"), ("y",))
    assert data.source == "Own data: the pasted text."
    for values in (data.X, data.Y):
        assert values.dtype == np.float64 and values.flags.c_contiguous and not values.flags.writeable


@pytest.mark.parametrize(
    ("target", "task", "classes", "Y"),
    [
        (["yes", "no", "no", "yes"], Task.BINARY, ("no", "yes"), [[1, 0, 0, 1]]),
        (["-1", "1", "1", "-1"], Task.BINARY, ("-1", "1"), [[0, 1, 1, 0]]),
        (["+", "-", "-", "+"], Task.BINARY, ("+", "-"), [[0, 1, 1, 0]]),
        (["3", "7", "7", "3"], Task.BINARY, ("3", "7"), [[0, 1, 1, 0]]),
        (["b", "a", "c", "a"], Task.CLASSES, ("a", "b", "c"),
         [[0, 1, 0, 1], [1, 0, 0, 0], [0, 0, 1, 0]]),
        (["2", "10", "3", "2", "3", "10"], Task.CLASSES, ("2", "3", "10"),
         [[1, 0, 0, 1, 0, 0], [0, 0, 1, 0, 1, 0], [0, 1, 0, 0, 0, 1]]),
        (["1", "2", "3", "4"], Task.REGRESSION, (), [[1, 2, 3, 4]]),
        (["0.5", "1", "0.5", "1"], Task.REGRESSION, (), [[0.5, 1, 0.5, 1]]),
    ],
)  # fmt: skip
def test_proposed_task(target: list[str], task: Task, classes: tuple[str, ...], Y: list[list[float]]) -> None:
    table = read_table("a,aim\n" + "".join(f"{i}.5,{each}\n" for i, each in enumerate(target)))
    assert propose_task(table) is task
    data = to_data(table)
    assert (data.task, data.classes, data.Y.tolist()) == (task, classes, Y)
    assert data.targets == (("y1", "y2", "y3") if task is Task.CLASSES else ("aim",))


def test_eleven_whole_numbers_are_a_regression() -> None:
    for k, task in ((10, Task.CLASSES), (11, Task.REGRESSION)):
        table = read_table("".join(f"{i},{i % k}\n" for i in range(60)))
        assert propose_task(table) is task


def test_the_task_can_be_chosen() -> None:
    table = read_table(GATES)
    assert to_data(table, task=Task.REGRESSION).Y.tolist() == [[0, 0, 0, 1]]
    assert to_data(table, task=Task.CLASSES).Y.tolist() == [[1, 1, 1, 0], [0, 0, 0, 1]]
    values = read_table("1,0.5\n2,1.25\n3,0.5\n")
    assert to_data(values, task=Task.BINARY).classes == ("0.5", "1.25")


@pytest.mark.parametrize("target", ["Kind", "kind", 1, -2])
def test_target_by_name_or_number(target: str | int) -> None:
    data = to_data(read_table("a,Kind,b\n1,x,2\n3,y,4\n"), target=target)
    assert data.features == ("a", "b") and data.targets == ("Kind",)
    assert data.X.tolist() == [[1, 3], [2, 4]] and data.Y.tolist() == [[0, 1]]


def test_chosen_features_leave_texts_and_gaps_aside() -> None:
    table = read_table("name,a,b,y\nAnn,1,,0\nBob,2,5,1\n")
    data = to_data(table, features=["a"])
    assert data.features == ("a",) and data.X.tolist() == [[1, 2]]


def test_standardised() -> None:
    data = to_data(read_table("a (cm),b,y\n1,7,0\n3,7,1\n5,7,1\n"), standardise=True)
    np.testing.assert_allclose(data.X, [[-(1.5**0.5), 0, 1.5**0.5], [0, 0, 0]], atol=1e-15)
    assert data.features == ("a", "b")
    assert data.Y.tolist() == [[0, 1, 1]]


def test_many_rows_are_fast(tmp_path: Path) -> None:
    path = tmp_path / "many.csv"
    lines = [",".join(f"{(i * j) % 1000 / 7:.6f}" for j in range(1, 11)) for i in range(100_000)]
    path.write_text("\n".join(lines), encoding="utf-8")
    began = time.perf_counter()
    data = to_data(read_table(path), standardise=True)
    assert time.perf_counter() - began < 15.0  # about two seconds; slow machines may take longer
    assert data.X.shape == (9, 100_000)


def test_blocks_join_to_one_column() -> None:
    table = read_table("".join(f"{i};{i % 3}\n" for i in range(5000)) + "5000;many\n")
    assert table.columns[0].numbers.tolist() == list(range(5001))
    assert table.columns[1].texts[:3] == ("0", "1", "2") and table.columns[1].texts[-1] == "many"


# refused, in one sentence


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "there are no rows; it is empty."),
        ("\n \n# nothing\n", "there are no rows; it is empty."),
        (
            "a\n1\n2\n",
            "there is only one column; a table needs at least one feature and a target, "
            "separated by comma, semicolon, tab or space.",
        ),
        ("a,b\n", "there are no rows below the names of the columns; add some examples."),
        (
            "# top\na,b,y\n1,2,0\n\n3,4\n5,6,1\n",
            "line 5 has 2 fields, but 3 were expected as in line 2; "
            "look for a missing or an extra separator.",
        ),
        (
            "a,b\n1,2\n3\n4,5\n",
            "line 3 has 1 field, but 2 were expected as in line 1; look for a missing or an extra separator.",
        ),
        (
            'a,b\n1,2\n"3,4\n',
            "a quotation mark in line 3 is not closed or stands in the wrong place; correct it.",
        ),
        (
            "a,b,y\n1,,0\n?,2,1\n3,nan,1\n",
            "3 values are missing, the first in line 2, column 'b'; fill the gaps or delete these rows.",
        ),
        (
            "a,b,y\n1,3,0\n1,2,-\n",
            "1 value is missing, in line 3, column 'y'; fill the gaps or delete these rows.",
        ),
        (
            "a,b,y\n1,3,0\n1,red,1\n",
            "column 'b' has the text 'red' in line 3, but a feature must be a number; "
            "correct it or leave this column out.",
        ),
        (
            "1.5;2\n2,5;3\n2.5;3\n",
            "column 'x1' has the text '2,5' in line 2, but a feature must be a number; "
            "correct it or leave this column out.",
        ),
        (
            "a,y\n1,0\n1e999,1\n",
            "column 'a' has 1e999 in line 3, which is infinite or too large; correct it or delete this row.",
        ),
        (
            "a,y\n1,0.5\n2,-Inf\n",
            "column 'y' has -Inf in line 3, which is infinite or too large; correct it or delete this row.",
        ),
        (
            "a,y\n1,red\n2,red\n",
            "the target column 'y' has the same value (red) in every row, "
            "so there is nothing to learn; choose another target.",
        ),
        (
            "a,y\n1,4\n2,4\n",
            "the target column 'y' has the same value (4) in every row, "
            "so there is nothing to learn; choose another target.",
        ),
        (
            "a,y\n1,4\n2,5\n3,6\n4,x6\n",
            "the target column 'y' holds numbers, but the text 'x6' in line 5; "
            "correct it or choose another target.",
        ),
        (
            "".join(f"{i},name{i}\n" for i in range(101)),
            "the target column 'y' has 101 different values, too many for classes (at most 100); "
            "choose regression or another target.",
        ),
    ],
)
def test_sentences(text: str, sentence: str) -> None:
    assert refused(text) == f"In the pasted text, {sentence}"


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"target": "z"}, "there is no column 'z'; its columns are 'x1', 'x2', 'y'."),
        ({"target": 3}, "there is no column number 3; it has 3 columns."),
        ({"features": []}, "no feature is chosen; choose at least one column as a feature."),
        ({"features": ["x1", "y"]}, "the target column 'y' cannot be a feature too; leave it out there."),
        (
            {"target": "n", "features": ["x1"]},
            "there is no column 'n'; its columns are 'x1', 'x2', 'y'.",
        ),
    ],
)
def test_sentences_for_the_choice_of_columns(options: dict[str, object], sentence: str) -> None:
    assert refused(GATES, **options) == f"In the pasted text, {sentence}"


def test_sentences_for_a_task_that_does_not_fit() -> None:
    texts = "1,a\n2,b\n3,c\n"
    assert refused(texts, task=Task.BINARY) == (
        "In the pasted text, the target column 'y' has 3 different values, but a binary task needs 2; "
        "choose several classes or another target."
    )
    assert refused(texts, task=Task.REGRESSION) == (
        "In the pasted text, column 'y' has the text 'a' in line 1, but the target of a regression "
        "must be a number; correct it or leave this column out."
    )


def test_too_many_columns_and_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    assert refused(("1," * 1000 + "1\n") * 2) == (
        "In the pasted text, there are 1001 columns; at most 1000 can be read."
    )
    monkeypatch.setattr(csv_table, "MAX_ROWS", 3)
    assert refused(GATES[8:] + "1,1,1\n") == (
        "In the pasted text, there are more than 3 rows; keep only some of them."
    )


def test_long_and_odd_texts_are_shown_short() -> None:
    sentence = refused("a,y\n1,0\n" + "long\x07\u202e " * 50 + ",1\n")
    assert "'long long long long long long long long…'" in sentence


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"1,2\n3\x00,4\n", "The pasted text is not a text file; save the table as CSV in UTF-8."),
        (b"\xff\xfe1", "The pasted text is not a text file; save the table as CSV in UTF-8."),
        (b"\xef\xbb\xbf\xff,1\n", "The pasted text is not a text file; save the table as CSV in UTF-8."),
        (b"1,\x81\n", "The pasted text is not a text file; save the table as CSV in UTF-8."),
        ("1,2\n3\x00,4\n", "The pasted text is not a text file; save the table as CSV in UTF-8."),
        (
            b"PK\x03\x04rest",
            "The pasted text is a spreadsheet or zip archive, not a table as text; "
            "in a spreadsheet program save it as CSV.",
        ),
        (
            b"\x89PNG\r\n\x1a\n",
            "The pasted text is a picture, not a table as text; in a spreadsheet program save it as CSV.",
        ),
    ],
)
def test_no_text(content: str | bytes, sentence: str) -> None:
    assert refused(content) == sentence


def file_problem(path: str | Path) -> str:
    with pytest.raises(FileError) as error:
        read_table(path)
    return str(error.value)


def test_files_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert file_problem(tmp_path / "no.csv") == ("There is no file 'no.csv'; check its name and its folder.")
    folder = tmp_path / "folder"
    folder.mkdir()
    assert file_problem(folder) == "'folder' is a folder, not a file; choose a file in it."
    assert file_problem("a\0b.csv") == (
        "'a b.csv' cannot be read (this is not the name of a file); choose another file."
    )
    path = tmp_path / "mine.csv"
    path.write_text(GATES, encoding="utf-8")

    def forbidden(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", forbidden)
        assert file_problem(path) == "'mine.csv' may not be read; ask its owner for permission or copy it."
    monkeypatch.setattr(text_file, "MAX_BYTES", 10)
    assert "'mine.csv' is larger than 0 MB; keep only some of its rows." == file_problem(path)
    with pytest.raises(FileError, match="The pasted text is larger than"):
        read_table(GATES)
    with pytest.raises(FileError, match="The pasted text is larger than"):
        read_table(GATES.encode())


def test_the_limit_of_size() -> None:
    assert text_file.MAX_BYTES == 50_000_000
    assert csv_table.MAX_ROWS == 1_000_000 and csv_table.MAX_COLUMNS == 1_000


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
def test_a_pipe_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert file_problem(tmp_path / "pipe") == (
        "'pipe' is not an ordinary file; choose a text file with a table."
    )


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("1" * 200_000 + "x,2\n1,2\n", id="digits"),
        pytest.param("9" * 100_000 + ",1\n1,2\n", id="a huge number"),
        pytest.param('"' * 99_999 + "\n", id="quotes"),
        pytest.param("\n" * 200_000, id="empty lines"),
        pytest.param("1,2\n" + "," * 100_000, id="commas"),
    ],
)
def test_nothing_takes_long(text: str) -> None:
    began = time.perf_counter()
    answer(text)
    assert time.perf_counter() - began < 5.0


# anything at all


def answer(content: str | bytes) -> None:
    """Read and use whatever it is; only a sentence for the user may come out."""
    try:
        table = read_table(content)
        for standardise in (False, True):
            for task in (None, *Task):
                try:
                    data = to_data(table, task=task, standardise=standardise)
                except AxonError as error:
                    assert str(error).endswith(".")
                    continue
                assert np.isfinite(data.X).all() and np.isfinite(data.Y).all()
                assert data.X.shape == (len(data.features), data.m)
                assert data.Y.shape == (len(data.targets), data.m)
    except AxonError as error:
        assert str(error).endswith(".") and "\n" not in str(error)


TABLE_LIKE = st.text(st.sampled_from('0123456789.,;\t |"\n\r-+eE#xyNA?\ufeff\u2028=sp'), max_size=60)
FIELD = st.one_of(
    st.floats().map(str),
    st.integers().map(str),
    st.sampled_from(["", "NA", "red", '"', "1,5", "1e999", "-0"]),
)


@given(st.binary(max_size=200))
@settings(max_examples=300, deadline=None)
def test_any_bytes(content: bytes) -> None:
    answer(content)


@given(st.one_of(st.text(max_size=100), TABLE_LIKE).map(lambda text: text + "\n"))
@settings(max_examples=600, deadline=None)
def test_any_text(text: str) -> None:
    answer(text)
    answer(b"\xff\xfe" + text.encode("utf-16-le", "surrogatepass"))


@given(st.text(st.characters(categories=["Cs", "Ll", "Cc"]), max_size=10))
@settings(max_examples=100, deadline=None)
def test_any_surrogates(text: str) -> None:
    answer(f"{text},1\n2,{text}\n3,4\n")


@given(
    st.integers(1, 4).flatmap(lambda n: st.lists(st.lists(FIELD, min_size=n, max_size=n), max_size=8)),
    st.sampled_from(",;\t |"),
)
@settings(max_examples=600, deadline=None)
def test_any_table(rows: list[list[str]], delimiter: str) -> None:
    answer("\n".join(delimiter.join(row) for row in rows) + "\n")


@given(
    st.integers(1, 4).flatmap(
        lambda n: st.lists(
            st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=n, max_size=n), min_size=2
        )
    ),
    st.sampled_from([(",", "."), (";", ","), (";", "."), ("\t", ","), (" ", ".")]),
)
@settings(max_examples=200, deadline=None)
def test_numbers_come_back_as_they_were(rows: list[list[float]], signs: tuple[str, str]) -> None:
    delimiter, decimal = signs
    rows = [[float(i) + 0.5, *row] for i, row in enumerate(rows)]
    text = "\n".join(delimiter.join(repr(each).replace(".", decimal) for each in row) for row in rows)
    table = read_table(text)
    assert table.delimiter == delimiter
    assert np.array(columns(table)).T.tolist() == rows
