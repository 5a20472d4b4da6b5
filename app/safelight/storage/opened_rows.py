"""What was opened of sealed rows before, so that whoever reads the same list again opens only what differs."""

from __future__ import annotations

from typing import Any


class OpenedRows:
    """A memo that a reader makes, hands in with each reading, and drops when nobody may see the rows any more.

    A value counts only for the stamp it was kept with: everything of the row that it was made of. What was not asked
    for between two calls of :meth:`turn` is dropped. For one thread at a time.
    """

    def __init__(self) -> None:
        self._now: dict[object, tuple[object, Any]] = {}
        self._before: dict[object, tuple[object, Any]] = {}

    def turn(self) -> None:
        """A reading begins."""
        self._before, self._now = self._now, {}

    def find(self, key: object, stamp: object) -> Any:
        """What was kept under ``key``, if it was with this ``stamp``; else None."""
        found = self._now.get(key)
        if found is None:
            found = self._before.get(key)
            if found is not None and found[0] == stamp:
                self._now[key] = found
        return found[1] if found is not None and found[0] == stamp else None

    def keep(self, key: object, stamp: object, value: object) -> None:
        """Remember ``value``."""
        self._now[key] = stamp, value

    def __len__(self) -> int:
        return len(self._now.keys() | self._before.keys())
