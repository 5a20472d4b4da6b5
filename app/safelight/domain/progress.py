"""How a long job tells whoever watches how far it is, and how the watcher stops it."""

from __future__ import annotations

from collections.abc import Callable

Report = Callable[[int, int, str], None]
"""``report(done, total, what)``; raises :class:`safelight.domain.errors.Cancelled` to stop the job."""


def silent(done: int, total: int, what: str) -> None:
    """Report to nobody."""
