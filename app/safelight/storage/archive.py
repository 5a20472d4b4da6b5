"""The archive of one studio: opened once, written in transactions, read from anywhere in the process."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from sqlalchemy import select

from safelight.domain.errors import Malformed, SafelightError
from safelight.domain.ids import SessionId, StudioId, SubjectId
from safelight.domain.progress import Report, silent
from safelight.keys.master import MasterKey
from safelight.storage.anchoring import Anchoring
from safelight.storage.checking import lasting, quarantined, tidy, unvouched_rows, verify
from safelight.storage.database import Database
from safelight.storage.digests import Difference, Untrue
from safelight.storage.erased_rows import Wanted, rows_left
from safelight.storage.erasing import Eraser
from safelight.storage.files import FileStore
from safelight.storage.findings import CheckReport, findings_of
from safelight.storage.folder import StudioFolder
from safelight.storage.repositories.attendance import AttendanceRepository
from safelight.storage.repositories.camera_clocks import CameraClocksRepository
from safelight.storage.repositories.code_tags import CodeTagsRepository
from safelight.storage.repositories.consents import ConsentsRepository
from safelight.storage.repositories.copies import CopiesRepository
from safelight.storage.repositories.culling import CullingRepository
from safelight.storage.repositories.disclosures import DisclosuresRepository
from safelight.storage.repositories.erasures import ErasuresRepository
from safelight.storage.repositories.guesses import GuessesRepository
from safelight.storage.repositories.held import HeldRepository
from safelight.storage.repositories.legal_holds import LegalHoldsRepository
from safelight.storage.repositories.notices import NoticesRepository
from safelight.storage.repositories.outgoing_notices import AcknowledgementsRepository, OutgoingNoticesRepository
from safelight.storage.repositories.photos import PhotosRepository
from safelight.storage.repositories.recipients import RecipientsRepository
from safelight.storage.repositories.requests import RequestsRepository
from safelight.storage.repositories.restrictions import RestrictionsRepository
from safelight.storage.repositories.seats import SeatsRepository
from safelight.storage.repositories.sessions import SessionsRepository
from safelight.storage.repositories.shots import ShotsRepository
from safelight.storage.repositories.source_marks import SourceMarksRepository
from safelight.storage.repositories.statuses import StatusesRepository
from safelight.storage.repositories.studio import StaffRepository, StudioRepository
from safelight.storage.repositories.subjects import SubjectsRepository
from safelight.storage.repositories.validations import ValidationsRepository
from safelight.storage.rows import Erased
from safelight.storage.schema import Upgrading, bring_up_to_date
from safelight.storage.tables import change
from safelight.storage.transaction import Transaction
from safelight.storage.vault import Alone, Sign, Vault
from safelight.storage.watched import ARCHIVE, WatchedTables


class Archive(Vault[StudioFolder]):
    """Everything a studio keeps, behind one lock, one writer and one repository per kind of thing."""

    noun = "archive"
    watched: ClassVar[WatchedTables | None] = ARCHIVE

    def __init__(
        self, folder: StudioFolder, studio_id: StudioId, master: MasterKey, sign: Sign | None, digested: bool = False
    ) -> None:
        """Not for callers: see :meth:`create` and :meth:`open`."""
        super().__init__(folder, studio_id, master, sign, digested)
        self.studio_id = studio_id
        """Whose archive it is."""
        self.files = FileStore(self._store, folder.files)
        self.studio = StudioRepository(self._store)
        self.staff = StaffRepository(self._store)
        self.recipients = RecipientsRepository(self._store)
        self.sessions = SessionsRepository(self._store)
        self.subjects = SubjectsRepository(self._store)
        self.cameras = CameraClocksRepository(self._store)
        self.attendance = AttendanceRepository(self._store)
        self.holds = LegalHoldsRepository(self._store)
        self.photos = PhotosRepository(self._store, self.files, self.holds)
        self.copies = CopiesRepository(self._store)
        self.culling = CullingRepository(self._store)
        self.source_marks = SourceMarksRepository(self._store.database)
        self.shots = ShotsRepository(self._store)
        self.consents = ConsentsRepository(self._store, self.files)
        self.held = HeldRepository(self._store)
        self.seats = SeatsRepository(self._store.database)
        self.guesses = GuessesRepository(self._store.database)
        self.notices = NoticesRepository(self._store)
        self.validations = ValidationsRepository(self._store)
        self.disclosures = DisclosuresRepository(self._store)
        self.statuses = StatusesRepository(self._store)
        self.code_tags = CodeTagsRepository(self._store.database)
        self.outgoing_notices = OutgoingNoticesRepository(self._store)
        self.acknowledgements = AcknowledgementsRepository(self._store)
        self.restrictions = RestrictionsRepository(self._store)
        self.requests = RequestsRepository(self._store)
        self._eraser = Eraser(self._store, self.files, self.photos, self.holds)
        self.erasures = ErasuresRepository(self._store)
        self.keys.know_erased(self.erasures.destroyed)
        self._last_acts: dict[str, Callable[[], None]] = {}
        self.anchoring = Anchoring(studio_id, folder.path, self.journal)

    @staticmethod
    def _bring_up_to_date(database: Database, upgrading: Upgrading | None = None, alone: Alone = nullcontext) -> None:
        bring_up_to_date(database, upgrading=upgrading, alone=alone)

    @contextmanager
    def transaction(self, now: datetime, *told: datetime, back: bool = False) -> Iterator[Transaction]:
        """As for every vault; what it wrote is anchored in the keyring in a while."""
        with super().transaction(now, *told, back=back) as t:
            yield t
        self.anchoring.noted()

    def before_closing(self, name: str, act: Callable[[], None]) -> None:
        """Have ``act`` called when this is closed, while it can still be written; one of each ``name``."""
        self._last_acts.setdefault(name, act)

    def close(self) -> None:
        """Do what was left for the end, anchor the end of the journal, then give everything back."""
        while self._last_acts:
            self._last_acts.popitem()[1]()
        self.anchoring.close()
        super().close()

    def older_than_known(self) -> Malformed | None:
        """What is wrong with an archive that is older than what this computer's keyring knows; None otherwise."""
        known = self.anchoring.newer()
        if known is None:
            return None
        end = self.journal.end().number
        older = "This archive is older than the newest this computer has seen"
        return Malformed(
            f"{older}: its journal ends with entry {end} and lacks entry {known.number} of then.",
            "Nothing was done because of it. Restore the newest backup with “studio restore”.",
        )

    def changes(self) -> int:
        """A number that every write which can change a decision about a photo moves on, in its own transaction.

        Read before deciding and again inside the transaction that acts on the decision: the same number means that
        nothing the decision rests on was written in between.
        """
        with self._store.database.reading() as connection:
            numbers = connection.execute(select(change.c.number)).scalars().all()
        if len(numbers) != 1:
            raise Malformed(
                "What counts the changes was removed or put in twice (table change).", ARCHIVE.hint, (change.name,)
            )
        return int(numbers[0])

    def rely_on(self, parts: Collection[SubjectId | SessionId] = (), own: Collection[str] = ()) -> None:
        """Raise :class:`Untrue` unless all rows of these people and sessions are as this program left them.

        ``own`` names tables of what is neither a person's nor a session's. Whoever decides something by rows asks this
        first, in the same transaction if there is one; what others removed or put back cannot be seen in the rows.
        """
        digests = self._digests
        if digests is None:
            raise AssertionError("an archive has digests")
        if (older := self.older_than_known()) is not None:
            raise older
        try:
            with self._store.database.reading() as connection:
                digests.verify(connection, parts, own)
        except Untrue as error:
            raise Untrue(error.found, self.name_of(error.found.part)) from error

    def name_of(self, part: str) -> str:
        """The name of a person or a session, empty when their row does not open."""
        with suppress(SafelightError):
            return self.subjects.get(SubjectId(part)).name
        with suppress(SafelightError):
            return self.sessions.get(SessionId(part)).name
        return ""

    def erase(self, t: Transaction, subject: SubjectId, portrait: bool, evidence: bool) -> Erased:
        """Erase a person: see :meth:`~safelight.storage.erasing.Eraser.erase`."""
        return self._eraser.erase(t, [subject], portrait, evidence)

    def erase_all(self, t: Transaction, subjects: Sequence[SubjectId], portrait: bool, evidence: bool) -> Erased:
        """As :meth:`erase` for many people at once; the key store is rewritten once for all of them."""
        return self._eraser.erase(t, subjects, portrait, evidence)

    def rows_left(self, wanted: Wanted) -> tuple[int, int]:
        """What is left of somebody who was erased: see :func:`~safelight.storage.erased_rows.rows_left`."""
        with self._store.database.reading() as connection:
            return rows_left(connection, wanted)

    def finish_erasing(self, t: Transaction) -> int:
        """Remove what is left of everybody whose keys were destroyed; returns how many rows and files went."""
        return self._eraser.finish(t)

    def check(
        self, report: Report = silent, signers: Sequence[str] = (), also: Callable[[], Iterable[str]] = tuple
    ) -> CheckReport:
        """Recover what a crash left lying about, then verify everything; ``also`` adds what else is found wrong.

        ``signers`` are the studio's present and earlier public keys (OpenSSH lines); without them the signature over
        the journal's head is not checked.
        """
        report(0, 1, "rows")
        unvouched = unvouched_rows(self._store, self._digests)
        tidied: dict[str, int] = {}
        others: tuple[str, ...] = ()
        if not unvouched:  # otherwise what looks loose may be what somebody took the row of
            with self._lock.alone() as alone, self.transaction(self.newest_seen()) as t:
                others = () if alone else self._lock.others() or ("another Safelight",)
                tidied = tidy(t, self._store, self.files, self._eraser, self.folder.quarantine, alone)
        subjects = self._store, self.files, self.consents, self.held, self.journal, self.notices
        counts: dict[str, int] = {}
        whole: list[bool] = []

        def look() -> tuple[str, ...]:
            counted, said, journal_whole = verify(*subjects, report, signers)
            counts.update(counted)
            whole.append(journal_whole)
            return (*said, *also())

        said = lasting(look, self.written_by_others)
        # The digests last, because whatever else is found says more exactly which row it is.
        found = tuple(findings_of(said, unvouched, any(whole), self.name_of))
        problems = tuple(each.says for each in found)
        aside = quarantined(self.folder.quarantine)
        return CheckReport(counts, tidied, problems, quarantined=aside, findings=found, others=others)

    def accept(self, t: Transaction, found: Difference) -> tuple[int, int]:
        """Take rows that others changed as they are: see :meth:`~safelight.storage.digests.Digests.accept`."""
        if self._digests is None:
            raise AssertionError("an archive has digests")
        return self._digests.accept(t.connection, found)

    @contextmanager
    def still(self) -> Iterator[None]:
        """Keep all writers out while the block runs (for backups)."""
        with self._database.still():
            yield

    def copy_database(self, rows: Path, keys: Path | None = None) -> None:
        """Write consistent copies of rows and (if asked) wrapped keys, not durably; call it inside :meth:`still`."""
        if keys is not None:
            self.keys.copy_to(keys)
        self._database.copy_to(rows, durable=False)
