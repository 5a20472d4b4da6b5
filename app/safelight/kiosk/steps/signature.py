"""The signature under everything: by hand, or by typing the name."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from safelight.asking import wishes
from safelight.asking.step_state import Footer, StepState
from safelight.asking.wording import say
from safelight.kiosk.view import StepView

from .page import fill_with
from .writing import Writing


class SignatureView(StepView):
    """The pad, large and empty; the main button says "Sign" and waits until something was written."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.writing = Writing()
        self._busy = False
        fill_with(self, self.writing)
        self.writing.changed.connect(self.footer_changed)

    def show_step(self, state: StepState) -> None:
        """The words in the person's language; what was drawn stays."""
        name = say(state.texts, "signature_of", name=state.turn_name or state.person.name)
        self.writing.say(state.texts, state.texts.ceremony["signature_title"], name, name, state.turn_name)
        self._busy = state.busy
        self.footer_changed.emit()

    def footer(self) -> Footer:
        """Sign."""
        return Footer("sign", ready=self.writing.begun and not self._busy)

    def forward(self) -> None:
        """Hand in what was written."""
        evidence = self.writing.evidence()
        if evidence is not None:
            self.wish(wishes.SIGN, evidence)

    def forget(self) -> None:
        """Nothing drawn or typed stays."""
        self.writing.forget()
