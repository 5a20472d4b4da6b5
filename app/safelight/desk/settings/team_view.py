"""The section about the team: who works here, who is at the desk; one person at a time is changed in a card."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from safelight.qt.choices import OneOf
from safelight.qt.controls import Button, EntryField, TextLabel
from safelight.settings.desk_texts import DeskTexts

from .blocks import Block, Page, PinForm, SecretField, lead, narrow
from .rows import NewPerson, Person

ROLES = ("photographer", "reviewer", "both")


class TeamView(Page):
    """The people, a card for the one that is changed, one for somebody new, one for who works here now."""

    take_over_asked = Signal(str)
    """Whoever has this PIN works at the desk from now on."""
    add_asked = Signal(object)
    """A :class:`NewPerson`; the fields of the PIN are empty by then."""
    rename_asked = Signal(str, str)
    pin_asked = Signal(str, str)
    retire_asked = Signal(str)

    def __init__(self, words: DeskTexts) -> None:
        super().__init__(words.get("settings.team"))
        self._words = words
        self._people: tuple[Person, ...] = ()
        self.list, self.person = _People(words), _PersonBlock(words)
        self.at_desk, self.new = _AtDeskBlock(words), _NewBlock(words)
        self.put(self.list, self.person, self.new, self.at_desk)
        self.finish()
        self.list.change_asked.connect(self._change)
        self.person.rename_asked.connect(self.rename_asked)
        self.person.pin_asked.connect(self.pin_asked)
        self.person.retire_asked.connect(self.retire_asked)
        self.person.closed.connect(self._close)
        self.new.given.connect(self.add_asked)
        self.at_desk.given.connect(self.take_over_asked)
        self.show_people(())

    def show_people(self, people: Sequence[Person]) -> None:
        """Everybody, those who retired last."""
        self._people = tuple(people)
        self.list.show_people(self._people)
        known = {each.id: each for each in self._people}
        self.person.show_person(known.get(self.person.id))
        self.at_desk.show_who(next((each.name for each in self._people if each.at_desk), ""))

    def forget(self) -> None:
        """Nobody is named, and nothing typed is kept."""
        self.person.show_person(None)
        self.show_people(())
        self.new.clear()
        self.at_desk.clear()

    def _change(self, id: str) -> None:
        self.person.show_person(next(each for each in self._people if each.id == id))
        self.person.name.setFocus()

    def _close(self) -> None:
        id = self.person.id
        self.person.show_person(None)
        self.list.focus_on(id)


class _People(Block):
    change_asked = Signal(str)

    def __init__(self, words: DeskTexts) -> None:
        super().__init__(words.get("settings.who_works_here"), words.get("settings.team_told"))
        self._words = words
        self.buttons: dict[str, Button] = {}
        self._shown: tuple[Person, ...] | None = None
        self._inside = QVBoxLayout()
        self._inside.setSpacing(4)
        self.body.addLayout(self._inside)
        self.finish()

    def show_people(self, people: tuple[Person, ...]) -> None:
        """Make a line for each; the focus stays with the same person."""
        if people == self._shown:
            return
        self._shown = people
        had = next((id for id, button in self.buttons.items() if button.hasFocus()), "")
        self.buttons = {}
        while (item := self._inside.takeAt(0)) is not None:
            if (gone := item.widget()) is not None:
                gone.hide()
                gone.deleteLater()
        for each in people:
            self._inside.addWidget(self._line(each))
        if had:
            self.focus_on(had)

    def focus_on(self, id: str) -> None:
        """The focus goes to somebody's line."""
        if id in self.buttons:
            self.buttons[id].setFocus()

    def _line(self, person: Person) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 4, 0, 4)
        row.setSpacing(12)
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(TextLabel(person.name, "muted" if person.retired else "body"))
        names.addWidget(TextLabel(person.told, "muted"))
        row.addLayout(names, 1)
        if not person.retired:
            words = self._words.get("settings.change")
            button = self.buttons[person.id] = Button(words, about=f"{words}: {person.name}")
            button.clicked.connect(lambda: self.change_asked.emit(person.id))
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        return line


