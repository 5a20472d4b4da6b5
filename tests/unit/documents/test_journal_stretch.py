"""The file of a stretch of the journal: the bytes it has, and what is no such file."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from safelight.documents.journal_stretch import read_stretch, stretch_bytes
from safelight.domain.errors import Malformed
from safelight.domain.ids import Sha256, StudioId
from safelight.domain.journal import GENESIS, JournalEntry, next_entry
from safelight.domain.journal_stretch import Head, SignedHead, Stretch, as_stretch_entry, first_fault

GOLDEN = Path(__file__).with_name("golden") / "journal.json"
STUDIO, ADA = (f"00000000-0000-4000-8000-{number:012d}" for number in (2, 3))
SIGNATURE = "-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----\n"


def stretch() -> Stretch:
    last: JournalEntry | None = None
    entries = []
    for number, (kind, about) in enumerate((("studio-founded", STUDIO), ("subject-added", ADA), ("photo-added", ADA))):
        at, payload = datetime(2026, 11, 22, 9, number, tzinfo=UTC), hashlib.sha256(bytes([number])).hexdigest()
        last = next_entry(last, at, kind, about, Sha256(payload))
        entries.append(as_stretch_entry(last, {STUDIO}))
    assert last is not None
    signed = SignedHead(Sha256("5e" * 32), SIGNATURE)
    return Stretch(StudioId(STUDIO), Head(0, GENESIS), Head(last.number, last.hash), tuple(entries), signed)


def test_the_bytes_are_the_same_for_ever() -> None:
    made = stretch()
    assert stretch_bytes(made) == GOLDEN.read_bytes()
    assert read_stretch(GOLDEN.read_bytes()) == made
    assert first_fault(made.start, made.entries) is None


@pytest.mark.parametrize("change", [
    {"format": "safelight-journal/2"}, {"studio": "x"}, {"entries": []}, {"signed": {}}, {"more": 1},
    {"to": {"number": 2, "hash": "5e" * 32}}, {"from": {"number": -1, "hash": "5e" * 32}},
    {"entries": [{"number": 1, "hash": "5e" * 32, "text": "x" * 65, "before": 64}]},
    {"entries": [{"number": 1, "hash": "5e" * 32, "text": "x" * 65, "state": "5e" * 32}]},
], ids=str)  # fmt: skip
def test_what_is_no_such_file(change: dict[str, Any]) -> None:
    with pytest.raises(Malformed, match="The stretch of a journal is malformed"):
        read_stretch(json.dumps(json.loads(GOLDEN.read_bytes()) | change).encode())
