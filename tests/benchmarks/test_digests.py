"""What the digests cost: beside the same archive without them, on one consent, on photos, and on looking at all rows.

Both sides do the same work in the same run and take turns; CPU time is compared, because the device is the same wait.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from safelight.domain.ids import Country, Language, SubjectId
from safelight.domain.record import first_event
from safelight.storage.archive import Archive
from safelight.storage.digests import WATCHED
from safelight.storage.files import Stored
from safelight.storage.folder import create_folder
from support import studio_maker as maker

Keep = Callable[[str, float, str, str], None]
PICTURE = 8_000_000


class Bare(Archive):
    """The archive without digests, as it was before there were any."""

    watched = None


def studio_in(folder: Path, kind: type[Archive]) -> Any:
    """A studio with a session and a person who signed."""
    made = maker.Made(folder)
    made.archive = kind.create(create_folder(folder, made.id, made.now), made.id, maker.MASTER, made.now, maker.sign)
    made.shoot = made.session()
    made.people = [made.subject(made.shoot)]
    made.signings = [made.signed(made.people[0], made.shoot)]
    return made


@pytest.fixture
def both(tmp_path: Path) -> Any:
    """One studio with digests and one without."""
    studios = studio_in(tmp_path / "ours", Archive), studio_in(tmp_path / "bare", Bare)
    yield studios
    for each in studios:
        each.archive.close()


def best_of(rounds: int, ours: Callable[[], object], bare: Callable[[], object]) -> tuple[float, float]:
    """Seconds of CPU that each takes when nothing disturbs it."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for work, kept in zip((ours, bare), times, strict=True):
            start = time.process_time()
            work()
            kept.append(time.process_time() - start)
    return min(times[0]), min(times[1])


def consent(made: Any) -> None:
    """Fourteen answers, the receipt, the journal: one transaction."""
    archive, person, (signed, *_) = made.archive, made.people[0], made.signings
    with archive.transaction(made.now) as t:
        positions = archive.statuses.allocate(t, 14)
        records = [replace(signed.receipt.records[0], id=maker.new_id(), status_index=each.index) for each in positions]
        receipt = replace(signed.receipt, id=maker.new_id(), records=tuple(records))
        archive.consents.add_receipt(t, replace(signed, receipt=receipt, pdf=None, document=os.urandom(20_000)))
        for each in records:
            archive.consents.add_event(t, first_event(each, receipt, maker.new_id(), person.id))
        archive.journal.append(t, "signed", receipt.id, signed.statement, person.id)
        archive.subjects.set_state(t, person.id, "signed")


def test_one_consent(both: Any, full_size: bool, keep_figure: Keep) -> None:
    ours, bare = best_of(200 if full_size else 25, lambda: consent(both[0]), lambda: consent(both[1]))
    keep_figure("digests: one consent, more", (ours - bare) * 1000, "ms of CPU", "<= 1")
    keep_figure("digests: one consent, against none", ours / bare, "x", "<= 1.35")
    assert ours < bare * 1.35


def test_taking_photos_in(both: Any, full_size: bool, keep_figure: Keep) -> None:
    content = os.urandom(PICTURE)

    def take(made: Any) -> None:
        made.photo(made.shoot, made.people, content)

    ours, bare = best_of(30 if full_size else 6, lambda: take(both[0]), lambda: take(both[1]))
    keep_figure("digests: one photo of 8 MB, against none", ours / bare, "x", "<= 1.15")
    assert ours < bare * 1.15


def test_all_rows_and_one_person(full_size: bool, tmp_path: Path, keep_figure: Keep) -> None:
    """Beside a pass of the same database over every column of the same rows."""
    made = studio_in(tmp_path / "ours", Archive)
    archive, count = made.archive, 10_000 if full_size else 200
    new = [SubjectId(maker.new_id()) for _ in range(count)]
    people = [maker.Subject(each, f"Person {each[:8]}", Language("en"), Country("DE")) for each in new]
    with archive.transaction(made.now) as t:
        archive.subjects.add_many(t, people, made.shoot.id, "expected")
    for start in range(0, count, 500):
        with archive.transaction(made.now) as t:
            for person in people[start : start + 500]:
                for _ in range(5):
                    taken = maker.photo_value(made.shoot.id, (person.id,), os.urandom(16))
                    file = maker.FileId(os.urandom(32).hex())
                    archive.files._pending[file] = Stored(file, "photo", "portrait", 1, (person.id,))
                    archive.photos.add(t, taken, file, b"t" * 600, b"p" * 1200, taken.sha256)

    def whole() -> None:
        with archive._database.reading() as connection:
            assert archive._digests is not None and not list(archive._digests.differences(connection))

    def plain() -> None:
        with closing(sqlite3.connect(made.folder.database)) as connection:
            for table in WATCHED:
                for row in connection.execute(f'SELECT * FROM "{table}"'):
                    hash(row)

    def one() -> None:
        with archive._database.reading() as connection:
            assert archive._digests is not None and not list(archive._digests._differences(connection, [people[7].id]))

    ours, bare = best_of(3, whole, plain)
    with archive._database.reading() as connection:
        rows = sum(1 for table, part in WATCHED.items() for _ in archive._database.engine.rows(connection, table, part))
    keep_figure(f"digests: all {rows} rows", ours, "s of CPU", "< 5 for 10,000 people with 50,000 photos")
    keep_figure("digests: a row", ours / rows * 1e6, "us of CPU", "< 12")
    keep_figure("digests: all rows, against reading them", ours / bare, "x", "<= 12")
    single, _ = best_of(20, one, lambda: None)
    keep_figure("digests: one person of several", single * 1000, "ms of CPU", "<= 3")
    assert ours < bare * 12
    assert single < ours / 20, "one person costs what one person has"
    with archive.transaction(made.now):
        archive.rely_on([people[3].id], ["status"])
    archive.close()
