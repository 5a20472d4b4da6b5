"""A stretch of the journal: what its closed entries hide, and that every change in it is found."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from safelight.domain.ids import Sha256
from safelight.domain.journal import GENESIS, JournalEntry, next_entry
from safelight.domain.journal_stretch import Fault, Head, StretchEntry, as_stretch_entry, first_fault
from safelight.domain.sha256_blocks import hash_from, state_after
from safelight.settings.desk_texts import desk_texts

START = datetime(2026, 11, 22, 9, 30, 12, tzinfo=UTC)
ADA = "0a1b2c3d-0000-4000-8000-00000000000a"
KINDS = sorted(each.removeprefix("journal.kind_") for each in desk_texts("en").phrases if ".kind_" in each)
KINDS = [each for each in KINDS if not each.startswith("review") and each != "asked"]


def some_hash(text: str) -> Sha256:
    return Sha256(hashlib.sha256(text.encode()).hexdigest())


def journal(count: int) -> list[JournalEntry]:
    made: list[JournalEntry] = []
    for number in range(count):
        kind = ("subject-added", "consent-recorded", "photo-struck-out")[number % 3]
        at = START + timedelta(minutes=number)
        made.append(next_entry(made[-1] if made else None, at, kind, ADA, some_hash(f"payload {number}")))
    return made


def test_the_hash_goes_on_from_any_block() -> None:
    dice = random.Random(7)
    for size in [*range(140), 1000, 4096]:
        data = dice.randbytes(size)
        for before in range(0, size + 1, 64):
            assert hash_from(state_after(data[:before]), before, data[before:]) == hashlib.sha256(data).hexdigest()
    with pytest.raises(ValueError, match="whole blocks"):
        state_after(b"x")


@pytest.mark.parametrize("number", [1, 99, 1_000_000])
def test_a_closed_entry_tells_nothing_but_its_link(number: int) -> None:
    """20 hidden digits or more, so that ids somebody holds cannot be tried out against the state."""
    assert len(KINDS) > 40
    for kind in KINDS:
        names = [ADA, *(["age1" + "q" * 58, f"org:{ADA}"] if kind == "recipient-added" else [])]
        for reference in names:
            before = JournalEntry(number - 1, START, "", "", GENESIS, GENESIS, some_hash("before"))
            entry = next_entry(before, START, kind, reference, some_hash(kind))
            closed = as_stretch_entry(entry)
            digits, link = closed.text.split("\n")
            assert link == before.hash and entry.payload_sha256.endswith(digits)
            assert len(digits) <= 44, (kind, reference)
            assert first_fault(Head(before.number, before.hash), [closed]) is None


def test_only_what_was_asked_for_is_shown() -> None:
    entry = journal(1)[0]
    assert as_stretch_entry(entry, {"another"}).state
    shown = as_stretch_entry(entry, {ADA})
    assert not shown.state and shown.text.split("\n")[:4] == ["1", "2026-11-22T09:30:12Z", "subject-added", ADA]
    assert first_fault(Head(0, GENESIS), [shown]) is None


CHANGES: dict[str, tuple[Fault, Callable[[StretchEntry], StretchEntry]]] = {
    "number": (Fault.NUMBER, lambda each: replace(each, number=each.number + 1)),
    "hash": (Fault.HASH, lambda each: replace(each, hash=some_hash("other"))),
    "link": (Fault.PREVIOUS, lambda each: replace(each, text=each.text[:-64] + some_hash("other"))),
    "more": (Fault.FORM, lambda each: replace(each, text="x" + each.text)),
    "state": (Fault.HASH, lambda each: replace(each, state=some_hash("other"))),
    "before": (Fault.HASH, lambda each: replace(each, before=each.before + 64)),
    "no block": (Fault.FORM, lambda each: replace(each, before=each.before + 1)),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_is_found_where_it_is(what: str) -> None:
    fault, change = CHANGES[what]
    entries = journal(12)
    stretch = [as_stretch_entry(each) for each in entries[4:]]
    start = Head(entries[3].number, entries[3].hash)
    assert first_fault(start, stretch) is None
    for at in range(len(stretch)):
        assert first_fault(start, [*stretch[:at], change(stretch[at]), *stretch[at + 1 :]]) == (5 + at, fault)


def test_a_shown_entry_is_held_to_its_number_and_its_lines() -> None:
    entries = journal(3)
    start, shown = Head(1, entries[0].hash), as_stretch_entry(entries[1], {ADA})
    assert first_fault(start, [shown]) is None
    for old, new, fault in (("2\n", "3\n", Fault.NUMBER), ("09:31", "09:32", Fault.HASH), (ADA, "x\ny", Fault.FORM)):
        assert first_fault(start, [replace(shown, text=shown.text.replace(old, new, 1))]) == (2, fault)


def test_an_entry_that_is_gone_or_exchanged_is_found() -> None:
    entries = journal(8)
    stretch = [as_stretch_entry(each) for each in entries[2:]]
    start = Head(2, entries[1].hash)
    assert first_fault(start, [*stretch[:2], *stretch[3:]]) == (5, Fault.NUMBER)
    assert first_fault(start, [stretch[1], stretch[0], *stretch[2:]]) == (3, Fault.NUMBER)
    assert first_fault(start, [replace(stretch[1], number=3), replace(stretch[0], number=4)]) == (3, Fault.PREVIOUS)
    assert first_fault(Head(2, entries[2].hash), stretch) == (3, Fault.PREVIOUS)
