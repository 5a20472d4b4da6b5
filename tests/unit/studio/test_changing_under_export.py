"""Answers that change while an export runs: what may not leave any more is in no file that the ledger says left."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyrage
import pytest

from safelight.bundle import originals
from safelight.bundle.writer import write_bundle
from safelight.domain.consent import ConsentEvent, EventKind
from safelight.domain.errors import Refused
from safelight.domain.ids import Country, EventId, ScopeId
from safelight.domain.people import Role, Subject
from safelight.domain.photo import Photo
from safelight.domain.usage import Blocker
from safelight.studio import exports, intake, writable
from safelight.studio.exports import export_bundle
from safelight.studio.open_studio import new_id
from support.shoot import Shoot, said_yes

TO, USE = "Prenzel", "use.portfolio"


def ready(shoot: Shoot, name: str, *uses: str) -> tuple[Subject, Photo]:
    person = shoot.person(name)
    shoot.ask(person, *(said_yes(each, shoot.agencies[TO]) for each in uses or (USE,)))
    return person, shoot.photo(person)


def withdraw(shoot: Shoot, person: Subject, use: str = USE) -> None:
    """The person withdraws one use: the event, the bit of the status list and the journal, in one transaction."""
    archive = shoot.studio.archive
    first = next(each for each in archive.consents.events_of(person.id) if each.scope == use)
    receipt = archive.consents.receipts_of(person.id)[-1].receipt
    now = shoot.studio.now()
    event = ConsentEvent(
        EventId(new_id()), first.record, person.id, ScopeId(use), EventKind.WITHDRAWN, 2, now, Role.SUBJECT
    )
    record = receipt.record_for(ScopeId(use))
    assert record is not None
    with archive.transaction(now) as writing:
        archive.consents.add_event(writing, event)
        archive.statuses.revoke(writing, record.status_position, now)
        archive.journal.append(writing, "consent-withdrawn", record.id, b"", person.id)


def strike_out(shoot: Shoot, photo: Photo, person: Subject) -> None:
    with shoot.studio.archive.transaction(shoot.studio.now()) as writing:
        shoot.studio.archive.photos.put(writing, replace(photo, vetoed_by=(person.id,)))


def elsewhere(work: Callable[[], object]) -> None:
    """Do it in another thread, as another window of the same studio would, and wait for it."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(work).result(60)


def inside(bundle: Path, identity: str) -> set[str]:
    plain = pyrage.decrypt(bundle.read_bytes(), [pyrage.x25519.Identity.from_str(identity)])
    with tarfile.open(fileobj=io.BytesIO(plain)) as tar:
        return {Path(each.name).stem for each in tar if each.name.startswith("photos/")}


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[int]]:
    """``meanwhile(point, work, times)``: do ``work`` in another thread when the export gets to ``point``."""

    def arrange(point: str, work: Callable[[], object], times: int = 1) -> list[int]:
        done: list[int] = []

        def interrupting(real: Any, after: bool) -> Any:
            def called(*arguments: Any, **named: Any) -> Any:
                result = real(*arguments, **named) if after else None
                if len(done) < times:
                    done.append(1)
                    elsewhere(work)
                return result if after else real(*arguments, **named)

            return called

        module, name, after = {
            "after deciding": (exports, "decide", True),
            "before packing": (writable, "bundle_plan", False),
            "while packing": (originals, "write_bundle", False),
            "before the ledger": (originals, "write_bundle", True),
        }[point]
        monkeypatch.setattr(module, name, interrupting(getattr(module, name), after))
        return done

    return arrange


POINTS = ("after deciding", "before packing", "while packing", "before the ledger")


@pytest.mark.parametrize("point", POINTS)
def test_a_withdrawal_keeps_the_photo_back_whenever_it_comes(shoot: Shoot, meanwhile: Any, point: str) -> None:
    ada, hers = ready(shoot, "Ada")
    _, his = ready(shoot, "Ben")
    done = meanwhile(point, lambda: withdraw(shoot, ada))
    target = shoot.scratch / "out.age"
    exported, _ = export_bundle(shoot.studio, shoot.session, shoot.wish(TO, USE), target)
    assert done == [1] and inside(target, shoot.agencies[TO].identity) == {his.guid}
    (row,) = shoot.studio.archive.disclosures.list()
    assert [each.guid for each in row.photos] == [his.guid] and row.sequence == 1
    assert exported.preview.cleared == (his.guid,)
    (stays,) = exported.preview.staying
    assert stays.photo == hers.guid and stays.reasons[0].code == Blocker.WITHDRAWN
    assert [each.name for each in shoot.scratch.iterdir() if "unfinished" in each.name] == []


