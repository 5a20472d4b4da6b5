"""Places in the status lists: drawn by chance, never given twice, and a list that is full is followed by another."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import delete, event, insert

from safelight.documents.status import LIST_SIZE, MOST_LISTS
from safelight.domain.errors import Refused, WrongUsage
from safelight.domain.record import StatusPosition
from safelight.storage.repositories.statuses import CAPACITY, POSITIONS, number_of, position_of
from safelight.storage.rows import ListFill
from safelight.storage.tables import status
from support import studio_maker as maker

DRAW = """
import json, sys
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from safelight.storage.database import Database
from safelight.storage.repositories.statuses import StatusesRepository
from safelight.storage.transaction import Transaction
database = Database(Path(sys.argv[1]))
statuses = StatusesRepository(SimpleNamespace(database=database))
statuses.capacity = 50
drawn = []
for _ in range(40):
    with database.writing() as connection:
        drawn += statuses.allocate(Transaction(connection, datetime.now(UTC)), 7)
print(json.dumps([[each.list, each.index] for each in drawn]))
"""


def test_status_positions_are_random_and_distinct(studio: Any) -> None:
    assert POSITIONS == LIST_SIZE > CAPACITY > POSITIONS * 9 // 10
    archive = studio.archive
    with archive.transaction(studio.now) as t:
        drawn = archive.statuses.allocate(t, 300) + archive.statuses.allocate(t, 300)
    assert len(set(drawn)) == 600 and all(each.list == 1 and 0 <= each.index < POSITIONS for each in drawn)
    halves = Counter(each.index < POSITIONS // 2 for each in drawn)
    assert 200 < halves[True] < 400 and list(drawn) != sorted(drawn)
    free = next(each for each in map(position_of, range(POSITIONS)) if each not in drawn)
    with pytest.raises(WrongUsage), archive.transaction(studio.now) as t:
        archive.statuses.revoke(t, free, maker.START)


def test_a_full_status_list_is_followed_by_another(studio: Any) -> None:
    archive = studio.archive
    archive.statuses.capacity = 5
    assert archive.statuses.newest() == ListFill(1, 0, 5)
    with archive.transaction(studio.now) as t:
        first = archive.statuses.allocate(t, 3)
        assert not archive.statuses.newest().nearly_full
        over = archive.statuses.allocate(t, 14)
    assert [each.list for each in first] == [1] * 3
    assert Counter(each.list for each in (*first, *over)) == {1: 5, 2: 5, 3: 5, 4: 2}
    assert len({*first, *over}) == 17 and all(0 <= each.index < POSITIONS for each in over)
    assert archive.statuses.newest() == ListFill(4, 2, 5) == ListFill(1, 3, 5).after(over)
    assert ListFill(4, 2, 5).after(()) == ListFill(4, 2, 5)
    assert ListFill(1, 0, 5).after(first) == ListFill(1, 3, 5)
    with archive.transaction(studio.now) as t:
        archive.statuses.revoke(t, over[-1], maker.START)
        # The same index of another list is another record.
        for each in {replace(over[-1], list=number) for number in (1, 2, 3)} - {*first, *over}:
            with pytest.raises(WrongUsage):
                archive.statuses.revoke(t, each, maker.START)
        archive.statuses.allocate(t, 2)
    assert archive.statuses.revoked().keys() == {over[-1]}
    assert archive.statuses.newest().nearly_full
    for each in (*first, *over, StatusPosition(99, POSITIONS - 1)):
        assert position_of(number_of(each)) == each
    with archive.transaction(studio.now) as t:
        t.connection.execute(insert(status), {"position": number_of(StatusPosition(MOST_LISTS, 7))})
        archive.statuses.allocate(t, 4)
        with pytest.raises(Refused, match="full"):
            archive.statuses.allocate(t, 1)


def test_the_last_places_of_a_full_list_are_found_at_once(studio: Any) -> None:
    """A studio of before may have filled its list to the brim: no position is given twice, and it goes on."""
    archive, free = studio.archive, {5, 77_000, 131_071}
    with archive.transaction(studio.now) as t:
        rows = [{"position": each} for each in range(POSITIONS) if each not in free]
        t.connection.execute(insert(status), rows)
        assert {each.list for each in archive.statuses.allocate(t, 14)} == {2}
        # As full as a list gets: one in 64 is free, and a signing still takes few looks.
        t.connection.execute(delete(status))
        t.connection.execute(insert(status), [{"position": each} for each in range(CAPACITY - 14)])
        looks: list[int] = []
        event.listen(t.connection, "after_cursor_execute", lambda *_: looks.append(1))
        drawn = archive.statuses.allocate(t, 14)
        assert {each.list for each in drawn} == {1} and min(each.index for each in drawn) >= CAPACITY - 14
    assert len(looks) < 20


def test_two_programs_never_draw_the_same_position(full: Any) -> None:
    """Two connections, as two processes have them, draw from a small list in turns and at once."""
    full.archive.close()
    drivers = [
        subprocess.Popen([sys.executable, "-c", DRAW, str(full.folder.database)], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    drawn = [json.loads(each.communicate(timeout=120)[0]) for each in drivers]
    positions = [tuple(each) for one in drawn for each in one]
    assert len(positions) == len(set(positions)) == 2 * 40 * 7
    assert {number for number, _ in positions} >= set(range(2, 10))
    both = [{number for number, _ in one} for one in drawn]
    assert both[0] & both[1], "they took turns list by list: nothing was shown"
