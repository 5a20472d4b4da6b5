"""Asks the one decision function about photos in the catalogue, and enters every question in the journal."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from safelight.agency.open_agency import OpenAgency
from safelight.agency.standings import Delivered, PhotoStanding
from safelight.domain import usage
from safelight.domain.errors import WrongUsage
from safelight.domain.ids import BundleId, PhotoGuid, ScopeId, is_uuid4
from safelight.domain.usage import Blocker, Decision, Question
from safelight.formats.countries import country_code


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to do: this photo (None: one that is not known), that use, there; ``day`` None is today."""

    photo: str | None
    use: str
    place: str
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The decision and what it stands on. An answer about another day than ``today`` says nothing about today.

    ``studio`` is the name of the studio as trusted, empty for an unknown photo; ``bundle`` the one the answer rests on.
    ``fresh_until``: after that day everything is a no until a newer bundle of the studio has been imported.
    """

    question: Question
    decision: Decision
    today: date
    studio: str = ""
    bundle: BundleId | None = None
    fresh_until: date | None = None


def may(agency: OpenAgency, photo: str | None, use: str, place: str, day: date | None = None) -> Answer:
    """May this agency use ``photo`` for ``use`` in ``place`` on ``day`` (None: today)? The question is journalled.

    A photo in no bundle is a no. Raises :class:`WrongUsage` for a use or country that makes no sense.
    """
    return may_all(agency, [Wanted(photo, use, place, day)])[0]


def may_all(agency: OpenAgency, wanted: Sequence[Wanted]) -> tuple[Answer, ...]:
    """The answers in order; all questions together are one durable entry of the journal, whatever their number."""
    today = agency.today()
    answers = decide_all(agency, wanted, today)
    with agency.catalogue.transaction(agency.now()) as writing:
        reference = (answers[0].question.photo or "-") if len(answers) == 1 else f"{len(answers)} questions"
        agency.catalogue.journal.append(writing, "asked", reference, _account(answers))
    return answers


def decide_all(agency: OpenAgency, wanted: Sequence[Wanted], today: date) -> tuple[Answer, ...]:
    """The answers without an entry in the journal; for reports, which enter themselves."""
    questions = [_question(agency, each, today) for each in wanted]
    agency.standings.load(each.photo for each in questions)
    return tuple(_answer(agency, each, today) for each in questions)


def _question(agency: OpenAgency, wanted: Wanted, today: date) -> Question:
    guid = "" if wanted.photo is None else wanted.photo.removeprefix("urn:uuid:")
    if guid and not is_uuid4(guid):
        raise WrongUsage(f"'{guid[:60]}' is not the id of a photo.", "'agency list' shows the ids.")
    place = country_code(wanted.place, "Nothing was asked.")
    return Question(PhotoGuid(guid), ScopeId(wanted.use), place, wanted.day or today, agency.recipient)


def _answer(agency: OpenAgency, question: Question, today: date) -> Answer:
    standing = agency.standings.of_photo(question.photo)
    if standing is None:
        return Answer(question, _ask(agency, question, None), today)
    decision, bundle = _decided(agency, question, standing)
    for twin in standing.twins if decision.allowed else ():
        # Two studios delivered the same picture: what one was told does not bind those who answered the other.
        other = agency.standings.of_photo(twin)
        if other is not None:
            theirs, _ = _decided(agency, replace(question, photo=twin), other)
            if not theirs.allowed:
                decision = replace(theirs, clause=f"the same picture from another studio: {theirs.clause}")
                break
    pin = agency.standings.pin(standing.photo.studio)
    vouched = agency.standings.of_studio(standing.photo.studio)
    return Answer(
        question,
        decision,
        today,
        pin.name if pin else "",
        bundle,
        vouched.valid_until.date() if vouched else None,
    )


def _decided(agency: OpenAgency, question: Question, standing: PhotoStanding) -> tuple[Decision, BundleId | None]:
    """The best answer of the deliveries that count, each asked alone; of several no's, the newest about this use."""
    best: tuple[Decision, BundleId | None] | None = None
    telling = False
    for each in standing.delivered:
        decision = _ask(agency, question, each)
        about = question.use in each.records
        better = (
            best is None
            or (decision.allowed, decision.expires or date.min) > (best[0].allowed, best[0].expires or date.min)
            or (not best[0].allowed and not decision.allowed and about and not telling)
        )
        if better:
            best, telling = (decision, each.delivery.bundle), about
    return best or (_ask(agency, question, None), None)


def _ask(agency: OpenAgency, question: Question, delivered: Delivered | None) -> Decision:
    rules = agency.rules
    holdings = () if delivered is None else delivered.asked(question.use)
    decision = usage.may(question, holdings, rules.catalogue, rules.adequacy.eea)
    if delivered is None or not decision.allowed:
        return decision
    territory = delivered.delivery.territory
    if territory is not None and not territory.covers(question.place, rules.adequacy.eea):
        return Decision(False, f"{question.use}, territory of bundle {delivered.delivery.bundle}", Blocker.TERRITORY)
    return decision


def _account(answers: Sequence[Answer]) -> bytes:
    """What was asked and answered; ids and words of the rules, nothing about a person."""
    rows = [
        [
            each.question.photo,
            each.question.use,
            each.question.place,
            each.question.day.isoformat(),
            each.today.isoformat(),
            each.decision.allowed,
            each.decision.blocker,
        ]
        for each in answers
    ]
    return json.dumps(rows, separators=(",", ":")).encode()
