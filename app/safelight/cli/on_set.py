"""Commands that put people on set, and tell who was there, how the cameras' clocks stand and what is still asked."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence

from safelight.cli.opening import opened
from safelight.cli.output import Output
from safelight.documents.plain import to_plain
from safelight.domain.errors import ExitCode, WrongUsage
from safelight.domain.ids import PersonId
from safelight.domain.plurals import counted
from safelight.domain.session import Session
from safelight.settings.zones import at_place
from safelight.studio import cameras, checks
from safelight.studio.on_set import How, put_on_set
from safelight.studio.open_studio import OpenStudio
from safelight.studio.queries import on_set as queries
from safelight.studio.queries.cameras import CameraRow, find_camera
from safelight.studio.queries.lookup import find_session, find_subject, photo_ids
from safelight.studio.queries.people import PersonRow, named, people_of
from safelight.studio.staff import find_staff

_TIME = re.compile(r"([+-]?)(?:(?:(\d+):)?(\d+):)?(\d+)(?:\.(\d{1,3}))?")


def run_set(given: argparse.Namespace, output: Output) -> ExitCode:
    """``capture set``."""
    if bool(given.people) == given.nobody:
        raise WrongUsage("Who is on set?", "Nobody was changed. Name somebody, or give --nobody.")
    with opened(given, output) as studio:
        session = find_session(studio, given.session)
        people = [find_subject(studio, each, session).id for each in given.people]
        how = How.BACK if given.back else How.NOBODY if given.nobody else How.ENTER
        switch, _ = put_on_set(studio, session, people, _actor(studio, session, given.by), how)
        known = people_of(studio, session.id)
        there = named(known, queries.on_set(studio, session))
        following = queries.next_person(studio, session)
    document = {"on_set": [to_plain(each) for each in there], "at_ms": switch.at_ms, "next": following}
    lines = [f"On set: {_names(there)}."]
    if following is not None:
        lines.append(f"Next: {_names(named(known, [following]))}.")
    output.result(document, *lines)
    return ExitCode.DONE


def run_switches(given: argparse.Namespace, output: Output) -> ExitCode:
    """``capture switches``."""
    with opened(given, output) as studio:
        session = find_session(studio, given.session)
        rows, known = queries.switches(studio, session), people_of(studio, session.id)
        there = named(known, queries.on_set(studio, session))
        following = queries.next_person(studio, session)
    zone = session.zone or "UTC"
    lines = [f"{at_place(zone, each.at):%H:%M:%S}  {_names(each.people)}  ({each.how.value})" for each in rows]
    upcoming = f"; next: {_names(named(known, [following]))}" if following else ""
    document = {
        "switches": [to_plain(each) for each in rows],
        "on_set": [to_plain(each) for each in there],
        "next": following,
    }
    output.result(document, *lines, f"On set: {_names(there)}{upcoming}.")
    return ExitCode.DONE


def run_clocks(given: argparse.Namespace, output: Output) -> ExitCode:
    """``capture clocks``."""
    if (given.camera is None) != (given.behind is None):
        raise WrongUsage("A clock is set by --camera and --behind together.", "Nothing was changed.")
    again = 0
    with opened(given, output) as studio:
        session = find_session(studio, given.session)
        if given.camera is not None:
            offset, camera = _milliseconds(given.behind), find_camera(studio, session, given.camera)
            by = _actor(studio, session, given.by)
            placed, _ = cameras.set_clock(studio, session, camera.tag, offset, by, report=output.report)
            again = len(placed.assigned)
        rows = cameras.clocks(studio, session)
    lines = [_clock(each) for each in rows] or ["No camera was seen yet."]
    if again:
        lines.append(f"{counted(again, 'photo')} bound again by it.")
    output.result({"cameras": [to_plain(each) for each in rows], "bound_again": again}, *lines)
    return ExitCode.DONE


def run_checks(given: argparse.Namespace, output: Output) -> ExitCode:
    """``capture checks``: exit code 1 while a question is left."""
    with opened(given, output) as studio:
        session = find_session(studio, given.session)
        found, short = checks.checks(studio, session), photo_ids(studio)
    lines = []
    for check in found:
        for each in check.questions:
            others = " or ".join(_names(one) for one in each.others)
            lines.append(f"{short[each.photo]}  {_names(each.people)}{f', or {others}' if others else ''}?")
    total = sum(len(each.questions) for each in found)
    if total:
        lines.append("'photo settle' when it is right, 'photo assign' when it is not.")
    output.result([to_plain(each) for each in found], *lines, f"{counted(total, 'question')}.")
    return ExitCode.NO if total else ExitCode.DONE


def _actor(studio: OpenStudio, session: Session, by: str | None) -> PersonId:
    return find_staff(studio, by).id if by else session.photographer


def _names(people: Sequence[PersonRow]) -> str:
    return ", ".join(each.name or each.short for each in people) or "nobody"


def _clock(camera: CameraRow) -> str:
    name = f"{camera.short}  {camera.name or 'a camera that does not say its name'}"
    if camera.offset_ms is None:
        return f"{name}: its clock is not known"
    seconds = abs(camera.offset_ms) / 1000
    off = f"{seconds:.1f} s {'behind' if camera.offset_ms >= 0 else 'ahead'}"
    sure = "" if camera.known else ", as far as arrivals tell: photograph the code ('capture clock')"
    jumped = "; IT JUMPED, photograph the code again" if camera.contradicted else ""
    return f"{name}: {off}{sure}{jumped}"


def _milliseconds(text: str) -> int:
    found = _TIME.fullmatch(text.strip())
    if found is None:
        raise WrongUsage(f"'{text[:40]}' is not a time.", "Nothing was changed. Write seconds, or H:MM:SS.")
    sign, hours, minutes, seconds, fraction = found.groups()
    whole = (int(hours or 0) * 60 + int(minutes or 0)) * 60 + int(seconds)
    return (-1 if sign == "-" else 1) * (whole * 1000 + int((fraction or "").ljust(3, "0")))
