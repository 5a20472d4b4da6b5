"""The list of mutations fits the program as it is, and a few of them, others each day, are noticed."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from mutations.mutate import Outcome, faults, mutations, try_all

LISTED = mutations()
LEAST = 60
QUICK = ("tests/unit/domain/", "tests/unit/documents/", "tests/unit/keys/test_signing", "tests/unit/keys/test_sealing")
"""What only these tests have to notice takes a second or two each."""
A_FEW = 5


def test_every_entry_fits_the_program() -> None:
    assert [fault for each in LISTED for fault in faults(each)] == []
    assert [name for name, count in Counter(each.name for each in LISTED).items() if count > 1] == []


def test_each_room_that_decides_has_its_mutations() -> None:
    rooms = Counter(Path(each.file).relative_to("app/safelight").parts[0] for each in LISTED)
    assert len(LISTED) >= LEAST
    assert {"domain", "documents", "storage", "keys", "bundle", "studio", "agency"} <= rooms.keys()


def test_a_few_of_them_are_noticed() -> None:
    quick = [each for each in LISTED if all(test.startswith(QUICK) for test in each.tests)]
    chosen = random.Random(datetime.now(UTC).date().toordinal()).sample(quick, A_FEW)
    unnoticed = [(each.mutation.name, each.said) for each in try_all(chosen) if each.outcome is not Outcome.NOTICED]
    assert unnoticed == []
