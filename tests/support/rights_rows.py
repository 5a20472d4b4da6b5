"""Rows for the tables about withdrawal and erasure, for tests that need something in every table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from safelight.documents.withdrawal_notices import (
    NoticePhoto,
    NoticePhotoState,
    PhotoReason,
    PhotoState,
    WithdrawalNotice,
    notice_bytes,
)
from safelight.domain.erasure import Erasure
from safelight.domain.holds import HoldClass, LegalHold, Release
from safelight.domain.ids import NoticeId, PersonId, PhotoGuid, RecipientId, RequestId, Sha256, StudioId, SubjectId
from safelight.domain.people import Role
from safelight.domain.requests import RequestKind, RightsRequest
from safelight.domain.withdrawal import Channel
from safelight.storage.repositories.restrictions import Restriction
from safelight.storage.rows import SignedMessage
from safelight.storage.transaction import Transaction
from safelight.studio.open_studio import new_id

SHA = Sha256("5a" * 32)


def fill(t: Transaction, table: sa.Table, number: int, given: Mapping[str, Any]) -> None:
    """One row of any content: ``given`` columns, new ids, bytes that nothing opens."""
    values: dict[str, Any] = {}
    for column in table.c:
        if column.name in given:
            values[column.name] = given[column.name]
        elif isinstance(column.type, sa.LargeBinary):
            values[column.name] = b"sealed %d" % number
        elif column.name == "ordinal":
            continue
        elif isinstance(column.type, sa.Integer):
            values[column.name] = 1 if column.name == "version" else number
        else:
            values[column.name] = "2026-11-02T09:00:00Z" if column.name == "at" else new_id()
    t.connection.execute(sa.insert(table), values)


def request_of(subject: SubjectId, at: datetime) -> RightsRequest:
    """An open request of somebody for access."""
    due = at.date() + timedelta(days=30)
    id = RequestId(new_id())
    return RightsRequest(id, subject, RequestKind.ACCESS, at.date(), at, Channel.MAIL, Role.SUBJECT, None, due)


def message_of(to: RecipientId, at: datetime, number: int) -> SignedMessage:
    """A notice that releases a photo nobody knows, as it is kept."""
    photo = NoticePhoto(PhotoGuid(new_id()), "file", SHA, ())
    state = NoticePhotoState(photo, PhotoState.RELEASED, PhotoReason.RESTRICTED, at)
    notice = WithdrawalNotice(
        NoticeId(new_id()), number, None if number == 1 else SHA, StudioId(new_id()), to, at, at.date(), (), (state,)
    )  # fmt: skip
    return SignedMessage(notice.id, to, number, at, notice_bytes(notice).decode(), SHA, "signed")


def rights_rows(archive: Any, t: Transaction, recipients: Sequence[str], people: Sequence[str], turn: int) -> None:
    """A row for each of these in every table about withdrawal, and all but the first restricted anew."""
    for to in map(RecipientId, recipients):
        last = archive.outgoing_notices.last(to)
        archive.outgoing_notices.add(t, message_of(to, t.now, 1 if last is None else last.number + 1))
        number = len(archive.acknowledgements.of(to)) + 1
        archive.acknowledgements.add(t, SignedMessage(new_id(), to, number, t.now, "{}", SHA, "signed"))
    for person in people[1:]:
        archive.restrictions.remove(t, SubjectId(person))
        archive.restrictions.put(t, Restriction(SubjectId(person), t.now, f"turn {turn}", None))
    for person in people:
        _hold(archive, t, SubjectId(person), turn)
        for each in archive.requests.of(SubjectId(person)):
            archive.requests.put(t, replace(each, reason=f"turn {turn}"))
        archive.requests.add(t, request_of(SubjectId(person), t.now))
        gone = SubjectId(new_id())
        archive.erasures.put(t, Erasure(new_id(), gone, t.now, None, t.now.date(), (), (), (), (), t.now, t.now))


def _hold(archive: Any, t: Transaction, person: SubjectId, turn: int) -> None:
    """A hold that keeps nothing of the archive; the one of the turn before is released."""
    for before in archive.holds.of([person]):
        archive.holds.put(t, replace(before, released=Release(t.now, before.by)))
    by, day = PersonId(new_id()), date(2027, 1, 1)
    archive.holds.add(t, LegalHold(new_id(), person, HoldClass.TEMPLATES, f"turn {turn}", day, by, t.now))
