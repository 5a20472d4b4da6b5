"""A screen nobody looks at, a bus for those who cannot see it, and a program that is worked through what it tells."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from PIL import ImageGrab

TESTS = Path(__file__).parents[1]
SCREENS = TESTS.parent / "test-output" / "screens" / "xvfb"
PYTHON = "/usr/bin/python3"  # the one that has the bindings of the accessibility bus
LAUNCHER = "/usr/libexec/at-spi-bus-launcher"
INNER = """
set -e
{launcher} --launch-immediately >/dev/null 2>&1 &
bus=$!
trap 'kill $bus 2>/dev/null' EXIT
"$@"
"""


@contextlib.contextmanager
def screen(stock_tool: Callable[[str], str], size: str) -> Iterator[str]:
    """A display of ``size`` (width x height x depth); its number as programs are told it."""
    read, write = os.pipe()
    argv = [stock_tool("Xvfb"), "-displayfd", str(write), "-screen", "0", size, "-nolisten", "tcp"]
    server = subprocess.Popen(argv, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as told:
        number = told.readline().strip()
    try:
        yield f":{number}"
    finally:
        server.terminate()
        server.wait()


class Reader:
    """The screen reader's side: says what to do, line by line, and keeps a picture of every step."""

    def __init__(self, process: subprocess.Popen[str], display: str) -> None:
        self._process, self._display = process, display

    def do(self, *command: str) -> list[dict[str, Any]]:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(command) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline() or '{"done": false, "tree": ["the reader is gone"]}')
        assert answer["done"], f"{command} in {answer['tree']}"
        return list(answer["tree"])

    def keep_picture(self, name: str) -> None:
        SCREENS.mkdir(parents=True, exist_ok=True)
        picture = ImageGrab.grab(xdisplay=self._display)
        assert len(picture.getcolors(1 << 24) or ()) > 10, "the screen is empty"
        picture.save(SCREENS / f"{name}.png")


@contextlib.contextmanager
def heard(
    stock_tool: Callable[[str], str], display: str, folder: Path, program: Sequence[str | Path],
    environment: dict[str, str] | None = None,
) -> Iterator[Reader]:  # fmt: skip
    """``program`` on ``display`` with a bus of its own, and somebody who listens; what it prints is in ``said``."""
    for needed in (PYTHON, LAUNCHER):
        if not Path(needed).exists():
            (pytest.fail if "CI" in os.environ else pytest.skip)(f"{needed} is missing; ./run test installs it")
    runtime = folder / "runtime"
    runtime.mkdir(mode=0o700)
    given = {
        **os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
        "XDG_RUNTIME_DIR": str(runtime), "PYTHONWARNINGS": "error", "QT_ACCESSIBILITY": "1",
        "SAID": str(folder / "said"), "PID": str(folder / "pid"), **(environment or {}),
    }  # fmt: skip
    script, inner = folder / "both.sh", folder / "inner.sh"
    script.write_text(
        '"$@" >"$SAID" 2>&1 &\necho $! >"$PID"\n' + f'exec {PYTHON} "{TESTS / "end_to_end" / "screen_reader.py"}"\n'
    )
    inner.write_text(INNER.format(launcher=LAUNCHER))
    both = ["bash", str(inner), "bash", str(script), *map(str, program)]
    with subprocess.Popen(
        [stock_tool("dbus-run-session"), "--", *both], env=given, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        try:
            yield Reader(process, display)
        finally:
            process.terminate()
