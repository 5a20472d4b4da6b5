"""The nodes of a consent document: each follows from the statement, a record or a recipient, and from nothing else.

Because writing and checking use the same functions, no field of a document is free: a reader builds each node again
from what it read and compares.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from safelight.domain.ids import Country, RecipientId, Sha256
from safelight.domain.people import Recipient, Role
from safelight.domain.photo import PhotoMark
from safelight.domain.record import Record

from .jcs import canonical, sha256_hex
from .plain import from_plain, to_plain
from .statement import Statement
from .status import status_list_id
from .times import end_of_day, rfc3339
from .vocabulary import STATUS_TERMS, YES, ScopeTerms, party, place, places, purpose, uuid_urn

Node = dict[str, Any]
RIGHTS = ("A7-3", "A13", "A15", "A16", "A17", "A20", "A77")
"""The GDPR rights a receipt points at: withdraw, be told, see, correct, erase, take along, complain."""


def digest(node: Mapping[str, Any]) -> Sha256:
    """The SHA-256 of a node's RFC 8785 bytes."""
    return sha256_hex(canonical(node))


def _part(statement: Statement, name: str) -> str:
    """The IRI of a thing that exists only within this receipt."""
    return f"{uuid_urn(statement.id)}#{name}"


def frame(statement: Statement) -> list[Node]:
    """All nodes but records and recipients, in the order they are written: receipt, parties, notice, rights, photos."""
    nodes = [_receipt(statement), _subject(statement)]
    if Role.GUARDIAN in statement.signing.signed_by:
        nodes.append({"@id": _part(statement, "guardian"), "@type": "dpv:GuardianOfDataSubject"})
    nodes.append(_studio(statement))
    if statement.authority:
        nodes.append({"@id": _part(statement, "authority"), "@type": "dpv:DataProtectionAuthority",
                      "dpv:hasName": statement.authority,
                      "dpv:hasJurisdiction": [place(statement.country)]})  # fmt: skip
    nodes.append(_notice(statement))
    nodes.append({"@id": _part(statement, "withdraw"), "@type": ["dpv:WithdrawConsent", "dpv:ReaffirmConsent"],
                  "dpv:isExercisedAt": _part(statement, "how")})  # fmt: skip
    nodes.extend(
        {"@id": _part(statement, right), "@type": ["dpv:DataSubjectRight", f"eu-gdpr:{right}"],
         "dpv:isExercisedAt": _part(statement, "how")}
        for right in RIGHTS
    )  # fmt: skip
    nodes.append({"@id": _part(statement, "how"), "@type": "dpv:RightExerciseNotice",
                  "dct:description": statement.withdraw_at})  # fmt: skip
    nodes.append(_evidence(statement))
    nodes.extend(_photo(each) for each in statement.photos)
    return nodes


def _receipt(statement: Statement) -> Node:
    plain = to_plain(statement)
    node: Node = {
        "@id": uuid_urn(statement.id),
        "@type": "dpv:ConsentReceipt",
        "dct:identifier": statement.id,
        "dpv:hasIdentifier": statement.id,
        "dct:conformsTo": ["dpv-27560:receipt-eu-gdpr", "slc:receipt-v1"],
        "dct:created": rfc3339(statement.issued_at),
        "dct:language": statement.language,
        "dct:publisher": uuid_urn(statement.studio.id),
        "dct:audience": uuid_urn(statement.subject),
        "dpv:hasDataSubject": uuid_urn(statement.subject),
        "dpv:hasDataController": uuid_urn(statement.studio.id),
        "dpv:hasNotice": _part(statement, "notice"),
        "dpv:hasJurisdiction": [place(statement.country)],
        "dpv:hasConsentControl": _part(statement, "withdraw"),
        "dpv:hasRight": [_part(statement, right) for right in RIGHTS],
        "dpv:hasRecordOfActivity": [uuid_urn(each.id) for each in statement.records],
        "slc:coversAsset": [uuid_urn(each.guid) for each in statement.photos],
        "slc:statement": plain,
        "slc:statementSha256": sha256_hex(canonical(plain)),
    }
    if statement.replaces is not None:
        node["dct:replaces"] = uuid_urn(statement.replaces)
    return node


