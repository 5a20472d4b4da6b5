"""Sessions and the people of the studio: who photographs whom, where, for which uses."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from safelight.domain.changes import Changes
from safelight.domain.errors import WrongUsage
from safelight.domain.ids import Country, PersonId, ScopeId, SessionId, is_country
from safelight.domain.people import Role, StaffMember
from safelight.domain.session import Session, SessionState
from safelight.studio.open_studio import OpenStudio, new_id

USUAL = ("use.portfolio", "use.directory", "use.social", "use.editorial", "ai.retouch")
"""What an ordinary headshot job asks: few enough to read in the time there is."""


def add_staff(studio: OpenStudio, name: str, roles: frozenset[Role]) -> tuple[StaffMember, Changes]:
    """A person of the studio; photographers take consents and pictures, reviewers check them."""
    if not name.strip():
        raise WrongUsage("A person of the studio needs a name.")
    member = StaffMember(PersonId(new_id()), name.strip(), roles)
    with studio.archive.transaction(studio.now()) as writing:
        studio.archive.staff.add(writing, member)
        studio.archive.journal.append(writing, "staff-added", member.id, b"")
    studio.acknowledge(member.id, "")
    return member, Changes.PEOPLE


def find_staff(studio: OpenStudio, wanted: str) -> StaffMember:
    """The person with this id or, when only one has it, this name."""
    members = studio.archive.staff.list()
    found = [each for each in members if each.id == wanted or each.name.casefold() == wanted.strip().casefold()]
    if len(found) == 1:
        return found[0]
    known = ", ".join(sorted(each.name for each in members)) or "nobody yet"
    raise WrongUsage(f"There is no single person called '{wanted[:60]}' in this studio.", f"Known: {known}.")


@dataclass(frozen=True, slots=True)
class NewSession:
    """What a session needs to be told; uses and recipients by id."""

    name: str
    client: str
    place: str
    country: str
    day: date
    photographer: PersonId
    offered: tuple[str, ...] = USUAL
    recipients: tuple[str, ...] = ()
    frames_per_subject: int | None = None


def new_session(studio: OpenStudio, wanted: NewSession) -> tuple[Session, Changes]:
    """Open a session; raises :class:`WrongUsage` for an unknown use, recipient or country."""
    if not is_country(wanted.country):
        raise WrongUsage(f"'{wanted.country[:20]}' is not a country code.", "Write two capital letters, like DE.")
    offered = _in_order(studio, wanted.offered)
    known = {each.recipient.id: each.recipient for each in studio.archive.recipients.list()}
    recipients = []
    for each in wanted.recipients:
        found = [id for id, recipient in known.items() if each in (id, recipient.name)]
        if len(found) != 1:
            raise WrongUsage(f"'{each[:60]}' is not among the studio's recipients.", "Add its card first.")
        recipients.append(found[0])
    session = Session(
        SessionId(new_id()),
        wanted.name,
        wanted.client,
        wanted.place,
        Country(wanted.country),
        wanted.day,
        wanted.photographer,
        offered,
        tuple(recipients),
        SessionState.OPEN,
        wanted.frames_per_subject,
    )
    with studio.archive.transaction(studio.now()) as writing:
        studio.archive.sessions.add(writing, session)
        entry = studio.archive.journal.append(writing, "session-opened", session.id, b"")
    studio.acknowledge(session.id, entry.hash)
    return session, Changes.SESSIONS


def find_session(studio: OpenStudio, wanted: str) -> Session:
    """The session with this id or, when only one has it, this name."""
    sessions = studio.archive.sessions.list()
    found = [each for each in sessions if each.id == wanted or each.name.casefold() == wanted.strip().casefold()]
    if len(found) == 1:
        return found[0]
    problem = "There is no session" if not found else "There is more than one session"
    raise WrongUsage(f"{problem} called '{wanted[:60]}'.", "'session list' shows the ids.")


def close_session(studio: OpenStudio, session: Session) -> tuple[Session, Changes]:
    """Close a session: no more photos or subjects; consents can still be recorded and withdrawn."""
    closed = replace(session, state=SessionState.CLOSED)
    with studio.archive.transaction(studio.now()) as writing:
        studio.archive.sessions.put(writing, closed)
        entry = studio.archive.journal.append(writing, "session-closed", session.id, b"")
    studio.acknowledge(session.id, entry.hash)
    return closed, Changes.SESSIONS


def must_be_open(session: Session) -> Session:
    """``session``, unless it was closed."""
    if session.state is SessionState.CLOSED:
        raise WrongUsage(f"The session '{session.name}' is closed.", "Nothing was added; open a new session.")
    return session


def _in_order(studio: OpenStudio, wanted: tuple[str, ...]) -> tuple[ScopeId, ...]:
    catalogue = studio.rules.catalogue
    chosen = {catalogue.scope(each).id for each in wanted}
    if notices := sorted(chosen - set(catalogue.asked_ids())):
        raise WrongUsage(f"'{notices[0]}' is a notice, not a question.", "Leave it out: everybody is told it anyway.")
    if not chosen:
        raise WrongUsage("A session must ask for at least one use.")
    return tuple(each for each in catalogue.asked_ids() if each in chosen)
