"""Fills a studio's status list but for a few places, as years of answers would; nothing else of the studio changes."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from safelight.storage.repositories.statuses import CAPACITY

_ALL_BUT = """
WITH RECURSIVE number(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM number WHERE n < ?)
INSERT OR IGNORE INTO status (position) SELECT n FROM number
"""


def fill_first_list(studio: Path, left: int) -> None:
    """Give away places of the first list until ``left`` records find one there; the studio must not be open."""
    connection = sqlite3.connect(studio / "archive.sqlite", isolation_level=None)
    try:
        (used,) = connection.execute("SELECT count(*) FROM status").fetchone()
        assert used == 0, "a studio in which nobody has answered yet"
        connection.execute(_ALL_BUT, (CAPACITY - left - 1,))
        (used,) = connection.execute("SELECT count(*) FROM status").fetchone()
        assert used == CAPACITY - left
    finally:
        connection.close()
