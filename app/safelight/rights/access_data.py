"""The access file for programs (GDPR Art. 20): the same as its pages, as JSON-LD in the terms records use.

Its context is inside, so that nothing has to be fetched to read it. All of it is told once more under ``slc:held`` as
plain JSON (rdf:JSON): a program that knows nothing of vocabularies reads that.
"""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

from safelight.documents.plain import to_plain
from safelight.documents.times import rfc3339
from safelight.domain.consent import Status

from .held import AccessContent, HeldAnswer

_DPV, _SLC = "https://w3id.org/dpv#", "https://w3id.org/safelight/consent#"
_TIME = "http://www.w3.org/2001/XMLSchema#dateTime"
_CONTEXT = {
    "@version": 1.1, "dpv": _DPV, "slc": _SLC, "dct": "http://purl.org/dc/terms/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "eu-gdpr": "https://w3id.org/dpv/legal/eu/gdpr#",
    "dpv:hasDataSubject": {"@type": "@id"}, "dpv:hasConsentStatus": {"@type": "@id"},
    "dpv:hasPurpose": {"@type": "@id"}, "dpv:hasRight": {"@type": "@id"}, "dct:isPartOf": {"@type": "@id"},
    "dct:created": {"@type": _TIME}, "dct:date": {"@type": _TIME}, "slc:held": {"@type": "@json"},
}  # fmt: skip
_STATUS = {
    Status.REQUESTED: "dpv:ConsentRequested", Status.GIVEN: "dpv:ConsentGiven", Status.REFUSED: "dpv:ConsentRefused",
    Status.WITHDRAWN: "dpv:ConsentWithdrawn", Status.EXPIRED: "dpv:ConsentExpired",
    Status.INVALIDATED: "dpv:ConsentInvalidated",
}  # fmt: skip
_NOT_OTHERS = ("id", "same_as")
"""Of an entry: how the archive calls it, which says nothing to anybody else."""


def access_data(content: AccessContent) -> bytes:
    """The document as UTF-8; the same content gives the same bytes."""
    person = f"urn:uuid:{content.entries[0].subject.id}"
    document = {
        "@context": _CONTEXT,
        "@id": f"urn:uuid:{content.id}",
        "@type": "slc:AccessFile",
        "dct:created": rfc3339(content.at),
        "dct:language": content.reader.language,
        "dpv:hasDataSubject": person,
        "dpv:hasDataController": {
            "@id": f"urn:uuid:{content.studio.id}", "@type": "dpv:DataController", "dct:title": content.studio.name,
        },
        "dpv:hasRight": ["eu-gdpr:A15", "eu-gdpr:A20"],
        "dpv:hasPersonalData": _personal_data(content),
        "dpv:hasProcess": [_process(each, signing.receipt) for signing in content.signings for each in signing.answers],
        "dpv:hasRecipient": [
            {"@type": "dpv:Recipient", "dct:title": each.name, "dct:date": rfc3339(each.at)}
            for each in content.handed_on
        ],
        "slc:held": _held(content),
    }  # fmt: skip
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _personal_data(content: AccessContent) -> list[dict[str, Any]]:
    found = []
    for each in content.entries:
        for field, value in to_plain(each.subject).items():
            if field not in _NOT_OTHERS and value not in (None, "", []):
                text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
                found.append({"@type": "dpv:PersonalData", "dct:title": field, "rdf:value": text})
    return found


def _process(answer: HeldAnswer, receipt: str) -> dict[str, Any]:
    return {
        "@id": f"urn:uuid:{answer.record}",
        "@type": "dpv:Process",
        "dct:identifier": answer.record,
        "dct:isPartOf": f"urn:uuid:{receipt}",
        "dpv:hasPurpose": f"{_SLC}{answer.scope.id}",
        "dpv:hasConsentStatus": _STATUS[answer.status],
    }


def _held(content: AccessContent) -> dict[str, Any]:
    """Everything, without how this program words and shows it."""
    shown = (each.name for each in fields(AccessContent) if each.name not in ("reader", "studio"))
    plain: dict[str, Any] = {each: to_plain(getattr(content, each)) for each in shown}
    for signing in plain["signings"]:
        for answer in signing["answers"]:
            answer["scope"] = {"id": answer["scope"]["id"], "text": answer["scope"]["text"]}
    for handed in plain["handed_on"]:
        handed["uses"] = [each["id"] for each in handed["uses"]]
    return plain
