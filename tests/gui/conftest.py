"""Windows under test: one application without a screen, pictures of what was shown, no thread left behind."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

pytest.importorskip("PySide6", reason="needs the desktop extra")

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

from safelight.qt.app import make_application
from support.derived_keys import keys_derived_once

SCREENS = Path(__file__).parents[2] / "test-output" / "screens"


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    """The application as people get it; pytest-qt uses it for every window."""
    return make_application()


@pytest.fixture(autouse=True)
def derived_once() -> Iterator[None]:
    """Opening a studio and typing a PIN derive each key once."""
    with keys_derived_once():
        yield


@pytest.fixture(autouse=True)
def _as_it_was(qapp: QApplication) -> Iterator[None]:
    """Each test leaves neither windows nor threads, and nothing set for the whole application."""
    before = set(threading.enumerate())
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    windows = [type(each).__name__ for each in QApplication.topLevelWidgets()]
    assert qapp.styleSheet() == "", "a window is dressed, never the application"
    assert qapp.layoutDirection() == Qt.LayoutDirection.LeftToRight
    left = [thread.name for thread in threading.enumerate() if thread not in before]
    assert left == [], f"threads left behind: {left}"
    assert windows == [], f"windows left behind: {windows}"


@pytest.fixture
def shoot() -> Callable[[QWidget, str], QImage]:
    """``shoot(widget, name)``: paints it, keeps the picture as test-output/screens/``name``.png, and gives it."""

    def take(widget: QWidget, name: str) -> QImage:
        QCoreApplication.processEvents()
        picture = widget.grab().toImage()
        path = SCREENS / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        assert picture.save(str(path))
        return picture

    return take
