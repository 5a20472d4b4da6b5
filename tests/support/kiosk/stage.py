"""A stage for the steps: the real asking drives the real views between a top and a bottom row of buttons.

It plays what the window and the flow do, without threads and without a studio, so that a step can be looked at, tapped
and measured alone. Every tap of the person is counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeVar

from PySide6.QtCore import QCoreApplication, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from safelight.asking import wishes
from safelight.asking.asking import SIGNATURE, Asking
from safelight.asking.step_state import StepState
from safelight.asking.wishes import Wish
from safelight.domain import ceremony as acts
from safelight.domain.ceremony import Ceremony, Moment, Step
from safelight.domain.errors import SafelightError
from safelight.domain.ids import Language, ScopeId, Sha256
from safelight.domain.record import SignatureKind
from safelight.domain.sitting import Evidence, Person
from safelight.kiosk.steps import VIEWS
from safelight.kiosk.steps.writing import Writing
from safelight.kiosk.view import StepView
from safelight.qt import theme
from safelight.qt.controls import Button, TextLabel
from safelight.settings.texts import texts
from support.kiosk.desk_double import SittingDouble

T = TypeVar("T")


class Stage(QWidget):
    """One person's ceremony on a screen of its own."""

    def __init__(
        self, person: Person, scale: int = 100, step: Step | None = None, tokens: theme.Tokens = theme.PAPER
    ) -> None:
        super().__init__()
        theme.apply(self, tokens)
        self.sitting = SittingDouble(person)
        self.asking = Asking(self.sitting, person, AtOnce(), lambda: "touch")
        self.person, self.scale = person, scale
        self.step: Step | None = None
        self.view: StepView | None = None
        self.taps = 0
        self.extra: dict[str, object] = {}
        self.asked: list[str] = []
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("role", "page")
        self.top = TextLabel("", "step")
        self._room = QVBoxLayout()
        self.back, self.stop = Button("", "choice"), Button("", "quiet")
        self.no, self.next = Button("", "choice"), Button("", "primary")
        row = QHBoxLayout()
        row.setContentsMargins(24, 14, 24, 14)
        for button in (self.back, self.stop):
            row.addWidget(button)
        row.addStretch(1)
        for button in (self.no, self.next):
            row.addWidget(button)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        top = QHBoxLayout()
        top.setContentsMargins(24, 18, 24, 18)
        top.addWidget(self.top)
        rows.addLayout(top)
        rows.addLayout(self._room, 1)
        rows.addLayout(row)
        self.next.clicked.connect(lambda: self.view and self.view.forward())
        self.back.clicked.connect(lambda: self.view and self.view.backward())
        self.no.clicked.connect(self.asking.refuse_all)
        if step is not None:
            self.asking.ceremony = reached(person, step)
            if step is Step.REVIEW:
                self.asking.go_on()  # with the page that is to be signed
        self.asking.changed.connect(self._changed)
        self.refresh()

    # The machine.

    @property
    def ceremony(self) -> Ceremony:
        return self.asking.ceremony

    @property
    def language(self) -> str:
        return self.ceremony.language or self.person.language

    @property
    def marks(self) -> list[tuple[ScopeId, Evidence]]:
        """The initials and signatures of their own that were handed in."""
        return [(scope, evidence) for scope, _, evidence in self.sitting.marks if scope != SIGNATURE]

    @property
    def signed(self) -> list[Evidence]:
        """What was written under the page."""
        handed_on = [evidence for scope, _, evidence in self.sitting.marks if scope == SIGNATURE]
        return list(self.sitting.finished_with[1]) if self.sitting.finished_with else handed_on

    def state(self) -> StepState:
        return replace(self.asking.state(self.scale, False), texts=texts(self.language), **self.extra)  # type: ignore[arg-type]

    def act(self, after: Ceremony) -> None:
        """Go on with ``after``, however it came about."""
        self.asking.ceremony = after
        self._changed()

    def _changed(self) -> None:
        if self.step is not self.ceremony.step:
            self.extra.clear()
        self.refresh()

    def refresh(self) -> None:
        if self.property("safelight_language") != self.language:
            theme.speak(self, self.language)
        wanted = theme.scaled(theme.tokens_of(self), self.scale / 100)
        if theme.tokens_of(self) != wanted:
            theme.apply(self, wanted)
        if self.ceremony.step is Step.DONE:
            return
        if self.step is not self.ceremony.step or self.view is None:
            self.step = self.ceremony.step
            self._enter(VIEWS[self.step]())
        assert self.view is not None
        self.view.show_step(self.state())
        self._row()

    def _enter(self, view: StepView) -> None:
        if self.view is not None:
            self.view.forget()
            self._room.removeWidget(self.view)
            self.view.hide()
            self.view.deleteLater()
        self.view = view
        self._room.addWidget(view, 1)
        view.footer_changed.connect(self._row)
        view.wished.connect(self._do)
        for name in ("print_asked", "save_letter_asked"):
            getattr(view, name).connect(lambda said=name: self.asked.append(said))

    def tell(self, **known: object) -> None:
        """Show the step again with something more known."""
        self.extra.update(known)
        self.refresh()

    def _now(self) -> Moment:
        return Moment(self.sitting.now(), self.ceremony.whose_turn, "touch")

    def _do(self, wish: Wish[*tuple[object, ...]], arguments: tuple[object, ...]) -> None:
        if wish is wishes.SPEAK:
            self.act(acts.choose_language(self.ceremony, Language(str(arguments[0])), self._now()))
        elif wish is wishes.FINISH:
            self.act(acts.take_receipt(self.ceremony, self._now()))
        else:
            getattr(self.asking, wish.name)(*arguments)

    def _row(self) -> None:
        if self.view is None:
            return
        footer, words = self.view.footer(), texts(self.language).ceremony
        self.top.setText(texts(self.language).ceremony_steps.get(self.ceremony.step.value, ""))
        self.back.set_words(words["back"])
        self.stop.set_words(words["stop"])
        self.no.set_words(words["no_to_everything"])
        self.next.set_words(words.get(footer.forward, ""))
        self.back.setVisible(footer.back)
        self.next.setVisible(bool(footer.forward))
        self.next.setEnabled(footer.ready)
        order = list(Step)
        self.no.setVisible(order.index(Step.NOTICE) <= order.index(self.ceremony.step) <= order.index(Step.REVIEW))

    # The person.

    def tap(self, widget: QWidget) -> None:
        """One tap; the widget must be there to be tapped."""
        assert widget.isVisibleTo(self) and widget.isEnabled(), f"cannot tap {widget.accessibleName()!r}"
        self.taps += 1
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
        settle()

    def write(self, writing: Writing) -> None:
        """Draw a line across the pad: one movement, counted as a tap."""
        self.taps += 1
        pad = writing.pad
        places = [QPointF(40 + 12 * n, pad.height() / 2 + 30 * (n % 2)) for n in range(15)]
        QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=places[0].toPoint())
        for place in places[1:]:
            QTest.mouseMove(pad, place.toPoint())
        QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=places[-1].toPoint())
        settle()

    def on(self, screen: tuple[int, int]) -> Stage:
        """Shown at this size, laid out."""
        self.resize(*screen)
        self.show()
        settle()
        return self


