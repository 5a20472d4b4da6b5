"""What the studio decides by: the lists of rules, when each was looked up, and who stamps the time of receipts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from importlib.metadata import version

from safelight.documents.rules import STALE_DAYS
from safelight.settings.resources import read_json
from safelight.studio.open_studio import TIME_AUTHORITY, OpenStudio

LISTS = ("scopes", "jurisdictions", "adequacy", "release_fields", "notice_items", "countries")
"""The lists that say when they were looked up, as files in ``resources/rules``."""


@dataclass(frozen=True, slots=True)
class RuleList:
    """One list, and the first day of the month it was looked up in; ``stale`` past :data:`STALE_DAYS` days."""

    name: str
    looked_up: date
    stale: bool


@dataclass(frozen=True, slots=True)
class RulesInForce:
    """``rules_version`` is what receipts name, ``program`` the version of Safelight; no ``time_authority``: None."""

    program: str
    rules_version: str
    lists: tuple[RuleList, ...]
    time_authority: str | None
    stale_days: int = STALE_DAYS


def rules_in_force(studio: OpenStudio) -> RulesInForce:
    """The rules of this program by the studio's clock of today."""
    today = studio.today()
    lists = []
    for name in LISTS:
        looked_up = date.fromisoformat(f"{read_json(f'rules/{name}.json')['as_of']}-01")
        lists.append(RuleList(name, looked_up, (today - looked_up).days > STALE_DAYS))
    authority = studio.archive.studio.setting(TIME_AUTHORITY)
    return RulesInForce(version("safelight"), studio.rules.version, tuple(lists), authority)
