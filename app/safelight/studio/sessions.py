"""Sessions: who photographs whom, where, for which uses."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from safelight.documents.countries import country_code
from safelight.domain.changes import Changes
from safelight.domain.days import local_day
from safelight.domain.errors import WrongUsage
from safelight.domain.ids import PersonId, ScopeId, SessionId
from safelight.domain.session import Session, SessionState
from safelight.settings.zones import is_zone, like, machine_zone, offset_minutes
from safelight.studio.open_studio import OpenStudio, new_id
from safelight.studio.recipients import recipient_named
from safelight.studio.staff import working_member

USUAL = ("use.portfolio", "use.directory", "use.social", "use.editorial", "ai.retouch")
"""What an ordinary headshot job asks: few enough to read in the time there is."""


@dataclass(frozen=True, slots=True)
class NewSession:
    """What a session needs to be told; uses and recipients by id.

    ``zone`` is the IANA time zone of the place (None: this machine's); ``day`` of the shoot, None is today there.
    """

    name: str
    client: str
    place: str
    country: str
    day: date | None
    photographer: PersonId
    offered: tuple[str, ...] = USUAL
    recipients: tuple[str, ...] = ()
    frames_per_subject: int | None = None
    zone: str | None = None


def new_session(studio: OpenStudio, wanted: NewSession) -> tuple[Session, Changes]:
    """Open a session; :class:`WrongUsage` for an unknown use, recipient, country, photographer or time zone."""
    now = studio.now()
    zone = _zone(wanted.zone, now)
    country = country_code(wanted.country, "Nothing was added.")
    offered = _in_order(studio, wanted.offered)
    recipients = []
    for each in wanted.recipients:
        found = recipient_named(studio, each)
        if found is None:
            raise WrongUsage(
                f"'{each[:60]}' is not among the studio's recipients.",
                "Add its card first, or 'recipient add --name' without one.",
            )
        recipients.append(found)
    session = Session(
        SessionId(new_id()),
        wanted.name,
        wanted.client,
        wanted.place,
        country,
        wanted.day or local_day(now, offset_minutes(zone, now)),
        wanted.photographer,
        offered,
        tuple(recipients),
        SessionState.OPEN,
        wanted.frames_per_subject,
        zone,
    )
    with studio.archive.transaction(now) as writing:
        working_member(studio, wanted.photographer)
        studio.archive.sessions.add(writing, session)
        entry = studio.archive.journal.append(writing, "session-opened", session.id, b"")
    studio.acknowledge(session.id, entry.hash)
    return session, Changes.SESSIONS | Changes.JOURNAL


def _zone(wanted: str | None, now: datetime) -> str:
    """The zone that was asked for, or this machine's."""
    if wanted is None:
        found = machine_zone(now)
        if found is None:
            raise WrongUsage(
                "This machine does not say in which time zone it is, and the days of a session are counted there.",
                "Name the zone of the place, like Europe/Berlin (--zone). Nothing was added.",
            )
        return found
    if is_zone(wanted):
        return wanted
    meant = like(wanted)
    hint = f"Did you mean {meant}?" if meant else "Write its IANA name, like Europe/Berlin or America/Los_Angeles."
    raise WrongUsage(f"'{wanted[:60]}' is not a time zone.", f"{hint} Nothing was added.")


def close_session(studio: OpenStudio, session: Session) -> tuple[Session, Changes]:
    """Close a session: no more photos or subjects; consents can still be recorded and withdrawn.

    :func:`~safelight.studio.queries.open_points.open_points` tells what is left to do; closing does not wait for it.
    """
    return _now_is(studio, session, SessionState.CLOSED, "session-closed")


def reopen_session(studio: OpenStudio, session: Session) -> tuple[Session, Changes]:
    """Open a closed session again; the journal keeps both."""
    return _now_is(studio, session, SessionState.OPEN, "session-reopened")


def _now_is(studio: OpenStudio, session: Session, state: SessionState, kind: str) -> tuple[Session, Changes]:
    with studio.archive.transaction(studio.now()) as writing:
        current = studio.archive.sessions.get(session.id)
        if current.state is state:
            return current, Changes.NONE
        after = replace(current, state=state)
        studio.archive.sessions.put(writing, after)
        entry = studio.archive.journal.append(writing, kind, session.id, b"")
    studio.acknowledge(session.id, entry.hash)
    return after, Changes.SESSIONS | Changes.JOURNAL


WORKING = frozenset({SessionState.OPEN})
"""The states in which a session takes in people and photos."""


def must_be_open(session: Session) -> Session:
    """``session``, if its state is one in which work goes on; anything else, whatever it is called, refuses."""
    if session.state not in WORKING:
        raise WrongUsage(
            f"The session '{session.name}' is {session.state.value}.",
            "Nothing was added. 'session reopen' opens it again, or open a new session.",
        )
    return session


def _in_order(studio: OpenStudio, wanted: tuple[str, ...]) -> tuple[ScopeId, ...]:
    catalogue = studio.rules.catalogue
    chosen = {catalogue.scope(each).id for each in wanted}
    if notices := sorted(chosen - set(catalogue.asked_ids())):
        raise WrongUsage(f"'{notices[0]}' is a notice, not a question.", "Leave it out: everybody is told it anyway.")
    if not chosen:
        raise WrongUsage("A session must ask for at least one use.")
    return tuple(each for each in catalogue.asked_ids() if each in chosen)
