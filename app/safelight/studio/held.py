"""Ceremonies in progress: kept after each act, found again on any device, erased when their time is over."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from safelight.documents.jcs import sha256_hex
from safelight.documents.plain import from_plain, to_plain
from safelight.domain.ceremony import Ceremony
from safelight.domain.changes import Changes
from safelight.domain.errors import Malformed
from safelight.domain.ids import SessionId, SubjectId
from safelight.domain.notice import Notice
from safelight.domain.people import Role
from safelight.domain.record import SignatureKind
from safelight.storage.rows import ExhibitKind, HeldCeremony
from safelight.studio.exhibits import Exhibit
from safelight.studio.open_studio import OpenStudio
from safelight.studio.seats import Seat, check_seat

HELD_FOR = timedelta(days=14)
"""So long a minor's answers wait for a guardian, and anybody's for the person to come back."""


@dataclass(frozen=True, slots=True)
class Held:
    """What is kept of a sitting: the answers, who else was there, the notices shown, and what was written by hand."""

    ceremony: Ceremony
    witness: str = ""
    interpreter: str = ""
    notices: tuple[Notice, ...] = ()
    exhibits: tuple[Exhibit, ...] = ()
    erase_at: datetime | None = field(default=None, compare=False)
    """When it goes; None lets :func:`keep_held` count from now."""


@dataclass(frozen=True, slots=True)
class _Written:
    what: ExhibitKind
    by: Role
    data: str
    scope: str
    kind: SignatureKind | None


@dataclass(frozen=True, slots=True)
class _Sealed:
    ceremony: Ceremony
    witness: str
    interpreter: str
    notices: tuple[Notice, ...]
    exhibits: tuple[_Written, ...]


def keep_held(studio: OpenStudio, seat: Seat, held: Held, noted: str = "") -> tuple[datetime, Changes]:
    """Seal it in place of what was kept before; durable, and acknowledged, when this returns when it erases itself.

    ``noted`` is written into the journal with it. Raises :class:`SittingEnded` when the seat is another sitting's now.
    """
    now = studio.now()
    erase_at = held.erase_at or now + HELD_FOR
    content = _encoded(held)
    with studio.archive.transaction(now) as writing:
        check_seat(studio, seat)
        studio.archive.held.put(writing, HeldCeremony(seat.subject, seat.session, now, erase_at, content))
        if noted:
            studio.archive.journal.append(writing, noted, seat.subject, b"")
    studio.acknowledge(seat.subject, sha256_hex(content))
    return erase_at, Changes.SUBJECTS | Changes.JOURNAL if noted else Changes.SUBJECTS


def find_held(studio: OpenStudio, subject: SubjectId, session: SessionId) -> Held | None:
    """What is held of one person in one session, unless its time is over."""
    kept = studio.archive.held.find(subject, session)
    if kept is None or kept.erase_at <= studio.now():
        return None
    raw = from_plain(_Sealed, json.loads(kept.content), "", "a ceremony in progress")
    exhibits = tuple(
        Exhibit(each.what, each.by, base64.b64decode(each.data), each.scope, each.kind) for each in raw.exhibits
    )
    return Held(raw.ceremony, raw.witness, raw.interpreter, raw.notices, exhibits, kept.erase_at)


def erase_held(studio: OpenStudio, seat: Seat) -> Changes:
    """The person left without deciding: nothing of it stays but that there was something.

    Raises :class:`SittingEnded` when the seat is another sitting's now: what is kept is kept for that one.
    """
    with studio.archive.transaction(studio.now()) as writing:
        check_seat(studio, seat)
        if not studio.archive.held.remove(writing, seat.subject, seat.session):
            return Changes.NONE
        studio.archive.journal.append(writing, "ceremony-left", seat.subject, b"")
    return Changes.SUBJECTS | Changes.JOURNAL


def erase_expired(studio: OpenStudio) -> tuple[int, Changes]:
    """Erase what nobody came back for in time; the journal says that, not what it was. Returns how many."""
    now = studio.now()
    if not studio.archive.held.expired(now):
        return 0, Changes.NONE
    with studio.archive.transaction(now) as writing:
        # Read again here: whoever came back meanwhile has answered anew, and that is not over.
        erased = 0
        for subject, session in studio.archive.held.expired(now):
            try:
                studio.archive.rely_on((subject,))
            except Malformed:
                continue  # perhaps its time is not over at all; the check names whose rows were changed
            studio.archive.held.remove(writing, subject, session)
            studio.archive.journal.append(writing, "held-ceremony-erased", subject, b"")
            erased += 1
    return erased, Changes.SUBJECTS | Changes.JOURNAL if erased else Changes.NONE


def _encoded(held: Held) -> bytes:
    exhibits = tuple(
        _Written(each.what, each.by, base64.b64encode(each.data).decode(), each.scope, each.kind)
        for each in held.exhibits
    )
    plain = to_plain(_Sealed(held.ceremony, held.witness, held.interpreter, held.notices, exhibits))
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode()