class AtOnce:
    """Work that is done before anything else happens."""

    def run(
        self, work: Callable[[], T], succeeded: Callable[[T], None], failed: Callable[[SafelightError], None]
    ) -> None:
        succeeded(work())

    def later(self, seconds: float, call: Callable[[], None]) -> Callable[[], None]:
        return lambda: None


def settle() -> None:
    """Let layouts that ask for their height again get it."""
    for _ in range(3):
        QCoreApplication.sendPostedEvents()
        QCoreApplication.processEvents()


def labels(root: QWidget) -> Iterator[QLabel]:
    """The words that can be seen or scrolled to."""
    for label in root.findChildren(QLabel):
        if label.isVisibleTo(root) and label.text():
            yield label


def reached(person: Person, step: Step, said: Callable[[int], bool] = lambda _: True) -> Ceremony:
    """``person``'s ceremony at ``step``: everything before answered, yes to each use for which ``said`` is true."""
    now = person.ceremony
    at = Moment(SittingDouble(person).now(), now.whose_turn, "touch")
    while now.step is not step:
        if now.step is Step.LANGUAGE:
            now = acts.choose_language(now, person.language, at)
        elif now.step is Step.NOTICE:
            now = acts.read_card(now, at)
        elif now.step is Step.USES:
            for index, scope in enumerate(now.offered):
                grant = person.grants[scope] if said(index) else None
                now = acts.answer(now, scope, grant, at)
            now = acts.go_on(now, at)
        elif now.step is Step.TERM:
            for scope in acts.unmarked(now):
                now = acts.give_mark(now, scope, _KIND, Sha256("0" * 64), at)
            now = acts.go_on(now, at)
        elif now.step is Step.QUESTIONS:
            now = acts.answer_question(now, True, at)
        elif now.step is Step.REVIEW:
            now = acts.go_on(acts.show_page(now, Sha256("0" * 64), at), at)
        elif now.step is Step.SIGNATURE:
            now = acts.sign(now, _KIND, Sha256("0" * 64), at)
        else:
            now = acts.go_on(now, at)
    return replace(now)


_KIND = SignatureKind.INK
