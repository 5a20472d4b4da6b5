"""The consent receipt as an agency reads it: ISO/IEC TS 27560 in DPV 2.3 terms, one record per purpose, as JSON-LD."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from safelight.domain.ids import RecordId, ScopeId, Sha256
from safelight.domain.record import ConsentReceipt
from safelight.domain.scope import Catalogue


@dataclass(frozen=True, slots=True)
class SignedReceipt:
    """What a checked document says.

    ``receipt`` has the disclosed records and the recipients they name; ``statement`` is the bytes the signatures cover;
    ``digests`` names every record of the signing, disclosed or not, with the SHA-256 of its node's RFC 8785 bytes.
    """

    receipt: ConsentReceipt
    statement: bytes
    digests: Mapping[RecordId, Sha256]


def receipt_document(receipt: ConsentReceipt, catalogue: Catalogue) -> dict[str, Any]:
    """The whole JSON-LD document of one signing (``resources/formats.md`` explains it field by field).

    Raises :class:`WrongUsage` when the receipt names a recipient no record relies on, or lacks one that is named.
    """
    ...


def document_bytes(document: Mapping[str, Any]) -> bytes:
    """The RFC 8785 bytes of a document, as they are written to ``records/<receipt>.jsonld``."""
    ...


def statement_of(document: Mapping[str, Any]) -> bytes:
    """The RFC 8785 bytes of the statement inside the receipt node: what the studio and the one-time key sign."""
    ...


def disclose(document: Mapping[str, Any], scopes: Collection[ScopeId]) -> dict[str, Any]:
    """The same document with only the records of ``scopes`` and the recipients they name; the statement is untouched.

    Of a use left out nothing stays but a record id and a salted digest.
    """
    ...


def read_document(untrusted: bytes | Mapping[str, Any]) -> SignedReceipt:
    """Reads and checks a document (whole or disclosed); signatures over ``statement`` are for the caller to check.

    Raises :class:`Malformed` when it is not of this form, :class:`Refused` when something in it was changed; both name
    the field.
    """
    ...


def check_document(untrusted: bytes | Mapping[str, Any]) -> None:
    """The checks of :func:`read_document` alone."""
    ...
