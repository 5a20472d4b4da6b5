"""What every screen of the desk keeps to, so that the window can show, leave and cover it without knowing it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtWidgets import QWidget


class Screen(Protocol):
    """One screen: made after unlocking, at the latest when its tab is chosen first, and shown whenever it is."""

    @property
    def key(self) -> str:
        """Its name, as ``screens.SCREENS`` has it."""
        ...

    @property
    def widget(self) -> QWidget:
        """What the window shows; the same for as long as the screen lives."""
        ...

    def opened(self) -> None:
        """It is on screen from now on: ask for rows, give the focus to where work begins."""
        ...

    def left(self) -> None:
        """Another one is shown; work that was handed in goes on."""
        ...

    def forget(self) -> None:
        """The desk is covered, or closes: drop every pixmap, name and answer; :meth:`opened` follows."""
        ...


@dataclass(frozen=True, slots=True)
class Later:
    """A screen that is offered and not made yet; its modules are loaded."""

    key: str
    make: Callable[[], Screen]
    """For the window's thread; called once at most."""
