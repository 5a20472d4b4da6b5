"""Erasing a person: what ends and who is told first, what goes, what waits, and what is found when it is undone."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from safelight.documents.withdrawal_notices import Ended, PhotoReason, PhotoState, read_notice
from safelight.domain.consent import Status
from safelight.domain.errors import Malformed, Refused
from safelight.domain.holds import HoldClass
from safelight.domain.ids import PhotoGuid, ScopeId
from safelight.studio import erasing, holds, subject_changes, upkeep
from safelight.studio.consent_snapshots import standing_of
from safelight.studio.exports import export_bundle
from safelight.studio.queries.erasing import erasure_plan, erasure_rows, find_erasure
from safelight.studio.queries.people import same_people
from support.derived_keys import keys_derived_once
from support.shoot import said_yes

TO, USE = "Prenzel", "use.portfolio"


@pytest.fixture(autouse=True)
def _cheap() -> Iterator[None]:
    with keys_derived_once():
        yield


def came(shoot: Any, name: str = "Ada Falk") -> Any:
    person = shoot.person(name)
    shoot.ask(person, said_yes(USE, shoot.agencies[TO]))
    return person


def sent(shoot: Any, number: int = 1) -> None:
    export_bundle(shoot.studio, shoot.session, shoot.wish(TO, USE), shoot.scratch / f"out-{number}.age")


def sound(shoot: Any) -> bool:
    return upkeep.check_studio(shoot.studio)[0].problems == ()


def test_yeses_end_recipients_are_told_and_everything_of_the_portrait_goes(shoot: Any) -> None:
    ada, ben = came(shoot), came(shoot, "Ben Ode")
    mine, group, his = shoot.photo(ada), shoot.photo(ada, ben), shoot.photo(ben)
    sent(shoot)
    plan = erasure_plan(shoot.studio, ada.id)
    assert [each.photo for each in plan.group] == [group.guid] and plan.facts.yeses == 1
    assert [(each.name, each.photos) for each in plan.facts.recipients] == [(TO, 2)]
    files = [each.id for each in shoot.studio.archive.files.owned_by(ada.id) if each.purpose == "portrait"]
    done, _ = erasing.erase(shoot.studio, [ada.id], shoot.staff["Kim"].id)
    (one,), (notice,) = done.people, done.notices
    told = read_notice(notice.text.encode())
    assert [each.ended for each in told.items] == [Ended.ERASED]
    assert {(each.photo.guid, each.state, each.why) for each in told.photos} == {
        (guid, PhotoState.WITHHELD, PhotoReason.ERASED) for guid in (mine.guid, group.guid)
    }
    assert one.row.portrait_at == shoot.studio.now() and one.row.evidence_at is None
    assert set(one.row.photos) == {mine.guid, group.guid} and set(files) <= set(one.row.files)
    archive = shoot.studio.archive
    assert archive.photos.guids() == (his.guid,) and not any(archive.files.lies_at(each).exists() for each in files)
    assert len(archive.statuses.revoked()) == 1 and one.row.positions == tuple(archive.statuses.revoked())
    states = standing_of(shoot.studio, ada.id).snapshot.states
    assert states[ScopeId(USE)].status is Status.WITHDRAWN
    after = archive.subjects.get(ada.id)
    assert (after.name, after.email) == ("Ada Falk", "")
    assert erasure_plan(shoot.studio, ada.id).proof_until == plan.proof_until and sound(shoot)


def test_who_never_signed_goes_at_once_and_whole(shoot: Any) -> None:
    ada = shoot.person()
    shoot.photo(ada)
    done, _ = erasing.erase(shoot.studio, [ada.id])
    assert done.people[0].row.whole and not shoot.studio.archive.subjects.is_there(ada.id)
    assert find_erasure(shoot.studio, ada.id[:8]) == done.people[0].row and sound(shoot)


def test_the_proof_goes_on_its_day_and_not_before(shoot: Any) -> None:
    ada = came(shoot)
    (one,) = erasing.erase(shoot.studio, [ada.id])[0].people
    assert one.row.evidence_due == (shoot.studio.today().replace(year=2031))
    assert erasing.erase_due(shoot.studio)[0] == () and shoot.studio.archive.subjects.is_there(ada.id)
    shoot.clock.on(days=366 * 5)
    # The clock is far ahead, and somebody says that it is right.
    with shoot.studio.archive.transaction(shoot.clock.at, shoot.clock.at):
        pass
    (gone,), _ = erasing.erase_due(shoot.studio)
    assert gone.whole and not shoot.studio.archive.subjects.is_there(ada.id)
    assert erasing.erase_due(shoot.studio)[0] == () and sound(shoot)


def test_what_a_hold_keeps_waits_and_its_release_finishes_it(shoot: Any) -> None:
    ada = came(shoot)
    photo = shoot.photo(ada)
    sent(shoot)
    kim = shoot.staff["Kim"].id
    hold, _ = holds.add_hold(
        shoot.studio,
        holds.NewHold(ada.id, HoldClass.PHOTOS, "a claim", shoot.studio.today() + timedelta(days=9), kim),
    )
    done, _ = erasing.erase(shoot.studio, [ada.id])
    assert done.people[0].row.portrait_at is None and len(done.notices) == 1
    assert erasing.erase(shoot.studio, [ada.id])[0].notices == (), "nobody hears it twice"
    assert len(shoot.studio.archive.statuses.revoked()) == 1 and shoot.studio.archive.photos.guids() == (photo.guid,)
    assert erasing.erase_due(shoot.studio)[0] == () and sound(shoot)
    assert erasure_rows(shoot.studio)[0].holds == (hold.id,)
    released, _ = holds.release_hold(shoot.studio, hold.id, kim)
    assert [each.person for each in released.finished] == [ada.id] and shoot.studio.archive.photos.guids() == ()
    assert sound(shoot)


def test_asked_for_twice_it_tells_nobody_twice(shoot: Any) -> None:
    ada = came(shoot)
    shoot.photo(ada)
    sent(shoot)
    first, _ = erasing.erase(shoot.studio, [ada.id])
    again, _ = erasing.erase(shoot.studio, [ada.id])
    assert again.notices == () and again.people[0].row == first.people[0].row and sound(shoot)


def test_linked_entries_are_named_and_go_when_asked(shoot: Any) -> None:
    ada, other = came(shoot), shoot.person(session=shoot.new_session())
    subject_changes.link_subjects(shoot.studio, ada.id, other.id, shoot.staff["Kim"].id)
    assert same_people(shoot.studio, ada.id) == (other.id,) == erasure_plan(shoot.studio, ada.id).facts.linked
    done, _ = erasing.erase(shoot.studio, [ada.id, other.id])
    assert [each.row.person for each in done.people] == [ada.id, other.id] and done.people[1].row.whole
    assert same_people(shoot.studio, ada.id) == () and sound(shoot)


@pytest.mark.parametrize("note", ["kept", "deleted"])
def test_a_key_that_was_put_back_is_named_and_opens_nothing(shoot: Any, note: str, tmp_path: Path) -> None:
    ada = came(shoot)
    shoot.photo(ada)
    older = tmp_path / "older.sqlite"
    with closing(sqlite3.connect(shoot.folder / "keys" / "subjects.sqlite")) as here, closing(
        sqlite3.connect(older)
    ) as there:
        here.backup(there)
    erasing.erase(shoot.studio, [ada.id])
    for _ in range(2):  # while the studio is open, and again for whoever opens it then
        with closing(sqlite3.connect(shoot.folder / "keys" / "subjects.sqlite")) as here:
            here.execute("ATTACH ? AS older", (str(older),))
            here.execute("REPLACE INTO main.subject_key SELECT * FROM older.subject_key WHERE owner = ?", (ada.id,))
            if note == "deleted":
                here.execute("DELETE FROM main.gone")
            here.commit()
        with pytest.raises(Refused, match="erased"):
            shoot.studio.archive.keys.portrait(ada.id)
        with pytest.raises(ValueError, match="unpack"):  # no photo came in
            shoot.photo(ada)
        found = upkeep.check_studio(shoot.studio)[0].problems
        assert f"subjects.sqlite: the portrait key of {ada.id} was destroyed, and was put back." in found
        shoot.reopen()


def test_rows_that_somebody_changed_are_not_erased_by(shoot: Any) -> None:
    ada = came(shoot)
    shoot.photo(ada)
    with closing(sqlite3.connect(shoot.folder / "archive.sqlite")) as connection:
        connection.execute("DELETE FROM photo_owner")
        connection.commit()
    with pytest.raises(Malformed):
        erasing.erase(shoot.studio, [ada.id])
    assert shoot.studio.archive.keys.gone() == {} and shoot.studio.archive.erasures.list() == ()


@pytest.mark.parametrize("commit", [1, 2])
def test_what_a_crash_interrupted_is_finished_by_the_check(
    shoot: Any, commit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first commit ends and tells, the second destroys; a crash in the second one comes after the keys went."""
    ada = came(shoot)
    photo: PhotoGuid = shoot.photo(ada).guid
    sent(shoot)
    real, count = type(shoot.studio.archive.erasures).put, 0

    def put(self: Any, *given: Any) -> None:
        nonlocal count
        count += 1
        if count == commit + (commit == 1):
            raise KeyboardInterrupt
        real(self, *given)

    with monkeypatch.context() as patch:
        patch.setattr(type(shoot.studio.archive.erasures), "put", put)
        with pytest.raises(KeyboardInterrupt):
            erasing.erase(shoot.studio, [ada.id])
    shoot.reopen()
    assert sound(shoot)
    archive = shoot.studio.archive
    assert archive.erasures.list()[0].portrait_at is not None and photo not in archive.photos.guids()
    assert len(archive.outgoing_notices.list()) == 1 and "portrait" in archive.keys.gone()[ada.id]
    shoot.reopen()
    assert sound(shoot)
