"""What some uses need besides the signature at the end: which mark is due next, and whether one still is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from safelight.domain.ceremony import Ceremony, Step, unmarked
from safelight.domain.choice import ReplicaTerms
from safelight.domain.ids import ScopeId
from safelight.domain.scope import Mark
from safelight.domain.sitting import Person

MARK_TITLES: Mapping[Mark, str] = {
    Mark.INITIALS: "initials_title",
    Mark.OWN: "own_signature_title",
    Mark.PAGE: "page_title",
}
"""What a yes needs besides the signature, by the key of its words."""
CONTRACT_LINES: Mapping[str, str] = {
    "uses": "page_uses",
    "pay": "page_pay",
    "represented_by": "page_adviser",
    "label": "page_label",
}
"""The fields of ``ReplicaTerms`` with the key of what each is called (CA Lab. 927, NY GOL 5-302)."""
LONGEST_LINE = 300
"""No line of a contract has more characters."""


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


def is_contract(lines: ReplicaTerms) -> bool:
    """Whether every line says something, and none says more than there is room for."""
    return not lines.missing() and all(len(getattr(lines, name)) <= LONGEST_LINE for name in CONTRACT_LINES)


def _lacks_lines(person: Person, ceremony: Ceremony, scope: ScopeId) -> bool:
    grant = ceremony.choice(scope).grant
    return person.catalogue.scope(scope).mark is Mark.PAGE and grant is not None and grant.replica is None
