"""Has the system say when something happens in folders, and wakes whoever looks into them."""

from __future__ import annotations

import threading
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, Signal, Slot


class FolderWatch(QObject):
    """Sets ``wake`` whenever a name appears in or leaves one of its folders.

    It may miss something (shares send no word, and a system watches only so many folders): whoever is woken looks now
    and then by itself as well. Made and deleted in the window's thread; :meth:`add` is for any thread.
    """

    _wanted = Signal(str)

    def __init__(self, wake: threading.Event, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wake = wake
        self._watcher = QFileSystemWatcher(self)
        self._watcher.directoryChanged.connect(self._changed)
        self._wanted.connect(self._add)

    def add(self, folder: Path) -> None:
        """Watch this folder too; one that cannot be watched is passed over."""
        self._wanted.emit(str(folder))

    @Slot(str)
    def _add(self, folder: str) -> None:
        if folder not in self._watcher.directories():
            self._watcher.addPath(folder)
        self._wake.set()  # what happened before it was watched

    @Slot(str)
    def _changed(self, _folder: str) -> None:
        self._wake.set()
