"""Who was told what, and what of it is not answered yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from safelight.documents.acknowledgements import Reply
from safelight.domain.errors import WrongUsage
from safelight.domain.ids import NoticeId, RecipientId, Sha256
from safelight.storage.rows import SignedMessage
from safelight.studio.open_studio import OpenStudio
from safelight.studio.queries.open_notices import asked_notice, replies_of


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """One notice: to whom, its number, until when it is to be answered, and what of it is open.

    ``asked`` and ``open`` count records by photo, and photos held back; ``kept`` are answers that say something was
    kept. ``overdue``: the last day is over and something is open.
    """

    id: NoticeId
    recipient: RecipientId
    name: str
    number: int
    issued_at: datetime
    due: date
    records: int
    asked: int
    open: int
    kept: int
    overdue: bool
    sha256: Sha256


def notice_rows(studio: OpenStudio, recipient: RecipientId | None = None) -> tuple[NoticeRow, ...]:
    """Every notice (to one recipient), oldest first, as the newest answer of its recipient leaves it."""
    archive = studio.archive
    archive.rely_on(own=("withdrawal_notice", "acknowledgement", "recipient"))
    names = {each.recipient.id: each.recipient.name for each in archive.recipients.list()}
    sent = archive.outgoing_notices.list() if recipient is None else archive.outgoing_notices.of(recipient)
    answers = {each: replies_of(studio, each) for each in dict.fromkeys(each.recipient for each in sent)}
    today = studio.today()
    rows = []
    for message in sent:
        notice, replies = asked_notice(message), answers[message.recipient]
        said = [replies.of(notice, each) for each in notice.pairs]
        still = said.count(None)
        records = len({record for record, _ in notice.pairs if record is not None})
        rows.append(
            NoticeRow(
                NoticeId(message.id), message.recipient, names.get(message.recipient, ""), notice.number, notice.at,
                notice.due, records, len(said), still, said.count(Reply.KEPT), bool(still) and today > notice.due,
                message.sha256,
            )
        )
    return tuple(rows)


def issued_notice(studio: OpenStudio, recipient: RecipientId, number: int | None = None) -> SignedMessage:
    """The notice with this number (the last one for None), byte for byte; :class:`WrongUsage` where there is none."""
    sent = studio.archive.outgoing_notices.of(recipient)
    found = next((each for each in reversed(sent) if number in (None, each.number)), None)
    if found is None:
        raise WrongUsage("There is no such notice to this recipient.", "Nothing was written.")
    return found
