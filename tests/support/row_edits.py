"""Everything somebody without the key can do to a row with SQLite alone: each column changed, and each kind of edit."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from safelight.domain.errors import SafelightError

OLDER = "older"
"""The name under which an earlier copy of the database is attached, for rows that are put back."""


def other(value: Any) -> Any:
    """Another value of the same type and, where it has one, of the same form."""
    if isinstance(value, bytes):
        return value[:-1] + bytes([value[-1] ^ 1]) if value else b"\1"
    if isinstance(value, int):
        return value + 7_000_000
    if value is None:
        return "0" * 36
    return ("0" if value[:1] != "0" else "1") + value[1:]


def kinds_of_edit(table: sa.Table, moved: bool, put_back: bool) -> Iterator[str]:
    """The names of all that can be done to ``table``; whether its rows belong to parts, and are ever written again."""
    yield from (f"{column.name} changed" for column in table.c)
    yield from ("deleted", "emptied", "duplicated", "planted")
    if put_back:
        yield "put back"
    if moved:
        yield "moved"


class RowEdits:
    """Does it, to the first row of a table, or of some of its rows."""

    def __init__(
        self, connection: sqlite3.Connection, table: sa.Table, also_unique: Collection[str] = (), among: str = "true"
    ) -> None:
        """``among`` (SQL) are the rows of which the first is edited.

        ``also_unique`` are columns whose values no other row may have, beyond those that say so themselves.
        """
        self._run = connection.execute
        self._name = table.name
        self._columns = [column.name for column in table.c]
        self._keys = [column.name for column in table.primary_key]
        self._unique = {each.name for each in table.c if each.primary_key or each.unique} | {*also_unique}
        ordered = f"SELECT {{}} FROM main.{self._name} WHERE {among} ORDER BY {', '.join(self._keys)} LIMIT 1"
        self._first = ordered.format(", ".join(self._columns))
        self._one = " AND ".join(f"{key} = ({ordered.format(key)})" for key in self._keys)

    def do(self, kind: str, elsewhere: str = "") -> int:
        """Do one of :func:`kinds_of_edit`; returns how many rows it was done to. ``elsewhere``: what to move it to.

        That is ``column = value`` in SQL. Raises :class:`sqlite3.IntegrityError` where the database takes no such row.
        """
        name = self._name
        if kind.endswith(" changed"):
            column = kind.removesuffix(" changed")
            value = other(self._row()[column])
            return self._run(f"UPDATE main.{name} SET {column} = ? WHERE {self._one}", (value,)).rowcount
        if kind == "deleted":
            return self._run(f"DELETE FROM main.{name} WHERE {self._one}").rowcount
        if kind == "emptied":
            return self._run(f"DELETE FROM main.{name}").rowcount
        if kind == "duplicated":
            values = self._row()
            return self._insert(values | {key: other(values[key]) for key in self._unique & values.keys()})
        if kind == "planted":
            return self._insert({key: other(each) for key, each in self._row().items()})
        if kind == "put back":
            return self._put_back()
        if kind == "moved":
            return self._run(f"UPDATE OR REPLACE main.{name} SET {elsewhere} WHERE {self._one}").rowcount
        raise AssertionError(kind)

    def _row(self) -> dict[str, Any]:
        return dict(zip(self._columns, self._run(self._first).fetchone(), strict=True))

    def _insert(self, values: dict[str, Any]) -> int:
        query = f"INSERT INTO main.{self._name} ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})"
        return self._run(query, [*values.values()]).rowcount

    def _put_back(self) -> int:
        """Whatever the older copy has and this one has not, one row of it, in place of the present one."""
        columns = ", ".join(self._columns)
        query = (
            f"SELECT {columns} FROM {OLDER}.{self._name} EXCEPT SELECT * FROM (SELECT {columns} FROM main.{self._name})"
        )
        values = dict(zip(self._columns, self._run(query).fetchone(), strict=True))
        where = " AND ".join(f"{key} = ?" for key in self._keys)
        self._run(f"DELETE FROM main.{self._name} WHERE {where}", [values[key] for key in self._keys])
        return self._insert(values)


def refused(act: Callable[[], object]) -> str:
    """The one sentence with which ``act``, which relies on what was edited, is refused."""
    with pytest.raises(SafelightError) as caught:
        act()
    assert caught.value.title.endswith("."), caught.value.title
    return caught.value.title
