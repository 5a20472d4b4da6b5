"""Papers about people's rights to draw and read: one person's, in any language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from safelight.documents.withdrawal_notices import (
    Asked,
    Ended,
    NoticeItem,
    NoticePhoto,
    NoticePhotoState,
    PhotoReason,
    PhotoState,
    WithdrawalNotice,
)  # fmt: skip
from safelight.domain.holds import HoldClass, LegalHold
from safelight.domain.ids import (
    Country,
    Language,
    NoticeId,
    PersonId,
    PhotoGuid,
    ReceiptId,
    RecordId,
    RequestId,
    ScopeId,
    Sha256,
    SubjectId,
)  # fmt: skip
from safelight.domain.page_document import Facts, PageDocument, Points, Table
from safelight.domain.people import Role
from safelight.domain.plain_text import without_isolates
from safelight.domain.requests import RequestKind, RequestState, RightsRequest
from safelight.domain.scope import Scope
from safelight.domain.withdrawal import Channel
from safelight.rights.erasure import (
    Destroyed,
    ErasureCertificate,
    Found,
    LookedFor,
    Remains,
    WaitingErasure,
    erasure_certificate,
    waiting_notice,
)
from safelight.rights.notice_letter import NoticeLetter, notice_letter
from safelight.rights.registers import Register, WithdrawalEntry, requests_register, withdrawals_register
from safelight.rights.time_letters import (
    OpenUse,
    RecipientGained,
    RecipientLost,
    RulesChanged,
    TimeLetter,
    coming_of_age,
    end_reminder,
    yearly_review,
)
from safelight.rights.withdrawal import WithdrawalContent, withdrawal_receipt
from safelight.rights.words import Reader, ToldRecipient
from support.receipt_samples import AGENCY, CATALOGUE, SIGNED, STUDIO, uuid

EVERYONE = "Анна فاطمة שרה श्री রবীন্দ্রনাথ தமிழ் สมชาย 王小明 김철수 山田 <b>თამარი</b> Արամ ኃይለ 🦊"
NUMBER = "5e1b2c3d-0000-4000-8000-00000000000a"
ZONE = timezone(timedelta(hours=2))


def reader(language: str, name: str = EVERYONE) -> Reader:
    """Somebody who reads ``language`` and has a name in every script."""
    return Reader(name, Language(language), Country("DE"), ZONE, "anna@mail.example", "Authority (authority.example)")


def uses(*ids: str) -> tuple[Scope, ...]:
    """Uses of the shipped rules."""
    return tuple(CATALOGUE.scope(each) for each in ids)


def withdrawal(language: str = "en", name: str = EVERYONE, **changed: Any) -> WithdrawalContent:
    """A withdrawal of three uses that two recipients are told of."""
    content = {
        "id": NUMBER, "studio": STUDIO, "reader": reader(language, name), "at": SIGNED, "by": Role.SUBJECT,
        "channel": Channel.CODE, "ended": uses("use.portfolio", "use.social", "ai.train-generative"),
        "open": uses("use.directory"),
        "told": (ToldRecipient("Agence Lumière", date(2026, 12, 4)), ToldRecipient("北京图片社", date(2026, 12, 4))),
        "kept_until": date(2032, 1, 1),
    }  # fmt: skip
    return WithdrawalContent(**{**content, **changed})


def hold(what: HoldClass = HoldClass.PHOTOS) -> LegalHold:
    """A hold whose ground is in words."""
    reason = "A claim about the photos of <b>4 May</b> is before the court in Berlin (31 C 12/26)."
    return LegalHold("h1", SubjectId("s1"), what, reason, date(2027, 3, 1), PersonId("p1"), SIGNED)


def certificate(**changed: Any) -> ErasureCertificate:
    """An erasure of which the check found nothing, while the proof stays and one copy was not reached."""
    content = {
        "id": NUMBER, "person": "9bc485b3-f5e2-42cd-b3d3-2d4a5bf8d672", "asked_at": SIGNED,
        "erased_at": SIGNED + timedelta(days=3), "checked_at": SIGNED + timedelta(days=3, minutes=2),
        "destroyed": ((Destroyed.PHOTO_KEY, 1), (Destroyed.PHOTOS, 12), (Destroyed.HANDWRITING, 1),
                      (Destroyed.ROWS, 31), (Destroyed.FILES, 25)),
        "found": (Found(LookedFor.KEYS, 1, 0), Found(LookedFor.ROWS, 31, 0), Found(LookedFor.FILES, 25, 0)),
        "remains": ((Remains.PROOF, date(2032, 1, 1)), (Remains.JOURNAL, None), (Remains.LOG, None)),
        "told": (ToldRecipient("Agence Lumière", date(2026, 12, 4)), ToldRecipient("北京图片社", date(2026, 12, 4))),
        "holds": (hold(HoldClass.PROOF),), "places": ("USB stick “Tresor”",),
    }  # fmt: skip
    return ErasureCertificate(**{**content, **changed})


def waiting(**changed: Any) -> WaitingErasure:
    """An erasure that a hold keeps from the photos."""
    return WaitingErasure(**{"id": NUMBER, "asked_at": SIGNED, "at": SIGNED, "holds": (hold(),), **changed})


def notice() -> NoticeLetter:
    """A notice of an ended use and of two photos that are held back or released."""
    member = (Sha256("1" * 64),)
    photos = tuple(NoticePhoto(PhotoGuid(uuid(each)), None, Sha256("0" * 64), member) for each in range(3))
    item = NoticeItem(
        RecordId(uuid(11)), ReceiptId(uuid(12)), ScopeId("use.stock"), 7, Ended.WITHDRAWN, SIGNED,
        (Asked.STOP, Asked.DELETE, Asked.STOP_TRAINING), photos,
    )  # fmt: skip
    states = (
        NoticePhotoState(photos[0], PhotoState.WITHHELD, PhotoReason.STRUCK_OUT, SIGNED, (Asked.STOP,)),
        NoticePhotoState(photos[1], PhotoState.RELEASED, PhotoReason.RESTRICTED, SIGNED),
    )
    message = WithdrawalNotice(
        NoticeId(NUMBER), 3, Sha256("2" * 64), STUDIO.id, AGENCY.id, SIGNED, date(2026, 12, 6), (item,), states
    )
    key = f"{STUDIO.id} namespaces=\"safelight-notice\" ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI{'x' * 43}"
    return NoticeLetter(message, STUDIO, reader("en", "Agence Lumière"), CATALOGUE, key, KEY_WORDS)


def asked(number: int, **changed: Any) -> RightsRequest:
    """A request that came in on 4 May 2026 and was answered in time."""
    content = {
        "id": RequestId(uuid(number)), "subject": SubjectId(uuid(100 + number)), "kind": RequestKind.ACCESS,
        "received": date(2026, 5, 4), "entered": SIGNED, "channel": Channel.MAIL, "by": Role.SUBJECT,
        "entered_by": None, "due": date(2026, 6, 4), "state": RequestState.ANSWERED,
        "answered": datetime(2026, 5, 20, 9, tzinfo=ZONE), "reason": "The file was handed over.",
    }  # fmt: skip
    return RightsRequest(**{**content, **changed})


REQUESTS = (
    asked(1),
    asked(2, kind=RequestKind.ERASURE, state=RequestState.REFUSED, reason="=A claim is before the court <b>31 C</b>."),
    asked(3, kind=RequestKind.OBJECTION, state=RequestState.EXTENDED, answered=None, reason="",
          extended_because="Two hundred photos have to be looked at one by one."),
    asked(4, kind=RequestKind.PORTABILITY, answered=datetime(2026, 6, 4, 22, 30, tzinfo=UTC), reason="Sent late."),
)  # fmt: skip
WITHDRAWALS = (
    WithdrawalEntry(SubjectId(uuid(101)), SIGNED, uses("use.portfolio", "use.social"), Role.SUBJECT, Channel.CODE, 2),
    WithdrawalEntry(SubjectId(uuid(102)), SIGNED, (), Role.GUARDIAN, Channel.IN_PERSON, 0, uuid(7)),
)


def register(language: str = "en") -> Register:
    """A register of a year, at its end."""
    first, last = date(2026, 1, 1), date(2026, 12, 31)
    return Register(STUDIO, first, last, Language(language), ZONE, datetime(2027, 1, 2, 9, tzinfo=ZONE))


def time_letter(language: str = "en", name: str = EVERYONE) -> TimeLetter:
    """A letter about three open uses."""
    portfolio, stock, directory = uses("use.portfolio", "use.stock", "use.directory")
    open_uses = (
        OpenUse(portfolio, (), date(2027, 11, 22)),
        OpenUse(stock, ("Agence Lumière", "北京图片社"), date(2027, 11, 22)),
        OpenUse(directory),
    )
    return TimeLetter(NUMBER, STUDIO, reader(language, name), SIGNED, open_uses)


RESTS_FROM = date(2027, 1, 22)
CHANGES = (RulesChanged(date(2026, 8, 2)), RecipientGained("Agence Lumière"), RecipientLost("北京图片社"))
KEY_WORDS = ("amber", "bishop", "cobra", "dune", "elder", "fjord")


def said(document: PageDocument) -> str:
    """Every word of a paper, a line each."""
    lines = [document.title, document.lead, document.reference]
    for block in document.blocks:
        match block:
            case Facts(pairs):
                lines += [f"{label}: {value}" for label, value in pairs]
            case Points(told):
                lines += told
            case Table(heads, _, rows):
                lines += [*heads, *(part for row in rows for cell in row for part in cell)]
            case _:
                lines.append(block.text)
    return without_isolates("\n".join(lines))


PERSON_PAPERS: dict[str, Callable[[str, str], PageDocument]] = {
    "withdrawal": lambda language, name: withdrawal_receipt(withdrawal(language, name)),
    "certificate": lambda language, name: erasure_certificate(STUDIO, reader(language, name), certificate()),
    "waiting": lambda language, name: waiting_notice(STUDIO, reader(language, name), waiting()),
    "yearly": lambda language, name: yearly_review(time_letter(language, name), RESTS_FROM, CHANGES),
    "reminder": lambda language, name: end_reminder(time_letter(language, name), date(2027, 11, 22), last=True),
    "of age": lambda language, name: coming_of_age(time_letter(language, name), date(2026, 11, 20), RESTS_FROM),
}
"""Every paper for somebody who was photographed, by language and name."""
OFFICE_PAPERS: dict[str, Callable[[str, str], PageDocument]] = {
    "notice": lambda language, name: notice_letter(replace(notice(), recipient=reader(language, name))),
    "requests": lambda language, _: requests_register(register(language), REQUESTS * 8),
    "withdrawals": lambda language, _: withdrawals_register(register(language), WITHDRAWALS),
}
"""Every paper for an organisation or an authority."""
