"""What agencies' release forms ask for that a signed receipt does not have, found out while people are still here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from .errors import WrongUsage
from .ids import Country, ScopeId


class When(StrEnum):
    """For whose receipt a field is needed."""

    ALWAYS = "always"
    MINOR = "minor"
    BOTH_GUARDIANS = "both-guardians"
    """A minor, where all who hold parental authority must sign and nobody holds it alone."""


@dataclass(frozen=True, slots=True)
class ReleaseField:
    """One field of release forms: which agencies need it, for whom, and in which countries (everywhere if empty)."""

    id: str
    title: Mapping[str, str]
    needed_by: frozenset[str]
    when: When = When.ALWAYS
    countries: frozenset[Country] = frozenset()
    note: str = ""


@dataclass(frozen=True, slots=True)
class ReleaseRules:
    """All of it as shipped. ``profiles`` are agencies by id with their names, ``uses`` what they take pictures for,
    ``passing_on`` those of them under which they may pass pictures on. ``most_days`` is over how many days a form may
    date one shoot.
    """

    as_of: str
    profiles: Mapping[str, str]
    uses: frozenset[ScopeId]
    passing_on: frozenset[ScopeId]
    most_days: int
    fields: tuple[ReleaseField, ...]

    def name_of(self, profile: str) -> str:
        """What an agency is called; :class:`WrongUsage` for one nothing is known of."""
        if profile not in self.profiles:
            known = ", ".join(sorted(self.profiles))
            raise WrongUsage(f"Nothing is known of the forms of '{profile[:60]}'.", f"Known are: {known}.")
        return self.profiles[profile]


@dataclass(frozen=True, slots=True)
class Release:
    """One signed receipt, as far as forms ask: the ids of the fields it has, and what decides which it needs."""

    present: frozenset[str]
    country: Country
    minor: bool = False
    both_guardians: bool = False


def findings(rules: ReleaseRules, profile: str, release: Release) -> tuple[ReleaseField, ...]:
    """The fields the form of ``profile`` needs for this receipt and that it does not have, in the order of forms.

    Raises :class:`WrongUsage` for an agency nothing is known of.
    """
    rules.name_of(profile)
    return tuple(each for each in rules.fields if _needed(each, profile, release) and each.id not in release.present)


def _needed(field: ReleaseField, profile: str, release: Release) -> bool:
    if profile not in field.needed_by or (field.countries and release.country not in field.countries):
        return False
    if field.when is When.MINOR:
        return release.minor
    return field.when is When.ALWAYS or (release.minor and release.both_guardians)


def read_release_rules(raw: Mapping[str, Any]) -> ReleaseRules:
    """The rules in ``rules/release_fields.json``; fields no agency needs are left out."""
    fields = tuple(
        ReleaseField(
            id=each["id"],
            title=each["title"],
            needed_by=frozenset(each["needed_by"]),
            when=When(each.get("when", When.ALWAYS)),
            countries=frozenset(map(Country, each.get("in", ()))),
            note=each.get("note", ""),
        )
        for each in raw["fields"]
        if each.get("needed_by")
    )
    profiles = {each["id"]: each["name"] for each in raw["profiles"]}
    uses, passing_on = (frozenset(map(ScopeId, raw[each])) for each in ("uses", "passing_on"))
    return ReleaseRules(raw["as_of"], profiles, uses, passing_on, int(raw["most_days"]), fields)
