"""What a group allows together: one no is a no, and it is said whose it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from .ids import Country, ScopeId, SubjectId
from .scope import Catalogue
from .usage import Blocker, ConsentSnapshot, Question, may


@dataclass(frozen=True, slots=True)
class Blocked:
    """Somebody for whom the answer is no, and why."""

    subject: SubjectId
    why: Blocker


@dataclass(frozen=True, slots=True)
class GroupUse:
    """One use of a picture of all of them; ``until`` is the last day a yes of everybody holds, None for a no."""

    use: ScopeId
    allowed: bool
    blocked_by: tuple[Blocked, ...]
    until: date | None = None


def group_uses(
    people: Mapping[SubjectId, ConsentSnapshot],
    uses: Iterable[ScopeId],
    asked: Question,
    catalogue: Catalogue,
    eea: frozenset[Country],
) -> tuple[GroupUse, ...]:
    """For each use whether everybody allows it, as ``asked`` puts it (where, when, to whom); its use does not matter.

    Nobody in the group: nothing is allowed, and nobody is to blame.
    """
    found = []
    for use in uses:
        question = replace(asked, use=use)
        blocked = []
        for subject, snapshot in people.items():
            said = may(question, [snapshot], catalogue, eea)
            if said.blocker is not None:
                blocked.append(Blocked(subject, said.blocker))
        together = may(question, tuple(people.values()), catalogue, eea)
        found.append(GroupUse(use, together.allowed, tuple(blocked), together.expires))
    return tuple(found)
