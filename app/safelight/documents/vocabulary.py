"""The words of the documents: prefixes, what each public term of the catalogue is, and our own terms for the uses."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from enum import Enum
from typing import Any

from safelight.domain.consent import EventKind
from safelight.domain.errors import WrongUsage
from safelight.domain.ids import Country, Language, ScopeId
from safelight.domain.scope import Scope, in_language
from safelight.domain.term import Territory, TerritoryKind
from safelight.settings import resources

from .jcs import canonical, sha256_hex

_CONTEXTS = {name: f"context/{name}-v1.jsonld" for name in ("consent", "policy")}


def context(name: str) -> dict[str, Any]:
    """The pinned JSON-LD context ``consent`` or ``policy``, to be put into a document whole; never fetched."""
    return deepcopy(_pinned(name))


def is_context(name: str, untrusted: Any) -> bool:
    """Whether ``untrusted`` is exactly the pinned context."""
    return bool(untrusted == _pinned(name))


def context_sha256(name: str) -> str:
    """The SHA-256 of the pinned context's RFC 8785 bytes; a statement carries it."""
    return sha256_hex(canonical(_pinned(name)))


def _pinned(name: str) -> dict[str, Any]:
    inner: dict[str, Any] = resources.read_json(_CONTEXTS[name])["@context"]
    return inner


class _Part(Enum):
    """Where in a record a public term belongs."""

    PURPOSE = "purpose"
    PROCESSING = "processing"
    CAPABILITY = "capability"
    DATA = "data"
    SENSITIVE = "sensitive data"
    BASIS = "legal basis"
    MEASURE = "measure"


_PARTS: Mapping[_Part, str] = {
    _Part.PURPOSE: """dpv:AcademicResearch dpv:Advertising dpv:CommercialPurpose dpv:CustomerOrderManagement
        dpv:DeliveryOfGoods dpv:Marketing dpv:MemberPartnerManagement dpv:OrganisationComplianceManagement
        dpv:PersonnelManagement dpv:PublicRelations dpv:RequestedServiceProvision dpv:ResearchAndDevelopment
        dpv:ScientificResearch dpv:SearchFunctionalities dpv:SellDataToThirdParties dpv:SellProducts
        dpv:SocialMediaMarketing""",
    _Part.PROCESSING: "dpv:Derive dpv:Generate dpv:Modify ai:ModelTraining",
    _Part.CAPABILITY: "ai:FaceRecognition ai:ImageGeneration",
    _Part.DATA: "ai:TrainingData",
    _Part.SENSITIVE: "pd:EthnicOrigin pd:FacialPrint",
    _Part.BASIS: """eu-gdpr:A6-1-a eu-gdpr:A6-1-a-explicit-consent eu-gdpr:A6-1-b-contract-performance
        eu-gdpr:A6-1-b-enter-into-contract eu-gdpr:A9-2-a""",
    _Part.MEASURE: "ai:BiasAssessment",
}
_PART_OF = {term: part for part, terms in _PARTS.items() for term in terms.split()}
_PREFIXES = ("dpv", "pd", "ai", "eu-gdpr")
_BIOMETRIC = "pd:FacialPrint"

STATUS_TERMS: Mapping[EventKind, tuple[str, ...]] = {
    EventKind.REQUESTED: ("dpv:ConsentRequested",),
    EventKind.GIVEN: ("dpv:ConsentGiven",),
    EventKind.REFUSED: ("dpv:ConsentRefused",),
    EventKind.RENEWED: ("dpv:RenewedConsentGiven",),
    # DPV 2.3 has no word for "still yes, with other limits"; ours is narrower than ConsentGiven.
    EventKind.CHANGED: ("dpv:ConsentGiven", "slc:ChangedConsentGiven"),
    EventKind.WITHDRAWN: ("dpv:ConsentWithdrawn",),
    EventKind.EXPIRED: ("dpv:ConsentExpired",),
    EventKind.INVALIDATED: ("dpv:ConsentInvalidated",),
}
"""DPV's consent status for each thing that can happen to a record."""
YES = frozenset({EventKind.GIVEN, EventKind.RENEWED, EventKind.CHANGED})
"""The events after which a record says yes."""


