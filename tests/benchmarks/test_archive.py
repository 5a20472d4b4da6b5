"""The archive at the size of a busy studio: opening, lists and one durable consent, beside what they cannot do without.

Each promise is a ratio to the floor taken in the same run: the same number of bare AES-GCM openings, of bare SQLite
commits with the same durability. The times themselves are printed (``keep_figure``) for the machine they ran on.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from time import process_time
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from safelight.domain.consent import ConsentEvent
from safelight.domain.ids import Country, Language, SubjectId
from safelight.domain.record import first_event
from safelight.storage.archive import Archive
from safelight.storage.files import Stored
from support import studio_maker as maker

Keep = Callable[[str, float, str, str], None]


@pytest.fixture(scope="module")
def busy(full_size: bool, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A studio of 10,000 people with 50,000 photos (a tenth of it without ``--figures``), open.

    The originals are rows without files: nothing measured here opens an original.
    """
    people, each = (10_000, 5) if full_size else (1_000, 5)
    made = maker.Made(tmp_path_factory.mktemp("busy") / "studio").create()
    archive = made.archive
    made.shoot = made.session()
    made.people = [
        maker.Subject(
            SubjectId(maker.new_id()),
            f"Person Number {number}",
            Language("en"),
            Country("DE"),
            email=f"p{number}@example.org",
        )
        for number in range(people)
    ]
    with archive.transaction(made.now) as t:
        archive.subjects.add_many(t, made.people, made.shoot.id, "expected")
    for start in range(0, people, 1000):
        with archive.transaction(made.now) as t:
            for person in made.people[start : start + 1000]:
                for _ in range(each):
                    taken = maker.photo_value(made.shoot.id, (person.id,), os.urandom(16))
                    file = maker.FileId(os.urandom(32).hex())
                    archive.files._pending[file] = Stored(file, "photo", "portrait", 1, (person.id,))
                    archive.photos.add(t, taken, file, b"t" * 600, b"p" * 1200, taken.sha256)
    yield made
    archive.close()


def test_opening(busy: Any, median_seconds: Callable[..., float], keep_figure: Keep) -> None:
    def open_it() -> None:
        busy.archive.close()
        busy.open()

    size = busy.folder.database.stat().st_size
    seconds = median_seconds(open_it)
    keep_figure("archive: open", seconds * 1000, "ms", "< 1000")
    empty = maker.Made(busy.path.with_name("empty")).create()

    def open_empty() -> None:
        empty.archive.close()
        empty.open()

    ratio = seconds / median_seconds(open_empty)
    empty.archive.close()
    assert ratio < 5, f"opening grows with the {size} bytes inside"


def test_all_names(
    busy: Any, median_seconds: Callable[..., float], speed_ratio: Callable[..., float], keep_figure: Keep
) -> None:
    count = len(busy.people)

    def ours() -> None:
        assert len(busy.archive.subjects.names()) == count

    sealed = [(AESGCM(os.urandom(32)), os.urandom(12)) for _ in range(count)]
    content = [cipher.encrypt(nonce, b"Person Number 1", b"aad") for cipher, nonce in sealed]

    def floor() -> None:
        # Two openings each, the wrapped key and the name, on ciphers that are set up already.
        for (cipher, nonce), secret in zip(sealed, content, strict=True):
            cipher.decrypt(nonce, secret, b"aad")
            cipher.decrypt(nonce, secret, b"aad")

    keep_figure(f"archive: {count} names", median_seconds(ours, 3) * 1000, "ms", "< 500 for 10,000")
    ratio = speed_ratio(ours, floor, 3)
    keep_figure("archive: names against bare AES-GCM", ratio, "x", ">= 0.02")
    assert ratio >= 0.02


def test_a_page_of_photos(
    busy: Any, median_seconds: Callable[..., float], speed_ratio: Callable[..., float], keep_figure: Keep
) -> None:
    total = busy.archive.photos.count()

    def last() -> None:
        assert len(busy.archive.photos.page(busy.shoot.id, total - 200, 200)) == 200

    def first() -> None:
        assert len(busy.archive.photos.page(busy.shoot.id, 0, 200)) == 200

    keep_figure(f"archive: first page of 200 of {total} photos", median_seconds(first) * 1000, "ms", "< 30")
    keep_figure(f"archive: last page of 200 of {total} photos", median_seconds(last) * 1000, "ms", "< 30")
    assert speed_ratio(last, first) > 0.2, "a late page costs much more than an early one"


def test_one_durable_consent(
    busy: Any, median_seconds: Callable[..., float], speed_ratio: Callable[..., float], keep_figure: Keep
) -> None:
    """Receipt, fourteen first events, notice, status positions, journal, signature over the head: one COMMIT."""
    archive: Archive = busy.archive
    person = busy.people[0]
    signed = busy.signed(person, busy.shoot)
    record = signed.receipt.records[0]

    def ours() -> None:
        with archive.transaction(busy.now) as t:
            positions = archive.statuses.allocate(t, 14)
            records = tuple(replace(record, id=maker.new_id(), status_index=each.index) for each in positions)
            receipt = replace(signed.receipt, id=maker.new_id(), records=records)
            archive.consents.add_receipt(t, replace(signed, receipt=receipt, pdf=None, document=os.urandom(20_000)))
            for each in records:
                event: ConsentEvent = first_event(each, receipt, maker.new_id(), person.id)
                archive.consents.add_event(t, event)
            archive.journal.append(t, "signed", receipt.id, signed.statement, person.id)
            archive.subjects.set_state(t, person.id, "signed")

    plain = sqlite3.connect(busy.path.with_name("plain.sqlite"), isolation_level=None)
    plain.execute("PRAGMA synchronous=EXTRA")
    plain.execute("CREATE TABLE row (id INTEGER PRIMARY KEY, sealed BLOB)")

    def floor() -> None:
        plain.execute("BEGIN IMMEDIATE")
        for _ in range(32):
            plain.execute("INSERT INTO row (sealed) VALUES (?)", (os.urandom(1200),))
        plain.execute("COMMIT")

    keep_figure("archive: one durable consent", median_seconds(ours, 9) * 1000, "ms", "< 40")
    ratio = speed_ratio(ours, floor, 9)
    plain.close()
    keep_figure("archive: one consent against bare SQLite", ratio, "x", ">= 0.1")
    assert ratio >= 0.1


def test_the_whole_check(busy: Any, full_size: bool, keep_figure: Keep) -> None:
    """Every row is opened and every digest compared; of the originals, which are rows alone here, it says they miss."""
    photos, bare, nonce = busy.archive.photos.count(), AESGCM(os.urandom(32)), os.urandom(12)
    began = process_time()
    found = busy.archive.check()
    ours = process_time() - began
    assert len(found.problems) == photos and all("missing" in each for each in found.problems), found.problems[:3]
    sealed = bare.encrypt(nonce, bytes(1200), b"aad")
    began = process_time()
    for _ in range(3 * photos):  # what is sealed of a photo: the row and two pictures
        bare.decrypt(nonce, sealed, b"aad")
    floor = process_time() - began
    keep_figure(f"archive: check of {photos} photos (rows)", ours, "s of CPU", "< 20 for 10,000 people, 50,000 photos")
    keep_figure("archive: check against bare AES-GCM", floor / ours, "x", ">= 0.005")
    assert floor / ours >= 0.005
    assert ours < 20 or not full_size
