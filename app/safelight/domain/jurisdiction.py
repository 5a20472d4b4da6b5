"""What differs from place to place: ages, guardians, authorities, deadlines; and which transfers have cover."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from .ids import Country


@dataclass(frozen=True, slots=True)
class Authority:
    """Whom people complain to: its own name, its website, and what it calls itself in other languages (by code)."""

    name: str
    website: str
    names: Mapping[str, str]

    def told_in(self, language: str) -> str:
        """Name and website for somebody who reads ``language``.

        Without a name in it, the authority's own where everybody can copy its letters (Latin), else the English one.
        """
        latin = all(ord(each) < _LATIN_ENDS for each in self.name if each.isalpha())
        name = self.names.get(language) or (self.name if latin else self.names.get("en", self.name))
        return f"{name} ({self.website})"


_LATIN_ENDS = 0x250


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """One place's rules as the data file states them; without an ``authority`` none is known.

    ``limitation_years``: for so long after its end a consent may be argued about there; None where it was not found.
    """

    id: str
    name: str
    group: str
    majority: int
    guardian_under: int
    all_guardians: bool
    authority: Authority | None
    access_days: int
    known: bool = True
    limitation_years: int | None = None
    access_days_told: int | None = None
    """As :attr:`access_days`, None where the data file gives no number."""

    @property
    def says_months(self) -> bool:
        """Whether the law counts a month for an answer (GDPR and UK GDPR Art. 12(3)), not a number of days."""
        return self.group in _GDPR


_GDPR = frozenset({"EU", "EEA", "UK"})
_UNKNOWN_MAJORITY = 18


@dataclass(frozen=True, slots=True)
class Jurisdictions:
    """All places of one version of the rules file; an unlisted place gets the strict default."""

    as_of: str
    places: Mapping[str, Jurisdiction]
    regions: Mapping[str, Authority]
    """The authorities of parts of a country, by ISO 3166-2 code (``DE-BE``), where the country has several."""

    def of(self, country: str) -> Jurisdiction:
        """The rules of ``country`` (or ``US-IL`` for a state); the careful default when it is not listed."""
        found = self.places.get(country)
        if found is not None:
            return found
        return Jurisdiction(country, country, "unknown", _UNKNOWN_MAJORITY, _UNKNOWN_MAJORITY, True, None, 30, False)


def read_jurisdictions(raw: Mapping[str, Any]) -> Jurisdictions:
    """The places in the shape of ``rules/jurisdictions.json`` (``jurisdictions/1``)."""
    under = int(raw["default_when_unknown"]["guardian_under"])
    places = {}
    regions: dict[str, Authority] = {}
    for each in raw["jurisdictions"]:
        authority = each.get("supervisory_authority") or {}
        regions |= {code: _authority(told) for code, told in authority.get("regions", {}).items()}
        majority = int(each["majority_age"])
        places[each["id"]] = Jurisdiction(
            id=each["id"],
            name=each["name"],
            group=each["group"],
            majority=majority,
            guardian_under=max(majority, under),
            all_guardians="all holders" in (each.get("minor_image_rule") or ""),
            authority=_authority(authority) if authority else None,
            access_days=int(each.get("access_request_days") or 30),
            access_days_told=each.get("access_request_days"),
            limitation_years=each.get("proof_limitation_years"),
        )
    return Jurisdictions(raw["as_of"], places, regions)


def _authority(raw: Mapping[str, Any]) -> Authority:
    return Authority(raw["name"], raw["website"], raw.get("names", {}))


class Mechanism(StrEnum):
    """What a studio can stand a transfer on where no adequacy decision helps (GDPR Art. 46, 49)."""

    DPF = "DPF"
    SCC = "SCC"
    BCR = "BCR"
    UK_IDTA = "UK-IDTA"
    CH_SCC = "CH-SCC"
    CONSENT = "consent-49-1-a"


@dataclass(frozen=True, slots=True)
class Cover:
    """The mechanism a studio recorded for one recipient and the day it was checked."""

    mechanism: Mechanism
    checked_on: date


@dataclass(frozen=True, slots=True)
class TransferAnswer:
    """Whether a picture may cross the border, on which ground, or what is missing.

    ``mechanism`` is the ground in one word (``inside``, ``adequacy``, or a :class:`Mechanism`), ``checked_on`` the day
    the studio checked it, where there was something to check.
    """

    allowed: bool
    ground: str
    mechanism: str = ""
    checked_on: date | None = None


@dataclass(frozen=True, slots=True)
class AdequacyEntry:
    """One decision: destination, what it is limited to, its last day, and whether the recipient must be looked up."""

    to: str
    limited_to: str
    expires: date | None
    needs_check: bool


@dataclass(frozen=True, slots=True)
class Adequacy:
    """Which destinations are covered, from three points of view: EU, UK and CH."""

    as_of: str
    eea: frozenset[Country]
    views: Mapping[str, tuple[AdequacyEntry, ...]]

    def view_from(self, country: Country) -> str | None:
        """The list that applies to a sender in ``country``; None where no list is known."""
        if country in self.eea:
            return "EU"
        return {"GB": "UK", "CH": "CH"}.get(country)


_FITS = {
    "EU": {Mechanism.SCC, Mechanism.BCR},
    "UK": {Mechanism.UK_IDTA, Mechanism.BCR},
    "CH": {Mechanism.CH_SCC, Mechanism.BCR},
}
CHECK_DAYS = 31
"""A Data Privacy Framework look-up counts for this many days; membership lapses silently."""


def transfer(
    adequacy: Adequacy,
    sender: Country,
    destination: Country,
    day: date,
    cover: Cover | None,
    agreed: frozenset[Country],
) -> TransferAnswer:
    """Whether a picture may go from ``sender`` to ``destination`` on ``day`` (GDPR Art. 44-49 and their UK/CH kin).

    ``agreed`` are the countries the subject listed under ``share.crossborder``; they count only with the
    ``consent-49-1-a`` mechanism, after the risk was told. No ground known means no.
    """
    if sender == destination or (sender in adequacy.eea and destination in adequacy.eea):
        return TransferAnswer(True, "inside", "inside")
    view = adequacy.view_from(sender)
    if view is None:
        allowed = destination in agreed
        if allowed:
            return TransferAnswer(True, "the subject listed this country", Mechanism.CONSENT.value)
        return TransferAnswer(False, "no transfer rule is known")
    for entry in adequacy.views[view]:
        if entry.to != destination or (entry.expires is not None and day > entry.expires):
            continue
        if not entry.needs_check:
            return TransferAnswer(True, f"adequacy ({view} list of {adequacy.as_of})", "adequacy")
        if cover is not None and cover.mechanism is Mechanism.DPF and 0 <= (day - cover.checked_on).days <= CHECK_DAYS:
            ground = f"Data Privacy Framework, checked {cover.checked_on.isoformat()}"
            return TransferAnswer(True, ground, cover.mechanism.value, cover.checked_on)
    if cover is not None and cover.checked_on <= day:
        if cover.mechanism in _FITS[view]:
            ground = f"{cover.mechanism.value}, checked {cover.checked_on.isoformat()}"
            return TransferAnswer(True, ground, cover.mechanism.value, cover.checked_on)
        if cover.mechanism is Mechanism.CONSENT and destination in agreed:
            ground = "explicit consent after the risk was told"
            return TransferAnswer(True, ground, cover.mechanism.value, cover.checked_on)
    return TransferAnswer(False, f"no adequacy decision or safeguard for {destination}")


def read_adequacy(raw: Mapping[str, Any]) -> Adequacy:
    """The lists in the shape of ``rules/adequacy.json`` (``adequacy/1``)."""

    def entry(each: Mapping[str, Any]) -> AdequacyEntry:
        expires = each.get("expires")
        return AdequacyEntry(
            to=each["to"],
            limited_to=each.get("scope") or "",
            expires=date.fromisoformat(expires) if expires else None,
            # The United States are covered only for listed companies, whichever list says so.
            needs_check=bool(each.get("requires_check")) or each["to"] == "US",
        )

    views = raw["views"]
    lists = {name: value if isinstance(value, list) else value["list"] for name, value in views.items()}
    return Adequacy(
        as_of=raw["as_of"],
        eea=frozenset(Country(each) for each in raw["eea_members"]),
        views={name: tuple(entry(each) for each in entries) for name, entries in lists.items()},
    )
