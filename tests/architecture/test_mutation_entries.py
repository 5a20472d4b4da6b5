"""Every rule that is broken on purpose stands in the program as its entry says, and so do the tests that notice it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from mutations.mutate import faults, mutations

LISTED = mutations()
LEAST = 60


def test_every_entry_fits_the_program() -> None:
    """Whoever changes such a rule writes its entry anew, in ``tests/mutations/``."""
    assert [fault for each in LISTED for fault in faults(each)] == []
    assert [name for name, count in Counter(each.name for each in LISTED).items() if count > 1] == []


def test_each_room_that_decides_has_its_mutations() -> None:
    rooms = Counter(Path(each.file).relative_to("app/safelight").parts[0] for each in LISTED)
    assert len(LISTED) >= LEAST
    assert {"domain", "documents", "storage", "keys", "bundle", "studio", "agency"} <= rooms.keys()
