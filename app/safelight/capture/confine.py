"""Takes away from a worker process what decoding does not need: memory, files, the network, a core dump."""

from __future__ import annotations

import os
import sys

from safelight.keys.process import STEP_BACK, harden, leave_everything

if sys.platform != "win32":
    import resource


def confine(memory: int) -> None:
    """Limit this process for the rest of its life; ``memory`` is its address space in bytes.

    It gives way to whoever writes on the screen at that moment, may open at most 32 files, write none (pipes are no
    files), leave no core dump, and on Linux gain no rights and, where the kernel lets anybody make a network of their
    own, reach no network. Windows has none of these limits: there only the clock of who started it holds.
    """
    if sys.platform == "win32":
        return
    os.nice(STEP_BACK)
    harden()
    _set(resource.RLIMIT_FSIZE, 0)
    _set(resource.RLIMIT_NOFILE, 32)
    if sys.platform == "linux":
        _set(resource.RLIMIT_AS, memory)  # macOS does not enforce it and may refuse to set it
        leave_everything()


def allow_seconds(seconds: int) -> None:
    """Let this process use ``seconds`` more of processor time; the system ends it when they are used up."""
    if sys.platform == "win32":
        return
    usage = resource.getrusage(resource.RUSAGE_SELF)
    used = int(usage.ru_utime + usage.ru_stime) + 1
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (used + seconds, hard))


def _set(what: int, value: int) -> None:
    _, hard = resource.getrlimit(what)
    lowest = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(what, (lowest, lowest))
