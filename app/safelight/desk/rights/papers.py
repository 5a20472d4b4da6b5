"""What is saved and taken in as files: receipts of what was taken back, notices, answers, the published folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject

from safelight.desk.desk import Desk
from safelight.desk.settings.file_chooser import FileChooser
from safelight.domain.changes import Changes
from safelight.domain.ids import RecipientId, SubjectId
from safelight.studio.acknowledging import TakenAnswer, import_acknowledgement
from safelight.studio.notice_papers import notice_papers
from safelight.studio.open_studio import OpenStudio
from safelight.studio.publishing import Published, publish
from safelight.studio.queries.notices import issued_notice
from safelight.studio.recipients import find_recipient
from safelight.studio.withdrawal_papers import withdrawal_papers
from safelight.studio.withdrawing import Withdrawn

from .files import read_file, write_new
from .view import RightsView

Work = Callable[[], str]
ANSWER_LIMIT, SIGNATURE_LIMIT = 64 * 1024 * 1024, 64 * 1024
"""Bytes: no answer and no signature of one is larger."""


class Papers(QObject):
    """Asks for a folder or a file, and has it written or read in the background; nothing there is written over."""

    def __init__(self, desk: Desk, view: RightsView, chooser: FileChooser, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._view, self.chooser = desk, view, chooser
        self._last: Withdrawn | None = None
        view.person.receipt_asked.connect(self._save_receipt)
        view.recipient.save_asked.connect(self._save_notice)
        view.recipient.answer_asked.connect(self._take_answer)
        view.recipient.publish_asked.connect(self._publish)

    def forget(self) -> None:
        """Ask for nothing any more, and remember nobody's receipt."""
        self.chooser.close()
        self._last = None
        self._view.person.show_receipt(False)

    def know(self, subject: SubjectId) -> None:
        """Who is shown now: the receipt of somebody else is not offered any more."""
        if self._last is not None and subject not in self._last.people:
            self._last = None
        self._view.person.show_receipt(self._last is not None)

    def withdrawn(self, done: Withdrawn) -> None:
        """Something was taken back a moment ago: its receipt can be saved while the person is shown."""
        self._last = done
        self._view.person.show_receipt(True)

    def _save_receipt(self) -> None:
        done, studio = self._last, self._desk.studio
        if done is None:
            return

        def work(folder: Path) -> str:
            papers = withdrawal_papers(studio, done)
            stem = Path(papers.name).stem
            return write_new(folder, {f"{stem}.pdf": papers.pdf, f"{stem}.eml": papers.letter})

        title = self._desk.words.get("rights.save_receipt")
        self.chooser.folder(self._view, title, lambda folder: self._save(lambda: work(folder)))

    def _save_notice(self, recipient: str, number: int) -> None:
        studio = self._desk.studio

        def work(folder: Path) -> str:
            sent = issued_notice(studio, RecipientId(recipient), number)
            papers = notice_papers(studio, find_recipient(studio, recipient)[0], sent)
            # No name of anybody: files lie where others look. The end of a key tells recipients apart.
            stem = f"notice-{number}-{recipient[-8:]}"
            files = {
                f"{stem}.json": sent.text.encode(), f"{stem}.json.sig": sent.signature.encode(),
                f"{stem}.pdf": papers.pdf, f"{stem}.eml": papers.mail,
            }  # fmt: skip
            return write_new(folder, files)

        title = self._desk.words.get("rights.save_notice")
        self.chooser.folder(self._view, title, lambda folder: self._save(lambda: work(folder)))

    def _save(self, work: Work) -> None:
        words = self._desk.words

        def done(names: str) -> None:
            self._desk.say(words.get("rights.saved"), names)

        self._desk.jobs.read(lambda _: work(), done, self._desk.failed)

    def _take_answer(self) -> None:
        studio, words = self._desk.studio, self._desk.words

        def done(taken: TakenAnswer) -> None:
            left = sum(each.open for each in taken.notices)
            title = words.get("rights.answer_known" if taken.already else "rights.answer_taken", name=taken.name)
            self._desk.say(title, words.get("rights.answer_left", n=left))

        def take(path: Path) -> None:
            self._desk.jobs.write(lambda _: _taken(studio, path), done, self._desk.failed, initiator=self)

        self.chooser.file(self._view, words.get("rights.take_answer"), take)

    def _publish(self) -> None:
        studio, words = self._desk.studio, self._desk.words

        def done(made: Published) -> None:
            self._desk.say(words.get("rights.published", n=made.notices), words.get("rights.published_told"))

        def go(folder: Path) -> None:
            self._desk.status.long(
                words.get("rights.publishing"), lambda report: publish(studio, folder, report), done,
                self._desk.failed, initiator=self,
            )  # fmt: skip

        self.chooser.folder(self._view, words.get("rights.publish"), go)


def _taken(studio: OpenStudio, path: Path) -> tuple[TakenAnswer, Changes]:
    signature = path.with_name(f"{path.name}.sig")
    untrusted = read_file(path, ANSWER_LIMIT)
    return import_acknowledgement(studio, untrusted, read_file(signature, SIGNATURE_LIMIT).decode("ascii", "replace"))
