"""The command that gives people their own pictures."""

from __future__ import annotations

import argparse

from safelight.cli.opening import opened, within
from safelight.cli.output import Output
from safelight.documents.plain import to_plain
from safelight.domain.errors import ExitCode
from safelight.domain.plurals import counted
from safelight.studio import deliveries
from safelight.studio.queries.lookup import find_subject


def run_deliver(given: argparse.Namespace, output: Output) -> ExitCode:
    """``deliver``."""
    with opened(given, output) as studio:
        person = find_subject(studio, given.subject, within(studio, given))
        done, _ = deliveries.deliver(studio, person, given.output, output.report)
    handed = [each for each in done.photos if each.files]
    document = {
        "folder": str(done.folder),
        "photos": [to_plain(each) for each in done.photos],
        "receipts": list(done.receipts),
    }
    holds = f"{counted(len(handed), 'photo')} and {counted(len(done.receipts), 'receipt')}"
    lines = [f"{done.folder} holds {holds} of {person.name}; only this account may read it."]
    lines += [f"smaller copy: {each.name}, {each.why}" for each in done.photos if each.given is deliveries.GivenAs.COPY]
    lines += [f"left out: {each.name}, {each.why}" for each in done.photos if not each.files]
    output.result(document, *lines)
    return ExitCode.DONE
