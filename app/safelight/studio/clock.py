"""The clock of the studio: how it stands, that one which is far ahead is right, and the way back after a wrong one."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime

from safelight.documents.times import rfc3339
from safelight.domain.changes import Changes
from safelight.domain.clock import Dated, check_confirmed, dated, way_back
from safelight.domain.errors import Refused
from safelight.domain.ids import PersonId
from safelight.studio.journal_kinds import CONSENT_RECORDED
from safelight.studio.open_studio import OpenStudio
from safelight.studio.staff import working_member


@dataclass(frozen=True, slots=True)
class StudioClock:
    """What the machine's clock shows, the newest time seen, and whether the two fit."""

    shows: datetime
    newest_seen: datetime
    ahead: bool
    set_back: bool


def studio_clock(studio: OpenStudio) -> StudioClock:
    """How the clock stands; nothing is changed."""
    return StudioClock(studio.clock(), studio.archive.newest_seen(), studio.clock_ahead(), studio.clock_set_back())


def confirm_clock(studio: OpenStudio, day: date, by: PersonId) -> tuple[datetime, Changes]:
    """The clock, which is far ahead of whatever was seen, is right: ``day`` is what it shows, typed by somebody.

    Journalled under the name of ``by``. From then on that time was seen, and there is no way back behind it. Raises
    :class:`WrongUsage` when the clock is not ahead or shows another day.
    """
    working_member(studio, by)
    clock = studio.clock()
    check_confirmed(studio.clock_ahead(), clock, day)
    newest = studio.archive.newest_seen()
    told = json.dumps({"by": by, "from": rfc3339(newest), "to": rfc3339(clock)}).encode()
    with studio.archive.transaction(clock, clock) as writing:
        studio.archive.journal.append(writing, "clock-confirmed", studio.identity.id, told)
    return clock, Changes.JOURNAL


def set_clock_back(studio: OpenStudio, by: PersonId) -> tuple[datetime, Changes]:
    """Take back the time that a wrong clock left: the newest time seen is again the newest one before it.

    Journalled under the name of ``by``. What was written down as ended or withdrawn stays so. Raises :class:`Refused`
    where no clock was that wrong (:func:`~safelight.domain.clock.way_back`), or somebody signed by it.
    """
    working_member(studio, by)
    clock, newest = studio.clock(), studio.archive.newest_seen()
    studio.archive.rely_on(own=("journal_entry",))
    entries = studio.archive.journal.entries()
    found = way_back([Dated(each.number, each.at, each.kind) for each in entries], clock)
    if found is None:
        raise Refused(
            "No clock was so wrong that the time it left could be told from time that passed.",
            "Nothing was changed. If the newest time seen is wrong, it is over within 400 days; or restore a backup.",
        )
    wrong, before = found
    signed = sum(each.kind == CONSENT_RECORDED and each.number >= wrong.number for each in entries)
    if signed:  # each of these people has a receipt with that time
        raise Refused(
            f"{signed} consents were signed by that clock, and their receipts say so.",
            "Nothing was changed. Restore a backup of before.",
        )
    told = json.dumps({"by": by, "from": rfc3339(newest), "wrong": wrong.number}).encode()
    at = dated(clock, before)
    with studio.archive.transaction(at, back=True) as writing:
        studio.archive.journal.append(writing, "clock-set-back", studio.identity.id, told)
    return at, Changes.JOURNAL | Changes.SUBJECTS
