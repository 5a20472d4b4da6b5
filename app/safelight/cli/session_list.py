"""``session list``, in a file of its own: it needs little, and scripts ask it often."""

from __future__ import annotations

import argparse

from safelight.cli.opening import opened
from safelight.cli.output import Output
from safelight.documents.plain import to_plain
from safelight.domain.errors import ExitCode
from safelight.domain.plurals import counted
from safelight.domain.session import SessionState
from safelight.studio.queries.sessions import session_rows

STATE_WIDTH = max(len(each.value) for each in SessionState)


def run_list(given: argparse.Namespace, output: Output) -> ExitCode:
    """``session list``."""
    with opened(given, output) as studio:
        rows = session_rows(studio)
    lines = []
    for row in rows:
        each = row.session
        told = (
            f"{row.signed} of {counted(row.people, 'person', 'people')} signed",
            f"{row.photographed} photographed",
            counted(row.shots, "shot"),
        )
        lines.append(f"{each.id}  {each.day}  {each.state.value:<{STATE_WIDTH}}  {each.name}  ({', '.join(told)})")
    document = [
        to_plain(each.session)
        | {
            "people": each.people, "signed": each.signed, "ready": each.signed, "waiting": each.waiting,
            "photographed": each.photographed, "shots": each.shots,
        }
        for each in rows
    ]  # fmt: skip
    output.result(document, *(lines or ["No session yet: safelight session new NAME"]))
    return ExitCode.DONE
