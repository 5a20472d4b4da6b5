"""``session list``, in a file of its own: it needs little, and scripts ask it often."""

from __future__ import annotations

import argparse

from safelight.cli.opening import opened
from safelight.cli.output import Output
from safelight.documents.plain import to_plain
from safelight.domain.errors import ExitCode


def run_list(given: argparse.Namespace, output: Output) -> ExitCode:
    """``session list``."""
    with opened(given, output) as studio:
        found = studio.archive.sessions.list()
    lines = [f"{each.id}  {each.day}  {each.state.value:<6}  {each.name}" for each in found]
    output.result([to_plain(each) for each in found], *(lines or ["No session yet: safelight session new NAME"]))
    return ExitCode.DONE
