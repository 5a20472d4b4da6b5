"""The command that says which version this is; apart, because reading it takes longer than all of ``--help``."""

from __future__ import annotations

import argparse
from importlib.metadata import version

from safelight.cli.output import Output
from safelight.domain.errors import ExitCode


def run_version(given: argparse.Namespace, output: Output) -> ExitCode:
    """``--version``."""
    del given
    found = version("safelight")
    output.result({"version": found}, f"safelight {found}")
    return ExitCode.DONE
