"""A receipt as data: everything the pages say, handed in as values, before anything is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo
from enum import StrEnum

from safelight.domain.acts import Act
from safelight.domain.ids import Language, Sha256
from safelight.domain.people import Recipient, Studio
from safelight.domain.record import ConsentReceipt
from safelight.domain.scope import Catalogue

QrMatrix = tuple[tuple[bool, ...], ...]
"""A QR code without its quiet zone: rows from top to bottom, True is a dark module."""


class ReceiptStatus(StrEnum):
    """Where a receipt stands on the day it is printed."""

    SIGNED = "signed"
    AWAITING_CHECK = "awaiting-check"
    """Signed; a second person of the studio still has to validate it before AI or stock uses."""
    CHECKED = "checked"


@dataclass(frozen=True, slots=True)
class Hand:
    """The signature of one of several: whose, the drawing (PNG) or, without one, the typed name, and when."""

    name: str
    png: bytes | None = None
    typed: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReceiptContent:
    """What one receipt tells. Names are plain text in any script and printed as they are, never read as markup.

    ``recipients`` are the organisations by name, as the studio knows them (ids in the grants point at them).
    ``signature_png`` is the drawn signature (PNG) or None for a typed one, whose text is ``typed_name``.
    ``withdrawal_code`` is printed large, as given; ``withdrawal_uri`` is what ``qr`` encodes.
    ``journal_head`` is the studio's journal at issue (hex); ``record_sha256`` covers the signed statement (RFC 8785);
    ``notice_sha256`` the text shown. The two key fingerprints are as ``ssh-keygen -l`` prints them (``SHA256:…``);
    ``studio_key_words`` are the studio key's six words. ``earlier`` are the signatures given before the one in
    ``signature_png`` or ``typed_name``, in order.
    ``opening_code``, if any, is printed on the last page alone. ``draft``: the page somebody is about to sign, which
    says "not signed yet" wherever a receipt tells of the signature. ``photos`` are small JPEG thumbnails (at most
    four are shown).
    """

    receipt: ConsentReceipt
    subject_name: str
    studio: Studio
    catalogue: Catalogue
    language: Language
    notice_title: str
    withdrawal_code: str
    withdrawal_uri: str
    qr: QrMatrix
    journal_head: str
    record_sha256: Sha256
    notice_sha256: Sha256
    subject_key_fingerprint: str
    studio_key_fingerprint: str
    studio_key_words: tuple[str, ...]
    app_version: str
    guardian_names: tuple[str, ...] = ()
    photographer_name: str = ""
    witness_name: str = ""
    interpreter_name: str = ""
    recipients: tuple[Recipient, ...] = ()
    signature_png: bytes | None = None
    typed_name: str = ""
    photos: tuple[bytes, ...] = ()
    acts: tuple[Act, ...] = ()
    status: ReceiptStatus = ReceiptStatus.SIGNED
    signing_certificate_sha256: str = ""
    """Hex digest of the DER certificate that signs the PDF; empty leaves the line out."""
    earlier: tuple[Hand, ...] = ()
    signer: str = ""
    """Whose the last signature is, where several signed."""
    opening_code: str = ""
    draft: bool = False
    journal_entries: int | None = None
    """How many entries the journal had when it ended with ``journal_head``; None leaves it out of the file."""

    @property
    def zone(self) -> tzinfo:
        """The place's offset from UTC when it was signed, for times on the page; UTC where no zone was recorded."""
        return timezone(timedelta(minutes=self.receipt.signing.utc_offset_minutes or 0))

    @property
    def minor(self) -> bool:
        """Whether a guardian signed for a minor."""
        return self.receipt.signed_as_minor
