"""The legal holds of a studio: whose, what is kept, why, and until which day that is to be looked at again."""

from __future__ import annotations

from dataclasses import dataclass

from safelight.domain.errors import WrongUsage
from safelight.domain.holds import LegalHold
from safelight.domain.ids import may_begin_id, short_ids
from safelight.studio.open_studio import OpenStudio
from safelight.studio.staying import name_of


@dataclass(frozen=True, slots=True)
class HoldRow:
    """One hold with the name of its person; ``overdue``: it stands, and its review day has come."""

    hold: LegalHold
    short: str
    name: str
    overdue: bool


def hold_rows(studio: OpenStudio) -> tuple[HoldRow, ...]:
    """Every hold, the released ones too, in the order they were made."""
    holds, today = studio.archive.holds.list(), studio.today()
    short = short_ids(each.id for each in holds)
    return tuple(
        HoldRow(each, short[each.id], name_of(studio, each.subject), each.standing and each.review <= today)
        for each in holds
    )


def find_hold(studio: OpenStudio, wanted: str) -> LegalHold:
    """The hold with this id, or the only one whose id begins so; :class:`WrongUsage` otherwise."""
    ids = [each for each in studio.archive.holds.ids() if each == wanted or may_begin_id(wanted) and
           each.startswith(wanted)]  # fmt: skip
    if len(ids) != 1:
        raise WrongUsage(f"'{wanted[:60]}' does not name one hold.", "'hold list' shows their ids.")
    return studio.archive.holds.get(ids[0])
