"""The screens of the desk in the order of their tabs. They are loaded by name, after the first window is painted.

A screen imports the studio, and with it a second of work; the window must not wait for that. So each is named here and
imported on a worker (:func:`load`), and made on the window's thread afterwards.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from safelight.desk.desk import Desk
from safelight.desk.screen import Later, Screen

Make = Callable[[Desk], Screen]


@dataclass(frozen=True, slots=True)
class Named:
    """A screen that can be loaded: ``safelight.desk.<key>.screen`` has a function ``open_screen(desk)``."""

    key: str
    digit: int
    """Ctrl and this digit go there."""
    works_unseen: bool = False
    """Works from the start, whatever is shown: frames come in and people are counted. The others wait until their turn
    comes or somebody goes there."""


SCREENS = (
    Named("sessions", 1),
    Named("shoot", 2, works_unseen=True),
    Named("review", 3),
    Named("export", 4),
    Named("rights", 5),
    Named("journal", 6),
    Named("settings", 7),
)


def built() -> tuple[Named, ...]:
    """The screens that are there in this program."""
    return tuple(each for each in SCREENS if importlib.util.find_spec(f"safelight.desk.{each.key}") is not None)


def load(screen: Named) -> Make:
    """What makes ``screen``; takes its time, so call it on a worker."""
    made: Make = importlib.import_module(f"safelight.desk.{screen.key}.screen").open_screen
    return made


def offered(named: Named, make: Make, desk: Desk, first: str) -> Screen | Later:
    """The screen, if it is the one called ``first`` or works unseen; otherwise what makes it later."""
    later = Later(named.key, partial(make, desk))
    return later.make() if named.works_unseen or named.key == first else later
