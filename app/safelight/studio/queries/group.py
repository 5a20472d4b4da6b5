"""What a group of people of a session allows together, use by use: live while they stand on set."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from safelight.domain.group_consent import GroupUse, group_uses
from safelight.domain.ids import Country, PhotoGuid, RecipientId, ScopeId, SubjectId
from safelight.domain.session import Session
from safelight.domain.usage import Question
from safelight.studio.consent_snapshots import standing_of
from safelight.studio.open_studio import OpenStudio
from safelight.studio.queries.permissions import today_of
from safelight.studio.retired_uses import reading_catalogue, still_asked


def group_answers(
    studio: OpenStudio,
    session: Session,
    subjects: Sequence[SubjectId],
    place: Country | None = None,
    recipient: RecipientId | None = None,
    day: date | None = None,
    uses: Sequence[ScopeId] = (),
) -> tuple[GroupUse, ...]:
    """For each of ``uses`` (none: what the session asks) whether all of them allow it, or who does not.

    ``place`` None asks for the country of the session, ``recipient`` None for the studio itself, ``day`` None for today
    there. It is about people: a picture that one of them struck out stays, whatever all of them allow.
    """
    people = {each: standing_of(studio, each).snapshot for each in dict.fromkeys(subjects)}
    asked = Question(
        PhotoGuid(""), ScopeId(""), place or session.country, day or today_of(studio, session), recipient
    )
    looked_at = uses or still_asked(studio, session).offered
    return group_uses(people, looked_at, asked, reading_catalogue(studio, *looked_at), studio.rules.adequacy.eea)
