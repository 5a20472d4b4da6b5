"""What was put right about a person: what was known before stays known, with why it changed and who changed it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from .ids import PersonId

PRINTED = frozenset({"name", "guardians"})
"""What of a person is printed on a receipt; the birth date shows only as the day a minor comes of age."""


@dataclass(frozen=True, slots=True)
class Correction:
    """One change of what is known of somebody; ``entry`` is the number of the journal entry that keeps it.

    ``before`` and ``after`` are the values of the fields that differ, as plain JSON. What was changed before values
    were kept has only the names of the fields, and both are empty.
    """

    entry: int
    at: datetime
    by: PersonId
    reason: str
    fields: tuple[str, ...]
    before: Mapping[str, object]
    after: Mapping[str, object]

    def prints(self, as_minor: bool) -> bool:
        """Whether a receipt shows what was changed; that of a minor also shows what follows from the birth date."""
        return bool(PRINTED & set(self.fields)) or (as_minor and "born" in self.fields)


def differing(before: Mapping[str, object], after: Mapping[str, object]) -> tuple[str, ...]:
    """The fields whose values differ, in the order of ``after``."""
    return tuple(each for each in after if before.get(each) != after[each])


def known_then(now: Mapping[str, object], corrections: Iterable[Correction], entry: int) -> dict[str, object]:
    """What was known when the journal ended with ``entry``: ``now`` without every correction made after that."""
    then = dict(now)
    for each in sorted(corrections, key=lambda each: -each.entry):
        if each.entry > entry:
            then |= each.before
    return then
