"""The registers a studio shows an authority: what people asked for and took back; people by number, never by name."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from safelight.domain.ids import Country, Language, SubjectId
from safelight.domain.page_document import Block, PageDocument, Paragraph, Table
from safelight.domain.people import Role, Studio
from safelight.domain.plain_text import clean, isolate_ltr, name, spreadsheet_cell
from safelight.domain.requests import RightsRequest
from safelight.domain.scope import Scope
from safelight.domain.withdrawal import Channel
from safelight.settings.rights_texts import rights_texts

from .words import Reader, Words

_SHORT = 8
"""Characters of an id on paper; the whole one stands in the CSV."""


@dataclass(frozen=True, slots=True)
class Register:
    """Whose register it is, of which days, in which language; ``zone`` is the place's, for times. ``at`` dates it."""

    studio: Studio
    first: date
    last: date
    language: Language
    zone: tzinfo
    at: datetime


@dataclass(frozen=True, slots=True)
class WithdrawalEntry:
    """One withdrawal: whose, when, which uses ended or which photo was struck out, by whom, how many were told.

    ``channel`` is None where none was noted: whoever signed anew with a no took the earlier yes back.
    """

    subject: SubjectId
    at: datetime
    uses: tuple[Scope, ...]
    by: Role
    channel: Channel | None
    told: int
    photo: str = ""


def requests_register(register: Register, requests: Sequence[RightsRequest]) -> PageDocument:
    """Every request of these days: received, due, answered, how, and the reason where it was late or refused."""
    words = _words(register)
    rows = tuple(
        (
            (words.say(f"kind_{each.kind.value}"), _person(words, each.subject)),
            (words.day(each.received),),
            (words.day(each.due),),
            (words.local_day(each.answered) if each.answered else "–",),
            _result(words, register, each),
            tuple(name(reason, 600) for reason in (each.extended_because, each.reason) if reason) or ("–",),
        )
        for each in requests
    )
    heads = tuple(map(words.say, ("col_kind", "col_received", "col_due", "col_answered", "col_result", "col_reason")))
    table = Table(heads, (98, 70, 70, 70, 70, 112), rows)
    return _document(words, register, words.say("register_requests"), table)


def withdrawals_register(register: Register, withdrawals: Sequence[WithdrawalEntry]) -> PageDocument:
    """Every withdrawal of these days: what ended, in which role somebody acted, how, and how many were told."""
    words = _words(register)
    rows = tuple(
        (
            (words.moment(each.at), _person(words, each.subject)),
            tuple(map(words.title, each.uses)) or (words.say("register_photo", photo=_id(each.photo)),),
            (words.role(each.by),),
            (_channel(words, each.channel),),
            (str(each.told),),
        )
        for each in withdrawals
    )
    heads = tuple(map(words.say, ("col_when", "col_ended", "col_by", "col_how", "col_told")))
    return _document(words, register, words.say("register_withdrawals"), Table(heads, (120, 126, 88, 88, 68), rows))


def requests_csv(requests: Sequence[RightsRequest]) -> str:
    """The same as CSV (RFC 4180) with a header, for programs: whole ids, days as ISO 8601 has them."""
    heads = ("request", "person", "asked", "received", "due", "answered", "state", "extended_because", "reason")
    return _csv(
        heads,
        (
            (each.id, each.subject, each.kind.value, each.received, each.due, each.answered or "", each.state.value,
             each.extended_because, each.reason)
            for each in requests
        ),
    )  # fmt: skip


def withdrawals_csv(withdrawals: Sequence[WithdrawalEntry]) -> str:
    """The same as CSV (RFC 4180) with a header, for programs; several uses are parted by blanks."""
    heads = ("person", "at", "uses", "photo", "by", "channel", "told")
    return _csv(
        heads,
        (
            (each.subject, each.at, " ".join(use.id for use in each.uses), each.photo, each.by.value,
             each.channel.value if each.channel else "", each.told)
            for each in withdrawals
        ),
    )  # fmt: skip


def _words(register: Register) -> Words:
    country: Country = register.studio.country
    return Words(register.studio, Reader("", register.language, country, register.zone), "office")


def _document(words: Words, register: Register, title: str, table: Table) -> PageDocument:
    days = {"first": words.day(register.first), "last": words.day(register.last)}
    lead = words.say("register_lead", studio=name(register.studio.name), count=str(len(table.rows)), **days)
    block: Block = table if table.rows else Paragraph(words.say("register_none"))
    return PageDocument(title, lead, (block,), words.language, register.studio.name, "", register.at)


def _result(words: Words, register: Register, request: RightsRequest) -> tuple[str, ...]:
    """What came of a request, and whether the answer was late, or is by now."""
    answered = register.at if request.answered is None else request.answered
    late = answered.astimezone(register.zone).date() > request.due
    return (words.say(f"result_{request.state.value}"), *((words.say("result_late"),) if late else ()))


def _channel(words: Words, channel: Channel | None) -> str:
    return "–" if channel is None else rights_texts("person", words.language).say(f"channel_{channel.value}")


def _person(words: Words, subject: SubjectId) -> str:
    return f"{words.say('col_person')} {_id(subject)}"


def _id(id: str) -> str:
    return isolate_ltr(clean(id)[:_SHORT])


def _csv(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows([spreadsheet_cell(_written(each)) for each in row] for row in rows)
    return text.getvalue()


def _written(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
