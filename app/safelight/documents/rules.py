"""The rules everybody works by: the catalogue of uses, the places, the transfer lists, versioned and told by hash."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from safelight.domain.ids import Sha256
from safelight.domain.jurisdiction import Adequacy, Jurisdictions, read_adequacy, read_jurisdictions
from safelight.domain.release_check import ReleaseRules, read_release_rules
from safelight.domain.scope import Catalogue, read_catalogue, read_scopes
from safelight.settings.resources import read_json

from .jcs import canonical, sha256_hex

STALE_DAYS = 180
"""Rules older than this are warned about: laws move (the lists name the month they were looked up in)."""
LISTS = ("scopes", "jurisdictions", "adequacy")
"""The lists that make one version of the rules, as files ``<name>.json``."""


@dataclass(frozen=True, slots=True)
class Rules:
    """One version of all rules data; receipts name the version they were made under, and its hash.

    ``sha256`` covers the RFC 8785 bytes of the three lists (:func:`lists_bytes`).
    """

    catalogue: Catalogue
    jurisdictions: Jurisdictions
    adequacy: Adequacy
    sha256: Sha256

    @property
    def version(self) -> str:
        """What a receipt names: the version of the catalogue."""
        return self.catalogue.version

    def warning(self, day: date) -> str:
        """One sentence when a list is older than :data:`STALE_DAYS`, else nothing."""
        oldest = min(date.fromisoformat(f"{each}-01") for each in self.looked_up().values())
        if (day - oldest).days <= STALE_DAYS:
            return ""
        return f"The rules were last looked up in {oldest:%Y-%m}; check for a newer version of Safelight."

    def looked_up(self) -> Mapping[str, str]:
        """The month each of :data:`LISTS` was looked up in, as ``2026-07``."""
        months = (self.catalogue.as_of, self.jurisdictions.as_of, self.adequacy.as_of)
        return dict(zip(LISTS, months, strict=True))

    def with_retired(self, scopes: list[Any]) -> Rules:
        """The same rules, which also read the uses in ``scopes`` (entries of earlier lists): nobody is asked them."""
        return replace(self, catalogue=self.catalogue.with_retired(read_scopes(scopes)))


def lists_bytes(lists: Mapping[str, Any]) -> bytes:
    """The bytes by which a version of the rules is told: RFC 8785, the three lists in the order of :data:`LISTS`."""
    return canonical([lists[each] for each in LISTS])


def rules_of(lists: Mapping[str, Any], sha256: Sha256) -> Rules:
    """The rules that the three lists state; ``sha256`` is of their :func:`lists_bytes`."""
    return Rules(
        read_catalogue(lists["scopes"]),
        read_jurisdictions(lists["jurisdictions"]),
        read_adequacy(lists["adequacy"]),
        sha256,
    )


def shipped_lists() -> dict[str, Any]:
    """The lists that came with this version of the program; callers must not change what they get."""
    return {each: read_json(f"rules/{each}.json") for each in LISTS}


@cache
def shipped_rules() -> Rules:
    """The rules that came with this version of the program."""
    lists = shipped_lists()
    return rules_of(lists, sha256_hex(lists_bytes(lists)))


@cache
def shipped_release_rules() -> ReleaseRules:
    """What agencies' release forms ask for, as it came with this version of the program."""
    return read_release_rules(read_json("rules/release_fields.json"))
