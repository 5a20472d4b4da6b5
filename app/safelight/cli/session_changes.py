"""Commands that change a session, and that open one like another."""

from __future__ import annotations

import argparse
from datetime import date

from safelight.cli.opening import day, opened, uses
from safelight.cli.output import Output
from safelight.documents.plain import to_plain
from safelight.domain.errors import ExitCode
from safelight.domain.session import Session
from safelight.studio import sessions
from safelight.studio.open_studio import OpenStudio
from safelight.studio.queries.lookup import find_session
from safelight.studio.staff import find_staff


def run_change(given: argparse.Namespace, output: Output) -> ExitCode:
    """``session change``."""
    with opened(given, output) as studio:
        session = find_session(studio, given.session)
        change = sessions.SessionChange(
            name=given.name,
            client=given.client,
            place=given.place,
            country=given.country,
            zone=given.zone,
            days=days_of(studio, given.day),
            photographer=find_staff(studio, given.photographer).id if given.photographer else None,
            offered=uses(given.offer) if given.offer else None,
            recipients=() if given.no_recipients else tuple(given.recipient) or None,
            frames_per_subject=given.frames,
        )
        by = find_staff(studio, given.by).id if given.by else session.photographer
        (session, differing), _ = sessions.change_session(studio, session.id, change, by)
    told = f"changed: {', '.join(differing)}" if differing else "nothing was different"
    output.result(to_plain(session) | {"changed": list(differing)}, f"{session.id}  {session.name}", told)
    return ExitCode.DONE


def run_duplicate(given: argparse.Namespace, output: Output) -> ExitCode:
    """``session duplicate``."""
    with opened(given, output) as studio:
        like_it = find_session(studio, given.session)
        first = day(given.day, studio.today())
        session, _ = sessions.duplicate_session(studio, like_it.id, first, given.name)
    told = f"on {days_in_words(session)}, like '{like_it.name}'; nobody came over"
    output.result(to_plain(session), f"{session.id}  {session.name}", told)
    return ExitCode.DONE


def days_of(studio: OpenStudio, given: list[str]) -> tuple[date, ...] | None:
    """The days of ``--day``, which may be repeated; None where it was not given."""
    return tuple(day(each, studio.today()) for each in given) or None


def days_in_words(session: Session) -> str:
    """The days of a session as lists tell them."""
    return ", ".join(each.isoformat() for each in session.days)
