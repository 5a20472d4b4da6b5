"""Papers about people's rights to draw and read: one person's, in any language."""

from __future__ import annotations

from datetime import date, timedelta, timezone
from typing import Any

from safelight.domain.ids import Country, Language
from safelight.domain.people import Role
from safelight.domain.scope import Scope
from safelight.domain.withdrawal import Channel
from safelight.rights.withdrawal import ToldRecipient, WithdrawalContent
from safelight.rights.words import Reader
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
