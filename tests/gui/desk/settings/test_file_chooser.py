"""The dialogs of the settings: one at a time, answered or not, and gone when nobody is to see them.

That no file remembers which folders were looked at is found by the guard that looks for what a test leaves behind.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from safelight.desk.settings.file_chooser import FileChooser


@pytest.fixture
def parent(qtbot: QtBot) -> Iterator[QWidget]:
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    yield made
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def dialog() -> QFileDialog:
    """The one that is open."""
    found = [each for each in QApplication.topLevelWidgets() if isinstance(each, QFileDialog) and each.isVisible()]
    assert len(found) == 1
    return found[0]


def test_what_is_chosen_is_handed_on(parent: QWidget, tmp_path: Path) -> None:
    chooser, chosen = FileChooser(), list[Path]()
    (tmp_path / "card.json").touch()
    chooser.file(parent, "Card", chosen.append)
    dialog().fileSelected.emit(str(tmp_path / "card.json"))
    chooser.folder(parent, "Folder", chosen.append)
    assert dialog().fileMode() is QFileDialog.FileMode.Directory, "the one before is gone"
    dialog().fileSelected.emit(str(tmp_path))
    chooser.save(parent, "Save", "list.json", chosen.append)
    assert dialog().selectedFiles()[0].endswith("list.json")
    dialog().fileSelected.emit(str(tmp_path / "list.json"))
    assert chosen == [tmp_path / "card.json", tmp_path, tmp_path / "list.json"]
    chooser.close()


def test_a_dialog_that_is_shut_answers_nothing(parent: QWidget) -> None:
    chooser, chosen = FileChooser(), list[Path]()
    chooser.save(parent, "Save", "list.json", chosen.append)
    chooser.close()
    chooser.close()
    assert chosen == [] and not [each for each in QApplication.topLevelWidgets() if isinstance(each, QFileDialog)
                                 and each.isVisible()]  # fmt: skip
