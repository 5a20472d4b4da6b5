"""Repository of the studio itself: its name as controller, its settings, and the people who work there."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select, update

from safelight.domain.errors import Malformed
from safelight.domain.ids import PersonId
from safelight.domain.people import StaffMember, Studio
from safelight.storage.sealed_store import SealedStore, decoded, encoded, next_version, unknown
from safelight.storage.tables import setting, staff
from safelight.storage.transaction import Transaction

_STUDIO = "studio"
_NAMED = "named:"


class StudioRepository:
    """The studio's own data, and settings by name; all of it sealed under the studio's key."""

    def __init__(self, store: SealedStore) -> None:
        self._store = store

    def get(self) -> Studio:
        """The studio as controller; :class:`Malformed` when its row was removed: it is written when one is founded."""
        content = self._read(_STUDIO)
        if content is None:
            raise Malformed(
                "The row that says whose studio this is was removed (table setting).",
                "Nothing was changed. Restore the studio from a backup.",
                (f"setting/{_STUDIO}",),
            )
        return decoded(Studio, content, "the studio")

    def put(self, t: Transaction, studio: Studio) -> None:
        """Write or replace it."""
        self._write(t.connection, _STUDIO, encoded(studio))

    def setting(self, name: str) -> str | None:
        """A setting's value, None if it was never set."""
        content = self._read(_NAMED + name)
        return None if content is None else content.decode()

    def set_setting(self, t: Transaction, name: str, value: str | None) -> None:
        """Set a setting; None removes it. ``name`` is kept in clear, ``value`` sealed."""
        if value is None:
            t.connection.execute(delete(setting).where(setting.c.name == _NAMED + name))
        else:
            self._write(t.connection, _NAMED + name, value.encode())

    def settings(self) -> dict[str, str]:
        """All settings by name."""
        with self._store.database.reading() as connection:
            rows = connection.execute(select(setting).where(setting.c.name.startswith(_NAMED))).all()
        return {
            name.removeprefix(_NAMED): self._store.open_own("setting", name, version, sealed).decode()
            for name, version, sealed in rows
        }

    def _read(self, name: str) -> bytes | None:
        with self._store.database.reading() as connection:
            row = connection.execute(
                select(setting.c.version, setting.c.sealed).where(setting.c.name == name)
            ).first()
        return None if row is None else self._store.open_own("setting", name, row.version, row.sealed)

    def _write(self, connection: Connection, name: str, content: bytes) -> None:
        version = next_version(connection, setting, "name", name)
        values = {"version": version, "sealed": self._store.seal_own("setting", name, version, content)}
        if version == 1:
            connection.execute(insert(setting).values(name=name, **values))
        else:
            connection.execute(update(setting).where(setting.c.name == name).values(**values))


class StaffRepository:
    """The people of the studio."""

    def __init__(self, store: SealedStore) -> None:
        self._store = store

    def add(self, t: Transaction, person: StaffMember) -> None:
        """Take somebody in."""
        sealed = self._store.seal_own("staff", person.id, 1, encoded(person))
        t.connection.execute(insert(staff), {"id": person.id, "version": 1, "sealed": sealed})

    def put(self, t: Transaction, person: StaffMember) -> None:
        """Replace what is known of somebody who is there."""
        version = next_version(t.connection, staff, "id", person.id)
        if version == 1:
            raise unknown("member of the staff", person.id)
        sealed = self._store.seal_own("staff", person.id, version, encoded(person))
        t.connection.execute(update(staff).where(staff.c.id == person.id).values(version=version, sealed=sealed))

    def get(self, id: PersonId) -> StaffMember:
        """One person; :class:`WrongUsage` if there is none of that id."""
        found = self._find(id)
        if not found:
            raise unknown("member of the staff", id)
        return found[0]

    def list(self) -> tuple[StaffMember, ...]:
        """Everybody, in the order they came."""
        return self._find(None)

    def _find(self, id: PersonId | None) -> tuple[StaffMember, ...]:
        query = select(staff.c.id, staff.c.version, staff.c.sealed).order_by(staff.c.ordinal)
        with self._store.database.reading() as connection:
            rows = connection.execute(query if id is None else query.where(staff.c.id == id)).all()
        return tuple(
            decoded(StaffMember, self._store.open_own("staff", row.id, row.version, row.sealed), "a staff member")
            for row in rows
        )
