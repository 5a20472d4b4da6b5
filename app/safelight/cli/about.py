"""The command that says which version this is; apart, because reading it takes longer than all of ``--help``."""

from __future__ import annotations

import argparse
from importlib.metadata import version

from safelight.cli.voice import Voice
from safelight.domain.errors import ExitCode


def run_version(given: argparse.Namespace, voice: Voice) -> ExitCode:
    """``--version``."""
    del given
    found = version("safelight")
    voice.result({"version": found}, f"safelight {found}")
    return ExitCode.DONE
