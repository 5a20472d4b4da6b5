"""Which signed receipts name a photo: what was signed about it stays as it was signed, wherever the photo goes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from safelight.domain.ids import PhotoGuid, ReceiptId, SubjectId
from safelight.studio.journal_kinds import PHOTO_ASSIGNED
from safelight.studio.open_studio import OpenStudio


@dataclass(frozen=True, slots=True)
class NamingReceipt:
    """A signed receipt, whose it is, and those of the photos asked about that it names."""

    receipt: ReceiptId
    subject: SubjectId
    photos: tuple[PhotoGuid, ...]


def receipts_naming(studio: OpenStudio, guids: Sequence[PhotoGuid]) -> tuple[NamingReceipt, ...]:
    """Every signed receipt that names one of these photos, of whoever is on them or ever was."""
    asked = dict.fromkeys(guids)
    people: dict[SubjectId, None] = {}
    for line in studio.archive.photos.lines(tuple(asked)).values():
        people.update(dict.fromkeys(line.subjects))
    for guid in asked:
        for _, said in studio.archive.journal.told_about(PHOTO_ASSIGNED, guid):
            told = json.loads(said)
            people.update(dict.fromkeys(SubjectId(each) for each in (*told.get("from", ()), *told.get("to", ()))))
    found = []
    for each in people:
        for signed in studio.archive.consents.receipts_of(each):
            named = tuple(mark.guid for mark in signed.receipt.photos if mark.guid in asked)
            if named:
                found.append(NamingReceipt(signed.receipt.id, each, named))
    return tuple(found)
