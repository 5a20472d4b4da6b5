"""What is left to do in a session: photos of nobody, people without answers, photos or guardians, checks to be made."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from safelight.domain.ids import SubjectId
from safelight.domain.people import is_minor
from safelight.domain.session import Session
from safelight.studio.consent_snapshots import standing_of
from safelight.studio.counted_validations import CountedValidations
from safelight.studio.lookup import photo_lines
from safelight.studio.open_studio import OpenStudio
from safelight.studio.photos import PersonRow, PhotoRow, list_photos, people_of


@dataclass(frozen=True, slots=True)
class OpenPoints:
    """Each list in the order people and photos were added; all empty when nothing is left."""

    unassigned: tuple[PhotoRow, ...]
    flagged: tuple[PhotoRow, ...]
    unanswered: tuple[PersonRow, ...]
    without_photos: tuple[PersonRow, ...]
    without_guardian: tuple[PersonRow, ...]
    unchecked: tuple[PersonRow, ...]
    """People who allowed something that needs a second person's check, which has not been made."""

    def __bool__(self) -> bool:
        """Whether anything is left."""
        return any((self.unassigned, self.flagged, self.unanswered, self.without_photos, self.without_guardian,
                    self.unchecked))  # fmt: skip


def open_points(studio: OpenStudio, session: Session) -> OpenPoints:
    """Look through a session; nothing is changed."""
    people = people_of(studio, session.id)
    photos = Counter(each for line in photo_lines(studio, session.id) for each in line.subjects)
    signed = {who for _, who in studio.archive.consents.receipt_ids(session.id)}
    listed = list_photos(studio, session)
    return OpenPoints(
        unassigned=tuple(each for each in listed if not each.people),
        flagged=tuple(each for each in listed if each.flagged),
        unanswered=tuple(row for id, row in people.items() if id not in signed),
        without_photos=tuple(row for id, row in people.items() if not photos[id]),
        without_guardian=tuple(people[id] for id in _without_guardian(studio, session) if id in people),
        unchecked=tuple(row for id, row in people.items() if id in signed and _is_unchecked(studio, id)),
    )


def _without_guardian(studio: OpenStudio, session: Session) -> list[SubjectId]:
    place = studio.rules.jurisdictions.of(session.country)
    known = studio.archive.subjects.opened(session.id)
    day, under = studio.now_at(session).age_day, place.guardian_under
    return [each.id for each in known if is_minor(each.born, day, under) and not each.guardians]


def _is_unchecked(studio: OpenStudio, subject: SubjectId) -> bool:
    standing = standing_of(studio, subject)
    checks = CountedValidations(studio)
    for state in standing.snapshot.states.values():
        if state.given and studio.rules.catalogue.scope(state.scope).needs_validation:
            checked = checks.of(standing.receipt_of(state.record))
            if checked is None or not checked.independent:
                return True
    return False
