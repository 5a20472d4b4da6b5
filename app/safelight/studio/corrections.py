"""What was put right about people, and which signed receipts still say what was known before."""

from __future__ import annotations

import json
from dataclasses import dataclass

from safelight.documents.plain import from_plain, to_plain
from safelight.domain.corrections import Correction, known_then
from safelight.domain.ids import ReceiptId, Sha256, SubjectId
from safelight.domain.people import Subject
from safelight.storage.rows import SignedReceiptFile
from safelight.studio.journal_kinds import SUBJECT_CHANGED
from safelight.studio.open_studio import OpenStudio


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """One correction; ``receipts`` were signed before it and show the old value, as they must: they stay as signed."""

    correction: Correction
    receipts: tuple[ReceiptId, ...]


def corrections_of(studio: OpenStudio, id: SubjectId) -> tuple[Correction, ...]:
    """Everything that was put right about one person, oldest first."""
    found = []
    for entry, said in studio.archive.journal.told_about(SUBJECT_CHANGED, id):
        told = json.loads(said)
        before, after = told.get("before", {}), told.get("after", {})
        made = Correction(
            entry.number, entry.at, told["by"], told.get("reason", ""), tuple(told["fields"]), before, after
        )
        found.append(made)
    return tuple(found)


def correction_rows(studio: OpenStudio, id: SubjectId) -> tuple[CorrectionRow, ...]:
    """As :func:`corrections_of`, each with the receipts that carry the old value."""
    made = corrections_of(studio, id)
    signed = [(each, _entry(studio, each)) for each in studio.archive.consents.receipts_of(id)] if made else []
    return tuple(
        CorrectionRow(
            each,
            tuple(
                file.receipt.id
                for file, entry in signed
                if entry < each.entry and each.prints(file.receipt.signed_as_minor)
            ),
        )
        for each in made
    )


def as_signed(studio: OpenStudio, file: SignedReceiptFile) -> Subject:
    """What was known of whose receipt ``file`` is, when it was signed: whenever it is drawn, it says that."""
    person = studio.archive.subjects.get(file.subject)
    made = corrections_of(studio, file.subject)
    if not made:
        return person
    return from_plain(Subject, known_then(to_plain(person), made, _entry(studio, file)), "", "a subject")


def _entry(studio: OpenStudio, file: SignedReceiptFile) -> int:
    """The number of the entry the journal ended with when ``file`` was signed."""
    return studio.archive.journal.number_of(Sha256(file.journal_head)) or 0
