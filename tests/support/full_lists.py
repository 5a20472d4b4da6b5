"""Fills a studio's status list but for a few places, as years of answers would; nothing else of the studio changes."""

from __future__ import annotations

from pathlib import Path

from safelight.storage.repositories.statuses import CAPACITY
from safelight.studio.founding import open_studio

_ALL_BUT = """
WITH RECURSIVE number(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM number WHERE n < ?)
INSERT INTO status (position) SELECT n FROM number
"""


def fill_first_list(studio: Path, passphrase: str, left: int) -> None:
    """Give away places of the first list until ``left`` records find one there; the studio must not be open.

    Through the archive's own writer: rows that another program put in are refused.
    """
    with open_studio(studio, passphrase) as opened:
        statuses = opened.archive.statuses
        assert statuses.newest().used == 0, "a studio in which nobody has answered yet"
        with opened.archive.transaction(opened.now()) as writing:
            writing.connection.exec_driver_sql(_ALL_BUT, (CAPACITY - left - 1,))
        assert statuses.newest().used == CAPACITY - left
