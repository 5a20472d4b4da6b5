"""Makes the screens that nobody went to yet, one by one, so that unlocking never stops the window."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Signal

from safelight.desk.screen import Later, Screen
from safelight.desk.turns import Turns


def made_plain(make: Callable[[], Screen]) -> Screen:
    """A screen that is dressed when it stands in its window, and not before.

    Qt dresses every widget in the turn after it was made, and again in a window that has a style of its own. What it
    asked itself for is dropped here: a widget is dressed before it is shown in any case.
    """
    screen = make()
    QCoreApplication.removePostedEvents(None, QEvent.Type.PolishRequest.value)  # type: ignore[arg-type] # None: of all
    return screen


class Making(QObject):
    """Holds what is to be made later. One that is wanted before its turn comes is made at once (:meth:`take`)."""

    made = Signal(object)
    """A :class:`Screen` that was made before anybody wanted it."""
    finished = Signal()
    """None is left."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._later: dict[str, Later] = {}
        self._undressed: dict[str, Screen] = {}
        """Made in a turn, to be taken into the window in the next."""
        self._turns = Turns(self)

    def offer(self, screens: Iterable[Later]) -> None:
        """Make ``screens`` from the next turn on."""
        for each in screens:
            self._later[each.key] = each
            self._turns.add(partial(self._make, each.key), partial(self._hand_on, each.key))

    def take(self, key: str) -> Screen | None:
        """The screen ``key``, made now at the latest; None when it was made and handed on, or never offered."""
        if (screen := self._undressed.pop(key, None)) is not None:
            return screen
        later = self._later.pop(key, None)
        return later.make() if later is not None else None

    def drop(self) -> None:
        """Make none any more; one that nobody took in yet is thrown away."""
        self._turns.stop()
        self._later = {}
        dropped, self._undressed = self._undressed, {}
        for screen in dropped.values():
            screen.forget()
            screen.widget.deleteLater()

    def _make(self, key: str) -> None:
        if (later := self._later.pop(key, None)) is not None:
            self._undressed[key] = made_plain(later.make)

    def _hand_on(self, key: str) -> None:
        if (screen := self._undressed.pop(key, None)) is not None:
            self.made.emit(screen)
        if not self._later and not self._undressed:
            self.finished.emit()
