"""The rows of a grid of frames for Qt: changed step by step, never reset, so that selection and place stay."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QAbstractListModel, QMimeData, QModelIndex, QPersistentModelIndex, Qt

from .frame_drop import frames_data
from .tiles import Changed, Inserted, Removed, Reordered, ShotTile, steps_between

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
"""What Qt calls the parent of the rows of a list."""


class FrameModel(QAbstractListModel):
    """Shots in order, then the places of those still planned, which can neither be chosen nor focused."""

    def __init__(self, spoken: Callable[[ShotTile], str]) -> None:
        """``spoken`` says a row in words, for whoever listens to the screen."""
        super().__init__()
        self._spoken = spoken
        self._tiles: list[ShotTile] = []
        self._rows: dict[str, int] = {}
        self._planned = 0

    @property
    def tiles(self) -> Sequence[ShotTile]:
        """The shots, as shown."""
        return self._tiles

    @property
    def planned(self) -> int:
        """How many places stand behind the shots."""
        return self._planned

    def tile(self, row: int) -> ShotTile | None:
        """The shot in a row; None for a place."""
        return self._tiles[row] if 0 <= row < len(self._tiles) else None

    def row_of(self, shot: str) -> int | None:
        """Where a shot stands; None if it does not."""
        return self._rows.get(shot)

    def show(self, tiles: Sequence[ShotTile], planned: int) -> None:
        """Become these rows."""
        for step in steps_between(list(self._tiles), tiles):
            if isinstance(step, Removed):
                self.beginRemoveRows(NOWHERE, step.first, step.last)
                del self._tiles[step.first : step.last + 1]
                self._number()
                self.endRemoveRows()
            elif isinstance(step, Reordered):
                self._reorder(step.order)
            elif isinstance(step, Inserted):
                self.beginInsertRows(NOWHERE, step.first, step.first + len(step.tiles) - 1)
                self._tiles[step.first : step.first] = step.tiles
                self._number()
                self.endInsertRows()
            else:
                self._change(step)
        self._plan(planned)

    def _change(self, step: Changed) -> None:
        last = step.first + len(step.tiles)
        self._tiles[step.first : last] = step.tiles
        self.dataChanged.emit(self.index(step.first), self.index(last - 1))

    def _reorder(self, order: Sequence[int]) -> None:
        self.layoutAboutToBeChanged.emit()
        stays: list[QModelIndex] = self.persistentIndexList()
        places = {row: place for place, row in enumerate(order)}
        self._tiles = [self._tiles[row] for row in order]
        self._number()
        self.changePersistentIndexList(stays, [self.index(places.get(each.row(), each.row())) for each in stays])
        self.layoutChanged.emit()

    def _plan(self, planned: int) -> None:
        shots = len(self._tiles)
        if planned > self._planned:
            self.beginInsertRows(NOWHERE, shots + self._planned, shots + planned - 1)
            self._planned = planned
            self.endInsertRows()
        elif planned < self._planned:
            self.beginRemoveRows(NOWHERE, shots + planned, shots + self._planned - 1)
            self._planned = planned
            self.endRemoveRows()
        elif planned:  # their numbers follow the shots
            self.dataChanged.emit(self.index(shots), self.index(shots + planned - 1))

    def _number(self) -> None:
        self._rows = {each.shot: row for row, each in enumerate(self._tiles)}

    # What Qt asks.

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._tiles) + self._planned

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        tile = self.tile(index.row())
        return str(index.row() + 1) if tile is None else self._spoken(tile)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid() or self.tile(index.row()) is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        shown: Iterable[ShotTile | None] = (self.tile(row) for row in sorted(each.row() for each in indexes))
        return frames_data([each.shot for each in shown if each is not None])
