"""What the desk reads all day: the board of 120 people and the shots of a session, beside reading the same rows bare.

The floor of each is a query for the rows it is about and a bare AES-GCM opening of each of them: what nobody who keeps
them sealed can do without.
"""

from __future__ import annotations

import gc
import shutil
import time
from collections.abc import Callable, Iterator

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import select

from safelight.keys.passphrases import FLOOR_COST
from safelight.storage.tables import photo, photo_owner, subject
from safelight.studio import founding, recipients, sessions
from safelight.studio.culling import rate_photos
from safelight.studio.exports import preview_export
from safelight.studio.queries.board import board_row, session_board
from safelight.studio.queries.shots import last_shots, session_shots
from safelight.studio.staff import add_staff, find_staff
from support import shoot as day
from support.grown import Grown

Keep = Callable[[str, float, str, str], None]
PEOPLE = 120


@pytest.fixture(scope="module")
def grown(full_size: bool, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grown]:
    """120 people who signed, and 4 (with ``--figures`` 42) shots of each of them, half of them rated."""
    folder = tmp_path_factory.mktemp("board") / "studio"
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
        made.grow(PEOPLE)
        made.photograph(made.people, 41 if full_size else 3)
        rate_photos(studio, [each.guid for each in made.photos[::2]], 3, kim)
        yield made
    shutil.rmtree(folder)


def cpu_ms(work: Callable[[], object], rounds: int = 7) -> float:
    """The least time of a processor that ``work()`` took, in milliseconds, after one round that is not counted."""
    work()
    found = []
    for _ in range(rounds):
        gc.collect()
        start = time.thread_time()
        work()
        found.append(time.thread_time() - start)
    return 1000 * min(found)


def bare(grown: Grown, *queries: object) -> Callable[[], None]:
    """Runs the queries and opens as much as they give, under one key."""
    cipher = AESGCM(b"k" * 32)
    sealed = cipher.encrypt(b"n" * 12, b"x" * 600, b"place")

    def read() -> None:
        for query in queries:
            with grown.studio.archive._database.reading() as connection:
                for _ in connection.execute(query):  # type: ignore[call-overload]
                    cipher.decrypt(b"n" * 12, sealed, b"place")

    return read


def test_the_board_costs_little_more_than_reading_its_rows(grown: Grown, keep_figure: Keep) -> None:
    people = select(subject.c.id, subject.c.sealed).where(subject.c.session == grown.session.id)
    owners = select(photo.c.guid, photo_owner.c.subject).join(photo_owner).where(photo.c.session == grown.session.id)
    ours = cpu_ms(lambda: session_board(grown.studio, grown.session))
    floor = cpu_ms(bare(grown, people, owners))
    one = cpu_ms(lambda: board_row(grown.studio, grown.session, grown.people[3].id))
    keep_figure("board of 120", ours, "ms CPU", "< 60")
    keep_figure("board of 120, beside reading its rows", ours / floor, "x", "<= 20")
    keep_figure("one row of the board", one, "ms CPU", "< 20")
    assert ours <= 20 * floor
    assert one <= ours or one <= 20 * floor


def test_the_shots_of_a_session_cost_little_more_than_reading_their_rows(grown: Grown, keep_figure: Keep) -> None:
    mine = photo.c.session == grown.session.id
    rows = select(photo.c.guid, photo.c.version, photo.c.sealed, photo.c.taken_at).where(mine)
    owners = select(photo.c.guid, photo_owner.c.subject).join(photo_owner).where(mine)
    ours = cpu_ms(lambda: session_shots(grown.studio, grown.session), 5)
    floor = cpu_ms(bare(grown, rows, owners), 5)
    last = cpu_ms(lambda: last_shots(grown.studio, grown.session))
    count = len(session_shots(grown.studio, grown.session))
    keep_figure(f"{count} shots", ours, "ms CPU", "< 600 for 5,000")
    keep_figure(f"{count} shots, beside reading their rows", ours / floor, "x", "<= 15")
    keep_figure("the last 12 shots", last, "ms CPU", "< 20")
    assert count == len(grown.photos)
    assert ours <= 15 * floor


def test_the_preview_of_an_export_costs_little_more_than_reading_the_photos(grown: Grown, keep_figure: Keep) -> None:
    mine = photo.c.session == grown.session.id
    rows = select(photo.c.guid, photo.c.version, photo.c.sealed).where(mine)
    owners = select(photo.c.guid, photo_owner.c.subject).join(photo_owner).where(mine)
    request = grown.shoot.wish("Lumiere", "use.editorial")
    cleared = preview_export(grown.studio, grown.session, request).cleared
    ours = cpu_ms(lambda: preview_export(grown.studio, grown.session, request), 3)
    floor = cpu_ms(bare(grown, rows, owners), 3)
    keep_figure("preview of an export, 500 photos", ours / len(grown.photos) * 500, "ms CPU", "< 400")
    keep_figure("preview of an export, beside reading the photos", ours / floor, "x", "<= 60")
    assert len(cleared) == len(grown.photos)
    assert ours <= 60 * floor
