"""Sessions: who photographs whom, where, on which days, for which uses; opened, changed, opened again like another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from safelight.documents.countries import country_code
from safelight.documents.jcs import canonical
from safelight.domain.changes import Changes
from safelight.domain.days import local_day
from safelight.domain.errors import Refused, WrongUsage
from safelight.domain.ids import PersonId, RecipientId, ScopeId, SessionId
from safelight.domain.session import Session, SessionState
from safelight.settings.zones import is_zone, like, machine_zone, offset_minutes
from safelight.studio.open_studio import OpenStudio, new_id
from safelight.studio.queries.sessions import anybody_answered
from safelight.studio.recipients import recipient_named
from safelight.studio.retired_uses import still_asked
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
    days: tuple[date, ...] = ()
    """All days of the shoot where there are several; ``day`` says nothing then."""


@dataclass(frozen=True, slots=True)
class SessionChange:
    """What is to be different; None leaves a field as it is. Uses and recipients by id; 0 frames: no number is planned.

    ``days`` are all days of the shoot, in any order.
    """

    name: str | None = None
    client: str | None = None
    place: str | None = None
    country: str | None = None
    zone: str | None = None
    days: tuple[date, ...] | None = None
    photographer: PersonId | None = None
    offered: tuple[str, ...] | None = None
    recipients: tuple[str, ...] | None = None
    frames_per_subject: int | None = None


def new_session(studio: OpenStudio, wanted: NewSession) -> tuple[Session, Changes]:
    """Open a session; :class:`WrongUsage` for an unknown use, recipient, country, photographer or time zone."""
    now = studio.now()
    zone = _zone(wanted.zone, now)
    country = country_code(wanted.country, "Nothing was added.")
    asked = set(studio.rules.catalogue.asked_ids())
    usual = tuple(each for each in USUAL if each in asked)
    offered = _in_order(studio, usual if wanted.offered == USUAL else wanted.offered)
    recipients = _recipients(studio, wanted.recipients)
    days = _days(wanted.days or (wanted.day or local_day(now, offset_minutes(zone, now)),))
    session = Session(
        SessionId(new_id()),
        _name(wanted.name),
        wanted.client,
        wanted.place,
        country,
        days[0],
        wanted.photographer,
        offered,
        recipients,
        SessionState.OPEN,
        _frames(wanted.frames_per_subject),
        zone,
        days,
    )
    return _opened(studio, session)


def duplicate_session(studio: OpenStudio, id: SessionId, day: date, name: str) -> tuple[Session, Changes]:
    """Open a session like another one, from ``day`` on: same client, place, uses, recipients and planned frames.

    As many days, with the same days between them. Nobody comes over: people are asked anew in each session.
    """
    like_it = studio.archive.sessions.get(id)
    later = day - like_it.day
    if date.max - like_it.days[-1] < later:
        raise WrongUsage("There is no such day in the calendar.", "Nothing was added.")
    session = replace(
        like_it,
        id=SessionId(new_id()),
        name=_name(name),
        day=day,
        days=tuple(each + later for each in like_it.days),
        offered=_in_order(studio, still_asked(studio, like_it).offered),
        state=SessionState.OPEN,
    )
    return _opened(studio, session)


def _opened(studio: OpenStudio, session: Session) -> tuple[Session, Changes]:
    with studio.archive.transaction(studio.now()) as writing:
        working_member(studio, session.photographer)
        studio.archive.sessions.add(writing, session)
        entry = studio.archive.journal.append(writing, "session-opened", session.id, b"")
    studio.acknowledge(session.id, entry.hash)
    return session, Changes.SESSIONS | Changes.JOURNAL


def change_session(
    studio: OpenStudio, id: SessionId, change: SessionChange, by: PersonId
) -> tuple[tuple[Session, tuple[str, ...]], Changes]:
    """Change an open session; returns it and the fields that differ now.

    What was signed stays as it was signed. Once anybody has answered, no use is taken away (what is still on paper
    could not be entered any more), and country and time zone stay, which decide the law and the days of what was
    signed; :class:`Refused` says so. A use that is added is put to whoever has not answered yet, and is "not asked" for
    the others. The journal keeps which fields ``by`` changed.
    """
    now = studio.now()
    with studio.archive.transaction(now) as writing:
        before = still_open(studio, id)
        after = _changed(studio, before, change, now)
        names = (each.name for each in fields(Session))
        differing = tuple(each for each in names if getattr(after, each) != getattr(before, each))
        if not differing:
            return (before, ()), Changes.NONE
        if "photographer" in differing:
            working_member(studio, after.photographer)
        if anybody_answered(studio, id):
            _check_answered(before, after)
        studio.archive.sessions.put(writing, after)
        told = canonical({"by": by, "fields": list(differing)})
        entry = studio.archive.journal.append(writing, "session-changed", id, told)
    studio.acknowledge(id, entry.hash)
    return (after, differing), Changes.SESSIONS | Changes.JOURNAL


def _changed(studio: OpenStudio, before: Session, change: SessionChange, now: datetime) -> Session:
    told: dict[str, Any] = {
        "name": None if change.name is None else _name(change.name),
        "client": change.client,
        "place": change.place,
        "country": None if change.country is None else country_code(change.country, "Nothing was changed."),
        "zone": None if change.zone is None else _zone(change.zone, now),
        "photographer": change.photographer,
        "offered": None if change.offered is None else _in_order(studio, change.offered, before.offered),
        "recipients": None if change.recipients is None else _recipients(studio, change.recipients),
    }
    if change.days is not None:
        days = _days(change.days)
        told |= {"day": days[0], "days": days}
    told = {field: value for field, value in told.items() if value is not None}
    if change.frames_per_subject is not None:
        told["frames_per_subject"] = _frames(change.frames_per_subject)
    return replace(before, **told)


def _check_answered(before: Session, after: Session) -> None:
    if gone := [each for each in before.offered if each not in after.offered]:
        raise Refused(
            f"'{gone[0]}' was put to people of this session already and cannot be taken away.",
            "Nothing was changed. Uses can be added; 'session duplicate' opens a session that asks less.",
        )
    if (before.country, before.zone) != (after.country, after.zone):
        raise Refused(
            "People have answered here under the law and by the clock of this place.",
            "Nothing was changed. 'session duplicate' opens a session that can be moved elsewhere.",
        )


def _name(wanted: str) -> str:
    name = " ".join(wanted.split())
    if not name:
        raise WrongUsage("A session needs a name.", "Nothing was changed.")
    return name


def _days(wanted: Iterable[date]) -> tuple[date, ...]:
    days = tuple(sorted(set(wanted)))
    if not days:
        raise WrongUsage("A session needs a day.", "Nothing was changed.")
    return days


def _frames(wanted: int | None) -> int | None:
    if wanted is not None and not 0 <= wanted <= 10_000:
        raise WrongUsage("So many frames a person are never planned.", "Nothing was changed; 0 plans no number.")
    return wanted or None


def _recipients(studio: OpenStudio, wanted: Iterable[str]) -> tuple[RecipientId, ...]:
    recipients: dict[RecipientId, None] = {}
    for each in wanted:
        found = recipient_named(studio, each)
        if found is None:
            raise WrongUsage(
                f"'{each[:60]}' is not among the studio's recipients.",
                "Add its card first, or 'recipient add --name' without one.",
            )
        recipients[found] = None
    return tuple(recipients)


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


def still_open(studio: OpenStudio, id: SessionId) -> Session:
    """As :func:`must_be_open`, of the session as it is kept now; :class:`Malformed` if its rows were changed."""
    studio.archive.rely_on((id,))
    return must_be_open(studio.archive.sessions.get(id))


def _in_order(
    studio: OpenStudio, wanted: tuple[str, ...], before: tuple[ScopeId, ...] = ()
) -> tuple[ScopeId, ...]:
    """The uses ``wanted`` in the order they are asked, and those of ``before`` that are no longer asked: they were."""
    catalogue = studio.rules.catalogue
    asked = set(catalogue.asked_ids())
    retired = tuple(each for each in before if each not in asked)
    chosen = {catalogue.scope(each).id for each in wanted if each not in retired}
    if gone := sorted(chosen & {each.id for each in catalogue.retired}):
        raise WrongUsage(f"'{gone[0]}' is no longer asked.", "Leave it out; what was signed about it stays as it is.")
    if notices := sorted(chosen - asked):
        raise WrongUsage(f"'{notices[0]}' is a notice, not a question.", "Leave it out: everybody is told it anyway.")
    if not chosen:
        raise WrongUsage("A session must ask for at least one use.")
    return (*(each for each in catalogue.asked_ids() if each in chosen), *retired)
