"""Keyed digests over the rows: what somebody without the key removed, put back, moved, edited or planted is found.

For each part of the archive (a person, a session, the studio; :func:`~safelight.storage.tables.part_column`) and table
the digest is how many rows there are and the sum of their tags modulo 2^256, where the tag of a row is the keyed
BLAKE2b of the table's name and the row's content: MSet-Add-Hash (Clarke, Devadas, van Dijk, Gassend, Suh, "Incremental
multiset hash functions", ASIACRYPT 2003). A row that is written adds its tag, one that goes subtracts it, so a write
costs what it changes. The key is derived from the studio's own, which outlives a change of the master key. The sums
are sealed: in clear two of them would give away a tag, and from many known tags others with the same sum can be found.

Of sealed bytes the content tells their number, nonce and GCM tag alone: whoever has no key makes no other ciphertext
that opens with the same nonce and tag, so a body that was changed does not open. The cost does not grow with pictures.

One more row, the total, is a digest of the digests: a part cannot be put back to what it was, nor left out. The total
goes into the signed head of the journal. What does not agree once never agrees again by itself: a write adds its
difference to the sum as it is, so nothing that is done afterwards makes up for what was done without the key.

The file is long because it is one idea: how such a sum is made, kept, told and compared.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from sqlalchemy import Connection, bindparam, delete, insert, select

from safelight.domain.errors import Malformed, Refused
from safelight.keys.framing import framed
from safelight.keys.master import KEY_SIZE, derive_key
from safelight.storage.key_store import BATCH
from safelight.storage.sealed_store import SealedStore
from safelight.storage.tables import culling, digest, journal_entry, mark, photo
from safelight.storage.watched import ARCHIVE, WatchedTables

STUDIO = "studio"
"""The part of rows that belong to the studio, or the agency, itself; the names of other parts are shorter or UUIDs."""
CHECK_AGAIN = "Nothing was accepted. Run “studio check” again."
WATCHED = ARCHIVE.tables
SCHEMA = "schema"
"""Stands among the tables of the studio's part for the schema: what it consists of has tags as rows have."""
_ALWAYS = (SCHEMA, mark.name)
"""Whoever relies on anything relies on these: a planted trigger changes rows in this program's name, a view in place of
a table shows each question other rows, and the newest time seen decides what is over.
"""
MARK = 3
"""Of how many bytes a mark is: people type it, and whoever has no key cannot look for rows that have the same."""
_TOTAL = "total"
_ALL = select(digest.c.part, digest.c.version, digest.c.sealed)
_SOME = _ALL.where(digest.c.part.in_(bindparam("parts", expanding=True)))
_MODULUS = 1 << (8 * KEY_SIZE)
_COUNT = 8

Sum: TypeAlias = tuple[int, int]
"""How many rows, and the sum of their tags."""
_NONE: Sum = 0, 0
Sums: TypeAlias = dict[str, Sum]
"""What one part has in each table."""


@dataclass(frozen=True, slots=True)
class Difference:
    """The rows of one table in one part are not those this program left; ``more`` of them than it did (or fewer)."""

    table: str
    part: str
    more: int
    watched: WatchedTables = field(default=ARCHIVE, repr=False)
    mark: str = field(default="", compare=False)
    """Stands for how the rows were and are; made with a key, so it gives away neither."""

    def __str__(self) -> str:
        return self.about()

    def about(self, name: str = "") -> str:
        """The sentence about it; with the ``name`` of the person or session where it is known."""
        if self.table == SCHEMA:
            return self.watched.told(
                "The schema of the archive is not as this program left it: it has other tables, triggers or indexes."
            )
        column, many = self.watched.tables[self.table], abs(self.more)
        kind = self.table if column == "id" else column
        whose = name or f"{kind} {self.part}"
        if not isinstance(kind, str) or self.part == STUDIO:
            whose = f"the {self.watched.owner}"
        rows = "A row" if many == 1 else f"{many} rows" if many else "Rows"
        verb = ("was" if many == 1 else "were") + (
            " put in" if self.more > 0 else " removed" if self.more < 0 else " changed or exchanged"
        )
        return f"{rows} of {whose} {verb} by another program (table {self.table})."


