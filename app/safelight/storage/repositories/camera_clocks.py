"""Repository of the cameras of a session and what is known of their clocks, sealed under the studio's own key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import insert, select, update

from safelight.domain.cameras import Camera
from safelight.domain.errors import SafelightError
from safelight.domain.ids import SessionId
from safelight.storage.sealed_store import SealedStore, decoded, encoded
from safelight.storage.tables import camera_clock
from safelight.storage.transaction import Transaction


class CameraClocksRepository:
    """At most one row per session and camera; a camera is a keyed hash, its name is in the sealed part."""

    def __init__(self, store: SealedStore) -> None:
        self._store = store

    def put(self, t: Transaction, session: SessionId, camera: str, known: Camera) -> None:
        """Keep it, in place of what was known before."""
        where = (camera_clock.c.session == session) & (camera_clock.c.camera == camera)
        before = t.connection.execute(select(camera_clock.c.version).where(where)).scalar()
        version = 1 if before is None else before + 1
        sealed = self._store.seal_own("camera_clock", _row(session, camera), version, encoded(known))
        if before is None:
            values = {"session": session, "camera": camera, "version": version, "sealed": sealed}
            t.connection.execute(insert(camera_clock).values(**values))
        else:
            t.connection.execute(update(camera_clock).where(where).values(version=version, sealed=sealed))

    def get(self, session: SessionId, camera: str) -> Camera | None:
        """What is known of one camera; None when it was never seen in this session."""
        return self.all(session, camera).get(camera)

    def all(self, session: SessionId, camera: str | None = None) -> dict[str, Camera]:
        """The cameras of a session (or that one alone); :class:`Malformed` when somebody changed a row."""
        query = select(camera_clock).where(camera_clock.c.session == session).order_by(camera_clock.c.camera)
        query = query if camera is None else query.where(camera_clock.c.camera == camera)
        with self._store.database.reading() as connection:
            rows = connection.execute(query).all()
        return {row.camera: self._opened(row) for row in rows}

    def faults(self) -> Iterator[str | None]:
        """A sentence for each row that does not open, None for each that does (for the check)."""
        with self._store.database.reading() as connection:
            rows = connection.execute(select(camera_clock).order_by(camera_clock.c.camera)).all()
        for row in rows:
            try:
                self._opened(row)
            except SafelightError as error:
                yield error.title
            else:
                yield None

    def _opened(self, row: Any) -> Camera:
        sealed = self._store.open_own("camera_clock", _row(row.session, row.camera), row.version, row.sealed)
        return decoded(Camera, sealed, "a camera")


def _row(session: str, camera: str) -> str:
    return f"{session}/{camera}"
