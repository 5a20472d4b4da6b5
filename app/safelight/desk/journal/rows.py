"""What the journal shows, as frozen rows: what happened in words, to what, when, and whether the check found faults."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry in words; ``about`` is the beginning of the id it is about, ``hash`` of the hash that links it."""

    number: int
    when: str
    what: str
    about: str
    hash: str
    reference: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found: one sentence, what was counted, and a sentence for every fault.

    ``notes`` say how to go on, and what was found before and accepted.
    """

    sound: bool
    said: str
    counts: tuple[str, ...]
    problems: tuple[str, ...]
    notes: tuple[str, ...] = ()
