"""Asks the one decision function about photos in the catalogue, and enters every question in the journal."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from safelight.agency.open_agency import OpenAgency
from safelight.agency.standings import PAGE, DeliveredPhoto, PhotoStanding
from safelight.documents.countries import country_code
from safelight.domain import usage
from safelight.domain.changes import Changes
from safelight.domain.errors import WrongUsage
from safelight.domain.ids import BundleId, Country, PhotoGuid, ScopeId, is_uuid4
from safelight.domain.scope import Catalogue, use_as_signed
from safelight.domain.usage import Blocker, ConsentSnapshot, Decision, Question


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to do: this photo (None: one that is not known), that use, there; ``day`` None is today."""

    photo: str | None
    use: str
    place: str
    day: date | None = None


@dataclass(frozen=True, slots=True)
class UsageAnswer:
    """The decision and what it stands on. An answer about another day than ``today`` says nothing about today.

    ``studio`` is the name of the studio as trusted, empty for an unknown photo; ``bundle`` the one the answer rests on.
    ``fresh_until``: after that day the answer is no until a newer bundle or status list of the studio was taken in.
    For a question about a later day ``if_fresh`` is what the answer would be if the studio vouched for that day too.
    """

    question: Question
    decision: Decision
    today: date
    studio: str = ""
    bundle: BundleId | None = None
    fresh_until: date | None = None
    if_fresh: Decision | None = None


_Decide = Callable[[Question, Sequence[ConsentSnapshot], Catalogue, frozenset[Country]], Decision]


def may(
    agency: OpenAgency, photo: str | None, use: str, place: str, day: date | None = None
) -> tuple[UsageAnswer, Changes]:
    """May this agency use ``photo`` for ``use`` in ``place`` on ``day`` (None: today)? The question is journalled.

    A photo in no bundle is a no. Raises :class:`WrongUsage` for a use or country that makes no sense.
    """
    answers, changes = may_all(agency, [Wanted(photo, use, place, day)])
    return answers[0], changes


def may_all(agency: OpenAgency, wanted: Sequence[Wanted]) -> tuple[tuple[UsageAnswer, ...], Changes]:
    """The answers in order; all questions together are one durable entry of the journal, whatever their number."""
    with agency.catalogue.transaction(agency.dated()) as writing:
        answers = decide_all(agency, wanted, agency.today())
        reference = (answers[0].question.photo or "-") if len(answers) == 1 else f"{len(answers)} questions"
        agency.catalogue.journal.append(writing, "asked", reference, _account(answers))
    return answers, Changes.JOURNAL


def decide_all(agency: OpenAgency, wanted: Sequence[Wanted], today: date) -> tuple[UsageAnswer, ...]:
    """The answers without an entry in the journal; for reports, which enter themselves."""
    questions = [_question(agency, each, today) for each in wanted]
    by_photo: dict[PhotoGuid, list[int]] = {}
    for number, each in enumerate(questions):
        by_photo.setdefault(each.photo, []).append(number)
    found: dict[int, UsageAnswer] = {}
    # Photo by photo, so that each is read once, however many questions there are and in whatever order.
    photos = list(by_photo)
    for start in range(0, len(photos), PAGE):
        page = photos[start : start + PAGE]
        agency.standings.load(page)
        for photo in page:
            found |= {number: _answer(agency, questions[number], today) for number in by_photo[photo]}
    return tuple(found[number] for number in range(len(questions)))


def consent_until(agency: OpenAgency, answer: UsageAnswer) -> date | None:
    """The last day that the consent behind a yes gives; None for a no.

    ``decision.expires`` may come sooner: what the studio vouches for ends, and a newer status list prolongs it.
    """
    decision = answer.decision
    if not decision.allowed or decision.expires != answer.fresh_until:
        return decision.expires
    standing = agency.standings.of_photo(answer.question.photo)
    return None if standing is None else _of_all(agency, answer.question, standing, usage.may_if_vouched)[0].expires


def check(agency: OpenAgency, wanted: Wanted) -> None:
    """Return if the question makes sense; :class:`WrongUsage` as :func:`may` raises it otherwise."""
    use = _question(agency, wanted, date.min).use
    _readable(agency, use).scope(use)


