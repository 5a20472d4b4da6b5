"""Works out in the background what an export would do, words it, and writes the bundle with a bar and a cancel."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from safelight.desk.desk import Desk
from safelight.desk.pictures.shot_tile import named_tile
from safelight.desk.pictures.tiles import ShotTile
from safelight.desk.progress_words import size_words
from safelight.domain.changes import Changes
from safelight.domain.errors import SafelightError
from safelight.domain.ids import Country
from safelight.domain.mending import Mend
from safelight.domain.progress import Report
from safelight.domain.reads import Door
from safelight.domain.scope import in_language
from safelight.domain.session import Session
from safelight.settings.locales import country_names, listed
from safelight.studio.exports import ENCRYPTING, Exported, PackingProcess, export_bundle
from safelight.studio.founding import studio_words
from safelight.studio.open_studio import OpenStudio
from safelight.studio.packing import ExportRequest
from safelight.studio.queries.export_preview import ExportPreview, OutGroup, export_preview
from safelight.studio.queries.recipients import ListedRecipient, recipient_rows
from safelight.studio.queries.shots import session_shots
from safelight.studio.recipients import find_recipient

from .rows import Choices, Done, Outlook, RecipientRow, StayGroup, Wish
from .view import ExportView

_MENDED_ON = {
    Mend.ASK: "shoot", Mend.ASK_AGAIN: "shoot", Mend.ASSIGN: "shoot", Mend.SETTLE: "shoot", Mend.UNHIDE: "shoot",
    Mend.CLEAR: "shoot", Mend.CHECK: "review",
}  # fmt: skip
"""The screen on which a reason to stay can be mended; the others cannot be mended at a desk, or not by a screen."""


class ExportPresenter(QObject):
    """Decides nothing: what may leave says the studio, again and inside the transaction when the bundle is written."""

    def __init__(self, desk: Desk, view: ExportView) -> None:
        super().__init__(view)
        self._desk, self._view = desk, view
        self._wish = Wish()
        self._choices = Choices((), (), ())
        self._turn, self._life, self._shown, self._running = 0, 0, False, False
        self._written: Path | None = None
        view.wish_changed.connect(self._wished)
        view.export_asked.connect(self._export)
        view.mend_asked.connect(desk.go)
        view.reveal_asked.connect(self._reveal)
        desk.jobs.changed.connect(self._changed)
        desk.session_changed.connect(self._another_session)

    def open(self) -> None:
        """The screen is shown."""
        self._shown = True
        self._read_choices()

    def leave(self) -> None:
        """Another screen is shown; a bundle that is being written goes on."""
        self._shown = False

    def forget(self) -> None:
        """Drop who and what was chosen, and every name."""
        self._turn += 1
        self._life += 1
        self._shown, self._wish, self._choices = False, Wish(), Choices((), (), ())
        self._view.forget()

    # What is chosen.

    def _another_session(self, _: Session | None) -> None:
        self._view.show_done(None)
        if self._shown:
            self._look()

    def _changed(self, changes: Changes, _initiator: object) -> None:
        if not self._shown:
            return
        if changes & (Changes.RECIPIENTS | Changes.BUNDLES):
            self._read_choices()
        elif changes & (Changes.PHOTOS | Changes.CONSENTS | Changes.SUBJECTS | Changes.SESSIONS):
            self._look()

    def _wished(self, wish: Wish) -> None:
        self._wish = wish
        self._look()

    def _read_choices(self) -> None:
        studio, life = self._desk.studio, self._life

        def came(rows: tuple[ListedRecipient, ...]) -> None:
            if life == self._life:
                self._choices = self._choices_of(studio, rows)
                self._view.show_choices(self._choices, self._wish)
                self._look()

        self._desk.jobs.read(lambda _: recipient_rows(studio), came, self._desk.failed)

    def _choices_of(self, studio: OpenStudio, rows: Sequence[ListedRecipient]) -> Choices:
        words, catalogue = self._desk.words, studio.rules.catalogue
        # Those who got something most recently first; those without a card last, because nothing can be sent to them.
        recent = sorted(rows, key=lambda each: each.recipient.name.casefold())
        recent.sort(key=lambda each: each.last_at.timestamp() if each.last_at else 0.0, reverse=True)
        recent.sort(key=lambda each: not each.card)
        told = [words.get("export.bundles_so_far", n=each.bundles) if each.bundles else "" for each in recent]
        recipients = tuple(
            RecipientRow(
                each.recipient.id, each.recipient.name, each.recipient.country,
                said if each.card else words.get("export.no_card"), each.card,
            )
            for each, said in zip(recent, told, strict=True)
        )  # fmt: skip
        uses = tuple((each.id, in_language(each.title, words.language)) for each in catalogue.exportable())
        names = sorted(country_names(words.language).items(), key=lambda each: each[1].casefold())
        return Choices(recipients, uses, tuple((Country(code), name) for code, name in names))

    # What it would do.

    def _look(self) -> None:
        self._turn += 1
        session, wish, turn = self._desk.session, self._wish, self._turn
        if session is None or not wish.whole:
            self._view.show_outlook(None, ())
            return
        studio = self._desk.studio
        self._view.show_looking()

        def work(report: Report) -> tuple[ExportPreview, list[ShotTile]]:
            found = export_preview(studio, session, _request(studio, wish), report)
            names = {each.person.id: each.person.name for each in found.people}
            leaving = set(found.cleared)
            shots = session_shots(studio, session)
            return found, [named_tile(each, names) for each in shots if leaving.intersection(each.guids)]

        def came(result: tuple[ExportPreview, list[ShotTile]]) -> None:
            if turn == self._turn:
                found, tiles = result
                self._view.show_outlook(self._outlook(studio, found), tiles, self._file_name(session, wish))

        def failed(error: SafelightError) -> None:
            if turn == self._turn:
                self._view.show_outlook(None, ())
                self._desk.failed(error)

        self._desk.jobs.read(work, came, failed)

    def _outlook(self, studio: OpenStudio, found: ExportPreview) -> Outlook:
        words = self._desk.words
        size = words.get("export.size", size=size_words(found.size)) if found.cleared else ""
        warnings = tuple(words.get(f"export.caution_{each.caution.value}", n=each.photos) for each in found.warnings)
        groups = tuple(self._group(studio, each) for each in found.groups)
        return Outlook(found.cleared, staying=found.outside, groups=groups, warnings=warnings, size=size)

    def _group(self, studio: OpenStudio, group: OutGroup) -> StayGroup:
        words = self._desk.words
        use = studio.rules.catalogue.title(group.use, words.language)
        why = words.get(f"export.why_{group.code}")
        screen = _MENDED_ON.get(group.mend, "")
        return StayGroup(
            key=f"{group.code} {group.use}",
            title=words.get("export.group", n=len(group.photos), why=why, use=use),
            people=tuple(each.name for each in group.people),
            mend=words.get(f"export.mend_{group.mend.value}"),
            screen=screen,
            mend_words=words.get(f"export.go_{screen}") if screen else "",
        )

    def _file_name(self, session: Session, wish: Wish) -> str:
        # No name of anybody: files lie where others look, and the mail program shows what it is called.
        return f"bundle-{session.day}-{str(wish.recipient)[-8:]}.age"

    # Writing it.

    def _export(self, file: str) -> None:
        session, wish = self._desk.session, self._wish
        if session is None or not wish.whole or self._running:
            return
        studio, path = self._desk.studio, Path(file)
        path = path if path.suffix else path.with_suffix(".age")
        self._running = True

        def work(report: Report) -> tuple[Exported, Changes]:
            return export_bundle(studio, session, _request(studio, wish), path, report, PackingProcess())

        def done(exported: Exported) -> None:
            self._running, self._written = False, exported.bundle.path
            self._view.show_done(self._done(wish, exported))
            self._desk.say(self._desk.words.get("export.written"))

        def failed(error: SafelightError) -> None:
            self._running = False
            self._desk.failed(error)
            self._look()

        def stopped() -> None:
            self._running = False
            self._desk.say(self._desk.words.get("export.stopped"))
            self._look()

        label = self._desk.words.get("export.running")
        self._desk.status.long(
            label, work, done, failed, cancelled=stopped, initiator=self, bytes_of=ENCRYPTING
        )

    def _done(self, wish: Wish, exported: Exported) -> Done:
        words, bundle = self._desk.words, exported.bundle
        name = next((each.name for each in self._choices.recipients if each.id == wish.recipient), "")
        told = words.get(
            "export.done", number=bundle.manifest.sequence, name=name, n=len(exported.preview.cleared),
            size=size_words(bundle.size),
        )  # fmt: skip
        return Done(told, str(bundle.path), listed(words.language, "", studio_words(self._desk.studio)))

    def _reveal(self) -> None:
        if self._written is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._written.parent)))


def _request(studio: OpenStudio, wish: Wish) -> ExportRequest:
    recipient, cover = find_recipient(studio, str(wish.recipient))
    place = wish.place if wish.place is not None else recipient.country
    return ExportRequest(recipient, cover, wish.uses, place, door=Door.DESK)