def _subject(statement: Statement) -> Node:
    node: Node = {
        "@id": uuid_urn(statement.subject),
        "@type": ["dpv:DataSubject", "dpv:Child" if statement.signed_as_minor else "dpv:Adult"],
        "dct:identifier": statement.subject,
    }
    if statement.adult_on is not None:
        node["slc:adultOn"] = statement.adult_on.isoformat()
    return node


def _studio(statement: Statement) -> Node:
    studio = statement.studio
    node: Node = {
        "@id": uuid_urn(studio.id),
        "@type": ["dpv:DataController", "dpv:Recipient", "dpv:Organisation"],
        "dpv:hasIdentifier": studio.id,
        "dpv:hasName": studio.name,
        "dpv:hasContact": studio.contact,
        "dpv:hasLocation": [place(studio.country)],
    }
    return node | _address(studio.address)


def _address(address: str) -> Node:
    return {"dpv:hasAddress": address} if address else {}


def _notice(statement: Statement) -> Node:
    notice = statement.notice
    return {
        "@id": _part(statement, "notice"),
        "@type": "dpv:ConsentNotice",
        "dct:identifier": notice.id,
        "dct:language": notice.language,
        "slc:version": notice.version,
        "slc:sha256": notice.sha256,
    }


def _evidence(statement: Statement) -> Node:
    signing = statement.signing
    return {
        "@id": _part(statement, "evidence"),
        "@type": "slc:SignatureEvidence",
        "dct:created": rfc3339(signing.signed_at),
        "slc:sha256": signing.evidence_sha256,
        "slc:actsSha256": signing.acts_sha256,
        "slc:signatureKind": signing.kind.value,
    }


def _photo(mark: PhotoMark) -> Node:
    return {
        "@id": uuid_urn(mark.guid),
        "@type": ["odrl:Asset", "slc:Photo"],
        "dct:identifier": mark.guid,
        "dct:format": mark.media_type,
        "slc:imageHashKind": mark.image_hash_kind,
        "slc:imageSha256": mark.image_sha256,
    }


# Recipients ------------------------------------------------------------------------------------------------------


def recipient_node(recipient: Recipient, salt: str) -> Node:
    """An organisation a record relies on; ``salt`` keeps its digest from being guessed."""
    return _address(recipient.address) | {
        "@id": party(recipient.id),
        "@type": ["dpv:Recipient", "dpv:ThirdParty", "dpv:Organisation"],
        "dpv:hasIdentifier": recipient.id,
        "dpv:hasName": recipient.name,
        "dpv:hasContact": recipient.contact,
        "dpv:hasLocation": [place(recipient.country)],
        "slc:role": recipient.role,
        "slc:salt": salt,
    }


def recipient_in(node: Mapping[str, Any]) -> Recipient:
    """The organisation a node of the schema's form describes."""
    return Recipient(
        id=RecipientId(node["dpv:hasIdentifier"]),
        name=node["dpv:hasName"],
        country=Country(node["dpv:hasLocation"][0].removeprefix("loc:")),
        contact=node["dpv:hasContact"],
        role=node["slc:role"],
        address=node.get("dpv:hasAddress", ""),
    )


# Records ---------------------------------------------------------------------------------------------------------


def record_node(record: Record, terms: ScopeTerms, statement: Statement) -> Node:
    """One purpose and what was answered; reads only what the statement says besides its digests."""
    yes = record.kind in YES
    status: Node = {
        "@type": list(STATUS_TERMS[record.kind]),
        "dpv:isIndicatedBy": _signers(statement),
        "dpv:isIndicatedAtTime": rfc3339(record.at),
        "dpv:hasIndicationMethod": f"{statement.signing.method.value}, {statement.signing.kind.value}",
        "dpv:hasDuration": _duration(record),
        "slc:evidence": _part(statement, "evidence"),
    }
    node: Node = {
        "@id": uuid_urn(record.id),
        "@type": "dpv:ConsentRecord",
        "dct:identifier": record.id,
        "dpv:hasIdentifier": record.id,
        "dct:conformsTo": ["dpv-27560:record-eu-gdpr", "slc:record-v1"],
        "dct:isPartOf": uuid_urn(statement.id),
        "dct:language": statement.language,
        "dpv:hasDataSubject": uuid_urn(statement.subject),
        "dpv:hasDataController": uuid_urn(statement.studio.id),
        "dpv:hasJurisdiction": [place(statement.country)],
        "dpv:hasLegalBasis": list(terms.legal_basis),
        "dpv:hasNotice": _part(statement, "notice"),
        "dpv:hasProcess": _process(record, terms, statement, yes),
        "dpv:hasConsentControl": _part(statement, "withdraw"),
        "dpv:hasRight": [_part(statement, right) for right in RIGHTS],
        "dpv:hasConsentStatus": [status],
        "credentialStatus": {
            "@type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(record.status_index),
            "statusListCredential": status_list_id(statement.studio.id, record.status_position.list),
        },
        "slc:answer": to_plain(record),
    }
    if statement.authority:
        node["dpv:hasAuthority"] = _part(statement, "authority")
    return node


