"""The statement inside a receipt: the compact object that is signed and from which all else in the document follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any

from safelight.domain.choice import Modifiers
from safelight.domain.errors import WrongUsage
from safelight.domain.ids import Country, Language, ReceiptId, RecipientId, RecordId, SessionId, Sha256, SubjectId
from safelight.domain.later import ADDED_LATER
from safelight.domain.people import Recipient, Studio
from safelight.domain.photo import PhotoMark
from safelight.domain.record import ConsentReceipt, NoticeMark, Record, Signing

from .jcs import canonical, sha256_hex
from .vocabulary import context_sha256

FORMAT = "safelight-receipt/1"


@dataclass(frozen=True, slots=True)
class RecordDigest:
    """One record of the signing: its id and the SHA-256 of its node's RFC 8785 bytes."""

    id: RecordId
    sha256: Sha256


@dataclass(frozen=True, slots=True)
class Statement:
    """A receipt without the bodies of its records and recipients, which it holds as salted digests.

    Both lists are sorted, so that their order tells nothing about what was left out. ``context`` is the SHA-256 of the
    JSON-LD context by which the document is to be read.
    """

    format: str
    context: Sha256
    id: ReceiptId
    issued_at: datetime
    studio: Studio
    subject: SubjectId
    session: SessionId
    country: Country
    language: Language
    notice: NoticeMark
    modifiers: Modifiers
    signing: Signing
    photos: tuple[PhotoMark, ...]
    authority: str
    withdraw_at: str
    rules: str
    signed_as_minor: bool
    adult_on: date | None
    replaces: ReceiptId | None
    records: tuple[RecordDigest, ...]
    recipients: tuple[Sha256, ...]
    rules_sha256: Sha256 | None = field(default=None, metadata=ADDED_LATER)


_SHARED = tuple(
    each.name for each in fields(Statement) if each.name not in ("format", "context", "records", "recipients")
)


def statement_for(receipt: ConsentReceipt, records: Sequence[RecordDigest], recipients: Sequence[Sha256]) -> Statement:
    """The statement of ``receipt`` over these digests."""
    shared: dict[str, Any] = {name: getattr(receipt, name) for name in _SHARED}
    return Statement(
        format=FORMAT,
        context=Sha256(context_sha256("consent")),
        records=tuple(sorted(records, key=lambda each: each.id)),
        recipients=tuple(sorted(recipients)),
        **shared,
    )


def receipt_from(statement: Statement, records: Sequence[Record], recipients: Sequence[Recipient]) -> ConsentReceipt:
    """The receipt the statement stands for, with the records and recipients at hand."""
    shared: dict[str, Any] = {name: getattr(statement, name) for name in _SHARED}
    return ConsentReceipt(records=tuple(records), recipients=tuple(recipients), **shared)


def recipient_salt(recipient: RecipientId, records: Sequence[Record]) -> str:
    """What keeps the digest of an organisation from being guessed: made of the salts of all records of the signing.

    Whoever holds not all of these records cannot make it, and so cannot try out which other organisations are named;
    whoever holds all of them has been told every organisation anyway.
    """
    salts = sorted(each.salt for each in records)
    return sha256_hex(canonical(["safelight-recipient-salt/1", recipient, salts]))[:32]


def check_recipients(receipt: ConsentReceipt) -> None:
    """Raises :class:`WrongUsage` unless the receipt's recipients are exactly those its records rely on."""
    named = {each for record in receipt.records if record.grant is not None for each in record.grant.recipients}
    listed = [each.id for each in receipt.recipients]
    if len(set(listed)) != len(listed):
        raise WrongUsage("A receipt lists a recipient twice.")
    if missing := named - set(listed):
        raise WrongUsage(f"A record relies on {sorted(missing)[0]}, whom the receipt does not describe.")
    if unused := set(listed) - named:
        raise WrongUsage(
            f"The receipt lists {sorted(unused)[0]}, on whom no record relies.",
            "A receipt names only the recipients a yes was given to; who was offered stands in the notice.",
        )
