"""The check: tidies up what a crash left, then opens every row, hashes every file and follows every reference."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from sqlalchemy import func, select

from safelight.domain.errors import Malformed
from safelight.domain.progress import Report
from safelight.keys.durable import fsync_folder
from safelight.storage.database import Database
from safelight.storage.digests import SCHEMA, Difference, Digests
from safelight.storage.erasing import Eraser
from safelight.storage.files import FileStore
from safelight.storage.integrity_check import IntegrityCheck
from safelight.storage.repositories.attendance import AttendanceRepository
from safelight.storage.repositories.camera_clocks import CameraClocksRepository
from safelight.storage.repositories.consents import ConsentsRepository
from safelight.storage.repositories.erasures import ErasuresRepository
from safelight.storage.repositories.held import HeldRepository
from safelight.storage.repositories.journal import JournalRepository
from safelight.storage.repositories.legal_holds import LegalHoldsRepository
from safelight.storage.repositories.notices import NoticesRepository
from safelight.storage.repositories.outgoing_notices import AcknowledgementsRepository, OutgoingNoticesRepository
from safelight.storage.repositories.requests import RequestsRepository
from safelight.storage.repositories.restrictions import RestrictionsRepository
from safelight.storage.schema import bring_up_to_date, schema_faults
from safelight.storage.sealed_store import SealedStore, newest_time
from safelight.storage.tables import (
    METADATA,
    file,
    file_owner,
    photo_owner,
    subject,
)
from safelight.storage.transaction import Transaction

_PAGE = 200
_LOOKS = 4


def tidy(
    t: Transaction, store: SealedStore, files: FileStore, eraser: Eraser, quarantine: Path, alone: bool
) -> dict[str, int]:
    """Finish erasures, and put aside files and keys that no row names: what a crash between two steps leaves.

    It is put aside rather than deleted, because an older copy of the rows names less than there is as well. Unless
    this program is ``alone``, nothing is: another one may have stored what it is about to name.
    """
    erased = eraser.finish(t)
    if not alone:
        return {"erasures finished": erased}
    waiting_files, waiting_owners = files.pending()
    named = set(t.connection.execute(select(file.c.id)).scalars())
    loose = [path for id, path in files.on_disk() if id not in named and id not in waiting_files]
    # A key that was destroyed and is there again is no leftover: the check of the key store names it.
    owners = {store.studio, *waiting_owners, *store.keys.gone()}
    for column in (subject.c.id, file_owner.c.owner, photo_owner.c.owner):
        owners.update(t.connection.execute(select(column)).scalars())
    newest = newest_time(t.connection)
    # Keys newer than anything the rows have seen belong to rows that an older backup does not have: left alone.
    unborn = sorted({key.owner for key in store.keys.names() if key.owner not in owners and key.since <= newest})
    if loose or unborn:
        quarantine.mkdir(mode=0o700, exist_ok=True)
        fsync_folder(quarantine.parent)
    for path in loose:
        files.put_aside(path, quarantine)
    if unborn:
        store.keys.put_aside(unborn, quarantine)
    return {"erasures finished": erased, "files nobody names": len(loose), "keys nobody uses": len(unborn)}


def quarantined(quarantine: Path) -> tuple[str, ...]:
    """What lies there, by name."""
    with suppress(FileNotFoundError):
        return tuple(sorted(f"{quarantine.name}/{each.name}" for each in quarantine.iterdir()))
    return ()


def verify(
    store: SealedStore,
    files: FileStore,
    consents: ConsentsRepository,
    held: HeldRepository,
    journal: JournalRepository,
    notices: NoticesRepository,
    report: Report,
    signers: Sequence[str],
) -> tuple[dict[str, int], tuple[str, ...], bool]:
    """How many rows each table has, everything that is wrong, one sentence each, and whether the journal is whole."""
    with store.database.reading() as connection:
        counts = {
            name: int(connection.execute(select(func.count()).select_from(table)).scalar_one())
            for name, table in sorted(METADATA.tables.items())
        }
    integrity = IntegrityCheck(store, consents, held, journal, notices, tuple(signers))
    stages: tuple[tuple[str, int, Callable[[], Iterable[str | None]]], ...] = (
        ("database", 1, integrity.database),
        ("keys", 1, store.keys.faults),
        ("people of the studio", 1, integrity.own_rows),
        ("journal", counts["journal_entry"], integrity.journal_entries),
        ("subjects", counts["subject"], integrity.subjects),
        ("cameras", counts["camera_clock"], CameraClocksRepository(store).faults),
        ("attendance", counts["attendance"], AttendanceRepository(store).faults),
        ("notices", counts["withdrawal_notice"], OutgoingNoticesRepository(store).faults),
        ("answers", counts["acknowledgement"], AcknowledgementsRepository(store).faults),
        ("requests", counts["rights_request"], RequestsRepository(store).faults),
        ("restrictions", counts["restriction"], RestrictionsRepository(store).faults),
        ("holds", counts["legal_hold"], LegalHoldsRepository(store).faults),
        ("erasures", counts["erasure"], ErasuresRepository(store).faults),
        ("consents", counts["consent_event"], integrity.events),
        ("receipts", counts["receipt"], integrity.receipts),
        ("ceremonies in progress", counts["held"], integrity.held),
        ("photos", counts["photo"], integrity.photos),
        ("files", counts["file"], files.faults),
    )
    total = sum(size for _, size, _ in stages)
    problems: list[str] = []
    before, journal_whole = 0, True
    for what, size, look in stages:
        done = 0
        report(before, total, what)
        for said in look():
            if said is None:  # one more row was fine
                done += 1
            else:
                problems.append(said)
                journal_whole = journal_whole and what != "journal"
            if done % _PAGE == 0:
                report(min(before + done, before + size), total, what)
        before += size
    report(total, total, "checked")
    return counts, tuple(dict.fromkeys(problems)), journal_whole


def lasting(look: Callable[[], Sequence[str]], written_by_others: Callable[[], int]) -> tuple[str, ...]:
    """What ``look`` finds wrong, and finds again if others wrote meanwhile: it reads one thing after the other.

    What another program was in the middle of seems to be wrong once. Never more than a few looks: what is wrong all the
    time is told.
    """
    said: tuple[str, ...] | None = None
    for _ in range(_LOOKS):
        written, found = written_by_others(), tuple(dict.fromkeys(look()))
        said = found if said is None else tuple(each for each in said if each in found)
        if not said or written_by_others() == written:
            break
    return said or ()


def unvouched_rows(
    store: SealedStore, digests: Digests | None, migrate: Callable[[Database], None] = bring_up_to_date
) -> tuple[Difference | str, ...]:
    """What the digests do not vouch for: rows, what of the schema the migrations did not make, the digests themselves.

    ``migrate`` makes the schema as it is to be.
    """
    if digests is None:
        return ()
    with store.database.reading() as connection:
        found: list[Difference | str] = []
        schema = False
        for each in digests.differences(connection):
            schema = schema or isinstance(each, Malformed) or each.table == SCHEMA
            found.append(each.title if isinstance(each, Malformed) else each)
        if schema and (named := tuple(schema_faults(store.database, connection, migrate))):  # slow
            found = [*named, *(each for each in found if not isinstance(each, Difference) or each.table != SCHEMA)]
    return tuple(found)
