"""Settings survive, and nonsense in their file counts as not written."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QCheckBox, QComboBox
from pytestqt.qtbot import QtBot

from gui.settings import GREETING, LOOK, MOST_RECENT, RECOVERY, SETTINGS, TEXT_SIZE, Settings
from gui.settings_dialog import SettingsDialog


def test_values_come_back_with_their_type(tmp_path: Path, settings: Settings) -> None:
    settings.set(LOOK, "dark")
    settings.set(TEXT_SIZE, 125)
    settings.set(RECOVERY, False)
    settings.save()
    again = Settings(tmp_path / "settings.ini")
    assert (again.get(LOOK), again.get(TEXT_SIZE), again.get(RECOVERY)) == ("dark", 125, False)
    assert again.get(GREETING) is True


def test_nonsense_in_the_file_is_the_default(tmp_path: Path) -> None:
    file = tmp_path / "settings.ini"
    lines = (
        "[General]\nlook=puce\ntext-size=huge\nrecovery=7\nrecent-files=@Invalid()\n[layout]\ngeometry=x\n"
    )
    file.write_text(lines, "utf-8")
    settings = Settings(file)
    for setting in SETTINGS:
        assert settings.get(setting) == setting.default
    assert settings.recent == ()
    assert settings.layout("geometry").isEmpty()


def test_a_value_that_cannot_be_is_refused(settings: Settings) -> None:
    with pytest.raises(ValueError, match="look"):
        settings.set(LOOK, "puce")


def test_recent_files_newest_first_without_doubles(settings: Settings) -> None:
    files = [Path(f"/home/me/{number}.axon") for number in range(14)]
    for file in files:
        settings.remember(file)
    settings.remember(files[9])
    assert settings.recent[:2] == (files[9], files[13])
    assert len(settings.recent) == MOST_RECENT
    settings.forget(files[9])
    assert files[9] not in settings.recent
    settings.forget()
    assert settings.recent == ()
    settings.remember(files[0])
    assert settings.recent == (files[0],)


def test_reset_forgets_everything(tmp_path: Path, settings: Settings) -> None:
    settings.set(LOOK, "dark")
    settings.set_layout("geometry", QByteArray(b"abc"))
    settings.reset()
    assert settings.get(LOOK) == LOOK.default
    assert settings.layout("geometry").isEmpty()


def test_the_dialog_is_made_of_the_table(qtbot: QtBot, settings: Settings) -> None:
    dialog = SettingsDialog(settings)
    qtbot.addWidget(dialog)
    boxes, ticks = dialog.findChildren(QComboBox), dialog.findChildren(QCheckBox)
    shown = [each for each in SETTINGS if each.title]
    assert len(boxes) + len(ticks) == len(shown)
    assert all(each.accessibleName() for each in (*boxes, *ticks))
    next(each for each in ticks if "recovery" in each.text()).click()
    assert settings.get(RECOVERY) is False
