"""The clock of the agency: how it stands, that one which is far ahead is right, and the way back after a wrong one."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime

from safelight.agency.open_agency import OpenAgency
from safelight.documents.times import rfc3339
from safelight.domain.changes import Changes
from safelight.domain.clock import Dated, check_confirmed, dated, way_back
from safelight.domain.errors import Refused


@dataclass(frozen=True, slots=True)
class AgencyClock:
    """What the machine's clock shows, the newest time seen, and whether the two fit."""

    shows: datetime
    newest_seen: datetime
    ahead: bool
    set_back: bool


def agency_clock(agency: OpenAgency) -> AgencyClock:
    """How the clock stands; nothing is changed."""
    newest = agency.catalogue.newest_seen()
    return AgencyClock(agency.clock(), newest, agency.clock_ahead(), agency.clock_set_back())


def confirm_clock(agency: OpenAgency, day: date, by: str) -> tuple[datetime, Changes]:
    """The clock, which is far ahead of whatever was seen, is right: ``day`` is what it shows, typed by somebody.

    Journalled with the name ``by``. From then on that time was seen, and there is no way back behind it. Raises
    :class:`WrongUsage` when the clock is not ahead or shows another day.
    """
    clock, newest = agency.clock(), agency.catalogue.newest_seen()
    check_confirmed(agency.clock_ahead(), clock, day)
    told = json.dumps({"by": by, "from": rfc3339(newest), "to": rfc3339(clock)}).encode()
    with agency.catalogue.transaction(clock, clock) as writing:
        agency.catalogue.journal.append(writing, "clock-confirmed", agency.identity.id, told)
    return clock, Changes.JOURNAL


def set_clock_back(agency: OpenAgency, by: str) -> tuple[datetime, Changes]:
    """Take back the time that a wrong clock left; never behind what a trusted studio has signed.

    Journalled with the name ``by``. What status lists said has ended stays so. Raises :class:`Refused` where no clock
    was that wrong (:func:`~safelight.domain.clock.way_back`).
    """
    catalogue, clock = agency.catalogue, agency.clock()
    catalogue.rely_on(["journal_entry", "pin", "status", "bundle"])
    entries = catalogue.journal.entries()
    found = way_back([Dated(each.number, each.at, each.kind) for each in entries], clock)
    if found is None:
        raise Refused(
            "No clock was so wrong that the time it left could be told from time that passed.",
            "Nothing was changed. If the newest time seen is wrong, it is over within 400 days.",
        )
    wrong, before = found
    told = json.dumps({"by": by, "from": rfc3339(catalogue.newest_seen()), "wrong": wrong.number}).encode()
    with catalogue.transaction(dated(clock, before, *_signed(agency)), clock, back=True) as writing:
        catalogue.journal.append(writing, "clock-set-back", agency.identity.id, told)
    agency.standings.forget()
    return agency.catalogue.newest_seen(), Changes.JOURNAL | Changes.BUNDLES


def _signed(agency: OpenAgency) -> list[datetime]:
    """The times that studios have signed, in what was taken in."""
    times = [each.created_at for each in agency.catalogue.received.bundles()]
    for studio in agency.catalogue.trusted_studios.list():
        standing = agency.catalogue.trusted_studios.standing(studio.studio)
        times += [each.valid_from for each in standing.lists.values()] if standing is not None else []
    return times
