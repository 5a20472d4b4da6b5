"""The report: every photo and use with today's answer, as rows and as CSV that a spreadsheet cannot be tricked by."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum

from safelight.agency.open_agency import OpenAgency
from safelight.agency.questions import UsageAnswer, Wanted, consent_until, decide_all
from safelight.agency.standings import DeliveredPhoto, PhotoStanding
from safelight.domain.changes import Changes
from safelight.domain.ids import Country, ScopeId
from safelight.domain.plain_text import spreadsheet_cell
from safelight.domain.term import Territory, TerritoryKind
from safelight.domain.usage import Blocker
from safelight.settings.locales import country_name

_PAGE = 500


class End(StrEnum):
    """What ends with the last day of a yes."""

    CONSENT = "consent"
    STATUS_LIST = "status-list"


END_WORDS = {
    End.CONSENT: "the consent ends",
    End.STATUS_LIST: "the studio vouches for it no longer; a newer status list prolongs it",
}


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One photo, use and country. ``places`` says where the use is allowed at all.

    ``until`` is the last day of a yes, ``ends`` what ends then; ``consent_until`` is the last day the consent itself
    gives, until which a newer status list may prolong the yes. ``vouched_until`` is the last day the studio vouches
    for; where that is over and it makes a no, ``if_fresh`` says what the answer would be if it still did.
    """

    photo: str
    studio: str
    use: str
    place: str
    allowed: bool
    until: date | None
    ends: End | None
    consent_until: date | None
    places: str
    clause: str
    blocker: str
    vouched_until: date | None = None
    if_fresh: str = ""


def report_rows(agency: OpenAgency) -> tuple[tuple[ReportRow, ...], Changes]:
    """Today's answers for every photo, each use it was delivered for, and each country it was delivered for.

    Where a bundle names no countries, the agency's own is asked about. The report is one entry in the journal.
    """
    with agency.catalogue.transaction(agency.dated()) as writing:
        agency.catalogue.rely_on_everything()
        agency.catalogue.rely_on(["own"])
        rows = _rows(agency, agency.today())
        agency.catalogue.journal.append(writing, "reported", f"{len(rows)} rows", b"")
    return tuple(rows), Changes.JOURNAL


def _rows(agency: OpenAgency, today: date) -> list[ReportRow]:
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
            last = consent_until(agency, answer)
            whole = End.CONSENT if last == decision.expires else End.STATUS_LIST
            rows.append(
                ReportRow(
                    question.photo, answer.studio, question.use, question.place, decision.allowed, decision.expires,
                    whole if decision.allowed else None, last, places, decision.clause,
                    decision.blocker.value if decision.blocker else "", answer.fresh_until, _if_fresh(answer),
                )
            )  # fmt: skip
    return rows


def _if_fresh(answer: UsageAnswer) -> str:
    fresh = answer.if_fresh
    if fresh is None or answer.decision.blocker is not Blocker.STALE:
        return ""
    return f"yes, until {fresh.expires}" if fresh.allowed else f"no: {fresh.blocker}"


def report_csv(rows: tuple[ReportRow, ...]) -> str:
    """The rows as CSV (RFC 4180) with a header, for people: countries by name and code.

    No cell begins like a formula: such a one gets an apostrophe.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    names = [each.name for each in fields(ReportRow)]
    writer.writerow(names)
    named = (replace(row, place=_country(Country(row.place))) for row in rows)
    writer.writerows([_cell(getattr(row, name)) for name in names] for row in named)
    return text.getvalue()


def _asked(agency: OpenAgency, standing: PhotoStanding) -> Iterator[tuple[Wanted, str]]:
    catalogue = agency.rules.catalogue
    notices = frozenset(each.id for each in catalogue.scopes if not each.asked)
    eea = agency.rules.adequacy.eea
    for use in sorted({use for each in standing.delivered for use in each.records} - notices):
        about = [each for each in standing.delivered if use in each.records]
        places = {place for each in about for place in _countries(agency, each.delivery.territory)}
        told = place_words([_where(each, use, eea) for each in about], eea)
        for place in sorted(places):
            yield Wanted(standing.photo.guid, use, place), told


def _countries(agency: OpenAgency, territory: Territory | None) -> frozenset[Country]:
    if territory is not None and territory.countries:
        return territory.countries
    return frozenset({agency.identity.country})


def _where(delivered: DeliveredPhoto, use: ScopeId, eea: frozenset[Country]) -> frozenset[Country] | None:
    """Where the bundle and everybody on the photo allow the use together; None for everywhere."""
    people = [snapshot.states.get(use) for snapshot in delivered.asked(use)]
    limits = [delivered.delivery.territory] if delivered.delivery.territory is not None else []
    for state in people:
        if state is None or state.grant is None:
            return frozenset()
        limits.append(state.grant.territory)
    listed = [_members(each, eea) for each in limits if each.kind is not TerritoryKind.WORLDWIDE]
    return frozenset.intersection(*listed) if listed else None


def _members(territory: Territory, eea: frozenset[Country]) -> frozenset[Country]:
    return eea if territory.kind is TerritoryKind.EEA else territory.countries


def place_words(allowed: Sequence[frozenset[Country] | None], eea: frozenset[Country]) -> str:
    """Places as people read them, each with its code: any of ``allowed`` will do, None is everywhere."""
    if any(each is None for each in allowed):
        return "worldwide"
    countries = frozenset[Country]().union(*(each for each in allowed if each is not None))
    whole = eea <= countries
    named = sorted(_country(each) for each in (countries - eea if whole else countries))
    return ", ".join([*(["European Economic Area (EEA)"] if whole else []), *named]) or "nowhere"


def _country(code: Country) -> str:
    name = country_name("en", code)
    return f"{name} ({code})" if name else code


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, End):
        return END_WORDS[value]
    text = "" if value is None else str(value)
    return spreadsheet_cell(text)
