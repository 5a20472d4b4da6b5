"""What a person has answered so far, told apart from what nobody has answered yet."""

from __future__ import annotations

from safelight.domain.acts import Act, NamedAct, PhotoJudged, Signed, UseAnswered
from safelight.domain.ceremony import Ceremony, Moment, answer, begin, go_on
from safelight.domain.choice import Answer
from safelight.domain.ids import PhotoGuid, ScopeId
from safelight.domain.people import Role
from safelight.domain.scope import Catalogue
from safelight.domain.sitting import Person


def acts_of_turn(ceremony: Ceremony) -> tuple[Act, ...]:
    """What whoever answers now did: everything since the last signature."""
    for index in range(len(ceremony.acts) - 1, -1, -1):
        if isinstance(ceremony.acts[index].what, Signed):
            return ceremony.acts[index + 1 :]
    return ceremony.acts


def unanswered(old: Ceremony, *, minor_first: bool = False) -> Ceremony:
    """The same questions from the beginning; ``minor_first`` when no guardian is here."""
    return begin(
        old.offered, old.ai, old.parties.count(Role.GUARDIAN), old.photos, dict(old.needs), minor_first,
        vetoed=old.vetoed, eea=old.eea, first=old.first,
    )  # fmt: skip


def answered(ceremony: Ceremony, scope: ScopeId) -> bool | None:
    """Yes, no, or None while the one who answers now has not touched this use.

    The ceremony keeps "not answered" as a no; on the screen nothing is chosen until somebody chose it (rule 1). A yes
    of somebody who answered earlier (a guardian) is not an answer of the person who answers now.
    """
    said: bool | None = None
    for act in acts_of_turn(ceremony):
        if act.what is NamedAct.NO_TO_EVERYTHING:
            said = False
        elif isinstance(act.what, UseAnswered) and act.what.scope == scope:
            said = act.what.yes
    if said is None and ceremony.turn == 0 and ceremony.choice(scope).answer is Answer.YES:
        return True  # their own earlier yes, brought along from a pack signed beforehand
    return said


def judged(ceremony: Ceremony, photo: PhotoGuid) -> bool | None:
    """What the one who answers now said of this photo; an earlier veto stands on its own."""
    if photo in ceremony.vetoed:
        return False
    said = (act.what.guid for act in acts_of_turn(ceremony) if isinstance(act.what, PhotoJudged))
    return True if photo in said else None


def leave_uses(now: Ceremony, moment: Moment) -> Ceremony:
    """On from the uses: what a later party left open is a no (rule 1)."""
    for scope in left_open(now):
        now = answer(now, scope, None, moment)
    return go_on(now, moment)


def brought(person: Person, ceremony: Ceremony, said: Answer) -> tuple[ScopeId, ...]:
    """The uses that were answered so beforehand, without those nobody ever asked about."""
    return tuple(
        choice.scope
        for choice in ceremony.choices
        if choice.answer is said and choice.scope not in person.never_answered
    )


def no_before(ceremony: Ceremony, scope: ScopeId) -> bool:
    """Whether somebody who answered earlier said no: either no counts, so it is not asked again."""
    return ceremony.agreed is not None and ceremony.agreed.grant(scope) is None


def left_open(ceremony: Ceremony) -> tuple[ScopeId, ...]:
    """Yeses of an earlier party that the one who answers now left open: on leaving, an open one is a no."""
    return tuple(scope for scope in ceremony.yes if answered(ceremony, scope) is None)


def more_opened(ceremony: Ceremony) -> bool:
    """Whether the one who answers now has opened the uses beyond the first sheet."""
    return any(act.what is NamedAct.MORE_USES for act in acts_of_turn(ceremony))


def at_first(person: Person, ceremony: Ceremony) -> tuple[ScopeId, ...]:
    """The uses on the first sheet: those the job needs, and every yes of whoever answered before."""
    if ceremony.agreed is None:
        return tuple(scope for scope in person.main if scope in ceremony.offered)
    asked, agreed = ceremony.asked, ceremony.agreed
    return tuple(scope for scope in asked if scope in person.main or agreed.grant(scope) is not None)


def under_more(person: Person, ceremony: Ceremony) -> tuple[ScopeId, ...]:
    """The uses beyond the first sheet; a later party is asked about nothing the first one was not asked about."""
    asked = ceremony.offered if ceremony.agreed is None else ceremony.asked
    first = at_first(person, ceremony)
    return tuple(scope for scope in asked if scope not in first and scope not in person.blocked)


def order_shown(
    person: Person, ceremony: Ceremony, more: bool
) -> tuple[tuple[ScopeId, ...], tuple[ScopeId, ...]]:
    """The uses to show, AI apart from the rest (rule 4); ``more`` adds those the job does not need."""
    catalogue: Catalogue = person.catalogue
    uses = (*at_first(person, ceremony), *(under_more(person, ceremony) if more else ()))
    shown = [scope for scope in uses if scope not in person.blocked]
    plain = tuple(scope for scope in shown if not catalogue.scope(scope).ai)
    return plain, tuple(scope for scope in shown if catalogue.scope(scope).ai)
