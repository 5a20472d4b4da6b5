"""The register of what people ask for under the law: entered, given more time with a reason, answered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from safelight.documents.jcs import canonical
from safelight.domain.changes import Changes
from safelight.domain.errors import WrongUsage
from safelight.domain.ids import PersonId, RequestId, SubjectId
from safelight.domain.people import Role
from safelight.domain.requests import RequestKind, RightsRequest, answered, due_day, extended
from safelight.domain.withdrawal import Channel
from safelight.storage.transaction import Transaction
from safelight.studio.open_studio import OpenStudio, new_id

CHANGED = Changes.REQUESTS | Changes.JOURNAL


@dataclass(frozen=True, slots=True)
class NewRequest:
    """What somebody asks for, as it is entered; ``received`` is the day it came in, None for today."""

    subject: SubjectId
    kind: RequestKind
    received: date | None = None
    channel: Channel = Channel.IN_PERSON
    by: Role = Role.SUBJECT
    entered_by: PersonId | None = None
    identity: str = ""


def new_request(studio: OpenStudio, wanted: NewRequest) -> tuple[RightsRequest, Changes]:
    """Enter a request; its last day follows from the law where the studio is and where the person lives.

    Raises :class:`WrongUsage` for a day that is still to come, or for who cannot ask.
    """
    today = studio.today()
    received = wanted.received or today
    if received > today:
        raise WrongUsage(f"{received} is still to come.", "Nothing was entered; give the day the request came in.")
    if wanted.by not in (Role.SUBJECT, Role.GUARDIAN):
        raise WrongUsage("A request is the person's own, or a guardian's.", "Nothing was entered.")
    with studio.archive.transaction(studio.now()) as writing:
        person = studio.archive.subjects.get(wanted.subject)
        places = studio.rules.jurisdictions
        due = due_day(received, map(places.of, {studio.identity.country, person.country}))
        made = RightsRequest(
            RequestId(new_id()), person.id, wanted.kind, received, writing.now, wanted.channel, wanted.by,
            wanted.entered_by, due, identity=wanted.identity.strip(),
        )  # fmt: skip
        studio.archive.requests.add(writing, made)
        entry = _note(studio, writing, "request-received", made, wanted.entered_by)
    studio.acknowledge(made.subject, entry)
    return made, CHANGED


def answer_request(
    studio: OpenStudio, id: RequestId, *, refused: bool, reason: str, by: PersonId | None
) -> tuple[RightsRequest, Changes]:
    """Note that a request was answered, or refused and on which ground; an answer is never taken back."""
    with studio.archive.transaction(studio.now()) as writing:
        made = close_request(studio, writing, id, refused=refused, reason=reason, by=by)
    studio.acknowledge(made.subject, "")
    return made, CHANGED


def close_request(
    studio: OpenStudio, writing: Transaction, id: RequestId, *, refused: bool, reason: str, by: PersonId | None
) -> RightsRequest:
    """As :func:`answer_request`, inside the transaction of what answers it."""
    before = _relied_on(studio, id)
    after = answered(before, writing.now, refused=refused, reason=reason)
    studio.archive.requests.put(writing, after)
    _note(studio, writing, "request-answered", after, by)
    return after


def extend_request(
    studio: OpenStudio, id: RequestId, reason: str, by: PersonId | None
) -> tuple[RightsRequest, Changes]:
    """Give a request two months more, once, while its last day is not past; the reason is told to the person."""
    with studio.archive.transaction(studio.now()) as writing:
        after = extended(_relied_on(studio, id), studio.today(), reason)
        studio.archive.requests.put(writing, after)
        entry = _note(studio, writing, "request-extended", after, by)
    studio.acknowledge(after.subject, entry)
    return after, CHANGED


def note_identity(
    studio: OpenStudio, id: RequestId, how: str, by: PersonId | None
) -> tuple[RightsRequest, Changes]:
    """Note how the person who asks showed who they are; what was noted before stays in the journal."""
    with studio.archive.transaction(studio.now()) as writing:
        after = replace(_relied_on(studio, id), identity=how)
        studio.archive.requests.put(writing, after)
        entry = _note(studio, writing, "request-identified", after, by)
    studio.acknowledge(after.subject, entry)
    return after, CHANGED


def waiting_of(studio: OpenStudio, subject: SubjectId, *kinds: RequestKind) -> tuple[RightsRequest, ...]:
    """The requests of one person for these that are still to be answered, the oldest first."""
    return tuple(each for each in studio.archive.requests.of(subject) if each.waiting and each.kind in kinds)


def _relied_on(studio: OpenStudio, id: RequestId) -> RightsRequest:
    made = studio.archive.requests.get(id)
    studio.archive.rely_on((made.subject,))
    return made


def _note(studio: OpenStudio, writing: Transaction, kind: str, made: RightsRequest, by: PersonId | None) -> str:
    # What somebody asked for is about them: it is under their key, and goes with it.
    told = {"request": made.id, "kind": made.kind.value, "state": made.state.value, "due": made.due.isoformat(),
            "by": by or "", "identity": made.identity, "reason": made.reason or made.extended_because}  # fmt: skip
    return studio.archive.journal.append(writing, kind, made.subject, canonical(told), made.subject).hash
