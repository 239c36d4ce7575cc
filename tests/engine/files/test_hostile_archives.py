"""Archives that are broken, wrong or evil: one sentence each, and nothing else ever."""

from __future__ import annotations

import io
import json
import re
import stat
import struct
import tracemalloc
import warnings
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.core.problems import FileError
from engine.files import Project, archive, from_bytes, npy, save_project
from engine.samples import first_light

pytestmark = pytest.mark.slow

NAME = "arrays/parameters/hidden.W.input.npy"


@pytest.fixture(scope="module")
def good(tmp_path_factory) -> bytes:
    path = tmp_path_factory.mktemp("good") / "a.axon"
    save_project(Project.new(first_light()), path)
    return path.read_bytes()


def entries(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as box:
        return {name: box.read(name) for name in box.namelist()}


def packed(parts: dict[str, bytes], packing: int = zipfile.ZIP_STORED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packing) as box:
        for name, data in parts.items():
            box.writestr(name, data)
    return out.getvalue()


def refusal(data: bytes) -> str:
    with pytest.raises(FileError) as caught:
        from_bytes(data, "evil.axon")
    words = str(caught.value)
    assert words.startswith("'evil.axon' cannot be opened: ")
    assert words.endswith(".")
    assert len(words) <= 200
    assert "\n" not in words
    return words.removeprefix("'evil.axon' cannot be opened: ")


def with_array(good: bytes, array: object, *, pickled: bool = False) -> bytes:
    out = io.BytesIO()
    np.save(out, np.asarray(array), allow_pickle=pickled)
    return packed({**entries(good), NAME: out.getvalue()})


def with_header(good: bytes, header: str, body: bytes = b"\0" * 64, version: int = 1) -> bytes:
    width = "<H" if version == 1 else "<I"
    raw = b"\x93NUMPY" + bytes([version, 0]) + struct.pack(width, len(header)) + header.encode() + body
    return packed({**entries(good), NAME: raw})


def header(shape: str = "(4, 2)", descr: str = "'<f8'", order: str = "False") -> str:
    return f"{{'descr': {descr}, 'fortran_order': {order}, 'shape': {shape}, }}\n"


# -------------------------------------------------------------------- the archive


def test_cut_short_anywhere(good):
    for length in range(0, len(good) - 1, 37):
        refusal(good[:length])


def test_not_an_archive():
    assert refusal(b"") == "it is empty."
    assert refusal(b"PK") == "it is damaged or cut short."
    assert refusal(b"PK\3\4" + bytes(range(256)) * 8) == "it is damaged or cut short."
    assert refusal(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR") == "it is neither an Axon project nor a text in UTF-8."
    assert refusal(b"hello world") == "it is not an Axon project."


def test_another_kind_of_archive():
    assert refusal(packed({"word/document.xml": b"<x/>"})).startswith(
        "it is not an Axon project: there is no"
    )
    assert refusal(packed({})).startswith("it is not an Axon project")


def test_missing_arrays(good):
    for name in entries(good):
        if name.endswith(".npy"):
            left = {key: value for key, value in entries(good).items() if key != name}
            assert "is missing" in refusal(packed(left))


@pytest.mark.parametrize(
    "name", ["../evil", "/etc/passwd", "a/../../b", "C:/evil", "..\\evil", "\\\\host\\evil", "a:b"]
)
def test_paths_that_leave_the_archive(good, name):
    assert "leads out of the archive" in refusal(packed({**entries(good), name: b"x"}))


def test_links(good):
    out = io.BytesIO(good)
    with zipfile.ZipFile(out, "a") as box:
        entry = zipfile.ZipInfo("link")
        entry.create_system = 3
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        box.writestr(entry, "/etc/passwd")
    assert refusal(out.getvalue()) == "its entry 'link' is a link."


def test_duplicate_entries(good):
    out = io.BytesIO(good)
    with warnings.catch_warnings(), zipfile.ZipFile(out, "a") as box:
        warnings.simplefilter("ignore")
        box.writestr("project.json", "{}")
    assert refusal(out.getvalue()) == "its entry 'project.json' stands in it twice."


def test_encrypted_entries(good):
    data = bytearray(good)
    place = data.index(b"PK\1\2")
    data[place + 8] |= 1
    assert refusal(bytes(data)) == "it is encrypted."


def test_other_packings(good):
    assert "packed in a way" in refusal(packed(entries(good), zipfile.ZIP_BZIP2))
    assert "packed in a way" in refusal(packed(entries(good), zipfile.ZIP_LZMA))


def test_too_many_entries(good):
    parts = {**entries(good), **{f"x{n}": b"" for n in range(archive.MOST_ENTRIES)}}
    assert "entries, more than 5000" in refusal(packed(parts))


def test_a_bomb_is_refused_before_it_unpacks(good):
    bomb = packed({**entries(good), "bomb": b"\0" * (archive.SMALL + 1)}, zipfile.ZIP_DEFLATED)
    assert "would unpack to" in refusal(bomb)


def test_a_bomb_in_project_json(good):
    blank = b'{"format":"axon-project","layers":[]' + b" " * (archive.MOST_TEXT + 1) + b"}"
    bomb = packed({**entries(good), "project.json": blank}, zipfile.ZIP_DEFLATED)
    assert refusal(bomb) == "project.json is larger than 16 MB."


def test_a_bomb_that_lies_about_its_size(good):
    """The declared size is small, the packed data unpacks to 50 MB: never more is unpacked than declared."""
    parts = packed({**entries(good), NAME: b"\0" * 50_000_000}, zipfile.ZIP_DEFLATED)
    lying = parts.replace(struct.pack("<I", 50_000_000), struct.pack("<I", 192))
    assert lying != parts
    tracemalloc.start()
    try:
        refusal(lying)
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


def test_a_total_beyond_all_limits(good):
    data = bytearray(packed({**entries(good), "big": b"12345678"}))
    place = data.rindex(b"PK\1\2")
    data[place + 24 : place + 28] = struct.pack("<I", 0xFFFFFFFE)
    assert "would unpack to" in refusal(bytes(data))


def test_numbers_do_not_belong_into_project_json(good):
    parts = entries(good)
    entry = {**json.loads(parts["project.json"]), "parameters": {"hidden.b": [1, 2, 3, 4]}}
    assert "numbers belong into arrays" in refusal(
        packed({**parts, "project.json": json.dumps(entry).encode()})
    )


def test_checksums_are_looked_at(good):
    data = bytearray(good)
    place = data.index(b"\x93NUMPY") + 130
    data[place] ^= 1
    assert refusal(bytes(data)) == "it is damaged or cut short."


# -------------------------------------------------------------------- arrays


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_weights_that_are_no_numbers(good, value):
    array = np.ones((4, 2))
    array[3, 1] = value
    assert refusal(with_array(good, array)) == (
        "the weights hidden.W.input have a number that is infinite or not a number."
    )


@pytest.mark.parametrize("shape", [(2, 4), (8,), (), (4, 2, 1), (0, 2), (4, 3)])
def test_wrong_shapes(good, shape):
    assert "must be 4 x 2, not" in refusal(with_array(good, np.zeros(shape)))


def test_a_giant_shape_takes_no_memory(good):
    tracemalloc.start()
    try:
        for shape in ("(1000000000,)", "(1000000000, 1000000000)", "(4, 2, 1000000000)", f"({'9' * 30},)"):
            refusal(with_header(good, header(shape)))
        curve = (
            b"\x93NUMPY\1\0"
            + struct.pack("<H", len(header("(1000000000,)")))
            + header("(1000000000,)").encode()
        )
        assert "1,000,000,000 numbers" in refusal(packed({**entries(good), "arrays/curve.npy": curve}))
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


def test_wrong_types(good):
    words = "does not hold plain numbers"
    assert words in refusal(with_array(good, np.full((4, 2), None), pickled=True))
    assert words in refusal(with_array(good, np.zeros((4, 2), complex)))
    assert words in refusal(with_array(good, np.zeros((4, 2), bool)))
    assert words in refusal(with_array(good, np.full((4, 2), "x")))
    assert words in refusal(with_array(good, np.zeros((4, 2), [("a", "f8")])))
    assert words in refusal(with_array(good, np.zeros((4, 2), "M8[s]")))
    assert words in refusal(with_header(good, header(descr="'|O'")))
    assert words in refusal(with_header(good, header(descr="'<f3'")))
    assert words in refusal(with_header(good, header(descr="__import__('os')")))


@pytest.mark.parametrize("dtype", ["<f8", ">f8", "<i4", ">i2", "|u1", "<i8"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_what_is_converted(good, dtype, order):
    array = np.arange(8).reshape(4, 2).astype(dtype, order=order)
    found = from_bytes(with_array(good, array)).learned.parameters["hidden.W.input"]
    assert found.dtype == np.float64
    assert found.flags.c_contiguous
    assert np.array_equal(found, np.arange(8.0).reshape(4, 2))


def test_half_precision_is_converted_and_single_stays(good):
    array = np.arange(8).reshape(4, 2)
    for dtype, result in ((np.float16, np.float64), (">f4", np.float32)):
        found = from_bytes(with_array(good, array.astype(dtype))).learned.parameters["hidden.W.input"]
        assert found.dtype == result
        assert np.array_equal(found, array)


@pytest.mark.parametrize("version", [1, 2, 3])
def test_versions_of_the_header(good, version):
    found = from_bytes(with_header(good, header(), version=version)).learned.parameters["hidden.W.input"]
    assert np.array_equal(found, np.zeros((4, 2)))


def test_broken_headers(good):
    assert "is not in the npy format" in refusal(packed({**entries(good), NAME: b"x" * 200}))
    assert "is not in the npy format" in refusal(packed({**entries(good), NAME: b""}))
    assert "is not in the npy format" in refusal(with_header(good, header(), version=9))
    assert "has a header that is too long" in refusal(with_header(good, header() + " " * 5000))
    assert "broken header" in refusal(with_header(good, "{'descr': '<f8', 'shape': (4, 2)}"))
    assert "broken header" in refusal(with_header(good, header("(4, -2)")))
    assert "broken header" in refusal(with_header(good, header("(2**4, 2)")))
    assert "impossible shape" in refusal(with_header(good, header("(4 5, 2)")))
    assert "cut short or too long" in refusal(with_header(good, header(), b"\0" * 63))
    assert "cut short or too long" in refusal(with_header(good, header(), b"\0" * 65))


def test_arrays_written_here_are_what_numpy_writes():
    array = np.arange(6.0).reshape(2, 3)
    assert np.array_equal(np.load(io.BytesIO(npy.written(array)), allow_pickle=False), array)


# -------------------------------------------------------------------- chance


def opens_or_refuses(data: bytes) -> None:
    try:
        from_bytes(data, "chance.axon")
    except FileError as error:
        assert not str(error).endswith("it is damaged.")  # the sentence for what nobody foresaw
        assert re.fullmatch(r"'chance\.axon' cannot be opened: [^\n]+\.", str(error))
        assert len(str(error)) <= 200


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300))
def test_random_bytes(data):
    opens_or_refuses(data)
    opens_or_refuses(b"PK\3\4" + data)


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_random_flips_and_cuts(good, data):
    bad = bytearray(good)
    for _ in range(data.draw(st.integers(1, 6))):
        bad[data.draw(st.integers(0, len(bad) - 1))] = data.draw(st.integers(0, 255))
    if data.draw(st.booleans()):
        del bad[data.draw(st.integers(0, len(bad) - 1)) :]
    opens_or_refuses(bytes(bad))


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_random_flips_in_the_directory(good, data):
    """Where the archive says what it holds, no checksum guards it."""
    bad = bytearray(good)
    first = bad.index(b"PK\1\2")
    for _ in range(data.draw(st.integers(1, 4))):
        bad[data.draw(st.integers(first, len(bad) - 1))] = data.draw(st.integers(0, 255))
    opens_or_refuses(bytes(bad))


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_random_flips_in_an_array(good, data):
    """The checksum is right, the array is not."""
    parts = entries(good)
    name = data.draw(st.sampled_from(sorted(parts)))
    bad = bytearray(parts[name])
    for _ in range(data.draw(st.integers(1, 3))):
        bad[data.draw(st.integers(0, len(bad) - 1))] = data.draw(st.integers(0, 255))
    opens_or_refuses(packed({**parts, name: bytes(bad)}))
