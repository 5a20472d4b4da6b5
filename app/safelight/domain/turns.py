"""How several parties answer one after the other: what is agreed stays, either one's no counts, limits only narrow."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from .choice import Answer, Choice, Grant
from .ids import Country, PhotoGuid, ScopeId, Sha256
from .people import Role
from .record import SignatureKind
from .scope import Mark
from .term import Term, TermKind, Territory, TerritoryKind, sleeps_after


@dataclass(frozen=True, slots=True)
class MarkGiven:
    """Initials, a signature of its own or a signed contract page for one yes; the hash covers what was written.

    ``turn`` tells two guardians apart, who act in the same role.
    """

    scope: ScopeId
    by: Role
    kind: SignatureKind
    evidence_sha256: Sha256
    at: datetime
    turn: int = 0


@dataclass(frozen=True, slots=True)
class Agreed:
    """What the parties before have signed; a later one may take away from it and never add to it."""

    choices: tuple[Choice, ...]
    vetoed: frozenset[PhotoGuid]
    marks: tuple[MarkGiven, ...]

    def grant(self, scope: ScopeId) -> Grant | None:
        """The limits agreed for ``scope``; None when somebody said no."""
        return next((each.grant for each in self.choices if each.scope == scope), None)


def with_mark(choice: Choice, mark: Mark) -> Choice:
    """``choice`` with a yes that says which mark it carries; the ceremony lets none be signed without it."""
    if choice.answer is Answer.NO or choice.grant is None or mark is Mark.NONE:
        return choice
    return replace(choice, grant=replace(choice.grant, mark=mark))


def within(grant: Grant, agreed: Grant, day: date, eea: frozenset[Country]) -> bool:
    """Whether ``grant`` given on ``day`` allows nothing that ``agreed`` does not."""
    return (
        _no_longer(grant.term, agreed.term, day)
        and _no_wider(grant.territory, agreed.territory, eea)
        and set(grant.recipients) <= set(agreed.recipients)
        # No medium named means every medium.
        and (not agreed.media or (bool(grant.media) and grant.media <= agreed.media))
        and grant.replica == agreed.replica
    )


def _no_longer(term: Term, agreed: Term, day: date) -> bool:
    if term == agreed:
        return True
    if term.kind is TermKind.WITHDRAWN:
        return False
    last, limit = term.last_day(day, None), agreed.last_day(day, None)
    # "Until I say stop" falls asleep when the yearly review goes unanswered, which a fixed term would outlast.
    return last is not None and last <= (limit or sleeps_after(day))


def _no_wider(territory: Territory, agreed: Territory, eea: frozenset[Country]) -> bool:
    if territory == agreed or agreed.kind is TerritoryKind.WORLDWIDE:
        return True
    if territory.kind is TerritoryKind.WORLDWIDE:
        return False
    if territory.kind is TerritoryKind.EEA:
        return bool(eea) and eea <= agreed.countries
    return territory.countries <= (eea if agreed.kind is TerritoryKind.EEA else agreed.countries)
