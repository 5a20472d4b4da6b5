"""One pass over a whole catalogue: every row opened, every file hashed, every reference and the journal followed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress

from sqlalchemy import Table, func, select

from safelight.domain.errors import Malformed, SafelightError
from safelight.domain.ids import PhotoGuid
from safelight.domain.progress import Report
from safelight.keys.subject_keys import SubjectKeyPurpose
from safelight.storage.catalogue_rows import KeptPhoto
from safelight.storage.catalogue_tables import (
    APPEND_ONLY,
    METADATA,
    bundle,
    ended_record,
    feed,
    own,
    photo,
    photo_notice,
    pin,
    record,
    sent_ack,
    status,
)
from safelight.storage.files import FileStore
from safelight.storage.findings import CheckReport
from safelight.storage.integrity_check import IntegrityCheck
from safelight.storage.repositories.consents import ConsentsRepository
from safelight.storage.repositories.held import HeldRepository
from safelight.storage.repositories.incoming_notices import IncomingNoticesRepository
from safelight.storage.repositories.journal import JournalRepository
from safelight.storage.repositories.notices import NoticesRepository
from safelight.storage.repositories.received import ReceivedRepository
from safelight.storage.repositories.registered_uses import RegisteredUsesRepository
from safelight.storage.sealed_store import SealedStore
from safelight.storage.triggers import trigger_faults

_KEYS = {
    own: "name", pin: "studio", status: "studio", bundle: "id", photo: "guid", record: "id",
    ended_record: "record", photo_notice: "photo", feed: "studio", sent_ack: "studio",
}  # fmt: skip
PURPOSES: tuple[SubjectKeyPurpose, ...] = ("portrait", "evidence")
"""The keys of a photo."""
_PAGE = 200


def check_catalogue(
    store: SealedStore,
    files: FileStore,
    journal: JournalRepository,
    received: ReceivedRepository,
    incoming: IncomingNoticesRepository,
    uses: RegisteredUsesRepository,
    tidied: Mapping[str, int],
    report: Report,
    signers: Sequence[str],
) -> CheckReport:
    """How many rows each table has, and everything that is wrong, one sentence each."""
    with store.database.reading() as connection:
        counts = {
            name: int(connection.execute(select(func.count()).select_from(table)).scalar_one())
            for name, table in sorted(METADATA.tables.items())
        }
    # Files and journal are those of a studio's archive, so the same pass goes over them.
    consents, held, notices = ConsentsRepository(store, files), HeldRepository(store), NoticesRepository(store)
    integrity = IntegrityCheck(store, consents, held, journal, notices, tuple(signers))
    stages: tuple[tuple[str, Callable[[], Iterable[str | None]]], ...] = (
        ("database", lambda: _database(store)),
        ("keys", store.keys.faults),
        ("rows", lambda: _rows(store)),
        ("notices", incoming.faults),
        ("uses", uses.faults),
        ("photos", lambda: _photos(store, received)),
        ("journal", integrity.journal_entries),
        ("files", files.faults),
    )
    problems: list[str] = []
    for number, (what, look) in enumerate(stages):
        report(number, len(stages), what)
        problems += [said for said in look() if said is not None]
    report(len(stages), len(stages), "checked")
    return CheckReport(counts, dict(tidied), tuple(dict.fromkeys(problems)))


def _database(store: SealedStore) -> Iterator[str | None]:
    database = store.database
    with database.reading() as connection:
        yield from database.engine.faults(connection, database.path.name)
        yield from trigger_faults(database.engine, connection, database.path.name, APPEND_ONLY, ())


def _rows(store: SealedStore) -> Iterator[str | None]:
    """Every sealed row opens in its own place."""
    for table, key in _KEYS.items():
        for id, version, sealed in _sealed(store, table, table.c[key]):
            yield _opens(store, table, id, version, sealed)


def _photos(store: SealedStore, received: ReceivedRepository) -> Iterator[str | None]:
    """Every photo has its keys, the records its deliveries name, and a bundle that is there."""
    guids = received.guids()
    with store.database.reading() as connection:
        bundles = set(connection.execute(select(bundle.c.id)).scalars())
    for start in range(0, len(guids), _PAGE):
        page: dict[PhotoGuid, KeptPhoto] = {}
        with suppress(SafelightError):  # which is told below
            page = received.photos(guids[start : start + _PAGE])
        for purpose in PURPOSES:
            there = store.keys.many(purpose, guids[start : start + _PAGE], skip_damaged=True)
            for guid in guids[start : start + _PAGE]:
                deleted = guid in page and page[guid].deleted_at is not None
                if guid not in there and not deleted:
                    yield f"The {purpose} key of photo {guid} is missing or damaged (table subject_key)."
        try:
            page = received.photos(guids[start : start + _PAGE])
            wanted = dict.fromkeys(one for kept in page.values() for made in kept.deliveries for one in made.records)
            present = received.records(list(wanted))
        except SafelightError as error:
            yield error.title
            continue
        for guid, kept in page.items():
            missing = [one for made in kept.deliveries for one in made.records if one not in present]
            if missing:
                yield f"Photo {guid} rests on record {missing[0]}, which is not there (table record)."
            elif not kept.deliveries or not {kept.bundle, *(each.bundle for each in kept.deliveries)} <= bundles:
                yield f"Photo {guid} came in a bundle that is not there (table bundle)."
            else:
                yield None


def _sealed(store: SealedStore, table: Table, key: object) -> list[tuple[str, int, bytes]]:
    with store.database.reading() as connection:
        query = select(key, table.c.version, table.c.sealed)  # type: ignore[call-overload]
        return [(row[0], row[1], row[2]) for row in connection.execute(query)]


def _opens(store: SealedStore, table: Table, id: str, version: int, sealed: bytes) -> str | None:
    try:
        store.open_own(table.name, id, version, sealed)
    except Malformed as error:
        return error.title
    return None