class Untrue(Malformed):
    """What is asked for rests on rows that are not those this program left; ``found`` says which."""

    def __init__(self, found: Difference, name: str = "") -> None:
        # By name where the person's row still opens: an id is no help to whoever has to decide what to do.
        super().__init__(found.about(name), found.watched.hint, (f"{found.table}/{found.part}",))
        self.found, self._name = found, name

    def __reduce__(self) -> tuple[type[Untrue], tuple[Difference, str]]:
        """What it was made of, for whoever hands it on from one process to another."""
        return Untrue, (self.found, self._name)


@dataclass(frozen=True, slots=True)
class Vouched:
    """What the digests say of the whole archive."""

    rows: str
    """64 hexadecimal digits that stand for all rows as this program left them; they go under a signature."""
    entries: int
    """How many entries the journal has."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """A row of ``digest``."""

    part: str
    version: int
    sealed: bytes

    def row(self) -> dict[str, object]:
        return {"part": self.part, "version": self.version, "sealed": self.sealed}


class Digests:
    """The digests of one archive. Every method works in the transaction of the connection it is given."""

    def __init__(self, store: SealedStore, watched: WatchedTables = ARCHIVE) -> None:
        self._store = store
        self._watched = watched
        self._engine = store.database.engine
        self._key = derive_key(store.keys.own, "row-digest")
        self._seen: int | None = None
        self.moved = False
        """Whether anything was taken into the digests since :meth:`begin`."""
        self._recent: dict[str, tuple[_Kept, Sums]] = {}
        """What was last written or read, so that it is not read again: true until others write, or a rollback."""
        self._added: dict[str, tuple[list[str], Sum]] = {}
        """The rows of a table of the studio's part as they were last found, with their sum."""
        self._ended = self._settling = False
        self._rows = hashlib.blake2b(digest_size=KEY_SIZE, key=self._key, person=b"safelight-row")

    # Writing ---------------------------------------------------------------------------------------------------------

    def settle(self, connection: Connection) -> Vouched | None:
        """Take what was changed in this transaction since the last time into the digests; None if that was nothing."""
        if not connection.info.get("watched"):
            return None
        if self._settling:  # it failed before in this transaction, and what was noted by then is known to nobody now
            raise self._fault("The digests of the archive could not be written.")
        self._settling = True
        changes: dict[str, Sums] = {}
        for table, part, sign, content in self._engine.changed_rows(connection):
            sums = changes.setdefault(STUDIO if part is None else part, {})
            _add(sums, table, sign, sign * self._tag(table, content))
        changes = {part: moved for part, sums in changes.items() if (moved := _that_are_any(sums))}
        vouched = self._write(connection, changes) if changes else None
        self._settling = False
        return vouched

    def take(self, connection: Connection) -> Vouched:
        """Vouch for the rows as they are: those of a new archive, and those that migrations left."""
        before = connection.execute(select(digest.c.version).where(digest.c.part == _TOTAL)).scalar()
        connection.execute(delete(digest))
        connection.execute(insert(digest), self._total(int(before or 0), _NONE).row())
        self._recent.clear()
        return self._write(connection, self._counted(connection, None, None))

    def accept(self, connection: Connection, found: Difference) -> tuple[int, int]:
        """Vouch for the rows that ``found`` is about as they are now; returns how many there were, and are.

        Nothing else is taken in. Raises :class:`Refused` when they are others than those that were found.
        """
        self.settle(connection)
        self._verify_total(connection)
        _, known = self._stored(connection, [found.part]).get(found.part, (None, {}))
        before = known.get(found.table, _NONE)
        here = self._counted(connection, [found.part], [found.table])
        after = here.get(found.part, {}).get(found.table, _NONE)
        if before == after or self._mark(found.table, found.part, before, after) != found.mark:
            raise Refused("These rows are others now than those that were found.", CHECK_AGAIN)
        moved = after[0] - before[0], (after[1] - before[1]) % _MODULUS
        self._write(connection, {found.part: {found.table: moved}})
        return before[0], after[0]

    # Reading ---------------------------------------------------------------------------------------------------------

    def vouched(self, connection: Connection) -> Vouched:
        """What they say of the whole archive, as it was last written."""
        known = self._stored(connection, [STUDIO, _TOTAL])
        return self._vouched(*self._total_of(known), known)

    def verify(self, connection: Connection, parts: Collection[str], own: Collection[str] = ()) -> None:
        """Raise :class:`Untrue` unless the rows of these people and sessions are those this program left.

        ``own`` are tables whose rows in the studio's part are looked at as well. What was found to be so is remembered
        until another connection writes: what this one writes is taken in as it is written.
        """
        seen = self._engine.others_wrote(connection)
        known: set[str] = connection.info.setdefault("vouched", {}).setdefault(seen, set())
        people = [part for part in dict.fromkeys(parts) if part not in known]
        tables = [table for table in dict.fromkeys((*_ALWAYS, *own)) if _known(table) not in known]
        if people or tables:
            self.settle(connection)
        if _TOTAL not in known:
            self._verify_total(connection)
        if people:
            self._refuse(self._differences(connection, people))
        if tables:
            self._refuse(self._differences(connection, [STUDIO], tables))
            self._verify_indexes(connection, tables)
        known |= {_TOTAL, *people, *(_known(table) for table in tables)}
        connection.info["vouched"] = {seen: known}

    def begin(self, connection: Connection) -> None:
        """Before anything is written: raise :class:`Untrue` unless schema and time are as this program left them."""
        if not connection.info.get("watched"):
            raise AssertionError("what this connection writes is not noted")
        seen = self._engine.others_wrote(connection)
        if seen != self._seen or not self._ended or len(self._recent) > BATCH:
            self._recent.clear()
        if seen != self._seen:
            self._verify_always(connection)
        self._seen, self.moved, self._ended, self._settling = seen, False, False, False

    def end(self) -> None:
        """What was taken in since :meth:`begin` is durable."""
        self._ended = True

    def _verify_always(self, connection: Connection) -> None:
        """As :meth:`_differences` finds it, for what every write rests on; the others wait for their turn meanwhile."""
        self._recent |= self._stored(connection, [STUDIO, _TOTAL])
        known = self._recent[STUDIO][1] if STUDIO in self._recent else {}
        for table in _ALWAYS:
            rows = [content for _, content in self._found(connection, table, [STUDIO])]
            before, now = self._added.get(table, ([], _NONE))
            if rows != before:  # the same rows have the same sum
                now = len(rows), sum(self._tag(table, each) for each in rows) % _MODULUS
                self._added[table] = rows, now
            self._refuse(self._difference(table, STUDIO, known.get(table, _NONE), now))

    def _verify_indexes(self, connection: Connection, tables: Sequence[str]) -> None:
        """Raise :class:`Malformed` if a row that is there is not found by its key: an index somebody emptied hides it.

        Rows of a person or a session are counted by the index they are found by; what is said of photos is found by
        the photo. Those take half a second when there are 50,000, so only whoever writes down a decision asks.
        """
        looked_up = [name for name in tables if name != SCHEMA]
        if culling.name in tables and connection.info.get("watched"):
            looked_up.append(photo.name)
        for name in looked_up:
            if not self._engine.is_indexed_right(connection, name):
                raise self._fault(f"An index does not hold what its table holds (table {name}).", name)

    def _refuse(self, differences: Iterator[Difference]) -> None:
        for found in differences:
            raise Untrue(found)

    def differences(self, connection: Connection) -> Iterator[Difference | Malformed]:
        """Where the rows are not those this program left, in all of the archive; errors are about the digests."""
        try:
            self._verify_total(connection)
        except Malformed as error:
            yield error
        try:
            yield from self._differences(connection)
        except Malformed as error:
            yield error

    def _differences(
        self, connection: Connection, parts: Sequence[str] | None = None, tables: Sequence[str] | None = None
    ) -> Iterator[Difference]:
        known = {part: sums for part, (_, sums) in self._stored(connection, parts).items() if part != _TOTAL}
        here = self._counted(connection, parts, tables)
        for part in sorted(known.keys() | here.keys()):
            was, now = known.get(part, {}), here.get(part, {})
            for table in sorted(was.keys() | now.keys()):
                if tables is None or table in tables:
                    yield from self._difference(table, part, was.get(table, _NONE), now.get(table, _NONE))

    def _difference(self, table: str, part: str, before: Sum, after: Sum) -> Iterator[Difference]:
        """The one there is, if there is one."""
        if before != after:
            found_as = self._mark(table, part, before, after)
            yield Difference(table, part, after[0] - before[0], self._watched, found_as)

    def _counted(
        self, connection: Connection, parts: Sequence[str] | None, tables: Sequence[str] | None
    ) -> dict[str, Sums]:
        """What there is."""
        found: dict[str, Sums] = {}
        for table in (*self._watched.tables, SCHEMA) if tables is None else tables:
            count: dict[str, int] = {}
            total: dict[str, int] = {}
            for part, content in self._found(connection, table, parts):
                count[part] = count.get(part, 0) + 1
                total[part] = total.get(part, 0) + self._tag(table, content)
            for part, value in total.items():
                _add(found.setdefault(part, {}), table, count[part], value)
        return found

    def _found(self, connection: Connection, table: str, parts: Sequence[str] | None) -> Iterator[tuple[str, str]]:
        if table == SCHEMA:
            if parts is None or STUDIO in parts:
                yield from ((STUDIO, f"{name}\n{made}") for name, made in self._engine.schema(connection).items())
            return
        column = self._watched.tables[table]
        if parts is None or (column is None and STUDIO in parts):
            for part, content in self._engine.rows(connection, table, column):
                yield STUDIO if part is None else part, content
        elif column is not None:
            for start in range(0, len(parts), BATCH):
                for part, content in self._engine.rows(connection, table, column, parts[start : start + BATCH]):
                    yield str(part), content
            if STUDIO in parts and table in self._watched.sometimes:
                for part, content in self._engine.rows(connection, table, column):
                    if part is None:
                        yield STUDIO, content

    # The rows of the digests -----------------------------------------------------------------------------------------

    def _write(self, connection: Connection, changes: Mapping[str, Sums]) -> Vouched:
        """Add ``changes`` to what is kept, and what that changes to the total."""
        known = self._recent
        known |= self._stored(connection, [each for each in (STUDIO, _TOTAL, *changes) if each not in known])
        version, (count, total) = self._total_of(known)
        written: list[_Kept] = []
        emptied: list[str] = []
        for part, moved in changes.items():
            before, sums = known.setdefault(part, (_Kept(part, 0, b""), {}))
            for table, (more, value) in moved.items():
                _add(sums, table, more, value)
                if sums[table][0] < 0:
                    raise self._fault(f"There were rows in table {table} that this program did not write.")
            if before.version:
                count, total = count - 1, total - self._tag_of(before)
            if _that_are_any(sums):
                sealed = self._store.seal_own("digest", part, before.version + 1, _encoded(sums))
                after = _Kept(part, before.version + 1, sealed)
                count, total = count + 1, total + self._tag_of(after)
                known[part] = after, sums
                written.append(after)
            else:
                del known[part]
                emptied.append(part)
        whole = version + 1, (count, total % _MODULUS)
        written.append(self._total(*whole))
        known[_TOTAL] = written[-1], {digest.name: whole[1]}
        for start in range(0, len(emptied), BATCH):
            connection.execute(delete(digest).where(digest.c.part.in_(emptied[start : start + BATCH])))
        connection.execute(self._engine.insert_or_replace(digest), [each.row() for each in written])
        self.moved = True
        return self._vouched(*whole, known)

    def _stored(self, connection: Connection, parts: Sequence[str] | None) -> dict[str, tuple[_Kept, Sums]]:
        """What is vouched for, of all parts or of these; the total is told as the sum of a table of its own name."""
        found = {}
        for kept in self._kept(connection, parts):
            content = self._store.open_own("digest", kept.part, kept.version, kept.sealed)
            found[kept.part] = kept, _decoded(content)
        return found

    def _kept(self, connection: Connection, parts: Sequence[str] | None = None) -> Iterator[_Kept]:
        if parts is None:
            yield from (_Kept(*row) for row in connection.execute(_ALL).all())
            return
        for start in range(0, len(parts), BATCH):
            for row in connection.execute(_SOME, {"parts": parts[start : start + BATCH]}).all():
                yield _Kept(*row)

    def _verify_total(self, connection: Connection) -> None:
        _, (count, total) = self._total_of(self._stored(connection, [_TOTAL]))
        tags = [self._tag_of(kept) for kept in self._kept(connection) if kept.part != _TOTAL]
        if (len(tags), sum(tags) % _MODULUS) != (count, total):
            raise self._fault("The digests of the archive were changed, removed or put back (table digest).")

    def _total_of(self, known: Mapping[str, tuple[_Kept, Sums]]) -> tuple[int, Sum]:
        """How often the total was written, and what it says of the rows that are about one part each."""
        if _TOTAL not in known:
            raise self._fault("The digest of the whole archive was removed (table digest).")
        kept, sums = known[_TOTAL]
        return kept.version, sums[digest.name]

    def _total(self, version: int, value: Sum) -> _Kept:
        return _Kept(_TOTAL, version, self._store.seal_own("digest", _TOTAL, version, _encoded({digest.name: value})))

    def _vouched(self, version: int, value: Sum, known: Mapping[str, tuple[_Kept, Sums]]) -> Vouched:
        content = framed(b"%d" % version, _packed(value))
        rows = hashlib.blake2b(content, digest_size=KEY_SIZE, key=self._key, person=b"safelight-total").hexdigest()
        sums = known[STUDIO][1] if STUDIO in known else {}
        return Vouched(rows, sums.get(journal_entry.name, _NONE)[0])

    def _fault(self, sentence: str, *faults: str) -> Malformed:
        return Malformed(self._watched.told(sentence), self._watched.hint, faults)

    def _tag(self, table: str, content: str) -> int:
        tag = self._rows.copy()
        tag.update(f"{table}\n{content}".encode())
        return int.from_bytes(tag.digest(), "little")

    def _mark(self, table: str, part: str, before: Sum, after: Sum) -> str:
        content = framed(table.encode(), part.encode(), _packed(before), _packed(after))
        mark = hashlib.blake2b(content, digest_size=MARK, key=self._key, person=b"safelight-mark")
        return mark.hexdigest()

    def _tag_of(self, kept: _Kept) -> int:
        fields = framed(kept.part.encode(), b"%d" % kept.version, kept.sealed)
        tag = hashlib.blake2b(fields, digest_size=KEY_SIZE, key=self._key, person=b"safelight-digest")
        return int.from_bytes(tag.digest(), "little")


