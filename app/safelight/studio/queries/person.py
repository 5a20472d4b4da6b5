"""One person's page: what is known of them, what they answered, their photos, what left and what they were given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from safelight.domain.consent import ConsentState
from safelight.domain.ids import PhotoGuid, ScopeId, SubjectId
from safelight.domain.people import Subject
from safelight.domain.session import Session
from safelight.studio.consent_snapshots import standing_of
from safelight.studio.open_studio import OpenStudio
from safelight.studio.queries.ledger import PastDelivery, Sent, deliveries_to, sent_of
from safelight.studio.queries.people import SubjectRow, rows_of, same_people
from safelight.studio.queries.sessions import session_of


@dataclass(frozen=True, slots=True)
class PersonPage:
    """Everything about one person; ``same`` are their entries in other sessions."""

    subject: Subject
    session: Session
    same: tuple[SubjectRow, ...]
    photos: tuple[PhotoGuid, ...]
    states: Mapping[ScopeId, ConsentState]
    sent: tuple[Sent, ...]
    delivered: tuple[PastDelivery, ...]


def person_page(studio: OpenStudio, id: SubjectId) -> PersonPage:
    """The page of one person; :class:`WrongUsage` if unknown, :class:`Refused` if erased."""
    return PersonPage(
        subject=studio.archive.subjects.get(id),
        session=session_of(studio, id),
        same=rows_of(studio, same_people(studio, id)),
        photos=tuple(each.guid for each in studio.archive.photos.of_subject(id)),
        states=dict(sorted(standing_of(studio, id).snapshot.states.items())),
        sent=sent_of(studio, id),
        delivered=deliveries_to(studio, id),
    )
