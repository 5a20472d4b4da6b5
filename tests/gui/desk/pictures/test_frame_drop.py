"""Frames let go on somebody's row: only from this window, only ids, and only where somebody can take them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from safelight.desk.pictures.frame_drop import FRAMES_FORMAT, FrameDrop, frames_data, frames_in

MOVE, LEFT, NONE = Qt.DropAction.MoveAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def event(kind: type, data: QMimeData, y: int, source: QObject | None) -> QDropEvent:
    """A drag over the roster at height ``y``; Qt knows the source only while somebody really drags."""

    class Coming(kind):  # type: ignore[misc]
        def source(self) -> QObject | None:
            return source

    place = QPointF(5, y) if kind is QDropEvent else QPoint(5, y)
    made: QDropEvent = Coming(place, MOVE, data, LEFT, NONE)
    made.__dict__["data"] = data  # an event does not own what it carries
    made.ignore()
    return made


@pytest.fixture
def roster(qtbot):
    target = QWidget()
    qtbot.addWidget(target)
    drop = FrameDrop(target, lambda at: {0: "ana", 1: "mehmet"}.get(at.y() // 50))
    heard: dict[str, list] = {"over": [], "dropped": []}
    drop.over.connect(heard["over"].append)
    drop.dropped.connect(lambda shots, row: heard["dropped"].append((shots, row)))
    yield target, drop, heard
    target.close()


def test_frames_go_to_the_row_they_are_let_go_on(roster):
    target, drop, heard = roster
    data = frames_data(["s1", "s2"])
    enter = event(QDragEnterEvent, data, 10, target)
    assert drop.eventFilter(target, enter) and enter.isAccepted()
    over = event(QDragMoveEvent, data, 60, target)
    assert drop.eventFilter(target, over) and over.isAccepted()
    nobody = event(QDragMoveEvent, data, 160, target)
    assert drop.eventFilter(target, nobody) and not nobody.isAccepted()
    let_go = event(QDropEvent, data, 70, target)
    assert drop.eventFilter(target, let_go) and let_go.isAccepted()
    assert heard == {"over": ["ana", "mehmet", None], "dropped": [(("s1", "s2"), "mehmet")]}


def test_beside_every_row_nothing_happens(roster):
    target, drop, heard = roster
    let_go = event(QDropEvent, frames_data(["s1"]), 400, target)
    assert drop.eventFilter(target, let_go) and not let_go.isAccepted()
    drop.eventFilter(target, event(QDragEnterEvent, frames_data(["s1"]), 10, target))
    drop.eventFilter(target, QDragLeaveEvent())
    assert heard == {"over": ["ana", None], "dropped": []}


def test_what_comes_from_elsewhere_is_left_to_others(roster):
    target, drop, heard = roster
    files = QMimeData()
    files.setUrls([QUrl.fromLocalFile("/card/a.jpg")])
    for data, source in ((files, target), (frames_data(["s1"]), None)):
        for kind in (QDragEnterEvent, QDragMoveEvent, QDropEvent):
            assert not drop.eventFilter(target, event(kind, data, 10, source))
    assert not drop.eventFilter(target, QEvent(QEvent.Type.Paint))
    assert heard == {"over": [], "dropped": []}


def test_only_ids_are_read(roster):
    odd = QMimeData()
    odd.setData(FRAMES_FORMAT, "ä".encode())
    assert frames_in(odd) == ()
    odd.setData(FRAMES_FORMAT, b"x" * (2 << 20))
    assert frames_in(odd) == ()
    assert frames_in(QMimeData()) == ()