def test_without_the_second_look_the_withdrawn_photo_would_leave(
    shoot: Shoot, meanwhile: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Takes the check away and sees the fault: the tests above would notice if it were lost."""
    ada, hers = ready(shoot, "Ada")
    monkeypatch.setattr(exports, "_holds_still", lambda *_: True)
    meanwhile("before the ledger", lambda: withdraw(shoot, ada))
    export_bundle(shoot.studio, shoot.session, shoot.wish(TO, USE), shoot.scratch / "out.age")
    assert inside(shoot.scratch / "out.age", shoot.agencies[TO].identity) == {hers.guid}


CHANGES: dict[str, Callable[[Shoot, Photo, Subject], object]] = {
    "withdrawn": lambda shoot, _, ada: withdraw(shoot, ada),
    "refused anew": lambda shoot, _, ada: shoot.ask(ada),
    "struck out": strike_out,
    "given to somebody who was not asked": lambda shoot, photo, _: intake.assign_photo(
        shoot.studio, photo, (shoot.person("Cyd").id,)
    )[0],
    "somebody else is on it too": lambda shoot, photo, ada: intake.assign_photo(
        shoot.studio, photo, (ada.id, shoot.person("Cyd").id)
    )[0],
    "erased": lambda shoot, _, ada: erase(shoot, ada),
}


def erase(shoot: Shoot, person: Subject) -> None:
    with shoot.studio.archive.transaction(shoot.studio.now()) as writing:
        shoot.studio.archive.erase(writing, person.id, portrait=True, evidence=False)


@pytest.mark.parametrize("point", ["while packing", "before the ledger"])
@pytest.mark.parametrize("change", CHANGES)
def test_whatever_takes_a_photo_out_is_noticed(shoot: Shoot, meanwhile: Any, change: str, point: str) -> None:
    ada, hers = ready(shoot, "Ada")
    _, his = ready(shoot, "Ben")
    meanwhile(point, lambda: CHANGES[change](shoot, hers, ada))
    target = shoot.scratch / "out.age"
    export_bundle(shoot.studio, shoot.session, shoot.wish(TO, USE), target)
    assert inside(target, shoot.agencies[TO].identity) == {his.guid}
    assert [each.guid for each in shoot.studio.archive.disclosures.list()[0].photos] == [his.guid]


def test_a_check_that_is_gone_meanwhile_is_noticed(shoot: Shoot, meanwhile: Any) -> None:
    ada, _ = ready(shoot, "Ada", "use.stock")
    shoot.check(ada)

    def undo() -> None:
        with shoot.studio.archive.transaction(shoot.studio.now()) as writing:
            writing.connection.exec_driver_sql("DELETE FROM validation")

    meanwhile("before the ledger", undo)
    with pytest.raises(exports.NothingLeaves, match="a second person has not checked"):
        export_bundle(shoot.studio, shoot.session, shoot.wish(TO, "use.stock"), shoot.scratch / "out.age")
    assert shoot.studio.archive.disclosures.list() == () and not (shoot.scratch / "out.age").exists()


def test_what_others_sign_meanwhile_costs_no_second_packing(
    shoot: Shoot, meanwhile: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a busy day somebody signs every minute; an export must come to its end all the same."""
    _, hers = ready(shoot, "Ada")
    packed: list[int] = []
    real = write_bundle
    monkeypatch.setattr(originals, "write_bundle", lambda *a, **b: packed.append(1) or real(*a, **b))
    meanwhile("before the ledger", lambda: ready(shoot, "Ben"), times=99)
    target = shoot.scratch / "out.age"
    export_bundle(shoot.studio, shoot.session, shoot.wish(TO, USE), target)
    assert packed == [1] and inside(target, shoot.agencies[TO].identity) == {hers.guid}


def test_answers_that_never_stand_still_end_in_a_sentence(shoot: Shoot, meanwhile: Any) -> None:
    ada, _ = ready(shoot, "Ada")
    ready(shoot, "Ben")
    meanwhile("before the ledger", lambda: shoot.ask(ada, said_yes(USE, shoot.agencies[TO])), times=99)
    before = sorted(shoot.scratch.iterdir())
    with pytest.raises(Refused, match="Answers changed each of the 4 times"):
        export_bundle(shoot.studio, shoot.session, shoot.wish(TO, USE), shoot.scratch / "out.age")
    assert sorted(shoot.scratch.iterdir()) == before and shoot.studio.archive.disclosures.list() == ()


def test_two_exports_to_one_recipient_get_two_numbers(shoot: Shoot, meanwhile: Any) -> None:
    ready(shoot, "Ada")
    wish = shoot.wish(TO, USE)
    meanwhile(
        "before the ledger", lambda: export_bundle(shoot.studio, shoot.session, wish, shoot.scratch / "first.age")
    )
    second, _ = export_bundle(shoot.studio, shoot.session, wish, shoot.scratch / "second.age")
    assert second.bundle.manifest.sequence == 2
    assert [each.sequence for each in shoot.studio.archive.disclosures.list()] == [1, 2]


def test_a_recipient_that_is_changed_meanwhile_is_looked_at_again(shoot: Shoot, meanwhile: Any) -> None:
    ready(shoot, "Ada")
    row = shoot.studio.archive.recipients.get(shoot.agencies[TO].id)

    def moved() -> None:
        with shoot.studio.archive.transaction(shoot.studio.now()) as writing:
            shoot.studio.archive.recipients.put(writing, replace(row.recipient, country=Country("US")), row.card, None)

    meanwhile("before the ledger", moved)
    with pytest.raises(Refused, match="What is known of Prenzel was changed"):
        export_bundle(shoot.studio, shoot.session, shoot.wish(TO, USE), shoot.scratch / "out.age")
    assert shoot.studio.archive.disclosures.list() == ()


def test_the_counter_moves_for_every_table_that_decides_and_rests_otherwise(shoot: Shoot) -> None:
    archive = shoot.studio.archive
    steps: list[Callable[[], object]] = [
        lambda: shoot.person("Ada"),
        lambda: shoot.photo(shoot.person("Ben")),
        lambda: shoot.ask(shoot.person("Cyd"), said_yes(USE, shoot.agencies[TO])),
        lambda: shoot.new_session("use.portfolio"),
    ]
    for step in steps:
        before = archive.changes()
        step()
        assert archive.changes() > before
    before = archive.changes()
    with archive.transaction(shoot.studio.now()) as writing:
        archive.journal.append(writing, "test", "test", b"")
    assert archive.changes() == before
