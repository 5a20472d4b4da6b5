"""Who allows a use, somewhere, on a day, for somebody: the people of a session or of the whole studio, and why not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from safelight.domain.ids import Country, PhotoGuid, RecipientId, ScopeId, SessionId, SubjectId
from safelight.domain.session import Session
from safelight.domain.usage import Blocker, ConsentSnapshot, Question, may
from safelight.studio.consent_snapshots import snapshots_of_all
from safelight.studio.open_studio import OpenStudio
from safelight.studio.queries.people import subject_rows
from safelight.studio.retired_uses import reading_catalogue
from safelight.studio.staying import BLOCKER_WORDS

_NOTHING_SAID = ConsentSnapshot({})


@dataclass(frozen=True, slots=True)
class PermissionRow:
    """One person's answer as it counts that day: ``until`` is the last day of a yes; a no has a blocker and words."""

    subject: SubjectId
    short: str
    name: str
    session: SessionId
    session_name: str
    allowed: bool
    until: date | None
    blocker: Blocker | None
    why: str


def today_of(studio: OpenStudio, within: Session | None) -> date:
    """Today at the place of the session; by UTC where none is named, as sessions may be anywhere."""
    return studio.now_at(within).day if within else studio.today()


def who_allows(
    studio: OpenStudio,
    use: ScopeId,
    place: Country,
    recipient: RecipientId | None = None,
    within: Session | None = None,
    day: date | None = None,
) -> tuple[PermissionRow, ...]:
    """Everybody (of one session) with what they say to this use, in the order they were added.

    ``recipient`` None asks for the studio itself, ``day`` None for today (:func:`today_of`). It is about people, not
    pictures: a photo that somebody struck out, that shows somebody else as well, or that waits for a second person's
    check still stays; an export decides that. Raises :class:`WrongUsage` for a use nobody knows.
    """
    catalogue = reading_catalogue(studio, use)
    asked = catalogue.scope(use).id
    question = Question(PhotoGuid(""), asked, place, day or today_of(studio, within), recipient)
    studio.archive.rely_on(studio.archive.subjects.ids(within.id if within else None))
    snapshots = snapshots_of_all(studio, within.id if within else None)
    rows = []
    for each in subject_rows(studio, within):
        said = may(question, [snapshots.get(each.id, _NOTHING_SAID)], catalogue, studio.rules.adequacy.eea)
        why = BLOCKER_WORDS[said.blocker] if said.blocker else ""
        rows.append(
            PermissionRow(
                each.id, each.short, each.name, each.session, each.session_name, said.allowed, said.expires,
                said.blocker, why,
            )
        )  # fmt: skip
    return tuple(rows)
