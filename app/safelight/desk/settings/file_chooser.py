"""Asks where a file or a folder is or shall be; one dialog at a time, gone when the desk is covered."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

Then = Callable[[Path], None]


class FileChooser:
    """The dialogs of the system; whoever tests hands in another one."""

    def __init__(self) -> None:
        self._asking: QFileDialog | None = None

    def save(self, parent: QWidget, title: str, name: str, then: Then) -> None:
        """Where a new file is to lie; ``name`` is proposed. ``then`` is not called when nobody wants to."""
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        asking = QFileDialog(parent, title, str(Path(documents) / name))
        asking.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        self._ask(asking, then)

    def file(self, parent: QWidget, title: str, then: Then) -> None:
        """Which file is meant."""
        asking = QFileDialog(parent, title)
        asking.setFileMode(QFileDialog.FileMode.ExistingFile)
        self._ask(asking, then)

    def folder(self, parent: QWidget, title: str, then: Then) -> None:
        """Which folder is meant."""
        asking = QFileDialog(parent, title)
        asking.setFileMode(QFileDialog.FileMode.Directory)
        asking.setOption(QFileDialog.Option.ShowDirsOnly)
        self._ask(asking, then)

    def close(self) -> None:
        """Ask no longer."""
        asking, self._asking = self._asking, None
        if asking is not None:
            asking.close()

    def _ask(self, asking: QFileDialog, then: Then) -> None:
        self.close()
        self._asking = asking
        asking.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        asking.fileSelected.connect(lambda name: then(Path(name)))
        asking.finished.connect(self._done)
        asking.open()

    def _done(self) -> None:
        self._asking = None
