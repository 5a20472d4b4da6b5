"""Takes back what somebody allowed: every record that ends, its bit, and whoever must be told, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from safelight.documents.jcs import canonical
from safelight.documents.withdrawal_notices import PhotoReason, PhotoState
from safelight.domain.changes import Changes
from safelight.domain.consent import ConsentState, EventKind
from safelight.domain.errors import WrongUsage
from safelight.domain.ids import PersonId, PhotoGuid, RecipientId, SubjectId
from safelight.domain.people import Role
from safelight.domain.photo import shot_of
from safelight.domain.withdrawal import Channel, Withdrawal
from safelight.storage.rows import SignedMessage
from safelight.storage.transaction import Transaction
from safelight.studio.ending import Actor, EndedUse, end_yeses
from safelight.studio.journal_kinds import CONSENT_WITHDRAWN
from safelight.studio.open_studio import OpenStudio, new_id
from safelight.studio.outgoing_notices import StoppedPhoto, tell_recipients
from safelight.studio.queries.people import same_people
from safelight.studio.queries.sessions import session_of


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What a withdrawal did: the yeses that ended, the photos struck out, and the notices that were issued.

    ``id`` is the number on its receipt, which the journal's entry of it names as well.
    ``people`` are the entries of the person that were looked at, first the one that was named. Nothing ended where
    nothing was allowed any more: that is no error, and is told so.
    """

    id: str
    withdrawal: Withdrawal
    at: datetime
    people: tuple[SubjectId, ...]
    ended: tuple[EndedUse, ...]
    struck_out: tuple[PhotoGuid, ...]
    notices: tuple[SignedMessage, ...]

    @property
    def recipients(self) -> tuple[RecipientId, ...]:
        """Who was told, each once."""
        return tuple(dict.fromkeys(each.recipient for each in self.notices))


def withdraw(studio: OpenStudio, wanted: Withdrawal) -> tuple[Withdrawn, Changes]:
    """Take back what ``wanted`` names, for every entry of the person: events, status bits and notices together.

    No reason, no PIN, no signature is asked for. What is no standing yes is passed over. Raises :class:`WrongUsage`
    for a photo that does not show the person.
    """
    with studio.archive.transaction(studio.now()) as writing:
        people = (wanted.subject, *same_people(studio, wanted.subject))
        studio.archive.rely_on(people, ("status",))
        stopped = _strike_out(studio, writing, wanted.photo, people) if wanted.photo is not None else ()
        ended = _end(studio, writing, wanted, people) if wanted.photo is None else ()
        notices = tell_recipients(studio, writing, [each.told for each in ended], stopped)
        id = new_id()
        entry = _note(studio, writing, id, wanted, ended, stopped)
        done = Withdrawn(id, wanted, writing.now, people, ended, tuple(each.photo for each in stopped), notices)
    studio.acknowledge(wanted.subject, entry)
    changes = Changes.CONSENTS | Changes.JOURNAL | (Changes.BUNDLES if notices else Changes.NONE)
    return done, changes | (Changes.PHOTOS if stopped else Changes.NONE)


def left_company(studio: OpenStudio, subject: SubjectId, entered_by: PersonId | None) -> tuple[Withdrawn, Changes]:
    """Somebody left their employer or club: what they allowed it as one of its people ends, and it is told so."""
    catalogue = studio.rules.catalogue
    uses = frozenset(each.id for each in (*catalogue.asked(), *catalogue.retired) if each.ends_on_leaving)
    return withdraw(studio, Withdrawal(subject, Role.SUBJECT, Channel.STUDIO, uses, entered_by))


def _end(
    studio: OpenStudio, writing: Transaction, wanted: Withdrawal, people: Sequence[SubjectId]
) -> tuple[EndedUse, ...]:
    actor = Actor(wanted.by, wanted.channel, wanted.entered_by)

    def kind_of(state: ConsentState) -> EventKind | None:
        return EventKind.WITHDRAWN if wanted.uses is None or state.scope in wanted.uses else None

    ended: list[EndedUse] = []
    for person in people:
        here = studio.place_time(writing.now, session_of(studio, person))
        ended += end_yeses(studio, writing, person, kind_of, actor, here)
    return tuple(ended)


def _strike_out(
    studio: OpenStudio, writing: Transaction, guid: PhotoGuid, people: Sequence[SubjectId]
) -> tuple[StoppedPhoto, ...]:
    """Strike one shot out for the person: of a raw file and its JPEG both, whichever was named."""
    photo = studio.archive.photos.get(guid)
    mine = next((each for each in people if each in photo.subjects), None)
    if mine is None:
        raise WrongUsage(
            "This photo does not show the person.", "Nothing was changed. The person's page shows their photos."
        )
    stopped = []
    for each in studio.archive.photos.of_subject(mine):
        if shot_of(each) != shot_of(photo):
            continue
        if mine not in each.vetoed_by:
            studio.archive.photos.put(writing, replace(each, vetoed_by=(*each.vetoed_by, mine)))
            studio.archive.journal.append(writing, "photo-struck-out", each.guid, mine.encode(), mine)
        stopped.append(StoppedPhoto(each.guid, PhotoState.WITHHELD, PhotoReason.STRUCK_OUT, writing.now))
    return tuple(stopped)


def _note(
    studio: OpenStudio,
    writing: Transaction,
    id: str,
    wanted: Withdrawal,
    ended: Sequence[EndedUse],
    stopped: Sequence[StoppedPhoto],
) -> str:
    told = {
        "id": id,
        "by": wanted.by.value,
        "channel": wanted.channel.value,
        "entered_by": wanted.entered_by,
        "uses": None if wanted.uses is None else sorted(wanted.uses),
        "records": [each.record for each in ended],
        "photos": [each.photo for each in stopped],
    }
    person = wanted.subject
    return studio.archive.journal.append(writing, CONSENT_WITHDRAWN, person, canonical(told), person).hash
