"""The contract between what happens next (``asking``) and what is painted (``steps``): a state in, wishes out."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from safelight.asking.step_state import Footer, StepState


class StepView(QWidget):
    """One step of the ceremony. It paints a state and says what the person wants; it never decides or asks the studio.

    The window calls :meth:`show_step` whenever something changed, asks :meth:`footer` what its bottom row shows, and
    calls :meth:`forward` and :meth:`backward` when those buttons are pressed: a step with pages of its own turns them
    first. :meth:`forget` is called when the person leaves: nothing of theirs may stay in a field, cache or undo stack.
    """

    language_asked = Signal(str)
    next_asked = Signal()
    """The step is done; in the notice: this card was read."""
    back_asked = Signal()
    answer_asked = Signal(str, object)
    """Use; the ``Grant`` of a yes or None for a no."""
    more_asked = Signal()
    """The uses beyond the first sheet are shown now."""
    refuse_all_asked = Signal()
    photo_asked = Signal(str, bool)
    """Photo; True keeps it, False is a veto."""
    mark_asked = Signal(str, object)
    """Use; the ``Evidence`` of its initials or of the signature of its own."""
    question_asked = Signal(int, int)
    """Question (0 or 1); the answer tapped."""
    notice_asked = Signal()
    """Tell me more: the full notice comes with a later state."""
    sign_asked = Signal(object)
    """The ``Evidence`` under the page."""
    opened_asked = Signal(str)
    """The digits typed from the receipt's last page."""
    print_asked = Signal()
    save_letter_asked = Signal()
    finish_asked = Signal()
    stop_asked = Signal()
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
        self.next_asked.emit()

    def backward(self) -> None:
        """Back was pressed."""
        self.back_asked.emit()

    def forget(self) -> None:
        """Drop everything of the person who leaves; the view is deleted right after."""
