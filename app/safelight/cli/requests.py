"""Commands about what people asked for: enter a request, give it more time, answer it, list what is open."""

from __future__ import annotations

import argparse
from datetime import date

from safelight.cli.actors import actor
from safelight.cli.opening import day, opened, within
from safelight.cli.output import Output
from safelight.documents.plain import to_plain
from safelight.domain.errors import ExitCode, WrongUsage
from safelight.domain.identity import Fact
from safelight.domain.ids import PersonId
from safelight.domain.people import Role
from safelight.domain.plurals import counted
from safelight.domain.requests import RequestKind, RightsRequest
from safelight.domain.withdrawal import Channel
from safelight.studio import requests
from safelight.studio.identifying import show_by_code, show_in_person
from safelight.studio.open_studio import OpenStudio
from safelight.studio.queries.lookup import find_subject
from safelight.studio.queries.requests import find_request, request_rows
from safelight.studio.staff import find_staff


def run_new(given: argparse.Namespace, output: Output) -> ExitCode:
    """``request new``."""
    with opened(given, output) as studio:
        person = find_subject(studio, given.subject, within(studio, given))
        wanted = requests.NewRequest(
            person.id, RequestKind(given.kind), day(given.received, studio.today()), Channel(given.channel),
            Role(given.by), actor(studio, given.entered_by, person.id),
        )  # fmt: skip
        made, _ = requests.new_request(studio, wanted)
        left = _left(made.days_left(studio.today()))
    output.result(to_plain(made), f"{made.id}  {person.name}: {made.kind}, to be answered by {made.due} ({left}).")
    return ExitCode.DONE


def run_answer(given: argparse.Namespace, output: Output) -> ExitCode:
    """``request answer``."""
    with opened(given, output) as studio:
        id = find_request(studio, given.request)
        refused, by = given.outcome == "refused", _by(studio, given)
        made, _ = requests.answer_request(studio, id, refused=refused, reason=given.reason, by=by)
    output.result(to_plain(made), f"{made.id}  {made.kind}: {made.state}.")
    return ExitCode.DONE


def run_extend(given: argparse.Namespace, output: Output) -> ExitCode:
    """``request extend``."""
    with opened(given, output) as studio:
        made, _ = requests.extend_request(studio, find_request(studio, given.request), given.reason, _by(studio, given))
        first = made.days_left(studio.today())
    told = "Tell the person now that it takes longer, and why."
    output.result(to_plain(made), f"{made.id}  {made.kind}: to be answered by {made.due} ({_left(first)}).", told)
    return ExitCode.DONE


def run_identify(given: argparse.Namespace, output: Output) -> ExitCode:
    """``request identify``."""
    said = [(fact, text) for fact, text in _facts(given) if text is not None]
    if bool(given.code) is not bool(said):
        raise WrongUsage("A code and a fact belong together.", "Give --code with --born, --email or --phone.")
    with opened(given, output) as studio:
        id = find_request(studio, given.request)
        if given.code:
            made, _ = show_by_code(studio, id, given.code, *said[0], _by(studio, given))
        elif given.entered_by:
            made, _ = show_in_person(studio, id, find_staff(studio, given.entered_by).id)
        else:
            raise WrongUsage("Who of the studio saw them?", "Give --entered-by NAME.")
    output.result(to_plain(made), f"{made.id}  {made.kind}: shown by {made.identity}.")
    return ExitCode.DONE


def _facts(given: argparse.Namespace) -> tuple[tuple[Fact, str | None], ...]:
    return (Fact.BORN, given.born), (Fact.EMAIL, given.email), (Fact.PHONE, given.phone)


def run_list(given: argparse.Namespace, output: Output) -> ExitCode:
    """``request list``."""
    with opened(given, output) as studio:
        rows = request_rows(studio, waiting=given.open)
    document = [to_plain(each.request) | {"name": each.name, "days_left": each.days_left} for each in rows]
    lines = [
        f"{each.short}  {each.request.kind:<11} {_told(each.request, each.days_left)}  {each.name}" for each in rows
    ]
    output.result(document, *(lines or ["Nothing is open." if given.open else "Nobody asked for anything."]))
    return ExitCode.DONE


def _by(studio: OpenStudio, given: argparse.Namespace) -> PersonId | None:
    return find_staff(studio, given.entered_by).id if given.entered_by else None


def _told(made: RightsRequest, left: int | None) -> str:
    if left is None:
        return f"{made.state} {_day(made)}"
    return f"due {made.due} ({_left(left)})"


def _day(made: RightsRequest) -> date | str:
    return made.answered.date() if made.answered else ""


def _left(days: int) -> str:
    if days < 0:
        return f"{counted(-days, 'day')} late"
    return "today" if days == 0 else f"{counted(days, 'day')} left"
