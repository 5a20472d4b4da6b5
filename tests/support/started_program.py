"""Commands of safelight as processes of their own that need not load the libraries of the program each.

Loading them is most of what a short command costs. One process loads what every command that opens a studio or an
agency loads, and is copied (``fork``) for each command; the command's own files are loaded by the copy, as by people.
Everything else is as for people too: arguments, environment, working folder, what is read and written, exit code.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, NoReturn

LOADED = ("safelight.studio.founding", "safelight.agency.founding")
"""What is loaded once: no file of a command, and nothing that keeps what the environment says."""
_SECONDS = 600


class StartedProgram:
    """The process that is copied; ``run`` is for one thread at a time."""

    def __init__(self) -> None:
        self._here, there = socket.socketpair()
        with there:
            argv = [sys.executable, __file__, str(there.fileno())]
            environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
            self._process = subprocess.Popen(argv, pass_fds=[there.fileno()], env=environment)
        self._here.settimeout(_SECONDS)
        self._answers = self._here.makefile("r")

    def close(self) -> None:
        """No command comes any more; its process ends."""
        self._answers.close()
        self._here.close()
        self._process.wait(_SECONDS)

    def run(
        self,
        arguments: Sequence[str],
        stdin: str = "",
        environment: Mapping[str, str] | None = None,
        folder: Path | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """What ``safelight`` with these arguments says in ``folder``; ``environment`` is added to that of here."""
        with contextlib.ExitStack() as files:
            taken, out, wrong = (files.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8")) for _ in range(3))
            taken.write(stdin)
            taken.seek(0)
            around = {**os.environ, **(environment or {})}
            asked = {"arguments": arguments, "environment": around, "folder": str(folder or Path.cwd())}
            data = json.dumps(asked).encode() + b"\n"
            sent = socket.send_fds(self._here, [data], [taken.fileno(), out.fileno(), wrong.fileno()])
            self._here.sendall(data[sent:])
            code = int(self._answers.readline())
            said = [_whole(out), _whole(wrong)]
        return subprocess.CompletedProcess(["safelight", *arguments], code, *said)


@contextlib.contextmanager
def started_program() -> Iterator[StartedProgram]:
    """A process to be copied, ended afterwards."""
    program = StartedProgram()
    try:
        yield program
    finally:
        program.close()


def _whole(file: IO[str]) -> str:
    file.seek(0)
    return file.read()


# ---------------------------------------------------------------------------------------------------------------
# The process that is copied.


def serve(door: socket.socket) -> None:
    for name in LOADED:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()  # what is loaded is never looked through again by the copies
    while True:
        data, files, _, _ = socket.recv_fds(door, 1 << 16, 3)
        while data and not data.endswith(b"\n"):
            data += door.recv(1 << 16)
        if not data:
            return
        if (copy := os.fork()) == 0:
            door.close()
            become(json.loads(data), files)
        for file in files:
            os.close(file)
        _, status = os.waitpid(copy, 0)
        door.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())


def become(asked: dict[str, Any], files: list[int]) -> NoReturn:
    """Be the command that was asked for, as if it had been started."""
    os.environ.clear()
    os.environ.update(asked["environment"])
    time.tzset()
    os.chdir(asked["folder"])
    for here, file in enumerate(files):
        os.dup2(file, here)
        os.close(file)
    sys.argv = ["safelight", *asked["arguments"]]
    from safelight.bootstrap import main

    sys.exit(main())


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
