"""The contract between what happens next (``flow``) and what is painted (``steps``): a state in, wishes out."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from safelight.domain.ceremony import Ceremony
from safelight.domain.notice import Notice
from safelight.domain.people import Role
from safelight.domain.sitting import Finished, Person
from safelight.settings.texts import Texts


@dataclass(frozen=True, slots=True)
class StepState:
    """All a step may show, at one moment.

    ``turn_name`` is the name of whoever answers now (``role``), empty where it is not known. ``page`` is the PDF to be
    signed (empty until it is made), ``notice`` the full notice once it was asked for. ``explained`` is True after a
    question was answered wrong, ``understood`` after it was answered right; ``opened`` says whether the digits typed
    from the receipt were right (None: none were typed). ``busy`` is True while the studio works on this step;
    ``scale`` is the text size in percent.
    """

    person: Person
    ceremony: Ceremony
    texts: Texts
    turn_name: str
    role: Role
    page: bytes = b""
    notice: Notice | None = None
    finished: Finished | None = None
    explained: bool = False
    understood: bool = False
    opened: bool | None = None
    note: str = ""
    busy: bool = False
    scale: int = 100
    reduced_motion: bool = False


@dataclass(frozen=True, slots=True)
class Footer:
    """What the window's bottom row offers for a step; the row itself belongs to the window and never moves.

    ``forward`` is the key of the word on the main button ("" hides it), ``ready`` whether it can be pressed, ``back``
    whether there is a way back.
    """

    forward: str = "next"
    ready: bool = True
    back: bool = True


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
