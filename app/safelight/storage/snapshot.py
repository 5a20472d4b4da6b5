"""A snapshot of rows and wrapped keys beside the studio itself, so that nobody waits for the drive it is carried to."""

from __future__ import annotations

import contextlib
from types import TracebackType

from safelight.keys.durable import unfinished_name
from safelight.storage.archive import Archive
from safelight.storage.backup_manifest import STORE


class Snapshot:
    """A context manager. Taken while writers are kept out, it is read at leisure afterwards, and gone at the end.

    Its files are ciphertext like those they were made from, and named so that whoever opens the studio after a crash
    removes them, and nobody before. They are not durable, because nothing ever relies on them being there.
    """

    def __init__(self, archive: Archive, keys: bool = True) -> None:
        self._archive = archive
        unfinished = archive.folder.path / unfinished_name()
        self.sources = {
            "archive.sqlite": unfinished.with_name(f"{unfinished.name}-rows"),
            STORE: unfinished.with_name(f"{unfinished.name}-keys"),
        }
        """Where each of the two lies, by its place in the studio's folder; the rows alone without ``keys``."""
        if not keys:
            del self.sources[STORE]

    def __enter__(self) -> Snapshot:
        return self

    def take(self) -> None:
        """Copy both as they are; call it inside :meth:`~safelight.storage.archive.Archive.still`."""
        self._archive.copy_database(self.sources["archive.sqlite"], self.sources.get(STORE))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for path in self.sources.values():
            with contextlib.suppress(OSError):
                path.unlink()
