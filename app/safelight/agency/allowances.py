"""What still allows a photo, whatever is done with it: the use whose consent lasts longest, and until when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from safelight.agency.open_agency import OpenAgency
from safelight.agency.standings import PAGE, DeliveredPhoto, PhotoStanding
from safelight.domain.ids import PhotoGuid, RecipientId, ScopeId
from safelight.domain.usage import ConsentSnapshot, last_day_of


@dataclass(frozen=True, slots=True)
class Allowance:
    """A use that still allows a photo, and the last day of that consent, whether or not anybody vouches for it."""

    use: ScopeId
    until: date


def allowances(agency: OpenAgency, photos: Iterable[PhotoGuid]) -> dict[PhotoGuid, Allowance | None]:
    """For each photo of the catalogue among ``photos``, what allows it longest; None where nothing does.

    It errs towards yes: nobody may act on it (``may`` decides), but whatever it says no to may not be used at all.
    """
    asked, today = list(dict.fromkeys(photos)), agency.today()
    found: dict[PhotoGuid, Allowance | None] = {}
    for start in range(0, len(asked), PAGE):
        page = asked[start : start + PAGE]
        agency.standings.load(page)
        for guid in page:
            standing = agency.standings.of_photo(guid)
            if standing is not None:
                found[guid] = _longest(standing, agency.recipient, today)
    return found


def _longest(standing: PhotoStanding, us: RecipientId, today: date) -> Allowance | None:
    if standing.photo.withheld:
        return None
    allowed = [
        Allowance(use, until)
        for delivered in standing.delivered
        for use in delivered.records
        if (until := _until(delivered, use, us)) is not None and until >= today
    ]
    return max(allowed, key=lambda each: (each.until, each.use), default=None)


def _until(delivered: DeliveredPhoto, use: ScopeId, us: RecipientId) -> date | None:
    """The last day on which everybody on the photo allows a use; None where somebody does not."""
    ends = [_end(each, use, us) for each in delivered.asked(use)]
    told = [each for each in ends if each is not None]
    return min(told) if told and len(told) == len(ends) else None


def _end(person: ConsentSnapshot, use: ScopeId, us: RecipientId) -> date | None:
    state = person.states.get(use)
    if state is None or state.grant is None or us not in state.grant.recipients:
        return None
    return last_day_of(state, replace(person, fresh_until=None))
