"""Walks one guest of the demonstration through the ceremony, act by act, at a believable pace."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from safelight.demo.cast import Guest
from safelight.documents.countries import read_territory
from safelight.domain import ceremony as steps
from safelight.domain.ceremony import Ceremony, Moment, Step
from safelight.domain.choice import Grant
from safelight.domain.ids import Language, RecipientId, ScopeId, Sha256
from safelight.domain.people import Role
from safelight.domain.record import SignatureKind
from safelight.domain.scope import Catalogue
from safelight.domain.term import Term, TermKind

MODE = "demonstration"
PACE = timedelta(seconds=4)


class _Pace:
    """Hands out moments, a few seconds apart, that end now: nothing is dated into the future."""

    def __init__(self, end: datetime) -> None:
        self._next = end - timedelta(minutes=4)

    def moment(self, by: Role) -> Moment:
        self._next += PACE
        return Moment(self._next, by, MODE)


def walk_through(
    ceremony: Ceremony,
    guest: Guest,
    named: Mapping[str, tuple[RecipientId, ...]],
    catalogue: Catalogue,
    now: datetime,
    evidence: Sha256,
    page: Callable[[Ceremony], Sha256],
) -> Ceremony:
    """The finished ceremony: each party in turn hears the notice, answers, meets the questions and signs.

    ``page`` gives the hash of what is shown for signing, made from the answers as they stand then.
    """
    pace = _Pace(now)
    while ceremony.step is not Step.RECEIPT:
        ceremony = _one_party(ceremony, guest, named, catalogue, pace, evidence, page)
    return steps.take_receipt(ceremony, pace.moment(ceremony.whose_turn))


def _one_party(
    ceremony: Ceremony,
    guest: Guest,
    named: Mapping[str, tuple[RecipientId, ...]],
    catalogue: Catalogue,
    pace: _Pace,
    evidence: Sha256,
    page: Callable[[Ceremony], Sha256],
) -> Ceremony:
    who = ceremony.whose_turn
    ceremony = steps.choose_language(ceremony, Language(guest.language), pace.moment(who))
    while ceremony.step is Step.NOTICE:
        ceremony = steps.read_card(ceremony, pace.moment(who))
    if ceremony.step is Step.PHOTOS:
        ceremony = steps.go_on(ceremony, pace.moment(who))
    if not guest.yes:
        ceremony = steps.refuse_all(ceremony, pace.moment(who))
    for scope in ceremony.offered if guest.yes else ():
        grant = _grant(guest, scope, named.get(scope, ()), catalogue) if scope in guest.yes else None
        ceremony = steps.answer(ceremony, scope, grant, pace.moment(who))
    for scope in steps.unmarked(ceremony):
        ceremony = steps.give_mark(ceremony, scope, SignatureKind.INK, evidence, pace.moment(who))
    wrong = guest.explained_again
    while ceremony.step is not Step.SIGNATURE:
        if ceremony.step is Step.QUESTIONS:
            ceremony = steps.answer_question(ceremony, wrong <= 0, pace.moment(who))
            wrong -= 1
            continue
        if ceremony.step is Step.REVIEW:
            ceremony = steps.show_page(ceremony, page(ceremony), pace.moment(who))
        ceremony = steps.go_on(ceremony, pace.moment(who))
    return steps.sign(ceremony, SignatureKind.INK, evidence, pace.moment(who))


def _grant(guest: Guest, scope: ScopeId, recipients: tuple[RecipientId, ...], catalogue: Catalogue) -> Grant:
    mark = catalogue.scope(scope).mark
    return Grant(Term(TermKind.MONTHS, months=guest.months), read_territory(guest.place), recipients, mark=mark)
