"""What the studio decides by: its rules and since when, when each list was looked up, and who stamps receipts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from importlib.metadata import version

from safelight.documents.rules import LISTS as OWN_LISTS
from safelight.documents.rules import STALE_DAYS, shipped_rules
from safelight.domain.ids import ScopeId
from safelight.settings.resources import read_json
from safelight.studio.open_studio import TIME_AUTHORITY, OpenStudio
from safelight.studio.rules import adoptions

LISTS = (*OWN_LISTS, "release_fields", "notice_items", "countries")
"""The lists that say when they were looked up: those a studio adopts, then those that come with the program alone."""


@dataclass(frozen=True, slots=True)
class RuleList:
    """One list, and the first day of the month it was looked up in; ``stale`` past :data:`STALE_DAYS` days."""

    name: str
    looked_up: date
    stale: bool


@dataclass(frozen=True, slots=True)
class AdoptedRow:
    """Rules the studio adopted once."""

    version: str
    sha256: str
    adopted_at: datetime


@dataclass(frozen=True, slots=True)
class AskedUse:
    """One use people are asked about: the longest a yes may last, and whether minors can be asked and it is checked."""

    use: ScopeId
    months: int | None
    minors: bool
    checked: bool


@dataclass(frozen=True, slots=True)
class RulesInForce:
    """``rules_version`` is what receipts name, ``program`` the version of Safelight; no ``time_authority``: None.

    ``adopted`` are the adoptions, newest first; ``retired`` the uses nobody is asked about any more.
    ``keeping_months`` is how long pictures are kept after delivery, ``shipped_version`` what this program came with.
    """

    program: str
    rules_version: str
    lists: tuple[RuleList, ...]
    time_authority: str | None
    stale_days: int = STALE_DAYS
    sha256: str = ""
    adopted: tuple[AdoptedRow, ...] = ()
    asked: tuple[AskedUse, ...] = ()
    retired: tuple[ScopeId, ...] = ()
    keeping_months: int = 0
    shipped_version: str = ""


def rules_in_force(studio: OpenStudio) -> RulesInForce:
    """The rules of this studio by its clock of today."""
    today, own = studio.today(), studio.rules.looked_up()
    lists = []
    for name in LISTS:
        month = own[name] if name in own else read_json(f"rules/{name}.json")["as_of"]
        looked_up = date.fromisoformat(f"{month}-01")
        lists.append(RuleList(name, looked_up, (today - looked_up).days > STALE_DAYS))
    catalogue = studio.rules.catalogue
    told = [each.adoption for each in adoptions(studio)]
    return RulesInForce(
        version("safelight"),
        studio.rules.version,
        tuple(lists),
        studio.archive.studio.setting(TIME_AUTHORITY),
        sha256=studio.rules.sha256,
        adopted=tuple(AdoptedRow(each.version, each.sha256, each.adopted_at) for each in told),
        asked=tuple(
            AskedUse(each.id, each.cap_months, each.open_to_minors, each.needs_validation)
            for each in catalogue.asked()
        ),
        retired=tuple(each.id for each in catalogue.retired),
        keeping_months=catalogue.keeping_months,
        shipped_version=shipped_rules().version,
    )
