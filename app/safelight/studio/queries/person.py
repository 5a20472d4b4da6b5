"""One person's page: what is known of them, what they answered, their photos, what left and what they were given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from safelight.domain.consent import ConsentState
from safelight.domain.culling import UNCULLED
from safelight.domain.ids import PhotoGuid, ScopeId, SubjectId
from safelight.domain.people import Subject
from safelight.domain.photo import shot_of
from safelight.domain.session import Session
from safelight.studio.consent_snapshots import standing_of
from safelight.studio.corrections import CorrectionRow, correction_rows
from safelight.studio.open_studio import OpenStudio
from safelight.studio.queries.ledger import PastDelivery, Sent, deliveries_to, sent_of
from safelight.studio.queries.people import SubjectRow, rows_of, same_people
from safelight.studio.queries.sessions import session_of


@dataclass(frozen=True, slots=True)
class PersonPage:
    """Everything about one person; ``same`` are their entries in other sessions.

    Their photos in the order they came in, without what is in the bin.
    """

    subject: Subject
    session: Session
    same: tuple[SubjectRow, ...]
    photos: tuple[PhotoGuid, ...]
    states: Mapping[ScopeId, ConsentState]
    sent: tuple[Sent, ...]
    delivered: tuple[PastDelivery, ...]
    corrections: tuple[CorrectionRow, ...]


def person_page(studio: OpenStudio, id: SubjectId) -> PersonPage:
    """The page of one person; :class:`WrongUsage` if unknown, :class:`Refused` if erased.

    :class:`Malformed` if rows about them are not as they were left: what it would say of their answers may be untrue.
    """
    studio.archive.rely_on((id,))
    return PersonPage(
        subject=studio.archive.subjects.get(id),
        session=session_of(studio, id),
        same=rows_of(studio, same_people(studio, id)),
        photos=_photos(studio, id),
        states=dict(sorted(standing_of(studio, id).snapshot.states.items())),
        sent=sent_of(studio, id),
        delivered=deliveries_to(studio, id),
        corrections=correction_rows(studio, id),
    )


def _photos(studio: OpenStudio, id: SubjectId) -> tuple[PhotoGuid, ...]:
    mine = studio.archive.photos.of_subject(id)
    culled = studio.archive.culling.of_shots({shot_of(each) for each in mine})
    return tuple(each.guid for each in mine if not culled.get(shot_of(each), UNCULLED).hidden)
