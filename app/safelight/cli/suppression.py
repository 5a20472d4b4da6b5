"""``notice suppress``: the list of pictures a recipient leaves out of what it trains."""

from __future__ import annotations

import argparse
from pathlib import Path

from safelight.cli.opening import check_output, opened, write_output
from safelight.cli.output import Output
from safelight.domain.errors import ExitCode
from safelight.domain.plurals import counted
from safelight.studio.recipients import find_recipient
from safelight.studio.suppressing import suppression_list


def run_suppress(given: argparse.Namespace, output: Output) -> ExitCode:
    """``notice suppress``."""
    signature = Path(f"{given.output}.sig")
    for each in (given.output, signature):
        check_output(each)
    with opened(given, output) as studio:
        to = find_recipient(studio, given.recipient)[0]
        made = suppression_list(studio, to.id)
    write_output(given.output, made.content)
    write_output(signature, made.signature.encode())
    document = {"file": str(given.output), "recipient": to.id, "pictures": made.pictures}
    output.result(document, f"{given.output} and {signature.name}: {counted(made.pictures, 'picture')} for {to.name}.")
    return ExitCode.DONE
