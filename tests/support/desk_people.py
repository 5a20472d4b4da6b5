"""People whose names are hard to paint, as rows of the roster; and a blank that stands where pictures are painted."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from safelight.desk.shoot.rows import Filter, Readiness, RosterPage, RosterRow
from safelight.domain.ids import SubjectId

PEOPLE = (
    ("Amélie Béranger", "A-017", 4, "ready"), ("Mehmet Öztürk", "A-018", 5, "ready"),
    ("Ana Sousa", "A-019", 3, "ready"), ("Jonas Ångström", "A-020", 0, "ready"),
    ("Mira Novák", "A-021", 0, "guardian"), ("Yūki Tanaka", "A-022", 0, "not-ready"),
    ("Zoë O’Brien", "A-023", 0, "ready"), ("أمينة الحداد", "A-025", 0, "ready"),
    ("<b>Renée</b> & Roux", "A-029", 0, "ready"), ("山田 太郎", "A-031", 0, "ready"),
    ("x" * 500, "A-032" * 40, 0, "not-ready"), ("Sven 🎉 Lindqvist", "A-030", 0, "absent"),
)  # fmt: skip


def rows(on_set: int = 2, **known: Any) -> tuple[RosterRow, ...]:
    return tuple(
        RosterRow(SubjectId(f"s{number}"), name, reference, Readiness(state), shots, 5, 0, number == on_set, **known)
        for number, (name, reference, shots, state) in enumerate(PEOPLE)
    )


def page(*shown: RosterRow, **known: Any) -> RosterPage:
    people = shown or rows()
    return RosterPage(people, tuple((each, len(people)) for each in Filter), total=len(people), **known)


class Blank(QWidget):
    """Stands where pictures are painted."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(event.rect(), Qt.GlobalColor.darkGray)
