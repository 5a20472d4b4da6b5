"""The command that writes the studio's status lists for agencies."""

from __future__ import annotations

import argparse

from safelight.cli.opening import opened, write_output
from safelight.cli.output import Output
from safelight.documents.times import rfc3339
from safelight.domain.errors import ExitCode
from safelight.studio import status_lists
from safelight.studio.queries.status_lists import ListFill


def fill_warnings(newest: ListFill | None) -> list[str]:
    """What to say of a list that is nearly full, and what it means for those who read the lists; nothing before."""
    if newest is None or not newest.nearly_full:
        return []
    return [
        f"Status list {newest.number} is nearly full ({newest.used} of {newest.capacity}); the next one follows by "
        "itself. Agencies with a Safelight or reader that knows only one list must renew it before they take in newer "
        "bundles."
    ]


def run_status(given: argparse.Namespace, output: Output) -> ExitCode:
    """``status``."""
    with opened(given, output) as studio:
        written, _ = status_lists.write_status(studio)
    write_output(given.output, written.file)
    warnings = fill_warnings(written.newest)
    for each in warnings:
        output.note(each)
    until = rfc3339(written.valid_until)
    document = {"file": str(given.output), "valid_until": until, "ended": written.ended, "size": len(written.file)}
    document |= {"lists": written.newest.number, "warnings": warnings}
    output.result(
        document,
        f"{given.output} vouches for every record until {until[:10]}; {written.ended} have ended.",
        "Send it to the agencies that have your pictures: agency refresh FILE.",
    )
    return ExitCode.DONE
