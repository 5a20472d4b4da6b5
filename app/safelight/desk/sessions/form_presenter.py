"""What the form offers, and what becomes of it: a session opened, changed, or opened like another one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from safelight.desk.desk import Desk
from safelight.desk.failures import told, told_as_one
from safelight.domain.errors import SafelightError
from safelight.domain.ids import Country
from safelight.domain.session import Session
from safelight.settings.locales import country_zones
from safelight.studio.queries.recipients import ListedRecipient, recipient_rows
from safelight.studio.recipients import AddedRecipient, add_keyless, add_recipient
from safelight.studio.sessions import SessionChange, change_session, new_session

from .form_reading import (
    OWN,
    FormFound,
    card_bytes,
    change_back,
    change_of,
    new_of,
    read_form,
    recipient_choices,
    zone_choices,
)
from .rows import Draft, Preview, Purpose
from .use_cards import use_cards
from .view import SessionsView


class FormPresenter(QObject):
    """One form at a time. What was typed is kept while the desk is covered, and until it is saved or thrown away."""

    saved = Signal(object)
    """The :class:`Session` as it is now."""

    def __init__(self, desk: Desk, view: SessionsView, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._view, self._page = desk, view, view.form
        self._purpose = Purpose.NEW
        self._session: Session | None = None
        self._found: FormFound | None = None
        self._kept: tuple[Draft, Draft] | None = None
        self._turn = 0
        page = self._page
        page.save_asked.connect(self._save)
        page.preview_asked.connect(self._preview)
        page.country_chosen.connect(self._offer_zones)
        page.card_chosen.connect(self._add_card)
        page.recipient_named.connect(self._add_named)
        page.back_asked.connect(self._back)

    def open(self, purpose: Purpose, session: Session | None) -> None:
        """Open the form for a new session, to change ``session``, or for one like it."""
        self._purpose, self._session = purpose, session
        self._read(None)

    def put_away(self) -> None:
        """The desk is covered: keep what was typed, show it no more."""
        if self._view.currentWidget() is self._page and self._found is not None:
            self._kept = (self._page.draft, self._page.begun)
        self._turn += 1
        self._found = None

    def come_back(self) -> bool:
        """Somebody is back: the form stands as it was put away. Whether there was one, now or then."""
        if self._kept is None:
            return self._view.currentWidget() is self._page and self._found is not None
        kept, self._kept = self._kept, None
        self._read(kept)
        return True

    # Inside.

    def _read(self, kept: tuple[Draft, Draft] | None) -> None:
        self._turn += 1
        turn, studio, words = self._turn, self._desk.studio, self._desk.words
        purpose, session = self._purpose, self._session

        def came(found: FormFound) -> None:
            if turn != self._turn:
                return
            self._found = found if kept is None else replace(found, state=replace(found.state, draft=kept[0]))
            self._page.show_form(self._found.state)
            if kept is not None:
                self._page.begin_from(kept[1])
            self._view.show_form()

        self._desk.jobs.read(lambda _: read_form(studio, words, purpose, session), came, self._desk.failed)

    def _preview(self) -> None:
        found, page = self._found, self._page
        if found is None:
            return
        draft, language = page.draft, page.language
        catalogue = self._desk.studio.rules.catalogue
        named = [each.recipient for each in found.recipients if each.recipient.id in draft.recipients]
        if OWN in draft.recipients:
            named.append(found.own)
        self._turn += 1
        turn = self._turn

        def came(preview: Preview) -> None:
            if turn == self._turn:
                page.show_preview(preview)

        self._desk.jobs.read(
            lambda _: use_cards(catalogue, language, found.own, named, draft.uses), came, self._desk.failed
        )

    def _offer_zones(self, country: str) -> None:
        own = country_zones(country)
        self._page.show_zones(zone_choices(country), own[0] if own else self._page.draft.zone)

    def _back(self) -> None:
        words = self._desk.words
        if not self._page.is_touched:
            self._leave()
            return
        self._view.ask(
            words.get("sessions.discard_title"), words.get("sessions.discard_about"), words.get("sessions.discard"),
            words.get("sessions.go_on"), self._leave,
        )  # fmt: skip

    def _leave(self) -> None:
        self._found = None
        self._turn += 1
        self._page.forget()
        self._view.show_list()

    # Acts.

    def _save(self, draft: Draft) -> None:
        studio, by, before = self._desk.studio, self._desk.by.id, self._session
        self._page.show_saving(True)
        if self._purpose is Purpose.CHANGE and before is not None:
            id, change = before.id, change_of(draft)
            self._desk.jobs.write(
                lambda _: change_session(studio, id, change, by),
                lambda done: self._changed(before, *done),
                self._failed,
            )
        else:
            self._desk.jobs.write(lambda _: new_session(studio, new_of(draft)), self._made, self._failed)

    def _made(self, session: Session) -> None:
        self._leave()
        self._desk.say(self._desk.words.get("sessions.made", name=session.name))
        self.saved.emit(session)

    def _changed(self, before: Session, after: Session, differing: tuple[str, ...]) -> None:
        words = self._desk.words
        own = self._found.own.id if self._found is not None else ""
        self._leave()
        if not differing:
            self._desk.say(words.get("sessions.nothing_changed"))
        else:
            back, again = change_back(before, own), change_back(after, own)
            self._desk.undo.push(
                words.get("sessions.undo_change", name=after.name),
                lambda: self._change_to(before, back),
                lambda: self._change_to(after, again),
            )
            self._desk.say(words.get("sessions.changed", name=after.name))
        self.saved.emit(after)

    def _change_to(self, session: Session, change: SessionChange) -> None:
        studio, by = self._desk.studio, self._desk.by.id
        self._desk.jobs.write(
            lambda _: change_session(studio, session.id, change, by), lambda _: None, self._desk.failed
        )

    def _failed(self, error: SafelightError) -> None:
        self._page.show_saving(False)
        self._page.show_error(*told(self._desk.words, error))

    def _add_card(self, path: Path) -> None:
        studio = self._desk.studio
        self._desk.jobs.write(lambda _: add_recipient(studio, card_bytes(path)), self._recipient_added, self._not_added)

    def _add_named(self, name: str, country: str, role: str) -> None:
        studio = self._desk.studio
        self._desk.jobs.write(
            lambda _: add_keyless(studio, name, Country(country), role), self._recipient_added, self._not_added
        )

    def _recipient_added(self, added: AddedRecipient) -> None:
        words, studio = self._desk.words, self._desk.studio
        name, code = added.recipient.name, " ".join(added.words)
        sentence = (
            words.get("sessions.added_card", name=name, code=code) if code
            else words.get("sessions.added_name", name=name)
        )  # fmt: skip

        def came(rows: tuple[ListedRecipient, ...]) -> None:
            if self._found is not None:
                self._found = replace(self._found, recipients=rows)
                choices = recipient_choices(words, rows, self._found.own)
                self._page.show_recipients(choices, added.recipient.id, sentence)

        self._desk.jobs.read(lambda _: recipient_rows(studio), came, self._desk.failed)

    def _not_added(self, error: SafelightError) -> None:
        self._page.recipients.show_error(told_as_one(self._desk.words, error))
