"""Anchors the end of the journal in the computer's keyring, so that a folder put back to an earlier day is noticed.

Nothing inside a folder tells it from the same folder of an earlier day. The keyring is outside of it: who can write the
files, without the account's own rights, cannot write there. What it knows only moves forward, except by ``restore``.

Nobody waits for a keyring: it is asked in a thread of its own, and one that does not answer in time knows nothing.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

from safelight.domain.ids import OrganisationId
from safelight.domain.journal_stretch import Head
from safelight.keys import keychain
from safelight.storage.repositories.journal import JournalRepository

EVERY = 60.0
"""At most so often (seconds) while a program runs; once more when it ends."""
PATIENCE = 0.5
"""So long (seconds) an answer is waited for."""
Value = TypeVar("Value")


class Keyring(Protocol):
    """What is asked of the keyring (:mod:`safelight.keys.keychain`); nothing of it raises or opens a prompt."""

    def keyring_may_be_here(self) -> bool: ...
    def load_head(self, studio: OrganisationId, folder: Path) -> Head | None: ...
    def store_head(self, studio: OrganisationId, folder: Path, head: Head) -> None: ...


class Anchoring:
    """What one open archive and the keyring know of each other."""

    def __init__(
        self, owner: OrganisationId, folder: Path, journal: JournalRepository, keyring: Keyring = keychain
    ) -> None:
        self._owner, self._folder, self._journal, self._keyring = owner, folder, journal, keyring
        self._last, self._moved = time.monotonic(), False
        self._thread: threading.Thread | None = None
        self._turn, self._closed = threading.Lock(), False
        self._fine = False

    def noted(self) -> None:
        """Something was committed: anchor it, unless that was done a moment ago."""
        self._moved = True
        now = time.monotonic()
        if now - self._last >= EVERY and (self._thread is None or not self._thread.is_alive()):
            self._last = now
            self._start()

    def close(self) -> None:
        """Anchor what was committed since, while the archive is still open; a slow keyring is not waited for."""
        if self._thread is not None:
            self._thread.join(PATIENCE)
        if self._moved:
            self._start()
            if self._thread is not None:
                self._thread.join(PATIENCE)
        with self._turn:
            self._closed = True

    def newer(self) -> Head | None:
        """The end of the journal that the keyring knows and this archive does not have; None where it has it.

        Asked once, unless the archive is behind.
        """
        if self._fine or not self._keyring.keyring_may_be_here():
            return None
        known = _in_time(lambda: self._keyring.load_head(self._owner, self._folder))
        if known is not None and not self._has(known):
            return known
        self._fine = True
        return None

    def _start(self) -> None:
        self._thread = None
        if self._keyring.keyring_may_be_here():
            self._moved = False
            end = self._journal.end()
            self._thread = threading.Thread(target=self._anchor, args=(end,), name="anchor", daemon=True)
            self._thread.start()

    def _anchor(self, end: Head) -> None:
        known = self._keyring.load_head(self._owner, self._folder)
        # One that knows more, or another journal, is kept as it is: that is what it is there to tell.
        if known is None or (known.number < end.number and self._has(known)):
            self._keyring.store_head(self._owner, self._folder, end)

    def _has(self, known: Head) -> bool:
        with self._turn:  # the archive is not closed meanwhile
            return not self._closed and self._journal.hash_of(known.number) == known.hash


def _in_time(ask: Callable[[], Value]) -> Value | None:
    """What ``ask`` returns, None if that takes too long."""
    found: list[Value] = []
    asking = threading.Thread(target=lambda: found.append(ask()), name="keyring", daemon=True)
    asking.start()
    asking.join(PATIENCE)
    return found[0] if found else None
