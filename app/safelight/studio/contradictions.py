"""Finds where rows contradict the signed journal: what somebody said or what was done is noted there, and not in them.

Digests say that rows are others than this program left; once somebody accepts them as they are, they say so no more.
These faults stay: a receipt that the journal names is not there, a photo that somebody struck out is not struck out any
more. They cannot be accepted, and rows of a table that is named in one cannot be accepted either.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from safelight.domain.consent import EventKind
from safelight.domain.errors import SafelightError
from safelight.domain.ids import RecordId, ScopeId, SubjectId
from safelight.domain.photo import Photo, PhotoMark
from safelight.domain.record import Record
from safelight.domain.seen import exchanged
from safelight.domain.session import SessionState
from safelight.studio.journal_kinds import BUNDLE_EXPORTED, CONSENT_RECORDED, PHOTO_ADDED, PHOTO_ASSIGNED
from safelight.studio.open_studio import OpenStudio

_STRUCK, _STANDS = "photo-struck-out", "photo-stands-again"
_STATES = {
    "session-opened": SessionState.OPEN,
    "session-closed": SessionState.CLOSED,
    "session-reopened": SessionState.OPEN,
}
_STILL = (EventKind.GIVEN, EventKind.RENEWED, EventKind.CHANGED)
"""After one of these a record is a yes that holds."""


@dataclass
class Noted:
    """What the journal says of photos: who struck one out and was not followed by their own yes, who is on it.

    ``signed`` is how signed statements name them (filled by whoever reads those).
    """

    struck: dict[str, set[str]] = field(default_factory=dict)
    people: dict[str, list[str]] = field(default_factory=dict)
    signed: dict[str, list[PhotoMark]] = field(default_factory=dict)

    def faults(self, photo: Photo, studio: OpenStudio) -> Iterator[str]:
        """Where ``photo`` says otherwise."""
        for person in sorted(self.struck.get(photo.guid, set()) - set(photo.vetoed_by)):
            who = studio.archive.name_of(person) or f"subject {person}"
            yield f"Photo {photo.guid} was struck out by {who}, and it does not say so any more (table photo)."
        if photo.guid in self.people and self.people[photo.guid] != list(photo.subjects):
            yield f"The people on photo {photo.guid} are not those it was given last (table photo or photo_owner)."
        if exchanged(photo, self.signed.get(photo.guid, ())):
            yield f"Photo {photo.guid} is another picture than somebody signed about (table photo)."


def journal_faults(studio: OpenStudio) -> Iterator[str]:
    """Receipts and bundles the journal names that are not there, and sessions that are not as it was noted."""
    receipts = {id for id, _ in studio.archive.consents.receipt_ids()}
    bundles = studio.archive.disclosures.bundles()
    gone = studio.archive.keys.gone()
    states: dict[str, SessionState] = {}
    for entry, owner in studio.archive.journal.of_kinds(CONSENT_RECORDED, BUNDLE_EXPORTED, *_STATES):
        if entry.kind == CONSENT_RECORDED and entry.reference not in receipts and "evidence" not in gone.get(owner, ()):
            whose = studio.archive.name_of(owner) or f"subject {owner}"
            where = f"which journal entry {entry.number} names"
            yield f"The receipt {entry.reference} of {whose}, {where}, is not there (table receipt)."
        elif entry.kind == BUNDLE_EXPORTED and entry.reference not in bundles:
            where = f"which journal entry {entry.number} names"
            yield f"The bundle {entry.reference}, {where}, is not listed any more (table disclosure)."
        elif entry.kind in _STATES:
            states[entry.reference] = _STATES[entry.kind]
    for id in studio.archive.sessions.ids():
        with suppress(SafelightError):  # one that does not open was named already
            session = studio.archive.sessions.get(id)
            if states.get(id, session.state) is not session.state:
                yield f"The session “{session.name}” was {states[id]}, and it is {session.state} now (table session)."


def noted_of_photos(studio: OpenStudio) -> Noted:
    """What the journal says of photos."""
    noted = Noted()
    assigned: dict[int, str] = {}
    for entry, owner in studio.archive.journal.of_kinds(_STRUCK, _STANDS, PHOTO_ADDED, PHOTO_ASSIGNED):
        if entry.kind == _STRUCK:
            noted.struck.setdefault(entry.reference, set()).add(owner)
        elif entry.kind == _STANDS:
            noted.struck.get(entry.reference, set()).discard(owner)
        else:
            assigned[entry.number] = entry.reference
    last = {reference: number for number, reference in assigned.items()}
    for number, said in studio.archive.journal.payloads(last.values()):
        if said:  # the first versions did not say whom a photo that came in was put on
            noted.people[assigned[number]] = json.loads(said)["to"]
    return noted


class AskedAgain:
    """Records of one use, receipt by receipt: the newest word counts, so each before it must have ended."""

    def __init__(self) -> None:
        self._before: dict[tuple[SubjectId, ScopeId], list[RecordId]] = {}

    def faults(self, subject: SubjectId, record: Record, last: Mapping[RecordId, EventKind]) -> Iterator[str]:
        """The earlier records of the use of ``record`` that still hold; receipts come the oldest first."""
        before = self._before.setdefault((subject, record.scope), [])
        for each in before:
            if last.get(each) in _STILL:
                told = f"Record {each} ended when {record.scope} was asked again"
                yield f"{told}, and it does not say so any more (table consent_event)."
        before.append(record.id)
