"""Gives whoever is on set their own pictures and receipts: F8, a folder, and what came of it in one sentence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject

from safelight.desk.desk import Desk
from safelight.desk.shoot.switching import People
from safelight.domain.changes import Changes
from safelight.domain.errors import SafelightError
from safelight.domain.ids import SubjectId
from safelight.domain.people import Subject
from safelight.domain.progress import Report
from safelight.studio.deliveries import Delivered, GivenAs, deliver
from safelight.studio.file_names import safe_name
from safelight.studio.queries.lookup import find_subject

Where = Callable[[str, Callable[[Path], None]], None]
"""Asks for a new folder, proposing this name, and hands the one that was chosen on."""


class Delivering(QObject):
    """One delivery at a time; a folder that was begun and not finished is removed again by the verb."""

    def __init__(self, desk: Desk, where: Where, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._where = desk, where
        self._running = False

    def ask(self, people: People) -> None:
        """Ask where the pictures of the one person on set shall lie, and write them there."""
        if len(people) != 1:
            self._desk.say(self._desk.words.get("shoot.deliver-whom"))
            return
        if self._running:
            self._desk.say(self._desk.words.get("shoot.deliver-running"))
            return
        studio, id = self._desk.studio, people[0]
        self._desk.jobs.read(lambda _: find_subject(studio, id), self._ask_where, self._desk.failed)

    def _ask_where(self, subject: Subject) -> None:
        # ``safe_name`` names files; a folder has no ending.
        name = safe_name(subject.name, "x", ()).removesuffix(".x")
        self._where(name, lambda folder: self._deliver(subject.id, folder))

    def _deliver(self, id: SubjectId, folder: Path) -> None:
        studio, words = self._desk.studio, self._desk.words
        if self._running:
            return
        self._running = True

        def work(report: Report) -> tuple[Delivered, Changes]:
            return deliver(studio, find_subject(studio, id), folder, report)

        def ended() -> None:
            self._running = False

        def done(made: Delivered) -> None:
            ended()
            given = sum(each.given is not GivenAs.NOTHING for each in made.photos)
            left = len(made.photos) - given
            self._desk.say(
                words.get("shoot.delivered", n=given, folder=made.folder.name),
                words.get("shoot.delivered-left", n=left) if left else "",
            )

        def failed(error: SafelightError) -> None:
            ended()
            self._desk.failed(error)

        def stopped() -> None:
            ended()
            self._desk.say(words.get("shoot.deliver-stopped"))

        label = words.get("shoot.delivering")
        self._desk.status.long(label, work, done, failed, cancelled=stopped, initiator=self)
