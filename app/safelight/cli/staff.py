"""Commands about the people of the studio."""

from __future__ import annotations

import argparse
from typing import Any

from safelight.cli.opening import opened
from safelight.cli.output import Output
from safelight.cli.pins import new_pin
from safelight.domain.errors import ExitCode
from safelight.domain.people import Role, StaffMember
from safelight.studio import staff
from safelight.studio.queries.sessions import open_sessions_of
from safelight.studio.queries.staff import staff_rows
from safelight.studio.staff_pins import has_pin

_ROLES = {
    "photographer": frozenset({Role.PHOTOGRAPHER}),
    "reviewer": frozenset({Role.REVIEWER}),
    "both": frozenset({Role.PHOTOGRAPHER, Role.REVIEWER}),
}


def run_add(given: argparse.Namespace, output: Output) -> ExitCode:
    """``staff add``."""
    roles = _ROLES[given.role]
    # Who only photographs is asked for no PIN anywhere; they may have one all the same.
    pin = new_pin(given.pin_file, given.name) if given.pin_file or Role.REVIEWER in roles else None
    with opened(given, output) as studio:
        member, _ = staff.add_staff(studio, given.name, roles, pin)
    output.result(_document(member, pin is not None), f"{member.id}  {_told(member)}")
    return ExitCode.DONE


def run_list(given: argparse.Namespace, output: Output) -> ExitCode:
    """``staff list``."""
    with opened(given, output) as studio:
        rows = staff_rows(studio)
    lines = []
    for each in rows:
        without = "" if each.has_pin or each.member.retired else ", no PIN"
        lines.append(f"{each.member.id}  {_told(each.member)}{without}")
    nobody = "Nobody yet. Add somebody: safelight staff add NAME --role photographer"
    output.result([_document(each.member, each.has_pin) for each in rows], *(lines or [nobody]))
    return ExitCode.DONE


def run_rename(given: argparse.Namespace, output: Output) -> ExitCode:
    """``staff rename``."""
    with opened(given, output) as studio:
        member, _ = staff.rename_staff(studio, given.name, given.new_name)
        pin = has_pin(studio, member.id)
    output.result(_document(member, pin), f"{member.id}  {_told(member)}")
    return ExitCode.DONE


def run_retire(given: argparse.Namespace, output: Output) -> ExitCode:
    """``staff retire``."""
    with opened(given, output) as studio:
        member, _ = staff.retire_staff(studio, given.name)
        theirs = open_sessions_of(studio, member.id)
    output.result(_document(member, False), f"{member.name} takes and checks nothing any more; their name stays.")
    if theirs:
        names = ", ".join(f"'{each.name}'" for each in theirs)
        output.note(f"Still open under their name: {names}.")
        output.note("Say who takes consents there: consent record and kiosk take --by NAME.")
    return ExitCode.DONE


def run_pin(given: argparse.Namespace, output: Output) -> ExitCode:
    """``staff pin``."""
    pin = new_pin(given.pin_file, given.name)
    with opened(given, output) as studio:
        member, _ = staff.set_staff_pin(studio, given.name, pin)
    output.result(_document(member, True), f"{member.name} has a new PIN.")
    return ExitCode.DONE


def _document(member: StaffMember, pin: bool) -> dict[str, Any]:
    return {
        "id": member.id,
        "name": member.name,
        "roles": sorted(member.roles),
        "retired": member.retired,
        "has_pin": pin,
    }


def _told(member: StaffMember) -> str:
    return f"{member.name} ({', '.join(sorted(member.roles))}){', retired' if member.retired else ''}"
