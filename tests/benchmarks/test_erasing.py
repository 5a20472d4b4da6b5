"""Erasing one of ten thousand people: gone from the archive, and the certificate from a check made afterwards.

The floor is what nobody who destroys a key can do without: the file of the wrapped keys written anew (VACUUM), beside
the same erasure in a studio of hardly anybody else.
"""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from safelight.domain.ids import BundleId, Country, Language, RecordId, ScopeId, Sha256, SubjectId
from safelight.domain.people import Subject
from safelight.keys.passphrases import FLOOR_COST
from safelight.storage.rows import DisclosedPhoto, Disclosure
from safelight.studio import founding, recipients, sessions
from safelight.studio.certifying import certify
from safelight.studio.erasing import erase
from safelight.studio.open_studio import new_id
from safelight.studio.staff import add_staff, find_staff
from support import shoot as day
from support.grown import Grown

Keep = Callable[[str, float, str, str], None]
SIGNED = 8


@pytest.fixture(scope="module")
def grown(full_size: bool, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grown]:
    """10,000 people with 50,000 photos and 200 bundles (a twentieth without ``--figures``), some of whom signed."""
    with studio_of(tmp_path_factory.mktemp("erasing"), *((10_000, 200) if full_size else (500, 10))) as made:
        yield made


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grown]:
    """Hardly more than those who signed."""
    with studio_of(tmp_path_factory.mktemp("small"), 20, 10) as made:
        yield made


@contextmanager
def studio_of(place: Path, people: int, bundles: int) -> Iterator[Grown]:
    folder = place / "studio"
    clock = day.Hand()
    wanted = founding.Founding("Nordlicht", "DE", "privacy@nordlicht.example", "Lindenallee 4, Berlin")
    agencies = {name: day.agency(name, number) for number, name in enumerate(day.WHERE, 1)}
    studio = founding.found_studio(folder, wanted, day.PASSPHRASE, clock=clock, cost=FLOOR_COST)
    with studio:
        for name, roles in day.PEOPLE.items():
            add_staff(studio, name, roles, day.PINS[name])
        for each in agencies.values():
            recipients.add_recipient(studio, each.card())
        everything = tuple(studio.rules.catalogue.asked_ids())
        kim = find_staff(studio, "Kim").id
        new = sessions.NewSession("Spring", "", "Berlin", "DE", studio.today(), kim, everything, zone="Europe/Berlin")
        session, _ = sessions.new_session(studio, new)
        made = Grown(day.Shoot(studio, clock, folder, folder, agencies, session, None, None))  # type: ignore[arg-type]
        made.grow(SIGNED)
        named = (f"Other {number}" for number in range(people))
        others = [Subject(SubjectId(new_id()), each, Language("en"), Country("DE")) for each in named]
        with studio.archive.transaction(studio.now()) as t:
            studio.archive.subjects.add_many(t, others, made.session.id, "registered")
        for start in range(0, people, 500):
            made.photograph(others[start : start + 500], 5)
        made.photograph(made.people, 5)
        _send(made, bundles)
        yield made
    shutil.rmtree(folder)


def _send(made: Grown, bundles: int) -> None:
    """So many bundles, each with as many of the photos; who signed is in ten of them."""
    each = max(1, len(made.photos) // bundles)
    mine = [photo for photo in made.photos if photo.subjects[0] in {one.id for one in made.people}]
    to = made.shoot.agencies["Prenzel"].id
    for number in range(bundles):
        more = mine if number < 10 else []
        photos = {photo.guid: photo for photo in (*made.photos[number * each : (number + 1) * each], *more)}
        left = tuple(DisclosedPhoto(guid, photo.image_sha256, Sha256("ab" * 32)) for guid, photo in photos.items())
        with made.studio.archive.transaction(made.studio.now()) as t:
            sequence = made.studio.archive.disclosures.next_sequence(t, to)
            row = Disclosure(BundleId(f"urn:uuid:{new_id()}"), to, sequence, t.now, (ScopeId("use.editorial"),),
                             Country("DE"), left, (RecordId(new_id()),), Sha256("cd" * 32))  # fmt: skip
            made.studio.archive.disclosures.add(t, row)


def cpu_ms(work: Callable[[], object]) -> float:
    before = time.process_time()
    work()
    return (time.process_time() - before) * 1000


def written_anew(store: Path, scratch: Path) -> float:
    shutil.copyfile(store, scratch)
    with closing(sqlite3.connect(scratch, isolation_level=None)) as connection:
        return min(cpu_ms(lambda: connection.execute("VACUUM")) for _ in range(3))


def erased(grown: Grown) -> tuple[float, float]:
    """The least CPU one erasure took, and one certificate."""
    studio, times, checks = grown.studio, list[float](), list[float]()
    for person in grown.people[: SIGNED - 2]:
        grown.shoot.clock.at += timedelta(minutes=1)
        times.append(cpu_ms(lambda person=person: erase(studio, [person.id])))  # type: ignore[misc]
        row = studio.archive.erasures.of(person.id)
        assert row is not None and row.portrait_at is not None
        checks.append(cpu_ms(lambda row=row: certify(studio, row)))  # type: ignore[misc]
        assert certify(studio, row).certificate.nothing_left
    return min(times), min(checks)


def test_one_person_is_gone_and_certified(
    grown: Grown, small: Grown, tmp_path: Path, keep_figure: Keep, full_size: bool
) -> None:
    (least, _), (erasing, checking) = erased(small), erased(grown)
    keep_figure("erasing: one person gone", erasing, "ms of CPU", "< 1000")
    keep_figure("erasing: certificate", checking, "ms of CPU", "< 5000")
    floor = written_anew(grown.shoot.folder / "keys" / "subjects.sqlite", tmp_path / "keys.sqlite")
    assert erasing < 5 * least + 12 * floor, "erasing one person grows with what others have"
    if full_size:
        assert erasing < 1000 and checking < 5000