@dataclass(frozen=True, slots=True)
class ScopeTerms:
    """What one use means in public words, as compact IRIs; ``wording`` is the sentence the person answered."""

    broader: tuple[str, ...]
    processing: tuple[str, ...]
    capabilities: tuple[str, ...]
    data: tuple[str, ...]
    sensitive: tuple[str, ...]
    legal_basis: tuple[str, ...]
    measures: tuple[str, ...]
    wording: str


def compact(iri: str) -> str:
    """The compact form of a full IRI of a public vocabulary (``dpv:Marketing``)."""
    prefixes = _pinned("consent")
    for prefix in _PREFIXES:
        if iri.startswith(prefixes[prefix]):
            return f"{prefix}:{iri[len(prefixes[prefix]) :]}"
    raise WrongUsage(f"The term {iri[:100]} is of no vocabulary that records use.")


def expanded(term: str) -> str:
    """The full IRI of a compact term of a public vocabulary."""
    prefix, _, name = term.partition(":")
    iri: str = _pinned("consent")[prefix]
    return iri + name


def is_term_of_rules(term: str) -> bool:
    """Whether rules may describe a use by this compact term: it has a place in a record."""
    return term in _PART_OF


def terms_of(scope: Scope, language: Language) -> ScopeTerms:
    """The public words for ``scope``; a term of the catalogue that has no place in a record raises WrongUsage."""
    sorted_in: dict[_Part, list[str]] = {part: [] for part in _Part}
    for iri in scope.dpv:
        term = compact(iri)
        if term not in _PART_OF:
            raise WrongUsage(f"The rules use {term} for {scope.id}, which has no place in a record.")
        sorted_in[_PART_OF[term]].append(term)
    processing = sorted_in[_Part.PROCESSING]
    if not processing:
        processing += ["dpv:Store"]
        processing += ["dpv:Copy", "dpv:Display"] if scope.id.startswith("use.") else []
    if scope.needs_recipient:
        processing += ["dpv:Share"]
    sensitive = sorted_in[_Part.SENSITIVE]
    return ScopeTerms(
        broader=tuple(sorted_in[_Part.PURPOSE]),
        processing=tuple(processing),
        capabilities=tuple(sorted_in[_Part.CAPABILITY]),
        data=("pd:Picture", *sorted_in[_Part.DATA]),
        sensitive=(*sensitive, *(("eu-gdpr:BiometricData",) if _BIOMETRIC in sensitive else ())),
        legal_basis=tuple(sorted_in[_Part.BASIS]),
        measures=tuple(sorted_in[_Part.MEASURE]),
        wording=in_language(scope.text, language),
    )


def purpose(scope: ScopeId) -> str:
    """Our own purpose for a use: ``use.portfolio`` is ``slc:use-portfolio``."""
    return "slc:" + scope.replace(".", "-", 1)


def scope_of_purpose(term: str) -> ScopeId:
    """The use a purpose of ours stands for; the first hyphen was the dot (scope ids have one, after a plain word)."""
    return ScopeId(term.removeprefix("slc:").replace("-", ".", 1))


def place(country: Country | str) -> str:
    """The DPV place for a country code or ``EEA``."""
    return f"loc:{country}"


def places(territory: Territory) -> tuple[str, ...] | None:
    """The DPV places of a territory, sorted; None for worldwide, which is no limit."""
    if territory.kind is TerritoryKind.WORLDWIDE:
        return None
    if territory.kind is TerritoryKind.EEA:
        return ("loc:EEA",)
    return tuple(sorted(place(each) for each in territory.countries))


def uuid_urn(identifier: str) -> str:
    """``urn:uuid:…`` (RFC 9562) for one of our ids."""
    return f"urn:uuid:{identifier}"


def party(recipient: str) -> str:
    """The IRI of an organisation, made from its age recipient."""
    return f"party:{recipient}"
