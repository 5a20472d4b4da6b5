"""The report: every photo and use with today's answer, as rows and as CSV that a spreadsheet cannot be tricked by."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields
from datetime import date

from safelight.agency.open_agency import OpenAgency
from safelight.agency.questions import Wanted, decide_all
from safelight.agency.standings import Delivered, PhotoStanding
from safelight.domain.ids import Country, ScopeId
from safelight.domain.term import Territory, TerritoryKind

_PAGE = 500
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One photo, use and country. ``places`` says where the use is allowed at all; ``until`` is the last day."""

    photo: str
    studio: str
    use: str
    place: str
    allowed: bool
    until: date | None
    places: str
    clause: str
    blocker: str


def report_rows(agency: OpenAgency) -> tuple[ReportRow, ...]:
    """Today's answers for every photo, each use it was delivered for, and each country it was delivered for.

    Where a bundle names no countries, the agency's own is asked about. The report is one entry in the journal.
    """
    today = agency.today()
    rows: list[ReportRow] = []
    guids = agency.catalogue.received.guids()
    for start in range(0, len(guids), _PAGE):
        page = guids[start : start + _PAGE]
        agency.standings.load(page)
        asked: list[tuple[Wanted, str]] = []
        for guid in page:
            standing = agency.standings.of_photo(guid)
            if standing is not None:
                asked += _asked(agency, standing)
        answers = decide_all(agency, [wanted for wanted, _ in asked], today)
        for answer, (_, places) in zip(answers, asked, strict=True):
            decision, question = answer.decision, answer.question
            rows.append(
                ReportRow(
                    question.photo, answer.studio, question.use, question.place, decision.allowed, decision.expires,
                    places, decision.clause, decision.blocker.value if decision.blocker else "",
                )
            )  # fmt: skip
    with agency.catalogue.transaction(agency.now()) as writing:
        agency.catalogue.journal.append(writing, "reported", f"{len(rows)} rows", b"")
    return tuple(rows)


def report_csv(rows: tuple[ReportRow, ...]) -> str:
    """The rows as CSV (RFC 4180) with a header. No cell begins like a formula: such a one gets an apostrophe."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([each.name for each in fields(ReportRow)])
    writer.writerows([_cell(each) for each in astuple(row)] for row in rows)
    return text.getvalue()


def _asked(agency: OpenAgency, standing: PhotoStanding) -> Iterator[tuple[Wanted, str]]:
    known = frozenset(agency.rules.catalogue.asked_ids())
    for use in sorted({use for each in standing.delivered for use in each.records} & known):
        about = [each for each in standing.delivered if use in each.records]
        places = {place for each in about for place in _countries(agency, each.delivery.territory)}
        told = " or ".join(dict.fromkeys(_where(each, use) for each in about))
        for place in sorted(places):
            yield Wanted(standing.photo.guid, use, place), told


def _countries(agency: OpenAgency, territory: Territory | None) -> frozenset[Country]:
    if territory is not None and territory.countries:
        return territory.countries
    return frozenset({agency.identity.country})


def _where(delivered: Delivered, use: ScopeId) -> str:
    """The bundle's territory and every person's, all of which must hold."""
    limits = [] if delivered.delivery.territory is None else [delivered.delivery.territory]
    for holding in delivered.asked(use):
        limits += [state.grant.territory for state in holding.states.values() if state.grant is not None]
    return " and ".join(dict.fromkeys(_named(each) for each in limits)) or "nowhere"


def _named(territory: Territory) -> str:
    if territory.kind in (TerritoryKind.EEA, TerritoryKind.WORLDWIDE):
        return territory.kind.value
    return " ".join(sorted(territory.countries))


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_STARTS_A_FORMULA) else text
