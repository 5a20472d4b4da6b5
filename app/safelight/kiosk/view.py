"""What every page of the signing screen is: it paints what it is shown and makes wishes; it never decides or asks."""

from __future__ import annotations

from typing import TypeVarTuple

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QAbstractButton, QWidget

from safelight.asking import wishes
from safelight.asking.step_state import Footer, StepState
from safelight.asking.wishes import Wish

Args = TypeVarTuple("Args")


class Wisher(QWidget):
    """Whoever sits here makes wishes of the closed table of ``asking.wishes``, and nothing else."""

    wished = Signal(object, tuple)
    """A :class:`Wish` and its arguments."""

    def wish(self, wish: Wish[*Args], *arguments: *Args) -> None:
        """Make ``wish``."""
        self.wished.emit(wish, arguments)

    def wish_by(self, button: QAbstractButton, wish: Wish[()]) -> None:
        """Make ``wish`` whenever ``button`` is pressed."""
        button.clicked.connect(lambda: self.wished.emit(wish, ()))


class StepView(Wisher):
    """One step of the ceremony. It paints a state and says what the person wants.

    The window calls :meth:`show_step` whenever something changed, asks :meth:`footer` what its bottom row shows, and
    calls :meth:`forward` and :meth:`backward` when those buttons are pressed: a step with pages of its own turns them
    first. :meth:`forget` is called when the person leaves: nothing of theirs may stay in a field, cache or undo stack.
    """

    print_asked = Signal()
    save_letter_asked = Signal()
    footer_changed = Signal()
    """:meth:`footer` would answer differently now."""

    def show_step(self, state: StepState) -> None:
        """Paint ``state``; called again with another one whenever something changed (also another language)."""
        raise AssertionError(f"{type(self).__name__} does not paint {state.ceremony.step}")

    def footer(self) -> Footer:
        """What the bottom row offers now."""
        return Footer()

    def forward(self) -> None:
        """The main button was pressed."""
        self.wish(wishes.NEXT)

    def backward(self) -> None:
        """Back was pressed."""
        self.wish(wishes.BACK)

    def forget(self) -> None:
        """Drop everything of the person who leaves; the view is deleted right after."""
