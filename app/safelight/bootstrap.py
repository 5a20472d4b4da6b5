"""Wires everything, once: which door opens, and with what; the only file that knows every room."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from safelight.cli.main import main as command_line
from safelight.domain.errors import CannotOpen

if TYPE_CHECKING:
    from safelight.cli.demonstration import Demonstration
    from safelight.studio.signing_point import StudioSigningPoint
    from safelight.studio.sitting import StudioSitting

SWITCH_SECONDS = 0.0005
"""Threads take turns this often, so that work in the background never freezes what a person looks at (measured)."""

NEW_VALUES = 10_000
"""So many new values are there before Python looks for circles among them. Its usual 700 cost a tenth of every start
and of every answer about many photos (measured): what a catalogue gives are values that stay, and none is in a circle.
"""


def tune_interpreter() -> None:
    """Set the interpreter as the program runs with it; benchmarks measure with the same."""
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.set_threshold(NEW_VALUES)


def main() -> int:
    """Start ``safelight`` with the arguments of the process; returns the exit code."""
    tune_interpreter()
    # Whatever this program and its helpers write is for this account alone, unless somebody opens it on purpose.
    os.umask(0o077)
    return command_line(windows=open_signing_screen, demonstration=load_demonstration)


def load_demonstration() -> Demonstration:
    """What can be played, loaded only when somebody asks for it: drawing people needs Pillow."""
    from safelight.demo import verbs

    return verbs


def open_signing_screen(
    desk: StudioSigningPoint,
    first: StudioSitting | None,
    *,
    screen: int | None,
    windowed: bool,
    letters: Path | None,
    camera: bool,
) -> int:
    """Run the signing screen; raises :class:`CannotOpen` where there are no windows, or no display."""
    if sys.platform == "linux" and not {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"} & set(os.environ):
        # Qt would end the whole process here, without a word a person understands.
        raise CannotOpen("There is no display here to open a window on.", "Start it at the machine with the screen.")
    try:
        from safelight.kiosk.opening import run_kiosk  # with the desktop extra only, and only when it is asked for
    except ImportError as error:
        raise CannotOpen(
            f"The windows are not installed here ({error.name or error}).",
            "Install safelight with its extra 'desktop'.",
        ) from error
    return run_kiosk(desk, screen=screen, windowed=windowed, first=first, letters=letters, camera=camera)
