"""What some uses need besides the signature at the end: which mark is due next, and whether one still is."""

from __future__ import annotations

from dataclasses import dataclass

from safelight.domain.ceremony import Ceremony, Step, unmarked
from safelight.domain.ids import ScopeId
from safelight.domain.scope import Mark
from safelight.domain.sitting import Person


@dataclass(frozen=True, slots=True)
class MarkDue:
    """The page of one mark: the lines of a contract to fill in, or initials or a signature of its own to write."""

    scope: ScopeId
    contract: bool = False


def next_mark(person: Person, ceremony: Ceremony) -> MarkDue | None:
    """The first mark that is missing, in the order of the uses; a contract is filled in before it is signed."""
    if ceremony.step is not Step.TERM:
        return None
    for scope in ceremony.yes:
        if _lacks_lines(person, ceremony, scope):
            return MarkDue(scope, contract=True)
        if scope in unmarked(ceremony):
            return MarkDue(scope)
    return None


def still_due(person: Person, ceremony: Ceremony, mark: MarkDue) -> bool:
    """Whether this mark is missing: its use is a yes, and what it needs was not given."""
    if ceremony.step is not Step.TERM or mark.scope not in ceremony.yes:
        return False
    return _lacks_lines(person, ceremony, mark.scope) if mark.contract else mark.scope in unmarked(ceremony)


def _lacks_lines(person: Person, ceremony: Ceremony, scope: ScopeId) -> bool:
    grant = ceremony.choice(scope).grant
    return person.catalogue.scope(scope).mark is Mark.PAGE and grant is not None and grant.replica is None
