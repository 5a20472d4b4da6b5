"""The second place and backups for their section; both are long jobs with a bar at the foot of the window."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject

from safelight.desk.desk import Desk
from safelight.desk.failures import told
from safelight.domain.changes import Changes
from safelight.domain.days import NO_ZONE
from safelight.domain.errors import SafelightError
from safelight.domain.progress import Report
from safelight.settings.zones import at_place, machine_zone
from safelight.studio.queries.second_place import SecondCopy, second_copy
from safelight.studio.second_place import Copied, copy_waiting, forget_second_place, set_second_place
from safelight.studio.upkeep import back_up_studio, read_back_backup

from .blocks import Block
from .copies_view import CopiesView
from .file_chooser import FileChooser
from .reading import Reading, act
from .rows import PlaceState, backup_name


class CopiesPresenter(QObject):
    """Between the section and the verbs of ``studio.second_place`` and ``studio.upkeep``."""

    def __init__(self, desk: Desk, view: CopiesView, chooser: FileChooser) -> None:
        super().__init__(view)
        self._desk, self._view, self._chooser = desk, view, chooser
        wakes = Changes.STUDIO | Changes.COPIES | Changes.PHOTOS | Changes.RECEIPTS
        self.reading = Reading(desk, wakes, lambda: second_copy(desk.studio), self._show, self)
        view.place_asked.connect(self._choose_place)
        view.copy_asked.connect(self._copy)
        view.off_asked.connect(self._end)
        view.backup_asked.connect(self._choose_backup)

    def open(self) -> None:
        """The section is on screen."""
        self.reading.open()

    def leave(self) -> None:
        """Another one is; what is being copied goes on."""
        self.reading.leave()
        self._view.forget()

    def _show(self, found: SecondCopy | None) -> None:
        words = self._desk.words
        if found is None:
            self._view.place.show_state(PlaceState("", (words.get("settings.no_second_place"),), "", 0, 0))
            return
        told = words.get("settings.in_two_places", n=found.total, done=found.done)
        warning = words.get("settings.same_disk") if found.place.same_disk else ""
        if not found.attached:
            warning = words.get("settings.not_attached")
        # A path runs from left to right, whatever the language does.
        state = PlaceState(f"\u2066{found.place.folder}\u2069", (told,), warning, found.done, found.total)
        self._view.place.show_state(state)

    def _choose_place(self) -> None:
        self._chooser.folder(self._view, self._desk.words.get("settings.choose_folder"), self.set_place)

    def set_place(self, folder: Path) -> None:
        """Keep everything in ``folder`` as well from now on."""
        studio, block = self._desk.studio, self._view.place
        done = self._desk.words.get("settings.second_place_set")
        act(self._desk, block, lambda: set_second_place(studio, folder), lambda _: block.say(done))

    def _end(self) -> None:
        studio, block = self._desk.studio, self._view.place
        told = self._desk.words.get("settings.second_place_ended")

        def work() -> tuple[None, Changes]:
            return None, forget_second_place(studio)

        act(self._desk, block, work, lambda _: block.say(told))

    def _copy(self) -> None:
        studio, words, block = self._desk.studio, self._desk.words, self._view.place

        def copied(done: Copied) -> None:
            block.wait(False)
            if done.damaged:
                block.fail(words.get("settings.damaged", n=len(done.damaged)))
                return
            block.say(words.get("settings.copied", n=done.files))

        self._begin(block)
        self._desk.status.long(
            words.get("settings.copying"), lambda report: copy_waiting(studio, report), copied,
            lambda error: self._failed(block, error), cancelled=lambda: block.wait(False),
        )  # fmt: skip

    def _choose_backup(self) -> None:
        self._chooser.folder(self._view, self._desk.words.get("settings.backup_begin"), self.back_up)

    def back_up(self, parent: Path) -> None:
        """Copy everything into a new folder in ``parent``, and read it back from the disk."""
        studio, words, block = self._desk.studio, self._desk.words, self._view.backup
        now = studio.now()
        local = at_place(machine_zone(now) or NO_ZONE, now)
        target = parent / backup_name(local.date(), local.hour, local.minute)

        def work(report: Report) -> tuple[tuple[int, bool], Changes]:
            files, changes = back_up_studio(studio, target, report)
            return (files, read_back_backup(target, report)), changes

        def done(made: tuple[int, bool]) -> None:
            files, past_cache = made
            block.wait(False)
            key = "settings.backup_done" if past_cache else "settings.backup_remembered"
            block.say(words.get(key, n=files, folder=target.name))

        self._begin(block)
        self._desk.status.long(
            words.get("settings.backing_up"), work, done, lambda error: self._failed(block, error),
            cancelled=self._stopped,
        )  # fmt: skip

    def _stopped(self) -> None:
        self._view.backup.wait(False)
        self._view.backup.fail(self._desk.words.get("settings.backup_stopped"))

    def _begin(self, block: Block) -> None:
        block.say("")
        block.wait(True)

    def _failed(self, block: Block, error: SafelightError) -> None:
        block.wait(False)
        block.fail(*told(self._desk.words, error))
