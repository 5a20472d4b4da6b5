"""Wires everything, once: which door opens, and with what; the only file that knows every room."""

from __future__ import annotations

import sys

from safelight.cli.main import main as command_line

SWITCH_SECONDS = 0.0005
"""Threads take turns this often, so that work in the background never freezes what a person looks at (measured)."""


def main() -> int:
    """Start ``safelight`` with the arguments of the process; returns the exit code."""
    sys.setswitchinterval(SWITCH_SECONDS)
    return command_line()
