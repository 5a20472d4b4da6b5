"""The consent receipt as an agency reads it: ISO/IEC TS 27560 in DPV 2.3 terms, one record per purpose, as JSON-LD.

A document is one JSON object: the pinned ``@context`` and a ``@graph`` of nodes. The receipt node holds the statement
(see ``statement.py``), which is what gets signed; it names each record node by the SHA-256 of its RFC 8785 bytes. Every
record node holds ``slc:answer``, the domain's own record; the DPV words around it say the same in public terms.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from safelight.domain.errors import Refused
from safelight.domain.ids import RecordId, ScopeId, Sha256
from safelight.domain.record import ConsentReceipt
from safelight.domain.scope import Catalogue

from .jcs import canonical
from .reading import fail, parse_json, validate
from .record_check import checked
from .record_nodes import digest, frame, recipient_node, record_node
from .statement import RecordDigest, check_recipients, receipt_from, recipient_salt, statement_for
from .vocabulary import context, is_context, party, terms_of

WHAT = "consent record"
SCHEMA = "consent-receipt"


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

    A use that was offered and not asked has no record; no to everything before a use was shown gives none at all.
    Raises :class:`WrongUsage` when the receipt names a recipient no record relies on, or lacks one that is named;
    :class:`Malformed` when a value does not fit the published schema (an id that is no UUID, say).
    """
    check_recipients(receipt)
    # Record nodes read everything of the statement but its digests, which cover the record nodes in turn.
    bare = statement_for(receipt, (), ())
    records = [record_node(each, terms_of(catalogue.scope(each.scope), receipt.language), bare)
               for each in receipt.records]  # fmt: skip
    recipients = [recipient_node(each, recipient_salt(each.id, receipt.records)) for each in receipt.recipients]
    statement = statement_for(
        receipt,
        [RecordDigest(each.id, digest(node)) for each, node in zip(receipt.records, records, strict=True)],
        [digest(node) for node in recipients],
    )
    receipt_node, *rest = frame(statement)
    document = {"@context": context("consent"), "@graph": [receipt_node, *records, *recipients, *rest]}
    validate(SCHEMA, document, WHAT)
    return document


def document_bytes(document: Mapping[str, Any]) -> bytes:
    """The RFC 8785 bytes of a document, as they are written to ``records/<receipt>.jsonld``."""
    return canonical(document)


def statement_of(document: Mapping[str, Any]) -> bytes:
    """The RFC 8785 bytes of the statement inside the receipt node: what the studio and the one-time key sign."""
    return canonical(document["@graph"][0]["slc:statement"])


def disclose(
    document: Mapping[str, Any], scopes: Collection[ScopeId], records: Collection[RecordId] | None = None
) -> dict[str, Any]:
    """The same document with only the records of ``scopes`` and the recipients they name; the statement is untouched.

    ``records`` narrows it further to these ids, for a use that a later receipt answers anew. Of a record left out
    nothing stays but its id and a salted digest. A use without a record here is passed over: the uses of one bundle may
    rest on several receipts.
    """
    kept = []
    named: set[str] = set()
    for node in document["@graph"]:
        if node["@type"] == "dpv:ConsentRecord":
            answer = node["slc:answer"]
            if answer["scope"] not in scopes or (records is not None and answer["id"] not in records):
                continue
            named.update(map(party, answer["grant"]["recipients"] if answer["grant"] else ()))
        kept.append(node)
    return {
        "@context": document["@context"],
        "@graph": [node for node in kept if not node["@id"].startswith("party:") or node["@id"] in named],
    }


def read_document(untrusted: bytes | Mapping[str, Any]) -> SignedReceipt:
    """Reads and checks a document (whole or disclosed); signatures over ``statement`` are for the caller to check.

    Raises :class:`Malformed` when it is not of this form, :class:`Refused` when something in it was changed; both name
    the field.
    """
    raw = parse_json(untrusted, WHAT) if isinstance(untrusted, bytes) else untrusted
    if not isinstance(raw, dict):
        fail(WHAT, "", "must be an object")
    if not is_context("consent", raw.get("@context")):
        raise Refused(
            "The consent record's @context is not the one this version knows.",
            "Its words could mean anything, so nothing was taken from it. A newer Safelight may know this context.",
        )
    validate(SCHEMA, raw, WHAT)
    statement, records, recipients = checked(raw["@graph"], WHAT)
    return SignedReceipt(
        receipt=receipt_from(statement, records, recipients),
        statement=canonical(raw["@graph"][0]["slc:statement"]),
        digests={each.id: each.sha256 for each in statement.records},
    )
