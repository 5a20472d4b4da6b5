"""The roster as Qt lists it: rows in the order they are handed in, each with its text for a screen reader."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from safelight.desk.shoot.rows import RosterRow
from safelight.domain.ids import SubjectId

AnyIndex = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class Role(IntEnum):
    """What the delegate asks for."""

    ROW = Qt.ItemDataRole.UserRole


class RosterModel(QAbstractListModel):
    """Shows rows as they are handed in; ``spoken`` words one for a screen reader."""

    def __init__(self, spoken: Callable[[RosterRow], str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._spoken = spoken
        self._rows: tuple[RosterRow, ...] = ()
        self._places: dict[SubjectId, int] = {}

    @property
    def rows(self) -> tuple[RosterRow, ...]:
        """What is shown."""
        return self._rows

    def show(self, rows: Sequence[RosterRow]) -> None:
        """Show these; where the people are the same, only what differs is painted anew."""
        new, old = tuple(rows), self._rows
        if [each.subject for each in new] == [each.subject for each in old]:
            self._rows = new
            for place, (before, after) in enumerate(zip(old, new, strict=True)):
                if before != after:
                    index = self.index(place)
                    self.dataChanged.emit(index, index)
            return
        self.beginResetModel()
        self._rows = new
        self._places = {each.subject: place for place, each in enumerate(new)}
        self.endResetModel()

    def place_of(self, subject: SubjectId | None) -> QModelIndex:
        """Where somebody stands; no valid index when they are not shown."""
        place = None if subject is None else self._places.get(subject)
        return _NOWHERE if place is None else self.index(place)

    def row_at(self, index: AnyIndex) -> RosterRow | None:
        """The row there."""
        return self._rows[index.row()] if index.isValid() and index.row() < len(self._rows) else None

    def rowCount(self, parent: AnyIndex = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row_at(index)
        if row is None:
            return None
        if role == Role.ROW:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._spoken(row)
        return None
