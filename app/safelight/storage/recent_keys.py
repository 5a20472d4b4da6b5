"""What is remembered of the key store while nobody else writes to it: keys used a moment ago, and keys destroyed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from safelight.keys.subject_keys import SubjectKeyPurpose

_FEW = 32
_RECENT = 512


@dataclass(frozen=True, slots=True)
class _As:
    """The store as it was: what others wrote, and how often keys were dropped here."""

    written: int
    dropped: int


@dataclass(frozen=True, slots=True)
class Remembered:
    """What is known without asking the store, and the store it is known of; ``found`` may be added to."""

    of: _As | None
    found: dict[str, bytes]


class RecentKeys:
    """For any thread. Whoever asks says by ``written`` whether another program wrote to the store: it is as before."""

    def __init__(self) -> None:
        self._keys: dict[tuple[str, str], bytes] = {}
        self._of = _As(0, 0)
        self._dropped = 0
        self._guard = threading.Lock()

    def look(self, purpose: SubjectKeyPurpose, owners: Collection[str], written: int) -> Remembered:
        """Those keys of ``owners`` that are remembered; whoever asks for many is not told of any.

        ``written`` is asked before the store is read: a key that another program destroys after that is not remembered.
        """
        if not owners or len(owners) > _FEW:
            return Remembered(None, {})
        with self._guard:
            now = _As(written, self._dropped)
            if now != self._of:
                self._keys.clear()
                self._of = now
            known = {each: self._keys[each, purpose] for each in owners if (each, purpose) in self._keys}
            return Remembered(now, known)

    def keep(self, purpose: SubjectKeyPurpose, known: Remembered, keys: Mapping[str, bytes]) -> None:
        """Remember what the store gave, unless it was changed since it was looked for."""
        with self._guard:
            if known.of is None or known.of != _As(self._of.written, self._dropped):
                return
            while len(self._keys) > _RECENT:
                del self._keys[next(iter(self._keys))]
            self._keys.update({(owner, purpose): each for owner, each in keys.items()})

    def drop(self) -> None:
        """Remember nothing."""
        with self._guard:
            self._dropped += 1
            self._keys.clear()


class ErasedElsewhere:
    """Whose keys the archive says were destroyed, kept until another program wrote to the key store.

    Whoever puts a key back writes to the store, with or without the store's own note of what was destroyed.
    """

    def __init__(self) -> None:
        self.read: Callable[[], Mapping[str, frozenset[SubjectKeyPurpose]]] = dict
        self._known: tuple[int, Mapping[str, frozenset[SubjectKeyPurpose]]] | None = None

    def now(self, written: int) -> Mapping[str, frozenset[SubjectKeyPurpose]]:
        """By owner, which keys must not be used whatever lies in the store.

        ``written`` is asked before this: what another program destroys after that is read the next time.
        """
        known = self._known
        if known is None or known[0] != written:
            known = self._known = (written, self.read())
        return known[1]

    def forget(self) -> None:
        """Read it anew the next time."""
        self._known = None