def _process(record: Record, terms: ScopeTerms, statement: Statement, yes: bool) -> Node:
    data: list[Node] = [{"@type": "dpv:PersonalData", "skos:broader": list(terms.data)}]
    if terms.sensitive:
        data.append({"@type": ["dpv:PersonalData", "dpv:SpecialCategoryPersonalData"],
                     "skos:broader": list(terms.sensitive)})  # fmt: skip
    grant = record.grant
    node: Node = {
        "@type": "dpv:Process",
        "dpv:hasNecessity": "dpv:Optional",
        "dpv:hasPurpose": {
            "@id": purpose(record.scope),
            "@type": "dpv:Purpose",
            "dct:identifier": record.scope,
            "dct:description": terms.wording,
            "skos:broader": list(terms.broader),
        },
        "dpv:hasProcessing": list(terms.processing),
        "dpv:hasPersonalData": data,
        "dpv:hasDataSource": "dpv:DataSubjectDataSource",
        "dpv:hasDataController": uuid_urn(statement.studio.id),
        "dpv:hasRecipient": [uuid_urn(statement.studio.id), *map(party, grant.recipients if grant else ())],
        "dpv:hasStorageCondition": [
            {"@type": "dpv:StorageLocation", "dpv:hasLocation": [place(statement.studio.country)]},
            {"@type": "dpv:StorageDuration", "dpv:hasDuration": _duration(record)},
        ],
    }
    if terms.capabilities:
        node["ai:hasCapability"] = list(terms.capabilities)
    if terms.measures:
        node["dpv:hasOrganisationalMeasure"] = list(terms.measures)
    if grant is not None and (where := places(grant.territory)) is not None:
        node["dpv:hasProcessingCondition"] = [{"@type": "dpv:ProcessingLocation", "dpv:hasLocation": list(where)}]
    if not yes:
        node["dpv:hasProhibition"] = {"@type": "dpv:Prohibition", "dpv:hasPurpose": purpose(record.scope),
                                      "dpv:hasProcessing": list(terms.processing)}  # fmt: skip
    return node


def _duration(record: Record) -> Node:
    if record.kind not in YES:
        return {"@type": "dpv:IndeterminateDuration"}
    if record.last_day is None:
        return {"@type": "dpv:UntilEventDuration"}
    return {
        "@type": "dpv:UntilTimeDuration",
        "rdf:value": {"@value": rfc3339(end_of_day(record.last_day)), "@type": "xsd:dateTime"},
    }


def _signers(statement: Statement) -> list[str]:
    signers = {Role.SUBJECT: uuid_urn(statement.subject), Role.GUARDIAN: _part(statement, "guardian")}
    return [signers[each] for each in statement.signing.signed_by if each in signers]


def record_in(node: Mapping[str, Any], path: str, what: str) -> Record:
    """The record a node of the schema's form states."""
    return from_plain(Record, node["slc:answer"], f"{path}/slc:answer", what)


def terms_in(node: Mapping[str, Any]) -> ScopeTerms:
    """The public words a record node uses for its purpose."""
    process = node["dpv:hasProcess"]
    data: Sequence[Mapping[str, Any]] = process["dpv:hasPersonalData"]
    return ScopeTerms(
        broader=tuple(process["dpv:hasPurpose"]["skos:broader"]),
        processing=tuple(process["dpv:hasProcessing"]),
        capabilities=tuple(process.get("ai:hasCapability", ())),
        data=tuple(data[0]["skos:broader"]),
        sensitive=tuple(data[1]["skos:broader"]) if len(data) > 1 else (),
        legal_basis=tuple(node["dpv:hasLegalBasis"]),
        measures=tuple(process.get("dpv:hasOrganisationalMeasure", ())),
        wording=process["dpv:hasPurpose"]["dct:description"],
    )
