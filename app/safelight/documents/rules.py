"""The rules everybody works by: the catalogue of uses, the places, the transfer lists, as shipped and versioned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from safelight.domain.jurisdiction import Adequacy, Jurisdictions, read_adequacy, read_jurisdictions
from safelight.domain.release_check import ReleaseRules, read_release_rules
from safelight.domain.scope import Catalogue, read_catalogue
from safelight.settings.resources import read_json

STALE_DAYS = 180
"""Rules older than this are warned about: laws move (the lists name the month they were looked up in)."""


@dataclass(frozen=True, slots=True)
class Rules:
    """One version of all rules data; old receipts name the version they were made under."""

    catalogue: Catalogue
    jurisdictions: Jurisdictions
    adequacy: Adequacy

    @property
    def version(self) -> str:
        """What a receipt names: the version of the catalogue."""
        return self.catalogue.version

    def warning(self, day: date) -> str:
        """One sentence when a list is older than :data:`STALE_DAYS`, else nothing."""
        lists = {self.catalogue.as_of, self.jurisdictions.as_of, self.adequacy.as_of}
        oldest = min(date.fromisoformat(f"{each}-01") for each in lists)
        if (day - oldest).days <= STALE_DAYS:
            return ""
        return f"The rules were last looked up in {oldest:%Y-%m}; check for a newer version of Safelight."


@cache
def shipped_rules() -> Rules:
    """The rules that came with this version of the program."""
    return Rules(
        read_catalogue(read_json("rules/scopes.json")),
        read_jurisdictions(read_json("rules/jurisdictions.json")),
        read_adequacy(read_json("rules/adequacy.json")),
    )


@cache
def shipped_release_rules() -> ReleaseRules:
    """What agencies' release forms ask for, as it came with this version of the program."""
    return read_release_rules(read_json("rules/release_fields.json"))
