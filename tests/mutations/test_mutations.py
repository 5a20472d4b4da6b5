"""A few of the mutations, others each day, are noticed; ``mutate.py`` tries all of them."""

from __future__ import annotations

import random
from datetime import UTC, datetime

from mutations.mutate import Outcome, mutations, try_all

QUICK = ("tests/unit/domain/", "tests/unit/documents/", "tests/unit/keys/test_signing", "tests/unit/keys/test_sealing")
"""What only these tests have to notice takes a second or two each."""
A_FEW = 3


def test_a_few_of_them_are_noticed() -> None:
    quick = [each for each in mutations() if all(test.startswith(QUICK) for test in each.tests)]
    chosen = random.Random(datetime.now(UTC).date().toordinal()).sample(quick, A_FEW)
    unnoticed = [(each.mutation.name, each.said) for each in try_all(chosen) if each.outcome is not Outcome.NOTICED]
    assert unnoticed == []
