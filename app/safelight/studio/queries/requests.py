"""What people asked for, as rows: whose request it is, how many days are left, the most urgent first."""

from __future__ import annotations

from dataclasses import dataclass

from safelight.domain.errors import WrongUsage
from safelight.domain.ids import RequestId, SubjectId, may_begin_id, short_ids
from safelight.domain.requests import RightsRequest
from safelight.studio.open_studio import OpenStudio


@dataclass(frozen=True, slots=True)
class RequestRow:
    """One request; ``days_left`` counts to the last day (below 0 once it is past), None once it was answered."""

    request: RightsRequest
    short: str
    name: str
    days_left: int | None


def request_rows(studio: OpenStudio, *, waiting: bool = False) -> tuple[RequestRow, ...]:
    """All requests, those that are due first at the top; ``waiting`` leaves out what was answered."""
    requests = studio.archive.requests.list()
    studio.archive.rely_on({each.subject for each in requests})
    short, today = short_ids(each.id for each in requests), studio.today()
    shown = [each for each in requests if each.waiting or not waiting]
    names = {each: _name(studio, each) for each in {one.subject for one in shown}}
    rows = [
        RequestRow(
            each, short[each.id], names[each.subject], each.days_left(today) if each.waiting else None
        )
        for each in shown
    ]
    return tuple(sorted(rows, key=lambda row: (not row.request.waiting, row.request.due, row.request.id)))


def _name(studio: OpenStudio, person: SubjectId) -> str:
    # One by one: whoever asked for something is few among all people there are.
    try:
        return studio.archive.subjects.line(person).name
    except WrongUsage:  # taken out since
        return ""


def find_request(studio: OpenStudio, wanted: str) -> RequestId:
    """The one request with this id, or this beginning of an id."""
    typed = wanted.strip().casefold()
    found = [each for each in studio.archive.requests.ids() if may_begin_id(typed) and each.startswith(typed)]
    if len(found) != 1:
        problem = "There is no request" if not found else "There is more than one request"
        raise WrongUsage(f"{problem} '{wanted[:40]}'.", "'request list' shows the ids.")
    return found[0]
