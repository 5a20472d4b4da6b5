"""How long an agency waits: for an answer about each of 10,000 photos, and for a bundle to come in."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import select

from safelight.agency.applying import take_notices
from safelight.agency.founding import Founding, agency_card, found_agency
from safelight.agency.imports import import_bundle
from safelight.agency.open_agency import OpenAgency
from safelight.agency.questions import Wanted, decide_all, may_all
from safelight.agency.sweeping import sweep_folders
from safelight.agency.trust import trust_studio
from safelight.documents.identity_cards import read_card
from safelight.documents.withdrawal_notices import Asked, Ended, NoticeItem, NoticePhoto
from safelight.domain import usage
from safelight.domain.ids import BundleId, Country, PhotoGuid, ReceiptId, ScopeId, Sha256
from safelight.domain.usage import Question
from safelight.keys.passphrases import FLOOR_COST
from safelight.keys.sealing import RowAddress
from safelight.keys.signing import verify_sshsig
from safelight.storage.catalogue_rows import Delivery, KeptBundle, KeptPhoto, KeptRecord, StandingOfList
from safelight.storage.catalogue_tables import photo, record
from support import deliveries
from support.notices import NoticeBook

USE = "use.directory"


@pytest.fixture
def agency(tmp_path: Path) -> Iterator[OpenAgency]:
    now = deliveries.START + timedelta(hours=1)
    wanted = Founding("Agence Lumière", "FR", "rights@lumiere.example")
    with found_agency(tmp_path / "agency", wanted, "four unrelated words", clock=lambda: now, cost=FLOOR_COST) as made:
        yield made


@pytest.fixture
def studio(agency: OpenAgency) -> Any:
    double = deliveries.StudioDouble("Atelier", read_card(agency_card(agency)).as_recipient())
    trust_studio(agency, double.card())
    return double


def _fill(agency: OpenAgency, studio: Any, photos: int) -> list[PhotoGuid]:
    """Rows as an import leaves them, a person of their own on every second photo; one file stands for all pictures."""
    catalogue, own = agency.catalogue, studio.identity.id
    file = catalogue.files.store_bytes(None, b"picture", "other", evidence=True)
    guids = [PhotoGuid(deliveries.new_uuid()) for _ in range(photos)]
    bundle = KeptBundle(
        BundleId(deliveries.new_uuid()),
        own,
        1,
        deliveries.START,
        deliveries.START,
        Sha256("5e" * 32),
        (ScopeId(USE),),
        "1",
        photos,
    )
    records: list[KeptRecord] = []
    rows: dict[PhotoGuid, Delivery] = {}
    for number, guid in enumerate(guids):
        if number % 2 == 0:
            receipt = studio.receipt([USE])
            each = receipt.records[0]
            records.append(
                KeptRecord(
                    each.id, receipt.id, own, receipt.subject, "SHA256:x", each.scope, each.kind, each.at, each.grant,
                    each.last_day, each.review_due, each.sleeps_after, each.status_index, False, None,
                )
            )  # fmt: skip
        person = records[-1].person
        rows[guid] = Delivery(bundle.id, 1, deliveries.START, (person,), (records[-1].id,), None)
    with catalogue.transaction(agency.now()) as writing:
        catalogue.files.register(writing, file)
        catalogue.received.add_bundle(writing, bundle, file)
        for guid in guids:
            path = f"photos/{guid}.jpg"
            kept = KeptPhoto(
                guid,
                own,
                bundle.id,
                "image/jpeg",
                "jpeg-scans",
                Sha256("5e" * 32),
                path,
                Sha256("5e" * 32),
                file,
                (),
                (rows[guid],),
            )
            catalogue.received.put_photo(writing, kept, guid)
        catalogue.received.add_records(writing, records)
        until = deliveries.START + timedelta(days=30)
        catalogue.trusted_studios.learn(writing, [StandingOfList(own, deliveries.START, until, bytes(16_384))])
    return guids


def _bare_reading(agency: OpenAgency) -> None:
    """What SQLite, AES-GCM and the JSON reader alone need for the rows that first answers stand on."""
    store = agency.catalogue.received._store
    with store.database.reading() as connection:
        for table, key in ((photo, photo.c.guid), (record, record.c.id)):
            cipher = AESGCM(store.keys.own)
            for row, version, sealed in connection.execute(select(key, table.c.version, table.c.sealed)):
                place = RowAddress(store.studio, table.name, row, version).encoded()
                json.loads(cipher.decrypt(sealed[:12], sealed[12:], place))


def _written_by_others(agency: OpenAgency) -> None:
    with closing(sqlite3.connect(agency.catalogue.folder.database)) as other:
        other.execute("UPDATE mark SET id = id")
        other.commit()


def test_one_answer_of_a_program_that_was_just_started(
    agency: OpenAgency, studio: Any, full_size: bool, keep_figure: Callable[..., None]
) -> None:
    """It looks at the photos of its part and at one digest for each part, not at every photo there is."""
    guids = _fill(agency, studio, 10_000 if full_size else 2_000)

    def first(photo: str | None) -> float:
        agency.standings.forget()
        _written_by_others(agency)
        start = time.process_time()
        decide_all(agency, [Wanted(photo, USE, "FR")], agency.today())
        return (time.process_time() - start) * 1000

    first(guids[0])
    one = min(first(each) for each in guids[:9])
    unknown = min(first(None) for _ in range(5))
    keep_figure("may, one photo in a new process", one, "ms of CPU", "<= 12 on a quiet machine")
    keep_figure("may, one that is in no bundle", unknown, "ms of CPU", "<= 100 of 10,000")
    assert one < unknown / 2


def test_an_answer_for_each_of_many_photos(
    agency: OpenAgency, studio: Any, full_size: bool, keep_figure: Callable[..., None]
) -> None:
    """First answers read the catalogue; asked again they cost little more than the decision alone."""
    photos = 10_000 if full_size else 2_000
    guids = _fill(agency, studio, photos)
    wanted = [Wanted(each, USE, "FR") for each in guids]
    today = agency.today()

    def timed(work: Callable[[], Any]) -> float:
        start = time.process_time()  # what others do on this machine is not in it
        work()
        return (time.process_time() - start) / photos * 1e6

    def cold() -> None:
        agency.standings.forget()
        assert all(each.decision.allowed for each in decide_all(agency, wanted, today))

    def looked_at_again() -> None:
        _written_by_others(agency)
        agency.catalogue.rely_on(tags=guids)  # which stand for tags here

    decide_all(agency, wanted[:1], today)
    first = min(timed(cold) for _ in range(5))
    again = min(timed(lambda: decide_all(agency, wanted, today)) for _ in range(3))
    journalled = min(timed(lambda: may_all(agency, wanted)[0]) for _ in range(3))
    bare = min(timed(lambda: _bare_reading(agency)) for _ in range(5))
    digests = min(timed(looked_at_again) for _ in range(3))
    rules = agency.rules
    question = Question(guids[0], ScopeId(USE), Country("FR"), today, agency.recipient)
    standing = agency.standings.of_photo(guids[0])
    assert standing is not None
    snapshots = standing.delivered[0].asked(ScopeId(USE))
    asked = [replace(question, photo=each) for each in guids]
    eea = rules.adequacy.eea
    alone = min(timed(lambda: [usage.may(each, snapshots, rules.catalogue, eea) for each in asked]) for _ in range(3))
    keep_figure("may, first time, of the catalogue", first, "µs of CPU per photo", "<= 60 on a quiet machine")
    keep_figure("may, first time, / reading the same rows and their JSON", first / bare, "x its time", "<= 5")
    keep_figure("may, the digests of all photos, / first time", digests / first, "x its time", "<= 0.25")
    keep_figure("may, asked and journalled", journalled, "µs of CPU per photo", "<= 100 on a quiet machine")
    keep_figure("may against the decision alone", again / alone, "x its time", "<= 8")
    assert journalled <= 4 * again  # the journal adds a row of its own to each answer
    assert again / alone <= 8
    assert first / bare <= 5
    assert digests / first <= 0.25


def test_a_bundle_comes_in(
    agency: OpenAgency, studio: Any, full_size: bool, tmp_path: Path, keep_figure: Callable[..., None],
    speed_ratio: Callable[..., float], stock_tool: Callable[[str], str], portraits: Path,
) -> None:  # fmt: skip
    """Import decrypts, checks every hash and seals again; `age -d | tar x` only decrypts and writes."""
    grace = (portraits / "grace_hopper.jpg").read_bytes()
    photos, size = (128, 8 << 20) if full_size else (12, 4 << 20)
    rounds = 3
    padded = grace + bytes(size - len(grace))  # what follows the end of a JPEG is no part of its picture
    shots = [(deliveries.Shot((deliveries.Person(),), padded), [studio.receipt([USE])]) for _ in range(photos)]
    key = tmp_path / "key.txt"
    key.write_text(agency.secrets.age_identity + "\n")
    for number in range(rounds + 1):
        again = [(replace(shot, guid=PhotoGuid(deliveries.new_uuid())), receipts) for shot, receipts in shots]
        studio.deliver(tmp_path / f"{number}.age", number + 1, again, [USE])
    numbers = iter(range(rounds + 1))
    age, tar = stock_tool("age"), stock_tool("tar")

    def ours() -> None:
        import_bundle(agency, tmp_path / f"{next(numbers)}.age")

    folders = iter(range(rounds + 1))

    def theirs() -> None:
        # Another file into another folder each time, as ours: memory that was used before is cheaper to write to.
        number = next(folders)
        (opened := tmp_path / f"opened-{number}").mkdir()
        decrypting = subprocess.Popen([age, "-d", "-i", key, tmp_path / f"{number}.age"], stdout=subprocess.PIPE)
        subprocess.run([tar, "x", "-C", opened], stdin=decrypting.stdout, check=True)
        assert decrypting.stdout is not None
        decrypting.stdout.close()
        assert decrypting.wait() == 0
        subprocess.run(["sync", "-f", opened], check=True)

    ratio = speed_ratio(ours, theirs, rounds)
    keep_figure("import / age -d | tar x | sync", ratio, "x its speed", ">= 0.6")
    assert ratio >= (0.6 if full_size else 0.15)


def test_withdrawals_are_applied_and_answered_at_once(
    agency: OpenAgency, studio: Any, full_size: bool, keep_figure: Callable[..., None]
) -> None:
    """A thousand withdrawals come in as a thousand notices of one transaction, and every answer is another one then."""
    photos, count = (100_000, 1_000) if full_size else (2_000, 200)
    guids = _fill(agency, studio, photos)
    rows = agency.catalogue.received.photos(guids[:: photos // count])
    book = NoticeBook(studio)
    for each in rows.values():
        named = NoticePhoto(each.guid, each.image_hash_kind, each.image_sha256, (each.member_sha256,))
        record = each.deliveries[0].records[0]
        item = NoticeItem(
            record, ReceiptId(deliveries.new_uuid()), ScopeId(USE), 1, Ended.WITHDRAWN, deliveries.START,
            (Asked.STOP, Asked.DELETE), (named,),
        )  # fmt: skip
        book.write([item])
    decide_all(agency, [Wanted(guids[0], USE, "FR")], agency.today())
    start = time.process_time()
    done, _ = take_notices(agency, book.written)
    applied = time.process_time() - start
    gone = {each.deliveries[0].records[0] for each in rows.values()}
    covered = agency.catalogue.received.photos(guids[:20])
    assert done.ended == len(gone)

    def asked(photo: PhotoGuid) -> float:
        start = time.process_time()
        answer = decide_all(agency, [Wanted(photo, USE, "FR")], agency.today())[0]
        assert answer.decision.allowed is (covered[photo].deliveries[0].records[0] not in gone)
        return (time.process_time() - start) * 1000

    some = guids[4:20]
    agency.catalogue.rely_on_everything()  # as in a process that has answered for a while
    asked(guids[3])
    one = sorted(asked(each) for each in some)[len(some) // 2]
    bare = min(_signatures(book) for _ in range(3))
    keep_figure("apply of 1,000 withdrawals", applied * 1000 / count, "s of CPU", "< 2 s with 100,000 photos")
    keep_figure("apply / checking its signatures alone", applied / bare, "x its time", "<= 30")
    again = sorted(asked(each) for each in some)[len(some) // 2]
    keep_figure("may after an apply, a photo not asked about yet", one, "ms of CPU", "<= 1 on a quiet machine")
    keep_figure("may after an apply, asked again", again, "ms of CPU", "< 1 ms in process")
    assert again < 1
    assert applied / bare <= 30
    assert one < 2.5


def _signatures(book: NoticeBook) -> float:
    start = time.process_time()
    for each in book.written:
        verify_sshsig(book.studio.key.public_ssh, each.text, each.signature, "safelight-notice")
    return time.process_time() - start


def test_a_sweep_reads_nearly_as_fast_as_sha256sum(
    agency: OpenAgency, studio: Any, full_size: bool, tmp_path: Path, keep_figure: Callable[..., None],
    speed_ratio: Callable[..., float], stock_tool: Callable[[str], str], portraits: Path,
) -> None:  # fmt: skip
    _fill(agency, studio, 100)
    files, size = (60, 12 << 20) if full_size else (12, 6 << 20)
    folder = tmp_path / "pictures"
    folder.mkdir()
    grace = (portraits / "grace_hopper.jpg").read_bytes()
    coded = b"".join(hashlib.sha256(bytes([each])).digest() for each in range(256))
    head, scan = grace[:-2], coded.replace(b"\xff", b"")
    for number in range(files):
        # One long scan of coded data, as large pictures have; a sweep does not decode it.
        (folder / f"{number}.jpg").write_bytes(head + scan * ((size - len(head)) // len(scan)) + b"\xff\xd9")
    sha256sum = stock_tool("sha256sum")

    def ours() -> None:
        assert sweep_folders(agency, [folder])[0].pictures == files

    def theirs() -> None:
        subprocess.run([sha256sum, *sorted(folder.iterdir())], check=True, stdout=subprocess.DEVNULL)

    ratio = speed_ratio(ours, theirs, 3)
    keep_figure("sweep / sha256sum of the same files", ratio, "x its speed", ">= 0.5")
    assert ratio >= (0.5 if full_size else 0.3)
