"""The system's word that something happened in a folder ends a wait."""

from __future__ import annotations

import threading
from pathlib import Path

from safelight.qt.folder_watch import FolderWatch


def test_a_new_name_in_a_watched_folder_wakes(qtbot, tmp_path: Path) -> None:
    wake = threading.Event()
    watch = FolderWatch(wake)
    adding = threading.Thread(target=watch.add, args=(tmp_path,))
    adding.start()
    adding.join()
    qtbot.waitUntil(wake.is_set)
    wake.clear()
    (tmp_path / "a.jpg").touch()
    qtbot.waitUntil(wake.is_set)
    watch.add(tmp_path / "gone")
    watch.deleteLater()
