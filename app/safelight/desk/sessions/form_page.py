"""One form for a new session, a change, and one like another; beside it what people will read."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from safelight.qt import theme
from safelight.qt.controls import Button, EntryField, TextLabel
from safelight.qt.frames import Scroll
from safelight.qt.picker import Picker
from safelight.settings.desk_texts import DeskTexts

from .days_part import DaysPart
from .page import GAP, Page, of_fixed_height
from .recipients_part import RecipientsPart
from .rows import Draft, FormState, Preview, RecipientChoice, fault
from .uses_part import PreviewPart, UsesPart

BESIDE = 460


class FormPage(Page):
    """A state comes in; the draft goes out as it stands."""

    save_asked = Signal(object)
    """The :class:`Draft`, tidied and without a fault that can be seen from here."""
    preview_asked = Signal()
    """Uses, recipients or the language are others: :attr:`draft` and :attr:`language` say which."""
    country_chosen = Signal(str)
    card_chosen = Signal(Path)
    recipient_named = Signal(str, str, str)

    def __init__(self, words: DeskTexts) -> None:
        super().__init__(words)
        self._begun = Draft()
        self.name = of_fixed_height(EntryField(words.get("sessions.name")))
        self.client = of_fixed_height(EntryField(words.get("sessions.client")))
        self.place = of_fixed_height(EntryField(words.get("sessions.place")))
        self.frames = of_fixed_height(EntryField(words.get("sessions.frames")))
        self.country = Picker(words.get("sessions.country"))
        self.zone = Picker(words.get("sessions.zone"))
        self.photographer = Picker(words.get("sessions.photographer"))
        self.days = DaysPart(words)
        self.stays = TextLabel(words.get("sessions.place_stays"), "muted")
        self.uses, self.recipients = UsesPart(words), RecipientsPart(words)
        self.preview = PreviewPart(words)
        self.save = Button(words.get("sessions.save_new"), "primary")
        self._lay_out()
        self.foot.add(self.save)
        self.save.clicked.connect(self._save)
        for field in (self.name, self.client, self.place, self.frames):
            field.entered.connect(self._save)
        self.country.chosen.connect(self.country_chosen)
        for changed in (self.uses.changed, self.recipients.changed, self.preview.language_chosen):
            changed.connect(lambda *_: self.preview_asked.emit())
        self.uses.looked_at.connect(self.preview.look_at)
        self.recipients.card_chosen.connect(self.card_chosen)
        self.recipients.named.connect(self.recipient_named)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(lambda: self.area.ensureWidgetVisible(self.recipients.name_card))
        self.recipients.unfolded.connect(self._soon.start)
        self.days.settled.connect(self._order_stops)

    @property
    def draft(self) -> Draft:
        """What stands in the form."""
        return Draft(
            self.name.text(), self.client.text(), self.place.text(), self.country.value or "", self.zone.value or "",
            self.days.value, self.photographer.value or "", self.frames.text(), self.uses.value, self.recipients.value,
        )  # fmt: skip

    @property
    def language(self) -> str:
        """The language of the cards."""
        return self.preview.language.value or "en"

    @property
    def is_touched(self) -> bool:
        """Whether anything differs from what it was opened with."""
        return self.draft != self._begun

    def show_form(self, state: FormState) -> None:
        """Open the form with ``state``; what cannot be changed any more is said, and cannot be reached."""
        draft = state.draft
        for field, text in (
            (self.name, draft.name), (self.client, draft.client), (self.place, draft.place),
            (self.frames, draft.frames),
        ):  # fmt: skip
            field.set_text(text)
        self.country.offer(state.countries, draft.country)
        self.zone.offer(state.zones, draft.zone)
        self.photographer.offer(state.photographers, draft.photographer)
        self.preview.language.offer(state.languages, state.language)
        self.days.show_days(draft.days)
        self.uses.offer(state.uses, draft.uses, answered=state.answered)
        self.recipients.offer_countries(state.countries, draft.country)
        self.recipients.offer(state.recipients, draft.recipients)
        self.recipients.show_added("")
        self.country.setEnabled(not state.answered)
        self.zone.setEnabled(not state.answered)
        self.stays.setVisible(state.answered)
        self.save.set_words(self.words.get(f"sessions.save_{state.purpose}"))
        self.show_head(self.words.get(f"sessions.title_{state.purpose}"))
        self.show_error("")
        self.show_saving(False)
        self._order_stops()
        self._begun = self.draft
        self.area.verticalScrollBar().setValue(0)
        self.preview_asked.emit()

    def begin_from(self, draft: Draft) -> None:
        """Leaving asks unless the form stands as in ``draft``: for one that was put away while somebody wrote in it."""
        self._begun = draft

    @property
    def begun(self) -> Draft:
        """What it was opened with."""
        return self._begun

    def work(self) -> None:
        """The focus goes to the first line."""
        self.name.setFocus()
        self.name.edit.selectAll()

    def show_zones(self, zones: Sequence[tuple[str, str]], chosen: str) -> None:
        """The time zones, after another country was chosen."""
        self.zone.offer(zones, chosen)

    def show_recipients(self, recipients: Sequence[RecipientChoice], ticked: str = "", sentence: str = "") -> None:
        """The recipients there are now; ``ticked`` was added and is chosen."""
        self.recipients.offer(recipients, self.recipients.value | {ticked})
        self.recipients.show_added(sentence)
        self._order_stops()
        self.preview_asked.emit()

    def show_preview(self, preview: Preview) -> None:
        """The cards as people read them."""
        self.preview.show_preview(preview)

    def show_saving(self, saving: bool) -> None:
        """It is being saved: nothing is saved twice."""
        self.save.setEnabled(not saving)

    def forget(self) -> None:
        """Show and remember nothing that was typed."""
        for field in (self.name, self.client, self.place, self.frames):
            field.set_text("")
        self.photographer.offer(())
        self.recipients.forget()
        self.show_error("")
        self._begun = Draft()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.preview.setFixedWidth(min(theme.tokens_of(self).px(BESIDE), self.width() // 3 + 40))

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(GAP)
        grid.setVerticalSpacing(8)
        for place, part in enumerate(
            (self.name, self.client, self.place, self.country, self.zone, self.photographer, self.frames)
        ):
            grid.addWidget(part, place // 2, place % 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        inside = QWidget()
        rows = QVBoxLayout(inside)
        rows.setContentsMargins(0, 0, 12, 0)
        rows.setSpacing(GAP)
        rows.addLayout(grid)
        rows.addWidget(self.stays)
        rows.addWidget(self.days)
        rows.addWidget(self.uses)
        rows.addWidget(self.recipients)
        rows.addStretch(1)
        self.area = Scroll(inside, self.words.get("sessions.form"))
        columns = QHBoxLayout()
        columns.setSpacing(20)
        columns.addWidget(self.area, 1)
        columns.addWidget(self.preview)
        self.middle.addLayout(columns)

    def _order_stops(self) -> None:
        """Tab goes as one reads, whatever came later."""
        stops = [
            self.back, self.name.edit, self.client.edit, self.place.edit, self.country.box, self.zone.box,
            self.photographer.box, self.frames.edit, *self.days.stops, *self.uses.stops, *self.recipients.stops,
            self.preview.language.box, self.save,
        ]  # fmt: skip
        for before, after in pairwise(stops):
            QWidget.setTabOrder(before, after)

    def _save(self) -> None:
        if not self.save.isEnabled():
            return
        draft = self.draft.tidied()
        wrong = fault(draft)
        if wrong is not None:
            field, kind = wrong
            self.show_error(self.words.get(f"sessions.fault_{kind}", what=self.words.get(f"sessions.{field}")))
            part: QWidget = getattr(self, field)
            (next(iter(self.uses.boxes.values()), self.save) if field == "uses" else part).setFocus()
            return
        self.show_error("")
        self.save_asked.emit(draft)
