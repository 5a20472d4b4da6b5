"""The code that says the time it is shown, as modules for a screen."""

from __future__ import annotations

from safelight.capture.clock_codes import clock_matrix
from safelight.studio.open_studio import OpenStudio


def clock_code(studio: OpenStudio) -> tuple[tuple[bool, ...], ...]:
    """The code for this moment: rows of dark (True) modules; whoever paints it leaves white around it."""
    return clock_matrix(studio.clock())
