"""Wires everything, once: which door opens, and with what; the only file that knows every room."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from safelight.domain.errors import CannotOpen, SafelightError

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QScreen

    from safelight.cli.demonstration import Demonstration
    from safelight.demo.desk_studio import DeskStudio
    from safelight.domain.progress import Report
    from safelight.kiosk.opening import Kiosk
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
    if sys.argv[1:] in ([], ["--demo"]) and may_open_windows():
        return open_desk(demo=bool(sys.argv[1:]))
    # The terminal's side is loaded only when it is asked for: the desk's first window must not wait for it.
    from safelight.cli.main import main as command_line

    return command_line(windows=open_signing_screen, demonstration=load_demonstration)


def may_open_windows() -> bool:
    """Whether there is a display here; without one Qt would end the whole process, with no word for anybody."""
    return sys.platform != "linux" or bool({"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"} & set(os.environ))


def open_desk(*, demo: bool) -> int:
    """Run the photographer's desk; with ``demo`` on a studio made to look around in."""
    try:
        from safelight.desk.opening import run_desk
    except ImportError as error:
        return _tell(_no_windows(error))
    try:
        return run_desk(SigningScreenBeside(), found_demonstration, demo=demo)
    except SafelightError as error:
        return _tell(error)


def _tell(error: SafelightError) -> int:
    print(f"safelight: {error}", file=sys.stderr)
    return int(error.code)


def _no_windows(error: ImportError) -> CannotOpen:
    return CannotOpen(
        f"The windows are not installed here ({error.name or error}).", "Install safelight with its extra 'desktop'."
    )


def found_demonstration(folder: Path, report: Report) -> DeskStudio:
    """The studio to look around in, drawn and founded in ``folder``."""
    from safelight.demo.desk_studio import found_desk_studio

    return found_desk_studio(folder, report)


class SigningScreenBeside:
    """The signing screen in a window of its own, beside the desk's; the two rooms cannot see each other."""

    def __init__(self) -> None:
        self._kiosk: Kiosk | None = None

    @property
    def is_open(self) -> bool:
        """Whether its window is there."""
        return self._kiosk is not None

    @property
    def busy(self) -> bool:
        """Whether somebody sits at it."""
        return self._kiosk is not None and self._kiosk.flow.asking is not None

    def open(
        self, point: StudioSigningPoint, first: StudioSitting | None, left: Callable[[], None], screen: int | None
    ) -> None:
        """Show it; ``left`` is called once it is closed, by PIN or because its screen is gone."""
        from safelight.kiosk.opening import Kiosk
        from safelight.qt.app import make_application

        application = make_application()
        kiosk = self._kiosk = Kiosk(application, point)

        def gone() -> None:
            if self._kiosk is kiosk:
                self.close()
                left()

        shown: list[QScreen] = []

        def removed(lost: QScreen) -> None:
            if lost in shown:
                gone()

        kiosk.window.left.connect(gone)
        kiosk.open(screen, first=first)
        handle = kiosk.window.windowHandle()
        if len(application.screens()) > 1 and handle is not None:
            shown.append(handle.screen())
            application.screenRemoved.connect(removed)

    def close(self) -> None:
        """Keep what is being kept, then close the window."""
        kiosk, self._kiosk = self._kiosk, None
        if kiosk is not None:
            kiosk.flow.put_away()  # what was answered is kept, and taken up again by the person's card
            kiosk.close()
            kiosk.window.close()
            kiosk.window.deleteLater()


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
    if not may_open_windows():
        raise CannotOpen("There is no display here to open a window on.", "Start it at the machine with the screen.")
    try:
        from safelight.kiosk.opening import run_kiosk  # with the desktop extra only, and only when it is asked for
    except ImportError as error:
        raise _no_windows(error) from error
    return run_kiosk(desk, screen=screen, windowed=windowed, first=first, letters=letters, camera=camera)
