"""A way through the ceremony for tests: what is offered, who acts, and every state of somebody who allows all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from safelight.domain import ceremony as c
from safelight.domain.acts import CardRead, NamedAct
from safelight.domain.choice import Grant
from safelight.domain.ids import Language, PhotoGuid, ScopeId, Sha256
from safelight.domain.people import Role
from safelight.domain.record import SignatureKind
from safelight.domain.scope import Mark
from safelight.domain.term import ONE_YEAR, Territory, TerritoryKind

OFFERED = (ScopeId("use.portfolio"), ScopeId("use.social"), ScopeId("ai.retouch"))
AI = frozenset({ScopeId("ai.retouch"), ScopeId("ai.replica")})
GRANT = Grant(ONE_YEAR, Territory(TerritoryKind.EEA))
START = dt.datetime(2026, 6, 1, 9, tzinfo=dt.UTC)
INK = Sha256("1" * 64)
PAGE = Sha256("2" * 64)
INITIALED, OWN, REPLICA = ScopeId("use.advertising"), ScopeId("bio.template"), ScopeId("ai.replica")
MARKED = (ScopeId("use.portfolio"), INITIALED, OWN, REPLICA)
NEEDS = {INITIALED: Mark.INITIALS, OWN: Mark.OWN, REPLICA: Mark.PAGE}
PHOTOS = (PhotoGuid("p1"), PhotoGuid("p2"))
G, S = Role.GUARDIAN, Role.SUBJECT


def moment(by: Role = Role.SUBJECT, second: int = 0) -> c.Moment:
    return c.Moment(START + dt.timedelta(seconds=second), by, "touch")


def to_uses(now: c.Ceremony, by: Role = Role.SUBJECT) -> c.Ceremony:
    now = c.choose_language(now, Language("en"), moment(by))
    for _ in range(c.CARDS):
        now = c.read_card(now, moment(by))
    return now


def signed(now: c.Ceremony, by: Role = Role.SUBJECT) -> c.Ceremony:
    """From the review: the page is shown, then signed."""
    now = c.go_on(c.show_page(now, PAGE, moment(by)), moment(by))
    return c.sign(now, SignatureKind.INK, INK, moment(by))


def along(now: c.Ceremony, grant: Grant = GRANT) -> Iterator[c.Ceremony]:
    """Every state on the way of somebody who allows everything, up to the receipt being taken."""
    yield now
    while now.step is not c.Step.DONE:
        at = moment(now.whose_turn)
        missing = c.unmarked(now)
        match now.step:
            case c.Step.LANGUAGE:
                now = c.choose_language(now, Language("en"), at)
            case c.Step.NOTICE:
                now = c.read_card(now, at)
            case c.Step.USES if now.acts[-1].what in (NamedAct.NEXT, CardRead(c.CARDS)) and now.turn == 0:
                for scope in now.offered:
                    now = c.answer(now, scope, grant, at)
                    yield now
            case c.Step.TERM if missing:
                now = c.give_mark(now, missing[0], SignatureKind.INK, INK, at)
            case c.Step.QUESTIONS:
                now = c.answer_question(now, True, at)
            case c.Step.REVIEW if now.page is None:
                now = c.show_page(now, PAGE, at)
            case c.Step.SIGNATURE:
                now = c.sign(now, SignatureKind.INK, INK, at)
            case c.Step.RECEIPT:
                now = c.take_receipt(now, at)
            case _:
                now = c.go_on(now, at)
        yield now


def whole(guardians: int = 0, **more: object) -> list[c.Ceremony]:
    begun = c.begin(MARKED, frozenset({OWN, REPLICA}), guardians, PHOTOS, NEEDS, **more)  # type: ignore[arg-type]
    return list(along(begun))


def reached(step: c.Step, guardians: int = 0, **more: object) -> c.Ceremony:
    """The last state of the first turn at ``step``."""
    return [each for each in whole(guardians, **more) if each.step is step and each.turn == 0][-1]
