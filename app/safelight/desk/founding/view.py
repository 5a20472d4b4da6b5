"""The pages of the first run: one column each, every field and button in the order Tab goes."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping

from PySide6.QtCore import QLocale, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from safelight.desk.column import Column
from safelight.desk.founding.rows import Proof, Team, WhoYouAre
from safelight.domain.passphrase_strength import Strength, strength
from safelight.qt.choices import OneOf
from safelight.qt.controls import Button, EntryField, TextLabel
from safelight.settings.desk_texts import DeskTexts

STEPS = 3


class _Page(QWidget):
    """A column with a title, what went wrong, and a bar while something is done."""

    def __init__(self, words: DeskTexts, title: str, step: int = 0) -> None:
        super().__init__()
        self.words = words
        self.column, self.said, self.bar = Column(words.get(title)), TextLabel("", "warning"), QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(6)
        self.bar.setAccessibleName(words.get(title))
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self.column)
        if step:
            self.column.rows.addWidget(TextLabel(words.get("founding.step", n=step, all=STEPS), "muted"))
        self.column.rows.addWidget(TextLabel(words.get(title), "title"))

    def finish(self, *last: Button) -> None:
        """What stands at the foot of the page: the sentence, the bar, these buttons."""
        self._last = last
        for part in (self.said, self.bar, *last):
            self.column.rows.addWidget(part)
        self.show_waiting(False)

    def show_waiting(self, waiting: bool) -> None:
        """Something is being done, or may be asked for again."""
        self.bar.setVisible(waiting)
        for button in self._last:
            button.setEnabled(not waiting)

    def show_error(self, title: str, hint: str = "") -> None:
        """Why it cannot go on."""
        self.said.setText(f"{title} {hint}".strip())
        self.show_waiting(False)

    def field(self, key: str, *, secret: bool = False) -> EntryField:
        """One more line to type."""
        made = EntryField(self.words.get(key))
        if secret:
            made.edit.setEchoMode(QLineEdit.EchoMode.Password)
        return self.keep_height(made)

    def keep_height(self, field: EntryField) -> EntryField:
        """Add ``field``; no sentence that appears later takes of its height."""
        field.edit.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        field.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.column.rows.addWidget(field)
        return field

    def tell(self, key: str, **values: object) -> TextLabel:
        """One more paragraph."""
        made = TextLabel(self.words.get(key, **values), "muted")
        self.column.rows.addWidget(made)
        return made


class WaysIn(_Page):
    """Three ways in, and nothing else."""

    studio_asked = Signal()
    demo_asked = Signal()
    agency_asked = Signal()
    look_chosen = Signal(str)
    """One of ``preferences.LOOKS``."""

    def __init__(self, words: DeskTexts, look: str = "system") -> None:
        super().__init__(words, "founding.welcome")
        self.studio = Button(words.get("founding.set_up"), "primary", "camera")
        self.demo = Button(words.get("founding.look_around"), "choice", "eye")
        self.agency = Button(words.get("founding.receive"), "choice", "photo")
        for button, key, asked in (
            (self.studio, "founding.set_up_told", self.studio_asked),
            (self.demo, "founding.look_around_told", self.demo_asked),
            (self.agency, "founding.receive_told", self.agency_asked),
        ):
            button.clicked.connect(asked)
            self.column.rows.addWidget(button)
            self.tell(key)
        self.look = OneOf(words.get("founding.look"))
        self.look.offer([(each, words.get(f"founding.look_{each}")) for each in ("system", "dark", "light")], look)
        self.look.chosen.connect(self.look_chosen)
        self.column.rows.addWidget(self.look)
        self.finish()
        self.setFocusProxy(self.studio)


class FoundingView(_Page):
    """Who you are and the passphrase; Enter goes from field to field."""

    given = Signal(object)
    """:class:`WhoYouAre`, once; the fields of the passphrase are empty by then."""
    back_asked = Signal()

    def __init__(self, words: DeskTexts, *, agency: bool = False) -> None:
        super().__init__(words, "founding.agency_title" if agency else "founding.title", 0 if agency else 1)
        self.name = self.field("founding.agency_name" if agency else "founding.name")
        self.country = QComboBox()
        self.country.setProperty("role", "field")
        self.country.setAccessibleName(words.get("founding.country"))
        label = TextLabel(words.get("founding.country"))
        label.setBuddy(self.country)
        self.column.rows.addWidget(label)
        self.column.rows.addWidget(self.country)
        self.contact = self.field("founding.contact")
        self.address = self.field("founding.address")
        self.passphrase = self.field("unlock.passphrase", secret=True)
        self.meter = TextLabel(words.get("founding.passphrase_told"), "muted")
        self.column.rows.addWidget(self.meter)
        self.again = self.field("founding.again", secret=True)
        self.keyring = Button(words.get("founding.keyring"), "choice")
        self.keyring.setCheckable(True)
        self.column.rows.addWidget(self.keyring)
        self.go_on = Button(words.get("founding.go_on"), "primary", "next")
        self.back = Button(words.get("founding.back"), "quiet", "back")
        self.finish(self.go_on, self.back)
        self.passphrase.edited.connect(self._measure)
        self.go_on.clicked.connect(self._give)
        self.back.clicked.connect(self.back_asked)
        _lead(self.name, self.contact, self.address, self.passphrase, self.again)
        self.again.entered.connect(self._give)
        self.setFocusProxy(self.name)

    def show_countries(self, names: Mapping[str, str]) -> None:
        """Offer the countries by name; the one of this computer is chosen."""
        here = QLocale.territoryToCode(QLocale.system().territory())
        for code, name in sorted(names.items(), key=lambda each: each[1].casefold()):
            self.country.addItem(name, code)
        self.country.setCurrentIndex(max(0, self.country.findData(here)))

    def _measure(self, typed: str) -> None:
        meters = {
            Strength.SHORT: "founding.short",
            Strength.WEAK: "founding.weak",
            Strength.GOOD: "founding.good",
            Strength.STRONG: "founding.strong",
        }
        self.meter.setText(self.words.get(meters[strength(typed)] if typed else "founding.passphrase_told"))

    def _give(self) -> None:
        if not self.go_on.isEnabled():
            return
        first, again = self.passphrase.edit.text(), self.again.edit.text()
        if not self.name.text() or not self.contact.text():
            self.show_error(self.words.get("founding.missing"))
            (self.contact if self.name.text() else self.name).setFocus()
            return
        if strength(first) is Strength.SHORT:
            self.show_error(self.words.get("founding.short"))
            self.passphrase.setFocus()
            return
        if first != again:
            self.show_error(self.words.get("founding.differ"))
            self._clear(self.again)
            self.again.setFocus()
            return
        self._clear(self.passphrase, self.again)
        self.said.setText("")
        self.show_waiting(True)
        country = str(self.country.currentData() or "")
        self.given.emit(
            WhoYouAre(
                self.name.text(), country, self.contact.text(), self.address.text(), first, self.keyring.isChecked()
            )
        )

    def _clear(self, *fields: EntryField) -> None:
        for each in fields:
            with QSignalBlocker(each.edit):
                each.edit.clear()


class SheetsView(_Page):
    """The three recovery sheets: save or print them, then type one word back."""

    save_asked = Signal()
    print_asked = Signal()
    typed = Signal(str)

    def __init__(self, words: DeskTexts, proof: Proof, *, printer: bool) -> None:
        super().__init__(words, "founding.sheets_title", 2)
        self.tell("founding.sheets_told")
        self.save = Button(words.get("founding.save"), "primary")
        self.print = Button(words.get("founding.print"), "choice", "print")
        self.print.setVisible(printer)
        self.kept = TextLabel("", "muted")
        for part in (self.save, self.print, self.kept):
            self.column.rows.addWidget(part)
        self.tell("founding.proof_told")
        self.word = EntryField(words.get("founding.proof", word=proof.word, sheet="ABC"[proof.sheet - 1]))
        self.keep_height(self.word)
        self.go_on = Button(words.get("founding.go_on"), "choice", "next")
        self.finish(self.go_on)
        self.save.clicked.connect(self.save_asked)
        self.print.clicked.connect(self.print_asked)
        self.go_on.clicked.connect(self._give)
        self.word.entered.connect(self._give)
        self.setFocusProxy(self.save)

    def show_kept(self, sentence: str) -> None:
        """The sheets were saved, or printed: now the word is asked for."""
        self.kept.setText(sentence)
        self.word.setFocus()

    def _give(self) -> None:
        if self.go_on.isEnabled():
            self.typed.emit(self.word.text())


class TeamView(_Page):
    """Who works here, each with a PIN; the second person may come later."""

    given = Signal(object)
    """:class:`Team`, once."""

    def __init__(self, words: DeskTexts) -> None:
        super().__init__(words, "founding.team_title", 3)
        self.tell("founding.team_told")
        self.photographer = self.field("founding.photographer")
        self.photographer_pin = self.field("founding.pin", secret=True)
        self.reviewer = self.field("founding.reviewer")
        self.reviewer_pin = self.field("founding.pin", secret=True)
        self.tell("founding.reviewer_told")
        self.go_on = Button(words.get("founding.open_desk"), "primary", "next")
        self.finish(self.go_on)
        self.go_on.clicked.connect(self._give)
        _lead(self.photographer, self.photographer_pin, self.reviewer, self.reviewer_pin)
        self.reviewer_pin.entered.connect(self._give)
        self.setFocusProxy(self.photographer)

    def _give(self) -> None:
        if not self.go_on.isEnabled():
            return
        missing = [each for each in (self.photographer, self.photographer_pin) if not each.text()]
        if missing:
            self.show_error(self.words.get("founding.team_missing"))
            missing[0].setFocus()
            return
        if bool(self.reviewer.text()) != bool(self.reviewer_pin.text()):
            self.show_error(self.words.get("founding.reviewer_half"))
            return
        self.said.setText("")
        self.show_waiting(True)
        self.given.emit(
            Team(self.photographer.text(), self.photographer_pin.text(), self.reviewer.text(), self.reviewer_pin.text())
        )


class AgencyReady(_Page):
    """What an agency does next."""

    close_asked = Signal()

    def __init__(self, words: DeskTexts, folder: str) -> None:
        super().__init__(words, "founding.agency_ready")
        self.tell("founding.agency_next", folder=folder)
        self.done = Button(words.get("window.dismiss"), "primary")
        self.done.clicked.connect(self.close_asked)
        self.finish(self.done)
        self.setFocusProxy(self.done)


def _lead(*fields: EntryField) -> None:
    """Enter in a field goes to the next one, as Tab does."""

    def to(field: EntryField) -> Callable[[], None]:
        return lambda: field.setFocus(Qt.FocusReason.TabFocusReason)

    for field, following in itertools.pairwise(fields):
        field.entered.connect(to(following))
