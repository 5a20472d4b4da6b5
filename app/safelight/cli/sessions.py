"""Commands that open, show, close and reopen sessions."""

from __future__ import annotations

import argparse

from safelight.cli.opening import country, opened, uses
from safelight.cli.output import Output
from safelight.cli.session_changes import days_in_words, days_of
from safelight.documents.plain import to_plain
from safelight.domain.errors import ExitCode
from safelight.domain.ids import PersonId
from safelight.domain.planning import plan_signing
from safelight.domain.plurals import counted
from safelight.studio import sessions
from safelight.studio.open_studio import OpenStudio
from safelight.studio.queries.board import BoardRow, session_board
from safelight.studio.queries.lookup import find_session
from safelight.studio.queries.open_points import OpenPoints, open_points
from safelight.studio.staff import find_staff, usual_photographer


def run_new(given: argparse.Namespace, output: Output) -> ExitCode:
    """``session new``."""
    with opened(given, output) as studio:
        session, _ = sessions.new_session(
            studio,
            sessions.NewSession(
                name=given.name,
                client=given.client,
                place=given.place,
                country=country(given.country, studio.identity.country),
                day=None,
                days=days_of(studio, given.day) or (),
                photographer=_photographer(studio, given.photographer),
                offered=uses(given.offer) if given.offer else sessions.USUAL,
                recipients=tuple(given.recipient),
                frames_per_subject=given.frames,
                zone=given.zone,
            ),
        )
    told = (f"{session.id}  {session.name}", f"on {days_in_words(session)} in {session.zone}")
    output.result(to_plain(session), *told, f"asks: {', '.join(session.offered)}")
    return ExitCode.DONE


def _photographer(studio: OpenStudio, wanted: str | None) -> PersonId:
    if wanted:
        return find_staff(studio, wanted).id
    return usual_photographer(studio).id


def run_show(given: argparse.Namespace, output: Output) -> ExitCode:
    """``session show``."""
    with opened(given, output) as studio:
        session = find_session(studio, given.session)
        board = session_board(studio, session)
    signed = sum(each.signed for each in board.people)
    plan = plan_signing(len(board.people), signed, len(session.days), given.hours, given.minutes)
    lines = [f"{session.name}, {session.client}, {session.place}, {days_in_words(session)} ({session.state.value})"]
    for each in board.people:
        shots = counted(each.shots, "shot")
        lines.append(f"{each.id}  {each.code}  {each.name:<30}  {shots:>10}  {_readiness(each)}")
    if unbound := board.unassigned:
        lines.append(f"{counted(unbound, 'shot')} {'belongs' if unbound == 1 else 'belong'} to nobody yet.")
    if plan.places:
        pace = f"{plan.per_hour:.0f} people an hour, {plan.share:.0%} of them signed before"
        will_do = f"{counted(plan.places, 'signing place')} will do"
        lines.append(f"{pace}: {will_do}, {plan.advised} are wise, because one may fail or be held up.")
    document = to_plain(session) | {
        "subjects": [
            {"id": each.id, "name": each.name, "code": each.code, "state": _readiness(each), "shots": each.shots,
             "answers": each.state, "open": each.open, "checks": each.checks, "waits_guardian": each.waits_guardian,
             "arrived_at": each.arrived_at, "presence": each.presence}
            for each in board.people
        ],
        "unassigned": board.unassigned,
        "plan": {
            "per_hour": round(plan.per_hour, 2), "pre_signed": round(plan.share, 4), "minutes": plan.minutes,
            "places": plan.places, "advised": plan.advised,
        },
    }  # fmt: skip
    output.result(document, *lines)
    return ExitCode.DONE


def _readiness(row: BoardRow) -> str:
    return "ready" if row.signed else "not ready"


def run_close(given: argparse.Namespace, output: Output) -> ExitCode:
    """``session close``."""
    if given.report is not None:
        from safelight.cli.closing import close_with_report  # draws a PDF, which no list needs

        return close_with_report(given, output)
    with opened(given, output) as studio:
        session = find_session(studio, given.session)
        left = open_points(studio, session)
        session, changes = sessions.close_session(studio, session)
    lines = [*_left(left), f"{session.name} is closed." if changes else f"{session.name} was closed already."]
    output.result(to_plain(session) | {"open": to_plain(left)}, *lines)
    return ExitCode.DONE


def _left(left: OpenPoints) -> list[str]:
    """One line for each kind of thing that is left to do, with the first few by name."""
    told = (
        ("photos of nobody ('photo assign' gives them to somebody)", [each.name for each in left.unassigned]),
        ("photos taken close to a change of person ('photo assign' confirms)", [each.name for each in left.flagged]),
        ("people without an answer", [each.name for each in left.unanswered]),
        ("people without a photo", [each.name for each in left.without_photos]),
        ("minors without a guardian ('subject change --guardian')", [each.name for each in left.without_guardian]),
        ("people whose answers a second person must check", [each.name for each in left.unchecked]),
    )
    lines = [f"still open: {what}: {len(names)} ({_first(names)})" for what, names in told if names]
    if left.hidden:
        names = [each.name for each in left.hidden]
        lines.append(f"in the bin ('photo delete-hidden' empties it): {len(names)} ({_first(names)})")
    return lines


def _first(names: list[str]) -> str:
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return f"{', '.join(names[:5])}{more}"


def run_reopen(given: argparse.Namespace, output: Output) -> ExitCode:
    """``session reopen``."""
    with opened(given, output) as studio:
        session, changes = sessions.reopen_session(studio, find_session(studio, given.session))
    told = "is open again" if changes else "was open already"
    output.result(to_plain(session), f"{session.name} {told}.")
    return ExitCode.DONE
