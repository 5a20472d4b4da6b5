"""The door to a database: what storage asks of an engine in the database's own words, and what it may rely on."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, NamedTuple, TypeAlias

import sqlalchemy as sa

from safelight.domain.errors import SafelightError
from safelight.storage.engine.several import Queue, Stations

ROWS_IN_KEY_ORDER: dict[str, Any] = {"sqlite_with_rowid": False}
"""Options of a table whose rows lie in the order of its primary key; every dialect reads its own and no other's."""


@dataclass(frozen=True, slots=True)
class Trigger:
    """A trigger: its name, the table it watches, and the statements that make it, in order."""

    name: str
    table: str
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Beginning:
    """The first ``length`` characters of what an indexed ``column`` holds."""

    column: str
    length: int


ToldBy: TypeAlias = str | Beginning | None
"""By what the rows of a table are told apart: a column, how a column begins, or nothing."""


class ChangedRow(NamedTuple):
    """One row as it was before a change (``sign`` -1) or is after it (+1); ``part`` is what it is told by."""

    table: str
    part: str | None
    sign: int
    content: str


class Engine(ABC):
    """One kind of database. It holds no connection and no state, so one object serves every database of its kind.

    Methods that are given a connection run on it and never commit.
    """

    driver_error: ClassVar[type[Exception]]
    """What everything the driver raises is a kind of."""

    # Connections ---------------------------------------------------------------------------------------------------

    @abstractmethod
    def readers(self, path: Path) -> sa.Engine:
        """Connections that cannot write; everything read in one transaction is of one moment."""

    @abstractmethod
    def writers(self, path: Path, create: bool) -> sa.Engine:
        """Connections whose transactions keep every other writer out from BEGIN to COMMIT.

        What a transaction reads it may therefore decide on. COMMIT returns once the change is on the device, and
        erased rows are gone from the file then. The database must exist unless ``create``; it is made for this account
        alone.
        """

    @abstractmethod
    def queue(self, path: Path) -> Queue:
        """The queue of all who write to this database, in this process and in others."""

    @abstractmethod
    def stations(self, path: Path, command: str) -> Stations:
        """Who has the folder open whose lock file is ``path``; ``command`` tells the others what this program does."""

    @abstractmethod
    def recover(self, writer: sa.Connection) -> None:
        """Look at the database for the first time: rolls back what a crash left; raises when it is none."""

    @abstractmethod
    def compact(self, writer: sa.Connection) -> None:
        """Rewrite the database without the pages that hold nothing any more; called outside transactions."""

    @abstractmethod
    def copy_to(self, reader: sa.Connection, target: Path, durable: bool = True) -> None:
        """Write a consistent copy to the file ``target`` for this account alone; writers are kept out.

        Unless ``durable`` it does not wait for the device: whoever relies on the copy carries it on from there.
        """

    # Errors --------------------------------------------------------------------------------------------------------

    @abstractmethod
    def sentence(self, error: Exception, name: str) -> SafelightError | None:
        """The error for people for what the driver raised about the database ``name``; None for a fault of ours.

        It quotes names of tables and columns at most, never a value.
        """

    @abstractmethod
    def is_device_fault(self, error: Exception) -> bool:
        """Whether the device failed, so that only reading everything anew tells what is on it."""

    # Schema --------------------------------------------------------------------------------------------------------

    @abstractmethod
    def has_table(self, connection: sa.Connection, table: str) -> bool:
        """Whether there is a table of this name."""

    @abstractmethod
    def stored_format(self, connection: sa.Connection) -> int:
        """The number :meth:`store_format` left in the database; 0 if it never did."""

    @abstractmethod
    def store_format(self, connection: sa.Connection, number: int) -> None:
        """Leave a number in the database that says how its tables are to be read."""

    @abstractmethod
    def append_only_triggers(self, table: str) -> tuple[Trigger, ...]:
        """The triggers that refuse to update and to delete rows of ``table``."""

    @abstractmethod
    def change_triggers(self, table: str, statement: str) -> tuple[Trigger, ...]:
        """The triggers that run ``statement`` with every row of ``table`` that is inserted, updated or deleted."""

    @abstractmethod
    def altered(self, connection: sa.Connection, triggers: Iterable[Trigger]) -> list[Trigger]:
        """Those of ``triggers`` that are missing from the database or are not there as they were made."""

    @abstractmethod
    def schema(self, connection: sa.Connection) -> dict[str, str]:
        """Everything the schema consists of, by name: the statement that made it, or another text that tells it."""

    # Rows as they are kept -----------------------------------------------------------------------------------------

    @abstractmethod
    def rows(
        self, connection: sa.Connection, table: str, told_by: ToldBy, values: Sequence[str] | None = None
    ) -> Iterator[tuple[str | None, str]]:
        """What each row is told by (None for nothing) and its content: of every row, or of those with these ``values``.

        The latter are found by an index that begins with the column, if there is one. The content tells every column
        there is, ordered by name, with its type; no two different rows have the same.
        Of bytes it tells their number, the first 12 and the last 16: see :mod:`safelight.storage.digests`.
        """

    @abstractmethod
    def watch_rows(self, writer: sa.Connection, tables: Mapping[str, ToldBy]) -> None:
        """From now on note every row of ``tables`` that this connection changes; called outside transactions.

        By a statement, a trigger, a cascade or a replacement; what is rolled back is not noted. Each table is given
        with what its rows are told by. Nobody who opens the database can see or stop it.
        """

    @abstractmethod
    def changed_rows(self, writer: sa.Connection) -> list[ChangedRow]:
        """What was noted in this transaction so far, its content as :meth:`rows` tells it; it is forgotten then."""

    @abstractmethod
    def others_wrote(self, connection: sa.Connection) -> int:
        """A number that is another one as soon as a connection other than this wrote to the database.

        Outside transactions it tells what is so now, and leaves none open.
        """

    @abstractmethod
    def is_indexed_right(self, connection: sa.Connection, table: str) -> bool:
        """Whether every index of ``table`` holds just what the table holds; costs as much as reading all its rows."""

    # Statements ----------------------------------------------------------------------------------------------------

    @abstractmethod
    def insert_if_absent(self, table: sa.Table) -> sa.Insert:
        """An insert that leaves a row alone whose primary key is there already."""

    @abstractmethod
    def insert_or_replace(self, table: sa.Table) -> sa.Insert:
        """An insert of whole rows, in place of those whose primary key is there already."""

    # Integrity -----------------------------------------------------------------------------------------------------

    @abstractmethod
    def faults(self, connection: sa.Connection, name: str) -> Iterator[str]:
        """What the database ``name`` finds wrong with itself, references to missing rows included; a sentence each."""
