"""Keeps what a process knows in that process: no core dump, and helpers that inherit nothing and reach no network."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

STEP_BACK = 10
"""By so much a helper gives way to whoever writes on the screen at that moment (the nice value of POSIX)."""

_command = [""]
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 4, 38


@contextmanager
def called(command: str) -> Iterator[None]:
    """Say what this process does meanwhile, for other programs to tell people: the name of a command alone."""
    before, _command[0] = _command[0], command
    try:
        yield
    finally:
        _command[0] = before


def command_name() -> str:
    """What it does; empty if it never said so."""
    return _command[0]


def harden() -> None:
    """Switch core dumps off for this process and its children, so that a crash leaves no key on the disk.

    ``PR_SET_DUMPABLE`` is left alone on purpose: without it desktop portals (file dialogs, clipboard) stop working.
    On Windows there is nothing to switch off here.
    """
    if sys.platform != "win32":
        import resource  # POSIX only

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def start_helper(command: Sequence[str]) -> subprocess.Popen[bytes]:
    """Start a process of this program's own that is spoken to over its stdin and stdout.

    It inherits only what an interpreter needs to start: no secret is in its arguments or its environment, and no file
    of ours is open in it. What it complains of is not kept, because libraries quote there what they were given.
    """
    kept = {name: os.environ[name] for name in ("SYSTEMROOT", "LD_LIBRARY_PATH") if name in os.environ}
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**kept, "LC_ALL": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        close_fds=True,
        cwd=os.path.abspath(os.sep),  # noqa: PTH100 - the root of this drive: it keeps no card from being ejected
    )


def step_aside() -> None:
    """Make this process a helper that holds secrets; called first of all, while it has one thread.

    It gives way to the window, leaves no core dump, writes for its own account alone, and on Linux shows its memory to
    nobody, gains no rights, and reaches no network where the kernel lets it leave the network. It may go on reading
    and writing files as before. Windows knows none of this.
    """
    os.umask(0o077)
    if sys.platform == "win32":
        return
    harden()
    os.nice(STEP_BACK)
    if sys.platform == "linux":
        import ctypes  # helpers load it; a window that opens need not

        libc = ctypes.CDLL(None, use_errno=True)
        # An administrator may without changing who this process is; others must become nobody's guest for it, and keep
        # their own files, which belong to the same account as before.
        if libc.unshare(_CLONE_NEWNET) != 0:
            libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)
        show_nobody()


def leave_everything() -> None:
    """On Linux: become a guest without rights, and without a network where the kernel allows that."""
    if sys.platform == "linux":
        import ctypes

        libc = ctypes.CDLL(None, use_errno=True)
        if libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) != 0:
            libc.unshare(_CLONE_NEWNET)  # an administrator may, even where users may not
        show_nobody()


def show_nobody() -> None:
    """On Linux: let no other process of this account read this one's memory, and gain no rights from a program."""
    if sys.platform == "linux":
        import ctypes

        libc = ctypes.CDLL(None, use_errno=True)
        # Answers are not looked at: each is a second wall, and an old or hardened kernel may not offer it.
        libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
