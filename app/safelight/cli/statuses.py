"""The command that writes the studio's status list for agencies."""

from __future__ import annotations

import argparse

from safelight.cli.opening import opened, write_output
from safelight.cli.output import Output
from safelight.documents.times import rfc3339
from safelight.domain.errors import ExitCode
from safelight.studio import status_lists


def run_status(given: argparse.Namespace, output: Output) -> ExitCode:
    """``status``."""
    with opened(given, output) as studio:
        written, _ = status_lists.write_status(studio)
    write_output(given.output, written.file)
    until = rfc3339(written.valid_until)
    document = {"file": str(given.output), "valid_until": until, "ended": written.ended, "size": len(written.file)}
    output.result(
        document,
        f"{given.output} vouches for every record until {until[:10]}; {written.ended} have ended.",
        "Send it to the agencies that have your pictures: agency refresh FILE.",
    )
    return ExitCode.DONE
