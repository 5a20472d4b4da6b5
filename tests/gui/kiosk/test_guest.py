"""The signing screen beside another window of the same program: what it holds back, it holds back for itself alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from driving import Driven
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QPushButton, QVBoxLayout

from safelight.asking.scene import Page


class Other(QDialog):
    """A window of somebody else: a field, and a button that Enter presses."""

    def __init__(self) -> None:
        super().__init__()
        self.field, self.ok = QLineEdit(), QPushButton("OK")
        self.ok.setDefault(True)
        self.pressed: list[str] = []
        self.ok.clicked.connect(lambda: self.pressed.append("OK"))
        self.keys: list[int] = []
        rows = QVBoxLayout(self)
        rows.addWidget(self.field)
        rows.addWidget(self.ok)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.keys.append(event.key())
        super().keyPressEvent(event)


@pytest.fixture
def kiosk(qapp: QApplication) -> Iterator[Driven]:
    driven = Driven()
    yield driven
    driven.close()


@pytest.fixture
def other(kiosk: Driven, qtbot: Any) -> Iterator[Other]:
    window = Other()
    window.show()
    window.activateWindow()
    qtbot.waitActive(window)
    window.field.setFocus()
    yield window
    window.close()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.mark.parametrize("through", ["window", "field"])
def test_another_windows_keys_are_its_own(kiosk: Driven, other: Other, through: str) -> None:
    kiosk.to_uses()
    kiosk.watch.stop()
    other.activateWindow()
    used: list[bool] = []
    scanned: list[str] = []
    kiosk.hands.used.connect(lambda: used.append(True))
    kiosk.hands.scanned.connect(scanned.append)
    target = other.windowHandle() if through == "window" else other.field
    for letter in "KTRNWF":
        QTest.keyClick(target, letter)
    QTest.keyClick(target, Qt.Key.Key_Return)
    assert other.field.text() == "KTRNWF"
    assert other.pressed == ["OK"], "quick typing and Enter there is no badge shown here"
    for key in (Qt.Key.Key_F11, Qt.Key.Key_Menu, Qt.Key.Key_Back):
        QTest.keyClick(target, key)
    assert other.keys[-3:] == [Qt.Key.Key_F11, Qt.Key.Key_Menu, Qt.Key.Key_Back]
    QTest.mouseClick(other.windowHandle(), Qt.MouseButton.LeftButton)
    QTest.keyClick(target, Qt.Key.Key_Escape)
    assert not other.isVisible(), "Esc closes it"
    assert (used, scanned) == ([], []), "nobody was at the signing screen"
    assert kiosk.desk.asked == ["AB12CD"]


def test_who_works_in_another_window_does_not_keep_a_person_uncovered(kiosk: Driven, other: Other) -> None:
    kiosk.to_uses()
    kiosk.watch._idle.setInterval(150)
    kiosk.watch.used()
    other.activateWindow()
    for _ in range(20):
        QTest.keyClick(other.field, "x")
        QTest.qWait(15)
    assert not kiosk.window.cover.isHidden()


def test_a_badge_is_still_read_here_and_esc_still_does_nothing(kiosk: Driven, other: Other) -> None:
    kiosk.window.activateWindow()
    kiosk.scan("AB12CD")
    assert kiosk.page is Page.HELLO
    kiosk.key(Qt.Key.Key_Escape)
    assert kiosk.window.isVisible()
    assert other.field.text() == ""