def _known(table: str) -> str:
    """What is remembered of a table of the studio's part; a part has an id or one of the names above."""
    return f"table {table}"


def _add(sums: Sums, table: str, rows: int, value: int) -> None:
    count, total = sums.get(table, _NONE)
    sums[table] = (count + rows, (total + value) % _MODULUS)


def _that_are_any(sums: Sums) -> Sums:
    return {table: each for table, each in sums.items() if each != _NONE}


def _packed(value: Sum) -> bytes:
    return value[0].to_bytes(_COUNT, "big") + value[1].to_bytes(KEY_SIZE, "big")


def _unpacked(content: bytes) -> Sum:
    return int.from_bytes(content[:_COUNT], "big"), int.from_bytes(content[_COUNT:], "big")


def _encoded(sums: Sums) -> bytes:
    """Name by name: its length in one byte, the name, how many rows, the sum."""
    return b"".join(bytes([len(name)]) + name.encode() + _packed(sums[name]) for name in sorted(sums))


def _decoded(content: bytes) -> Sums:
    sums: Sums = {}
    while content:
        name, rest = content[1 : content[0] + 1].decode(), content[content[0] + 1 :]
        sums[name], content = _unpacked(rest[: _COUNT + KEY_SIZE]), rest[_COUNT + KEY_SIZE :]
    return sums
