"""Papers about people's rights to draw and read: one person's, in any language."""

from __future__ import annotations

from datetime import date, timedelta, timezone
from typing import Any

from safelight.domain.holds import HoldClass, LegalHold
from safelight.domain.ids import Country, Language, PersonId, SubjectId
from safelight.domain.page_document import Facts, PageDocument, Points, Table
from safelight.domain.people import Role
from safelight.domain.plain_text import without_isolates
from safelight.domain.scope import Scope
from safelight.domain.withdrawal import Channel
from safelight.rights.erasure import Destroyed, ErasureCertificate, Found, LookedFor, Remains, WaitingErasure
from safelight.rights.withdrawal import WithdrawalContent
from safelight.rights.words import Reader, ToldRecipient
from support.receipt_samples import CATALOGUE, SIGNED, STUDIO

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
