"""The read side of a studio: what each query tells, and that it asks the databases no more when there is more."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from safelight.domain.ceremony import Ceremony
from safelight.domain.ids import Country, ScopeId
from safelight.domain.people import Subject
from safelight.domain.usage import Blocker
from safelight.studio import founding
from safelight.studio.consent_snapshots import snapshots_of_all, standing_of, standings_of_all
from safelight.studio.held import HELD_FOR, Held, keep_held
from safelight.studio.open_studio import OpenStudio
from safelight.studio.queries.board import OpenPoint, PersonState, board_row, session_board
from safelight.studio.queries.consents import consent_rows
from safelight.studio.queries.ledger import export_rows, sent_of, sent_with
from safelight.studio.queries.lookup import find_session, find_subject
from safelight.studio.queries.open_points import open_points
from safelight.studio.queries.people import name_index, people_of, search_subjects, subject_rows
from safelight.studio.queries.permissions import who_allows
from safelight.studio.queries.person import person_page
from safelight.studio.queries.photos import PhotoPages, photo_details
from safelight.studio.queries.pictures import thumbnails
from safelight.studio.queries.recipients import recipient_rows
from safelight.studio.queries.sessions import open_sessions_of, session_rows
from safelight.studio.queries.shots import last_shots, session_shots, shot
from safelight.studio.queries.staff import staff_rows
from safelight.studio.seating import open_ceremony
from safelight.studio.seats import take_seat
from support.counting import counting
from support.grown import Grown
from support.shoot import GUARDIAN, PASSPHRASE, Hand, Shoot, country, said_yes

FEW, MANY = 10, 200


QUERIES: dict[str, tuple[int, Callable[[Grown], object]]] = {
    "sessions with counts": (6, lambda it: session_rows(it.studio)),
    "open sessions of somebody": (1, lambda it: open_sessions_of(it.studio, it.session.photographer)),
    "a session by name": (1, lambda it: find_session(it.studio, it.session.name)),
    "board": (18, lambda it: session_board(it.studio, it.session)),
    "one of the board": (16, lambda it: board_row(it.studio, it.session, it.people[3].id)),
    "shots": (6, lambda it: session_shots(it.studio, it.session)),
    "shots of one": (6, lambda it: session_shots(it.studio, it.session, subject=it.people[3].id)),
    "shots to check": (6, lambda it: session_shots(it.studio, it.session, check=True)),
    "last shots": (8, lambda it: last_shots(it.studio, it.session)),
    "a shot": (9, lambda it: shot(it.studio, it.photos[3].guid)),
    "open points": (27, lambda it: open_points(it.studio, it.session)),
    "people": (4, lambda it: subject_rows(it.studio)),
    "people found": (6, lambda it: search_subjects(it.studio, "person 00")),
    "one person by number": (5, lambda it: find_subject(it.studio, "N3", it.session)),
    "one person": (24, lambda it: person_page(it.studio, it.people[3].id)),
    "consents of one": (7, lambda it: consent_rows(it.studio, it.people[3].id)),
    "a page of photos": (8, lambda it: PhotoPages(it.studio, it.session).page(0, 50)),
    "photos of one": (8, lambda it: PhotoPages(it.studio, it.session, subject=it.people[3].id).page()),
    "a page of thumbnails": (3, lambda it: thumbnails(it.studio, [each.guid for each in it.photos[:40]])),
    "a photo": (10, lambda it: photo_details(it.studio, it.photos[3])),
    "bundles": (2, lambda it: export_rows(it.studio)),
    "bundles of a photo": (4, lambda it: sent_with(it.studio, it.photos[3].guid)),
    "bundles of a person": (7, lambda it: sent_of(it.studio, it.people[3].id)),
    "recipients": (3, lambda it: recipient_rows(it.studio)),
    "staff": (2, lambda it: staff_rows(it.studio)),
    "who allows": (13, lambda it: who_allows(it.studio, ScopeId("use.editorial"), Country("FR"))),
}
"""How many SELECTs each may need, keys included, whatever the size."""


@pytest.fixture(scope="module")
def grown(founded: tuple[Path, dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grown]:
    template, agencies = founded
    folder = tmp_path_factory.mktemp("grown") / "studio"
    shutil.copytree(template, folder)
    studio = founding.open_studio(folder, PASSPHRASE, clock=Hand())
    session = find_session(studio, "Spring")
    yield Grown(Shoot(studio, Hand(), folder, folder, agencies, session, None, None))  # type: ignore[arg-type]
    studio.archive.close()


def test_no_query_asks_more_when_there_is_more(grown: Grown) -> None:
    asked: dict[str, list[int]] = {name: [] for name in QUERIES}
    for size in (FEW, MANY):
        grown.grow(size)
        for name, (_, query) in QUERIES.items():
            with counting() as statements:
                query(grown)
            asked[name].append(len(statements))
    assert {name: counts for name, counts in asked.items() if max(counts) > QUERIES[name][0]} == {}
    (row,) = [each for each in session_rows(grown.studio) if each.session.id == grown.session.id]
    assert (row.people, row.signed, row.shots) == (MANY, MANY, MANY)


def test_the_counter_counts(grown: Grown) -> None:
    with counting() as statements:
        for each in grown.studio.archive.sessions.ids():
            grown.studio.archive.sessions.get(each)
    assert len(statements) == 1 + len(grown.studio.archive.sessions.ids())


def test_the_board_tells_how_far_everybody_is(shoot: Shoot) -> None:
    ada, ben, eva = shoot.person("Ada"), shoot.person("Ben"), shoot.person("Eva", born=shoot.studio.today())
    shoot.photo(ada)
    shoot.photo()
    shoot.ask(ada, said_yes("ai.train-generative", *shoot.agencies.values()))
    hold(shoot.studio, shoot, ben)
    board = session_board(shoot.studio, shoot.session)
    told = {each.name: each for each in board.people}
    assert list(told) == ["Ada", "Ben", "Eva"] and board.unassigned == 1
    assert (told["Ada"].state, told["Ada"].shots, told["Ada"].signed) == (PersonState.SIGNED, 1, True)
    assert told["Ada"].open == (OpenPoint.UNCHECKED,)
    assert told["Ben"].state is PersonState.ANSWERING and not told["Ben"].signed
    assert told["Ben"].open == (OpenPoint.UNANSWERED, OpenPoint.WITHOUT_PHOTOS)
    assert told["Eva"].open == (OpenPoint.UNANSWERED, OpenPoint.WITHOUT_PHOTOS, OpenPoint.WITHOUT_GUARDIAN)
    shoot.check(ada)
    assert session_board(shoot.studio, shoot.session).people[0].open == ()
    shoot.clock.at += HELD_FOR + timedelta(days=1)
    assert session_board(shoot.studio, shoot.session).people[1].state is PersonState.REGISTERED
    assert [each.name for each in open_points(shoot.studio, shoot.session).without_guardian] == ["Eva"]
    assert eva.id == told["Eva"].id


def hold(studio: OpenStudio, shoot: Shoot, person: Subject) -> None:
    ceremony: Ceremony = open_ceremony(studio, shoot.session, person)
    with studio.archive.transaction(studio.now()) as writing:
        seat = take_seat(studio, writing, person.id, shoot.session.id)
    keep_held(studio, seat, Held(ceremony))


def test_who_allows_tells_until_when_and_why_not(shoot: Shoot) -> None:
    lumiere = shoot.agencies["Lumiere"]
    ada, ben, eva, zoe = (shoot.person(name) for name in ("Ada", "Ben", "Eva", "Zoe"))
    shoot.ask(ada, said_yes("use.editorial", lumiere))
    shoot.ask(ben, said_yes("use.editorial", lumiere, where=country("DE")))
    shoot.ask(eva)

    def asked(place: str, *, to: Any = lumiere.id, **more: Any) -> dict[str, Blocker | None]:
        rows = who_allows(shoot.studio, ScopeId("use.editorial"), Country(place), to, **more)
        assert all(each.allowed == (each.blocker is None) == (not each.why) for each in rows)
        return {each.name: each.blocker for each in rows}

    said = {"Ada": None, "Ben": Blocker.TERRITORY, "Eva": Blocker.REFUSED, "Zoe": Blocker.NOT_ASKED}
    assert asked("FR") == said
    assert asked("DE") == said | {"Ben": None}
    assert asked("FR", to=shoot.agencies["Gotham"].id)["Ada"] is Blocker.RECIPIENT
    assert asked("FR", day=shoot.studio.today() + timedelta(days=800))["Ada"] is Blocker.OVER
    assert asked("FR", within=shoot.new_session()) == {}
    first = who_allows(shoot.studio, ScopeId("use.editorial"), Country("FR"), lumiere.id)[0]
    assert first.until is not None and first.subject == ada.id and first.session_name == "Spring"
    shoot.studio.archive.subjects.line(zoe.id)


def test_who_allows_says_what_an_export_says(shoot: Shoot) -> None:
    for number, choice in enumerate((said_yes("use.editorial", shoot.agencies["Lumiere"]), None)):
        person = shoot.person(f"Person {number}")
        shoot.photo(person)
        shoot.ask(person, *([choice] if choice else []))
    rows = who_allows(shoot.studio, ScopeId("use.editorial"), Country("FR"), shoot.agencies["Lumiere"].id)
    cleared = shoot.preview("Lumiere", "use.editorial").cleared
    assert len(cleared) == sum(each.allowed for each in rows) == 1


def test_a_person_who_was_erased_is_passed_over(shoot: Shoot) -> None:
    ada, ben = shoot.person("Ada"), shoot.person("Ben")
    for each in (ada, ben):
        shoot.ask(each, said_yes("use.portfolio"))
    with shoot.studio.archive.transaction(shoot.studio.now()) as writing:
        shoot.studio.archive.erase(writing, ada.id, portrait=True, evidence=False)
    rows = who_allows(shoot.studio, ScopeId("use.portfolio"), Country("DE"))
    assert [each.name for each in rows if each.allowed] == ["Ada", "Ben"]
    with shoot.studio.archive.transaction(shoot.studio.now()) as writing:
        shoot.studio.archive.erase(writing, ada.id, portrait=True, evidence=True)
    rows = who_allows(shoot.studio, ScopeId("use.portfolio"), Country("DE"))
    assert [each.name for each in rows if each.allowed] == ["Ben"]
    assert len(session_board(shoot.studio, shoot.session).people) == len(rows)


def test_pages_of_photos_are_the_list_cut_up(shoot: Shoot) -> None:
    ada = shoot.person()
    taken = [shoot.photo(ada), shoot.photo(), shoot.photo(ada)]
    pages = PhotoPages(shoot.studio, shoot.session)
    assert [each.guid for each in (*pages.page(0, 2), *pages.page(2, 2))] == [each.guid for each in taken]
    assert pages.page(3, 2) == ()
    assert [each.guid for each in PhotoPages(shoot.studio, shoot.session, unassigned=True)] == [taken[1].guid]
    shoot.studio.archive.photos.get(taken[0].guid)
    with shoot.studio.archive.transaction(shoot.studio.now()) as writing:
        shoot.studio.archive.photos.put(writing, replace(taken[0], flagged=True))
    assert [each.guid for each in PhotoPages(shoot.studio, shoot.session, flagged=True)] == [taken[0].guid]


def test_snapshots_of_all_are_those_of_each(shoot: Shoot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("safelight.storage.repositories.consents.BATCH", 2)  # several pages, the last one empty
    lumiere = shoot.agencies["Lumiere"]
    child = shoot.person("Nils", GUARDIAN, born=shoot.studio.today() - timedelta(days=365 * 15))
    people = [shoot.person("Ada"), child, shoot.person("Zoe")]
    for person in people[:2] * 2:
        shoot.clock.on(days=1)
        shoot.ask(person, said_yes("use.editorial", lumiere))
    everybody = snapshots_of_all(shoot.studio)
    assert set(everybody) == {each.id for each in people[:2]} == set(standings_of_all(shoot.studio))
    for each in people[:2]:
        assert everybody[each.id] == standing_of(shoot.studio, each.id).snapshot
        assert standings_of_all(shoot.studio, shoot.session.id)[each.id] == standing_of(shoot.studio, each.id)
    assert all(each.adult_on and each.signed_as_minor for each in everybody[child.id].states.values() if each.given)
    assert snapshots_of_all(shoot.studio, shoot.new_session().id) == {}


def test_people_are_found_in_any_spelling_and_the_best_come_first(shoot: Shoot) -> None:
    for name in ("Rozalia Nowak", "Ayşe Öztürk", "Ozan Demir", "שרה כהן"):
        shoot.person(name)
    studio, session = shoot.studio, shoot.session
    found = [each.name for each in search_subjects(studio, "oz", session)]
    assert found[:3] == ["Ozan Demir", "Ayşe Öztürk", "Rozalia Nowak"]
    assert [each.name for each in search_subjects(studio, "כהן", session)] == ["שרה כהן"]
    assert find_subject(studio, "ayse oz", session).name == "Ayşe Öztürk"
    index = name_index(studio, session)
    assert [studio.archive.subjects.get(id).name for id in index.find("ozturk")] == ["Ayşe Öztürk"]


def test_whoever_is_added_by_another_program_while_a_list_is_read_is_no_fault(
    shoot: Shoot, monkeypatch: pytest.MonkeyPatch
) -> None:
    shoot.person("Ada")
    archive, ids = shoot.studio.archive, shoot.studio.archive.subjects.ids

    def added_meanwhile(*session: Any) -> Any:
        read = ids(*session)
        monkeypatch.setattr(archive.subjects, "ids", ids)
        shoot.person("Ben")
        return read

    for ask in (
        lambda: people_of(shoot.studio, shoot.session.id).values(), lambda: subject_rows(shoot.studio, shoot.session),
        lambda: session_board(shoot.studio, shoot.session).people,
    ):  # fmt: skip
        monkeypatch.setattr(archive.subjects, "ids", added_meanwhile)
        assert {each.name for each in ask()} == {"Ada", "Ben"}