def _question(agency: OpenAgency, wanted: Wanted, today: date) -> Question:
    guid = "" if wanted.photo is None else wanted.photo.removeprefix("urn:uuid:")
    if guid and not is_uuid4(guid):
        raise WrongUsage(f"'{guid[:60]}' is not the id of a photo.", "'agency list' shows the ids.")
    place = country_code(wanted.place, "Nothing was asked.")
    return Question(PhotoGuid(guid), ScopeId(wanted.use), place, wanted.day or today, agency.recipient)


def _answer(agency: OpenAgency, question: Question, today: date) -> UsageAnswer:
    standing = agency.standings.of_photo(question.photo)
    if standing is None:
        return UsageAnswer(question, _ask(agency, question, None, usage.may), today)
    decision, bundle = _of_all(agency, question, standing, usage.may)
    trusted = agency.standings.trusted_studio(standing.photo.studio)
    rests_on = next((each for each in standing.delivered if each.delivery.bundle == bundle), None)
    until = rests_on.vouched_until(question.use) if rests_on is not None else None
    if_fresh = None
    if not decision.allowed and (until is None or question.day > until):
        if_fresh, _ = _of_all(agency, question, standing, usage.may_if_vouched)
    return UsageAnswer(question, decision, today, trusted.name if trusted else "", bundle, until, if_fresh)


def _of_all(
    agency: OpenAgency, question: Question, standing: PhotoStanding, decide: _Decide
) -> tuple[Decision, BundleId | None]:
    """The answer of whoever delivered the picture; two studios that delivered the same one must both allow it."""
    decision, bundle = _decided(agency, question, standing, decide)
    for twin in standing.twins if decision.allowed else ():
        # What one studio was told does not bind those who answered the other.
        other = agency.standings.of_photo(twin)
        if other is not None:
            theirs, _ = _decided(agency, replace(question, photo=twin), other, decide)
            if not theirs.allowed:
                return replace(theirs, clause=f"the same picture from another studio: {theirs.clause}"), bundle
    return decision, bundle


def _decided(
    agency: OpenAgency, question: Question, standing: PhotoStanding, decide: _Decide
) -> tuple[Decision, BundleId | None]:
    """The best answer of the deliveries that count, each asked alone; of several no's, the newest about this use."""
    best: tuple[Decision, BundleId | None] | None = None
    telling = False
    for each in standing.delivered:
        decision = _ask(agency, question, each, decide)
        about = question.use in each.records
        better = (
            best is None
            or (decision.allowed, decision.expires or date.min) > (best[0].allowed, best[0].expires or date.min)
            or (not best[0].allowed and not decision.allowed and about and not telling)
        )
        if better:
            best, telling = (decision, each.delivery.bundle), about
    return best or (_ask(agency, question, None, decide), None)


def _ask(agency: OpenAgency, question: Question, delivered: DeliveredPhoto | None, decide: _Decide) -> Decision:
    rules = agency.rules
    snapshots = () if delivered is None else delivered.asked(question.use)
    decision = decide(question, snapshots, _readable(agency, question.use), rules.adequacy.eea)
    if delivered is None or not decision.allowed:
        return decision
    decision = decision.resting_on(delivered.seen)
    territory = delivered.delivery.territory
    if territory is not None and not territory.covers(question.place, rules.adequacy.eea):
        return Decision(False, f"{question.use}, territory of bundle {delivered.delivery.bundle}", Blocker.TERRITORY)
    return decision


def _readable(agency: OpenAgency, use: ScopeId) -> Catalogue:
    """The rules to read answers by: a use they do not know, but a bundle is for, is decided by what was signed."""
    catalogue = agency.rules.catalogue
    if catalogue.find(use) is not None:
        return catalogue
    agency.catalogue.rely_on(["bundle"])
    known = any(use in each.uses for each in agency.catalogue.received.bundles())
    return catalogue.with_retired([use_as_signed(use)]) if known else catalogue


def _account(answers: Sequence[UsageAnswer]) -> bytes:
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
