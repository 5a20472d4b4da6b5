"""Lets threads that work in the background give way to the window somebody looks at."""

from __future__ import annotations

import contextlib
import os
import sys
import threading

_BEHIND = 5
"""Steps behind the window; a worker that decodes a picture is a process of its own and stands further back."""


def step_back() -> None:
    """Let the calling thread have a core only after the window's thread; for the beginning of a thread.

    On Linux a thread has a priority of its own (sched(7), "The nice value"); elsewhere nothing is changed. A system
    that refuses it lets the thread work as it did.
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _BEHIND)
