"""A signed receipt as it lies in its sealed row: JSON with bytes as Base64; the ink or typed name is sealed apart.

Rows sealed by earlier versions stay as they are, so this form only ever gains fields that may be missing.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import Any

from safelight.domain.ids import PersonId, SubjectId
from safelight.domain.later import ADDED_LATER
from safelight.domain.record import ConsentReceipt
from safelight.storage.rows import FileId, KeptExhibit, SignedReceiptFile
from safelight.storage.sealed_store import decoded, encoded


@dataclass(frozen=True, slots=True)
class _Extra:
    """What came to the form over time. ``exhibits`` is JSON within the JSON, as the first of them were sealed."""

    withdrawal_code: str
    withdrawal_hash: str
    witness: str = ""
    interpreter: str = ""
    opening_code: str = ""
    exhibits: str | None = field(default=None, metadata=ADDED_LATER)


@dataclass(frozen=True, slots=True)
class _Form:
    receipt: ConsentReceipt
    subject: SubjectId
    document: str
    statement: str
    studio_signature: str
    subject_public: str
    subject_signature: str
    acts: str
    evidence_type: str
    taken_by: PersonId
    journal_head: str
    pdf: str | None
    extra: _Extra


_EXHIBITS: Any = tuple[KeptExhibit, ...]


def receipt_bytes(signed: SignedReceiptFile) -> bytes:
    """Everything of ``signed`` but its evidence, as bytes to be sealed."""
    return encoded(
        _Form(
            signed.receipt,
            signed.subject,
            _b64(signed.document),
            _b64(signed.statement),
            signed.studio_signature,
            signed.subject_public,
            signed.subject_signature,
            _b64(signed.acts),
            signed.evidence_type,
            signed.taken_by,
            signed.journal_head,
            signed.pdf,
            _Extra(
                signed.withdrawal_code,
                signed.withdrawal_hash,
                signed.witness,
                signed.interpreter,
                signed.opening_code,
                encoded(signed.exhibits).decode() if signed.exhibits else None,
            ),
        )
    )


def read_receipt(content: bytes) -> SignedReceiptFile:
    """The receipt in unsealed bytes, without its evidence, which is sealed apart and may have been erased."""
    form = decoded(_Form, content, "a signed receipt")
    extra = form.extra
    exhibits = "[]" if extra.exhibits is None else extra.exhibits
    return SignedReceiptFile(
        receipt=form.receipt,
        subject=form.subject,
        document=base64.b64decode(form.document),
        statement=base64.b64decode(form.statement),
        studio_signature=form.studio_signature,
        subject_public=form.subject_public,
        subject_signature=form.subject_signature,
        acts=base64.b64decode(form.acts),
        evidence=b"",
        evidence_type=form.evidence_type,
        taken_by=form.taken_by,
        journal_head=form.journal_head,
        withdrawal_code=extra.withdrawal_code,
        withdrawal_hash=extra.withdrawal_hash,
        opening_code=extra.opening_code,
        witness=extra.witness,
        interpreter=extra.interpreter,
        exhibits=decoded(_EXHIBITS, exhibits.encode(), "the exhibits of a signed receipt"),
        pdf=None if form.pdf is None else FileId(form.pdf),
        evidence_erased=True,
    )


def _b64(content: bytes) -> str:
    return base64.b64encode(content).decode()
