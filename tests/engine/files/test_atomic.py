"""A file is written whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
import sys

import pytest

from engine.core.problems import FileError
from engine.files import Project, open_project, save_project
from engine.files.atomic import replaced
from engine.samples import first_light, mlp

PROJECT = Project.new(first_light())
posix = pytest.mark.skipif(os.name == "nt", reason="POSIX only")


def failing(number: int):
    def fail(*args: object, **kwargs: object) -> None:
        raise OSError(number, os.strerror(number))

    return fail


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EACCES, "you may not write there"),
        (errno.EROFS, "the disk is write-protected"),
        (errno.EIO, os.strerror(errno.EIO).lower()),
    ],
)
def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch, number, words):
    path = tmp_path / "a.axon"
    save_project(PROJECT, path)
    before = path.read_bytes()
    monkeypatch.setattr(os, "fsync", failing(number))
    with pytest.raises(FileError) as caught:
        save_project(Project.new(mlp(2, 2)), path)
    assert str(caught.value) == f"'a.axon' cannot be saved: {words}."
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["a.axon"]


def test_an_interruption_leaves_the_old_file(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"old")
    with pytest.raises(KeyboardInterrupt), replaced(path) as file:
        file.write(b"half of the n")
        raise KeyboardInterrupt
    assert path.read_bytes() == b"old"
    assert len(list(tmp_path.iterdir())) == 1


def test_readers_see_the_old_file_until_the_new_one_is_whole(tmp_path):
    path = tmp_path / "a.axon"
    save_project(PROJECT, path)
    with replaced(path) as file:
        file.write(b"something else")
        assert open_project(path).document == PROJECT.document
    assert path.read_bytes() == b"something else"


@pytest.mark.parametrize("name", ["no/such/folder/a.axon", "file/a.axon", "folder", "nul\0.axon", "x" * 300])
def test_impossible_places(tmp_path, name):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(FileError) as caught:
        save_project(PROJECT, f"{tmp_path}/{name}")
    assert "cannot be saved" in str(caught.value)
    assert len(str(caught.value)) <= 200
    assert sorted(each.name for each in tmp_path.rglob("*")) == ["file", "folder"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    save_project(PROJECT, folder / "a.axon")
    folder.chmod(0o500)
    try:
        with pytest.raises(FileError, match="you may not write there"):
            save_project(PROJECT, folder / "b.axon")
        (folder / "a.axon").chmod(0)
        with pytest.raises(FileError, match="you may not read it"):
            open_project(folder / "a.axon")
    finally:
        folder.chmod(0o700)


def test_a_write_protected_file_is_not_replaced(tmp_path, monkeypatch):
    path = tmp_path / "a.axon"
    path.write_bytes(b"kept")
    monkeypatch.setattr(os, "access", lambda *args: False)
    with pytest.raises(FileError, match="you may not write there"):
        save_project(PROJECT, path)
    assert path.read_bytes() == b"kept"


@posix
def test_permissions_and_links_are_kept(tmp_path):
    real, link = tmp_path / "real.axon", tmp_path / "link.axon"
    save_project(PROJECT, real)
    real.chmod(0o640)
    link.symlink_to(real)
    save_project(Project.new(mlp(2, 2)), link)
    assert link.is_symlink()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert open_project(real).document.name == "2-2"


@posix
def test_a_new_file_has_the_usual_permissions(tmp_path):
    mask = os.umask(0o022)
    try:
        save_project(PROJECT, tmp_path / "a.axon")
    finally:
        os.umask(mask)
    assert stat.S_IMODE((tmp_path / "a.axon").stat().st_mode) == 0o644


def test_what_is_no_file(tmp_path):
    with pytest.raises(FileError, match=r"'nothing\.axon' cannot be opened: there is no such file"):
        open_project(tmp_path / "nothing.axon")
    with pytest.raises(FileError, match="it is a folder, not a file"):
        open_project(tmp_path)
    with pytest.raises(FileError, match="cannot have such a name"):
        open_project("a\0b")
    with pytest.raises(FileError, match="cannot be opened"):
        open_project(tmp_path / ("x" * 300))


@posix
def test_a_pipe_does_not_hang(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(FileError, match="not an ordinary file"):
        open_project(tmp_path / "pipe")
    if sys.platform.startswith("linux"):
        with pytest.raises(FileError, match="not an ordinary file"):
            open_project("/dev/zero")
