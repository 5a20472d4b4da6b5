"""Keeps this process's memory from being written to disk by the system."""

from __future__ import annotations

import sys


def harden() -> None:
    """Switch core dumps off for this process and its children, so that a crash leaves no key on the disk.

    ``PR_SET_DUMPABLE`` is left alone on purpose: without it desktop portals (file dialogs, clipboard) stop working.
    On Windows there is nothing to switch off here.
    """
    if sys.platform != "win32":
        import resource  # POSIX only

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
