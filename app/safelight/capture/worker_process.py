"""One decoder process and the two pipes to it, ended when it is slow or answers nonsense."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from typing import BinaryIO, TypeVar, cast

from safelight.capture import worker_protocol
from safelight.images.media_type import MediaType
from safelight.keys.process import start_helper

T = TypeVar("T")


class WorkerProcess:
    """Used by one thread at a time."""

    def __init__(self, command: list[str]) -> None:
        self._process = start_helper(command)
        self.served = 0
        self._inbox, self._outbox = cast(BinaryIO, self._process.stdin), cast(BinaryIO, self._process.stdout)
        _widen(self._process)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def lives(self) -> bool:
        """Whether it can be asked."""
        return self._process.poll() is None

    def ask(self, untrusted: bytes, media_type: MediaType, seconds: float) -> worker_protocol.WorkerAnswer | str:
        """What is seen on a picture, or ``slow`` or ``crash``; after those the process is gone."""
        return self._asked({"media_type": media_type}, untrusted, seconds, worker_protocol.read_answer)

    def ask_region(self, head: Mapping[str, object], untrusted: bytes, seconds: float) -> bytes | str:
        """A part of a picture as a JPEG, or why there is none (``slow`` and ``crash`` as above)."""
        return self._asked(head, untrusted, seconds, worker_protocol.read_region)

    def _asked(
        self, head: Mapping[str, object], untrusted: bytes, seconds: float, read: Callable[[BinaryIO], T]
    ) -> T | str:
        self.served += 1
        too_late = threading.Event()

        def give_up() -> None:
            too_late.set()
            self._process.kill()

        clock = threading.Timer(seconds, give_up)
        clock.daemon = True
        clock.start()
        try:
            worker_protocol.send(self._inbox, head, untrusted)
            return read(self._outbox)
        except (OSError, EOFError, worker_protocol.Nonsense):
            self._process.kill()
            used_up = self._process.wait() == -_SIGXCPU
            return "slow" if too_late.is_set() or used_up else "crash"
        finally:
            clock.cancel()

    def end(self) -> None:
        """Kill it; whatever it held is gone."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._inbox, self._outbox):
            with contextlib.suppress(OSError):  # what was not sent yet cannot be sent any more
                pipe.close()


_SIGXCPU = 24


def _widen(process: subprocess.Popen[bytes]) -> None:
    """Give the pipe to the worker a megabyte where the system can (Linux): fewer turns for a picture."""
    if sys.platform == "linux" and process.stdin is not None:
        import fcntl

        with contextlib.suppress(OSError):
            fcntl.fcntl(process.stdin.fileno(), fcntl.F_SETPIPE_SZ, 1 << 20)
