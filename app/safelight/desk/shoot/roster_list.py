"""The list of the roster: another value in one row paints that row alone."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QAbstractItemView, QListView

from safelight.desk.shoot.roster_model import AnyIndex


class RosterList(QListView):
    """Rows are all of one height, so that nothing has to be laid out anew when one of them says something else."""

    def dataChanged(self, first: AnyIndex, last: AnyIndex, roles: Sequence[int] = ()) -> None:
        # What QListView does here is to lay out and paint all rows; what it inherits paints this one.
        QAbstractItemView.dataChanged(self, first, last, list(roles))
