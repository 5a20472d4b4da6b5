"""The recipients for their section: read, looked at by their card, added with it or by name."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject

from safelight.desk.desk import Desk
from safelight.desk.failures import told
from safelight.domain.changes import Changes
from safelight.domain.errors import DeviceFailure, SafelightError, WrongUsage
from safelight.domain.ids import Country
from safelight.domain.jurisdiction import Cover
from safelight.settings.locales import country_name, country_names, day_words
from safelight.studio.queries.recipients import ListedRecipient, recipient_rows
from safelight.studio.recipients import AddedRecipient, add_keyless, add_recipient, look_at_card, read_cover

from .file_chooser import FileChooser
from .reading import Reading, act
from .recipients_view import RecipientsView
from .rows import NamedRecipient, RecipientLine, SeenCard

CARD_LIMIT = 256 * 1024
"""Bytes; no card is larger."""


@dataclass(frozen=True, slots=True)
class _Known:
    rows: tuple[ListedRecipient, ...]
    countries: dict[str, str]


class RecipientsPresenter(QObject):
    """Between the section and the verbs of ``studio.recipients``."""

    def __init__(self, desk: Desk, view: RecipientsView, chooser: FileChooser) -> None:
        super().__init__(view)
        self._desk, self._view, self._chooser = desk, view, chooser
        self._untrusted_card = b""
        language = desk.words.language
        self.reading = Reading(
            desk, Changes.RECIPIENTS | Changes.BUNDLES,
            lambda: _Known(recipient_rows(desk.studio), dict(country_names(language))), self._show, self,
        )  # fmt: skip
        view.card_asked.connect(self._choose)
        view.card_added.connect(self._add_card)
        view.card_refused.connect(self._refuse)
        view.named.connect(self._add_named)

    def open(self) -> None:
        """The section is on screen."""
        self.reading.open()

    def leave(self) -> None:
        """Another one is."""
        self.reading.leave()
        self._untrusted_card = b""
        self._view.forget()

    def look_at(self, path: Path) -> None:
        """Show what the card in this file says, before anything is added."""
        studio, block = self._desk.studio, self._view.list

        def look() -> tuple[bytes, AddedRecipient]:
            untrusted = _read(path)
            return untrusted, look_at_card(studio, untrusted)

        def seen(found: tuple[bytes, AddedRecipient]) -> None:
            if not self.reading.shown:
                return
            self._untrusted_card, card = found
            self._view.card.show_card(self._card(card))
            self._view.card.refuse.setFocus()  # a stray Enter adds nobody who was not called

        def failed(error: SafelightError) -> None:
            block.fail(*told(self._desk.words, error))

        block.say("")
        self._desk.jobs.read(lambda _: look(), seen, failed)

    def _show(self, known: _Known) -> None:
        self._view.list.show_recipients([self._line(each) for each in known.rows])
        if self._view.name.country.value is None:
            self._view.name.show_countries(known.countries, self._desk.studio.identity.country)

    def _line(self, row: ListedRecipient) -> RecipientLine:
        words, who = self._desk.words, row.recipient
        told = [words.get(f"settings.role_{who.role}"), country_name(words.language, who.country) or who.country]
        if row.cover is not None:
            told.append(words.get(f"settings.cover_{row.cover.lower()}"))
        if not row.card:
            told.append(words.get("settings.no_card"))
        if row.last_at is not None:
            day = day_words(words.language, who.country, row.last_at.date())
            told.append(words.get("settings.bundles", n=row.bundles, day=day))
        return RecipientLine(who.id, who.name, " · ".join(told), " ".join(row.words))

    def _card(self, seen: AddedRecipient) -> SeenCard:
        words, who = self._desk.words, seen.recipient
        country = country_name(words.language, who.country) or who.country
        told = "\n".join(each for each in (country, who.contact, who.address) if each)
        warning = words.get("settings.same_name") if seen.same_name else ""
        return SeenCard(who.name, told, " ".join(seen.words), warning)

    def _choose(self) -> None:
        self._chooser.file(self._view, self._desk.words.get("settings.add_card"), self.look_at)

    def _refuse(self) -> None:
        self._untrusted_card = b""
        self._view.card.show_card(None)
        self._view.list.say(self._desk.words.get("settings.not_added"))
        self._view.list.choose.setFocus()

    def _add_card(self, cover: str) -> None:
        studio, card = self._desk.studio, self._untrusted_card

        def added(made: AddedRecipient) -> None:
            self._untrusted_card = b""
            self._view.card.show_card(None)
            self._view.list.say(self._desk.words.get("settings.added", name=made.recipient.name))
            self._view.list.choose.setFocus()

        act(self._desk, self._view.card, lambda: add_recipient(studio, card, self._cover(cover)), added)

    def _add_named(self, named: NamedRecipient) -> None:
        studio, block = self._desk.studio, self._view.name

        def work() -> tuple[AddedRecipient, Changes]:
            cover = self._cover(named.cover)
            return add_keyless(studio, named.name, Country(named.country), named.role, named.contact, cover)

        def added(made: AddedRecipient) -> None:
            block.clear()
            block.say(self._desk.words.get("settings.added", name=made.recipient.name))
            block.name.setFocus()

        act(self._desk, block, work, added)

    def _cover(self, mechanism: str) -> Cover | None:
        return read_cover(mechanism, self._desk.studio.today()) if mechanism else None


def _read(path: Path) -> bytes:
    if not path.is_file():
        raise WrongUsage(f"“{path.name}” is no file.", "Nothing was added. Choose another one.")  # a pipe never ends
    try:
        with path.open("rb") as file:
            untrusted = file.read(CARD_LIMIT + 1)
    except OSError as error:
        raise DeviceFailure(f"“{path.name}” cannot be read ({error.strerror}).", "Choose another file.") from error
    if len(untrusted) > CARD_LIMIT:
        raise WrongUsage(f"“{path.name}” is too large for a card.", "Nothing was added. Choose another file.")
    return untrusted