class _PersonBlock(Block):
    rename_asked = Signal(str, str)
    pin_asked = Signal(str, str)
    retire_asked = Signal(str)
    closed = Signal()

    def __init__(self, words: DeskTexts) -> None:
        super().__init__("")
        self.id = ""
        self._words, self._name = words, ""
        self.name = EntryField(words.get("settings.name"))
        narrow(self.name)
        self.rename = Button(words.get("settings.rename"))
        self.pins = PinForm(words, words.get("settings.set_pin"))
        self.retire, self.close_it = Button(words.get("settings.retire")), Button(words.get("settings.done"), "quiet")
        self.retire_told = TextLabel(words.get("settings.retire_told"), "muted")
        naming = QWidget()
        row = QHBoxLayout(naming)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.name, 1)
        row.addWidget(self.rename, 0, Qt.AlignmentFlag.AlignBottom)
        row.addStretch(1)
        self.put(naming, self.pins, self.retire_told)
        self.put_row(self.retire, self.close_it)
        self.finish()
        self.rename.clicked.connect(self._rename)
        self.name.entered.connect(self._rename)
        self.pins.given.connect(lambda pin: self.pin_asked.emit(self.id, pin))
        self.pins.refused.connect(self.fail)
        self.retire.clicked.connect(self._retire)
        self.close_it.clicked.connect(self.closed)

    def show_person(self, person: Person | None) -> None:
        """Change this one from now on; what is typed stays while it is the same."""
        id = "" if person is None or person.retired else person.id
        if id != self.id or person is None:
            self.pins.clear()
            self.say("")
            self.retire.set_words(self._words.get("settings.retire"))
            self._sure = False
        self.id = id
        self.setVisible(bool(id))
        if person is None or not id:
            self._name = ""
            self.name.set_text("")
            self.title.setText("")
            return
        if self._name != person.name:
            self.name.set_text(person.name)
        self._name = person.name
        self.title.setText(person.name)
        self.setAccessibleName(person.name)
        self.retire.setEnabled(not person.at_desk)
        told = "settings.retire_at_desk" if person.at_desk else "settings.retire_told"
        self.retire_told.setText(self._words.get(told))

    def _rename(self) -> None:
        if self.name.text() and self.name.text() != self._name:
            self.rename_asked.emit(self.id, self.name.text())

    def _retire(self) -> None:
        if self._sure:
            self.retire_asked.emit(self.id)
            return
        self._sure = True
        self.retire.set_words(self._words.get("settings.retire_sure", name=self._name))


class _NewBlock(Block):
    given = Signal(object)

    def __init__(self, words: DeskTexts) -> None:
        super().__init__(words.get("settings.new_person"), words.get("settings.new_person_told"))
        self._words = words
        self.name = EntryField(words.get("settings.name"))
        narrow(self.name)
        self.role = OneOf(words.get("settings.role"))
        self.role.offer([(each, words.get(f"settings.role_{each}")) for each in ROLES], ROLES[0])
        self.pins = PinForm(words, words.get("settings.add"))
        self.put(self.name, self.role, self.pins)
        self.finish()
        lead(self.name, self.pins.first)
        self.pins.given.connect(self._give)
        self.pins.refused.connect(self.fail)

    def clear(self) -> None:
        """Forget what was typed."""
        self.name.set_text("")
        self.pins.clear()
        self.role.set_value(ROLES[0])

    def _give(self, pin: str) -> None:
        if not self.name.text():
            self.fail(self._words.get("settings.name_missing"))
            self.name.setFocus()
            return
        self.given.emit(NewPerson(self.name.text(), self.role.value or ROLES[0], pin))


class _AtDeskBlock(Block):
    given = Signal(str)

    def __init__(self, words: DeskTexts) -> None:
        super().__init__(words.get("settings.at_desk"), words.get("settings.at_desk_told"))
        self._words = words
        self.who = TextLabel("", "body")
        self.pin, self.take_over = SecretField(words.get("settings.pin")), Button(words.get("settings.take_over"))
        fields = QWidget()
        row = QHBoxLayout(fields)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.pin, 1)
        row.addWidget(self.take_over, 0, Qt.AlignmentFlag.AlignBottom)
        row.addStretch(1)
        self.put(self.who, fields)
        self.finish()
        self.pin.entered.connect(self._give)
        self.take_over.clicked.connect(self._give)

    def show_who(self, name: str) -> None:
        """Who works here now."""
        self.who.setText(name)

    def clear(self) -> None:
        """Forget what was typed."""
        self.pin.clear()

    def _give(self) -> None:
        if typed := self.pin.take():
            self.given.emit(typed)
