"""Legal holds: kept for one person and what of theirs must stay, and released by somebody of the studio."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from safelight.documents.jcs import canonical
from safelight.domain.changes import Changes
from safelight.domain.erasure import Erasure
from safelight.domain.errors import Refused, WrongUsage
from safelight.domain.holds import HoldClass, LegalHold, Release, barring
from safelight.domain.ids import PersonId, SubjectId
from safelight.storage.repositories.legal_holds import UnderHold
from safelight.studio.erasing import carry_out
from safelight.studio.open_studio import OpenStudio, new_id
from safelight.studio.staff import working_member

_LONGEST = 2000
"""Characters of a reason, at most."""
_KEEPS: Mapping[HoldClass, frozenset[str]] = {
    HoldClass.PHOTOS: frozenset({"portrait"}),
    HoldClass.TEMPLATES: frozenset({"portrait"}),
    HoldClass.PROOF: frozenset({"evidence"}),
    HoldClass.ALL: frozenset({"portrait", "evidence"}),
}
"""The keys that a hold is there for; once all of them are destroyed there is nothing left to keep."""


@dataclass(frozen=True, slots=True)
class NewHold:
    """What is asked for: whose, what of it, why in words, and the day it is looked at again."""

    subject: SubjectId
    what: HoldClass
    reason: str
    review: date
    by: PersonId


def add_hold(studio: OpenStudio, wanted: NewHold) -> tuple[LegalHold, Changes]:
    """Keep from now on what ``wanted`` names from being erased, by whatever command.

    Raises :class:`WrongUsage` without a reason or with a review day that is not to come, :class:`Refused` for what
    was erased already.
    """
    reason = wanted.reason.strip()
    if not reason or len(reason) > _LONGEST:
        raise WrongUsage("A hold needs a reason in words, not too long.", "Nothing was changed.")
    if wanted.review <= studio.today():
        raise WrongUsage("The review day of a hold lies ahead.", "Nothing was changed. Name a day that is to come.")
    with studio.archive.transaction(studio.now()) as writing:
        studio.archive.rely_on((wanted.subject,))
        working_member(studio, wanted.by)
        studio.archive.subjects.line(wanted.subject)
        gone = studio.archive.keys.gone().get(wanted.subject, frozenset())
        if _KEEPS[wanted.what] <= gone:
            raise Refused("What the hold is to keep was erased already.", "Nothing was changed.")
        made = LegalHold(new_id(), wanted.subject, wanted.what, reason, wanted.review, wanted.by, writing.now)
        studio.archive.holds.add(writing, made)
        told = canonical({"by": made.by, "subject": made.subject, "class": made.what.value})
        entry = studio.archive.journal.append(writing, "hold-added", made.id, told)
    studio.acknowledge(made.id, entry.hash)
    return made, Changes.SUBJECTS | Changes.JOURNAL


@dataclass(frozen=True, slots=True)
class Released:
    """The hold that ended, and the erasures that waited for it and went on now."""

    hold: LegalHold
    finished: tuple[Erasure, ...]


def release_hold(studio: OpenStudio, id: str, by: PersonId) -> tuple[Released, Changes]:
    """End a hold, then finish what waited for it; the row stays.

    Raises :class:`WrongUsage` for an id nobody knows or a hold that ended already.
    """
    with studio.archive.transaction(studio.now()) as writing:
        working_member(studio, by)
        before = studio.archive.holds.get(id)
        studio.archive.rely_on((before.subject,))
        if before.released is not None:
            raise WrongUsage("This hold was released already.", "Nothing was changed.")
        after = replace(before, released=Release(writing.now, by))
        studio.archive.holds.put(writing, after)
        told = canonical({"by": by, "subject": after.subject, "class": after.what.value})
        entry = studio.archive.journal.append(writing, "hold-released", after.id, told)
    studio.acknowledge(after.id, entry.hash)
    finished, changes = carry_out(studio, proof=True)
    return Released(after, finished), Changes.SUBJECTS | Changes.JOURNAL | changes


def require_no_hold(studio: OpenStudio, subject: SubjectId) -> None:
    """Raise :class:`UnderHold` while any hold on photos or proof of ``subject`` stands."""
    if standing := barring(studio.archive.holds.of([subject]), portrait=True, evidence=True):
        raise UnderHold(standing)
