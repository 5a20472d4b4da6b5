"""Rated, picked, rejected, hidden, deleted: whole shots at once, undone exactly, and what is out never leaves."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import update

from safelight.domain.changes import Changes
from safelight.domain.clearance import ReasonToStay
from safelight.domain.culling import UNCULLED, Culling, Pick
from safelight.domain.errors import Refused, WrongUsage
from safelight.domain.ids import PersonId, PhotoGuid
from safelight.domain.people import Subject
from safelight.domain.photo import Photo
from safelight.storage.tables import culling
from safelight.studio import assignments, exports, sessions, upkeep
from safelight.studio.culling import (
    hide_photos,
    mark_photos,
    pick_by_subject,
    put_back,
    rate_photos,
    unhide_photos,
)
from safelight.studio.deleting import delete_hidden_now, hidden_photos
from safelight.studio.deliveries import GivenAs, deliver
from safelight.studio.exports import export_bundle
from safelight.studio.queries.open_points import open_points
from safelight.studio.queries.person import person_page
from safelight.studio.queries.photos import list_photos
from safelight.studio.seating import open_ceremony
from support.shoot import Shoot, said_yes

TO, USE = "Lumiere", "use.portfolio"


def kim(shoot: Shoot) -> PersonId:
    return shoot.staff["Kim"].id


def now(shoot: Shoot, photo: Photo) -> Culling:
    return shoot.studio.archive.culling.of([photo.guid])[photo.guid]


def changed(shoot: Shoot, photo: Photo, **fields: object) -> Photo:
    with shoot.studio.archive.transaction(shoot.studio.now()) as writing:
        after = replace(shoot.studio.archive.photos.get(photo.guid), **fields)  # type: ignore[arg-type]
        shoot.studio.archive.photos.put(writing, after)
    return after


def pair(shoot: Shoot, *people: Subject) -> tuple[Photo, Photo]:
    """Two photos of one shutter."""
    first, second = shoot.photo(*people), shoot.photo(*people)
    return changed(shoot, first, shot=first.guid), changed(shoot, second, shot=first.guid)


def test_a_whole_shot_is_rated_together_and_put_back_exactly(shoot: Shoot) -> None:
    one, other = pair(shoot)
    alone = shoot.photo()
    rate_photos(shoot.studio, [alone.guid], 2, kim(shoot))
    done, changes = rate_photos(shoot.studio, [other.guid, alone.guid], 4, kim(shoot))
    assert changes is Changes.PHOTOS | Changes.JOURNAL
    all_three = (one.guid, other.guid, alone.guid)
    assert {each: done.after[each].rating for each in done.photos} == dict.fromkeys(all_three, 4)
    entry = [each for each in shoot.studio.archive.journal.entries() if each.kind == "photos-rated"][-1]
    told = json.loads(shoot.studio.archive.journal.payload(entry.number))
    assert entry.reference == shoot.session.id and told["by"] == kim(shoot)
    assert {each["photo"] for each in told["photos"]} == set(all_three)
    back, _ = put_back(shoot.studio, done, kim(shoot))
    assert now(shoot, one) == now(shoot, other) == UNCULLED and now(shoot, alone).rating == 2
    put_back(shoot.studio, back, kim(shoot))
    assert now(shoot, other).rating == now(shoot, alone).rating == 4
    again, changes = rate_photos(shoot.studio, [one.guid], 4, kim(shoot))
    assert again.photos == () and changes is Changes.NONE
    assert upkeep.check_studio(shoot.studio, shoot.acks)[0].problems == ()


def test_keys_set_and_never_toggle(shoot: Shoot) -> None:
    photo = shoot.photo()
    for mark in (Pick.REJECT, Pick.REJECT, Pick.PICK, Pick.NONE):
        mark_photos(shoot.studio, [photo.guid], mark, kim(shoot))
        assert now(shoot, photo).mark is mark
    pick_by_subject(shoot.studio, [photo.guid])
    assert now(shoot, photo) == Culling(picked_by_subject=True)
    pick_by_subject(shoot.studio, [photo.guid], wanted=False)
    assert now(shoot, photo) == UNCULLED


def test_what_was_changed_since_is_not_put_back(shoot: Shoot) -> None:
    photo = shoot.photo()
    done, _ = rate_photos(shoot.studio, [photo.guid], 4, kim(shoot))
    rate_photos(shoot.studio, [photo.guid], 1, kim(shoot))
    with pytest.raises(Refused, match="changed since"):
        put_back(shoot.studio, done, kim(shoot))
    assert now(shoot, photo).rating == 1
    done, _ = rate_photos(shoot.studio, [photo.guid], 3, kim(shoot))
    assignments.remove_photos(shoot.studio, [photo.guid], kim(shoot))
    with pytest.raises(Refused, match="gone"):
        put_back(shoot.studio, done, kim(shoot))


@pytest.mark.parametrize("rating", [-1, 6, 2.5])
def test_a_rating_that_is_none_changes_nothing(shoot: Shoot, rating: int) -> None:
    photo = shoot.photo()
    with pytest.raises(WrongUsage, match="0 to 5"):
        rate_photos(shoot.studio, [photo.guid], rating, kim(shoot))
    with pytest.raises(WrongUsage, match="no photo"):
        rate_photos(shoot.studio, [photo.guid, PhotoGuid("x")], 3, kim(shoot))
    assert now(shoot, photo) == UNCULLED


def test_what_the_photographer_struck_out_hid_or_nobody_settled_never_leaves(shoot: Shoot, tmp_path: Path) -> None:
    ada = shoot.person("Ada")
    rejected, hidden, unsettled, good = (shoot.photo(ada) for _ in range(4))
    raw_of_rejected = changed(shoot, shoot.photo(ada), shot=rejected.guid)
    shoot.ask(ada, said_yes(USE, shoot.agencies[TO]))
    mark_photos(shoot.studio, [raw_of_rejected.guid], Pick.REJECT, kim(shoot))
    hide_photos(shoot.studio, [hidden.guid], kim(shoot))
    changed(shoot, unsettled, flagged=True)
    preview = shoot.preview(TO, USE)
    assert preview.cleared == (good.guid,)
    assert {(each.photo, each.hold) for each in preview.held} == {
        (rejected.guid, ReasonToStay.REJECTED), (raw_of_rejected.guid, ReasonToStay.REJECTED),
        (hidden.guid, ReasonToStay.HIDDEN), (unsettled.guid, ReasonToStay.CHECK),
    }  # fmt: skip
    told = {each.photo: each.reasons for each in preview.staying}
    assert told[rejected.guid][0].words == "struck out by the photographer" and told[rejected.guid][0].person is None
    delivered, _ = deliver(shoot.studio, ada, tmp_path / "mine")
    assert {each.photo for each in delivered.photos if each.given is not GivenAs.NOTHING} == {good.guid}
    mark_photos(shoot.studio, [rejected.guid], Pick.NONE, kim(shoot))
    unhide_photos(shoot.studio, [hidden.guid], kim(shoot))
    assignments.assign_photos(shoot.studio, [unsettled.guid], [ada.id], kim(shoot))
    assert len(shoot.preview(TO, USE).cleared) == 5


def test_a_raw_file_that_comes_after_its_jpeg_was_rejected_stays_too(shoot: Shoot) -> None:
    ada = shoot.person("Ada")
    photo = shoot.photo(ada)
    mark_photos(shoot.studio, [photo.guid], Pick.REJECT, kim(shoot))
    shoot.ask(ada, said_yes(USE, shoot.agencies[TO]))
    late = changed(shoot, shoot.photo(ada), shot=photo.guid)
    assert shoot.preview(TO, USE).cleared == ()
    rate_photos(shoot.studio, [late.guid], 3, kim(shoot))
    assert now(shoot, late) == Culling(3, Pick.REJECT)


def test_a_photo_struck_out_by_a_person_keeps_the_whole_shot(shoot: Shoot, tmp_path: Path) -> None:
    ada, ben = shoot.person("Ada"), shoot.person("Ben")
    one, other = pair(shoot, ada, ben)
    for person in (ada, ben):
        shoot.ask(person, said_yes(USE, shoot.agencies[TO]))
    assert set(shoot.preview(TO, USE).cleared) == {one.guid, other.guid}
    shoot.ask(ada, said_yes(USE, shoot.agencies[TO]), shown=[one], vetoed=[one])
    assert shoot.preview(TO, USE).cleared == ()
    delivered, _ = deliver(shoot.studio, ben, tmp_path / "mine")
    assert {each.given for each in delivered.photos} == {GivenAs.NOTHING}


def test_a_question_about_one_photo_of_a_shot_keeps_the_whole_shot(shoot: Shoot, tmp_path: Path) -> None:
    ada = shoot.person("Ada")
    one, other = pair(shoot, ada)
    shoot.ask(ada, said_yes(USE, shoot.agencies[TO]))
    changed(shoot, shoot.studio.archive.photos.get(one.guid), flagged=True)
    held = shoot.preview(TO, USE).held
    assert {(each.photo, each.hold) for each in held} == {(guid, ReasonToStay.CHECK) for guid in (one.guid, other.guid)}
    delivered, _ = deliver(shoot.studio, ada, tmp_path / "mine")
    assert {each.given for each in delivered.photos} == {GivenAs.NOTHING}


def test_rejected_while_a_bundle_is_packed_it_does_not_leave(shoot: Shoot, tmp_path: Path) -> None:
    ada = shoot.person("Ada")
    photo, other = shoot.photo(ada), shoot.photo(ada)
    shoot.ask(ada, said_yes(USE, shoot.agencies[TO]))
    times: list[int] = []

    def reject(*_: object) -> None:
        if not times:
            times.append(1)
            mark_photos(shoot.studio, [photo.guid], Pick.REJECT, kim(shoot))

    done, _ = export_bundle(shoot.studio, shoot.session, shoot.wish(TO, USE), tmp_path / "b.age", reject)
    assert times and done.preview.cleared == (other.guid,)
    assert {each.sha256 for each in done.bundle.manifest.members}.isdisjoint({photo.image_sha256})
    with pytest.raises(exports.NothingLeaves, match="struck out by the photographer"):
        mark_photos(shoot.studio, [other.guid], Pick.REJECT, kim(shoot))
        export_bundle(shoot.studio, shoot.session, shoot.wish(TO, USE), tmp_path / "c.age")


def test_the_bin_is_listed_alone_and_kept_when_the_session_closes(shoot: Shoot) -> None:
    ada = shoot.person("Ada")
    one, other = pair(shoot, ada)
    kept = shoot.photo(ada)
    done, _ = hide_photos(shoot.studio, [one.guid], kim(shoot))
    assert [each.guid for each in list_photos(shoot.studio, shoot.session)] == [kept.guid]
    assert [each.guid for each in list_photos(shoot.studio, shoot.session, hidden=True)] == [one.guid, other.guid]
    assert hidden_photos(shoot.studio, shoot.session.id) == (one.guid, other.guid)
    assert open_ceremony(shoot.studio, shoot.session, ada).photos == (kept.guid,)
    sessions.close_session(shoot.studio, shoot.session)
    with pytest.raises(WrongUsage, match="closed"):
        put_back(shoot.studio, done, kim(shoot))
    with pytest.raises(WrongUsage, match="closed"):
        unhide_photos(shoot.studio, [one.guid], kim(shoot))
    assert [each.guid for each in open_points(shoot.studio, shoot.session).hidden] == [one.guid, other.guid]
    sessions.reopen_session(shoot.studio, shoot.session)
    rate_photos(shoot.studio, [kept.guid], 5, kim(shoot))
    put_back(shoot.studio, done, kim(shoot))
    assert hidden_photos(shoot.studio, shoot.session.id) == ()


def test_given_to_others_it_stays_as_good_as_it_was(shoot: Shoot) -> None:
    ada, ben = shoot.person("Ada"), shoot.person("Ben")
    photo = shoot.photo(ada)
    mark_photos(shoot.studio, [photo.guid], Pick.REJECT, kim(shoot))
    rate_photos(shoot.studio, [photo.guid], 3, kim(shoot))
    assignments.assign_photos(shoot.studio, [photo.guid], [ben.id], kim(shoot))
    (row,) = list_photos(shoot.studio, shoot.session)
    assert (row.rating, row.mark, row.people[0].name) == (3, Pick.REJECT, "Ben")


def test_deleting_proves_that_file_row_and_key_are_gone(shoot: Shoot) -> None:
    ada = shoot.person("Ada")
    one, other = pair(shoot, ada)
    nobodys, kept = shoot.photo(), shoot.photo(ada)
    archive = shoot.studio.archive
    files = {each.guid: archive.photos.original(each.guid) for each in (one, other, nobodys, kept)}
    owner = archive.files.about(files[nobodys.guid]).owners
    with pytest.raises(WrongUsage, match="not in the bin"):
        delete_hidden_now(shoot.studio, [one.guid, kept.guid], kim(shoot))
    hide_photos(shoot.studio, [one.guid, nobodys.guid], kim(shoot))
    told: list[tuple[int, int]] = []
    done, changes = delete_hidden_now(
        shoot.studio, [one.guid, nobodys.guid], kim(shoot), lambda at, of, _: told.append((at, of))
    )
    assert changes is Changes.PHOTOS | Changes.JOURNAL and told[-1] == (3, 3)
    assert {each.photo: (each.gone, each.own_key) for each in done} == {
        one.guid: (True, False), other.guid: (True, False), nobodys.guid: (True, True)
    }  # fmt: skip
    assert {id for id, _ in archive.files.on_disk()} & set(files.values()) == {files[kept.guid]}
    assert archive.keys.many("portrait", owner) == {}
    assert [each.guid for each in list_photos(shoot.studio, shoot.session)] == [kept.guid]
    assert upkeep.check_studio(shoot.studio)[0].problems == ()


def test_a_file_that_cannot_be_deleted_is_said_to_be_there(shoot: Shoot, monkeypatch: pytest.MonkeyPatch) -> None:
    photo = shoot.photo()
    hide_photos(shoot.studio, [photo.guid], kim(shoot))
    monkeypatch.setattr("safelight.storage.files.FileStore._unlink", lambda *_: None)
    ((gone,), _) = delete_hidden_now(shoot.studio, [photo.guid], kim(shoot))
    assert gone.remains == ("file",) and not gone.gone


def test_what_was_sent_is_not_deleted_from_the_bin(shoot: Shoot, tmp_path: Path) -> None:
    ada = shoot.person("Ada")
    photo = shoot.photo(ada)
    shoot.ask(ada, said_yes(USE, shoot.agencies[TO]))
    export_bundle(shoot.studio, shoot.session, shoot.wish(TO, USE), tmp_path / "b.age")
    hide_photos(shoot.studio, [photo.guid], kim(shoot))
    with pytest.raises(Refused, match="was sent to"):
        delete_hidden_now(shoot.studio, [photo.guid], kim(shoot))
    assert hidden_photos(shoot.studio, shoot.session.id) == (photo.guid,)


def test_a_culling_that_was_tampered_with_is_named(shoot: Shoot) -> None:
    photo = shoot.photo()
    mark_photos(shoot.studio, [photo.guid], Pick.REJECT, kim(shoot))
    with shoot.studio.archive.transaction(shoot.studio.now()) as writing:
        writing.connection.execute(update(culling).values(version=2))
    assert any("culling" in each for each in upkeep.check_studio(shoot.studio)[0].problems)


def test_a_receipt_names_nothing_that_is_hidden_or_may_be_of_somebody_else(shoot: Shoot) -> None:
    ada = shoot.person("Ada")
    named, hidden, unsettled = (shoot.photo(ada) for _ in range(3))
    late = changed(shoot, shoot.photo(ada), shot=unsettled.guid)
    hide_photos(shoot.studio, [hidden.guid], kim(shoot))
    changed(shoot, unsettled, flagged=True)
    shown = open_ceremony(shoot.studio, shoot.session, ada).photos
    receipt = shoot.ask(ada, said_yes(USE, shoot.agencies[TO])).receipt
    assert shown == (named.guid,) == tuple(each.guid for each in receipt.photos)
    assert person_page(shoot.studio, ada.id).photos == (named.guid, unsettled.guid, late.guid)
