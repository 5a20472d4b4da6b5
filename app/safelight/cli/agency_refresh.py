"""The command with which an agency stays up to date: a studio's status lists, or the folder it publishes."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from safelight.agency import published, refreshing
from safelight.agency.folder_sources import https_source
from safelight.agency.open_agency import OpenAgency
from safelight.cli.agencies import iso, opened
from safelight.cli.agency_withdrawal import applied_document, applied_lines
from safelight.cli.output import Output
from safelight.documents.times import rfc3339
from safelight.domain.errors import ExitCode, WrongUsage
from safelight.domain.plurals import counted


def run_refresh(given: argparse.Namespace, output: Output) -> ExitCode:
    """``agency refresh``."""
    with opened(given, output) as agency:
        if "://" in given.list:
            done, _ = published.refresh_published(agency, https_source(given.list), given.delete, output.report)
        elif published.is_published(Path(given.list)):
            done, _ = published.refresh_published(agency, Path(given.list), given.delete, output.report)
        else:
            return _run_lists(agency, given, output)
        now = agency.now()
    for each in (*done.faults, *(done.notices.warnings if done.notices else ())):
        output.note(each)
    lines = [f"Feed {done.number} of {done.studio}, {done.issued_at.date()}, is good until {done.valid_until.date()}."]
    if not done.vouches:
        lines = [f"Feed {done.number} of {done.studio} vouches for nothing; what is signed was taken in all the same."]
    if done.lists is not None:
        lines.append(_vouched(done.lists))
        if done.lists.vouched_until < now:
            output.note("That day is over: ask the studio for newer lists.")
    if done.notices is not None:
        lines += applied_lines(done.notices, given.delete)
    elif done.vouches:
        lines.append("There are no new notices for you.")
    document = {
        "studio": done.studio,
        "feed": done.number,
        "issued_at": iso(done.issued_at),
        "valid_until": iso(done.valid_until),
        "vouches": done.vouches,
        "lists": None if done.lists is None else _document(done.lists),
        "notices": None if done.notices is None else applied_document(done.notices),
        "faults": done.faults,
    }
    output.result(document, *lines)
    return ExitCode.NO if done.faults else ExitCode.DONE


def _run_lists(agency: OpenAgency, given: argparse.Namespace, output: Output) -> ExitCode:
    if given.delete:
        raise WrongUsage("A status list names no photos to delete.", "Nothing was changed. Apply the notice.")
    done, _ = refreshing.refresh_status(agency, Path(given.list))
    if not done.newer:
        output.note(f"This list is not newer than what is known of {done.studio}: it prolongs nothing.")
    if done.vouched_until < agency.now():
        output.note("That day is over: ask the studio for a newer list.")
    if done.absent:
        which = ", ".join(map(str, done.absent))
        output.note(
            f"{done.studio} has more status lists than these (number {which}): what they vouch for stays as it was. "
            "Ask the studio for all its lists."
        )
    output.result(_document(done), _vouched(done))
    return ExitCode.DONE


def _document(done: refreshing.Refreshed) -> dict[str, Any]:
    return {
        "studio": done.studio,
        "made": rfc3339(done.made),
        "status_until": rfc3339(done.vouched_until),
        "newly_ended": done.ended,
        "newer": done.newer,
        "absent": done.absent,
    }


def _vouched(done: refreshing.Refreshed) -> str:
    records = f"{counted(done.ended, 'more record')} {'has' if done.ended == 1 else 'have'} ended"
    return f"{done.studio} vouches for its records until {done.vouched_until.date()}; {records}."
