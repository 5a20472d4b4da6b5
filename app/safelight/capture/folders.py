"""Finds photographs in files, folders and memory cards, and waits beside a hot folder until each file is whole."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path


def find_photos(paths: Sequence[Path], *, aside: Callable[[Path, str], None] | None = None) -> Iterator[Path]:
    """Every picture at or below ``paths``, in a stable order, each once; ``aside(path, why)`` hears of the rest."""
    raise NotImplementedError


class HotFolder:
    """Watches a folder that tether software writes to, by looking at it again and again.

    A file is handed out once its size and time stayed the same over ``polls`` looks and its structure is complete.
    ``sleep`` and ``interval`` are handed in so that tests need not wait.
    """

    def __init__(
        self,
        folder: Path,
        *,
        polls: int = 2,
        interval: float = 0.5,
        sleep: Callable[[float], None] = time.sleep,
        seen: Sequence[Path] = (),
    ) -> None:
        raise NotImplementedError

    def look(self) -> tuple[Path, ...]:
        """Look once; the files that became ready since the last look, by name."""
        raise NotImplementedError

    def watch(self, stop: Callable[[], bool]) -> Iterator[Path]:
        """Look, hand out, sleep, until ``stop()`` says so."""
        raise NotImplementedError
