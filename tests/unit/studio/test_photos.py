"""Who is on a photo: listed, put right by hand, taken out; sealed under the right keys and noted, all or nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image

from safelight.domain.changes import Changes
from safelight.domain.errors import DeviceFailure, Refused, WrongUsage
from safelight.domain.ids import PhotoGuid
from safelight.domain.people import Guardian
from safelight.studio import assignments, exports, intake, sessions, subjects, upkeep
from safelight.studio.queries import photos
from safelight.studio.queries.ledger import sent_of
from safelight.studio.queries.lookup import find_photo
from safelight.studio.queries.open_points import open_points
from support.shoot import Shoot, said_yes


def owners_of_file(shoot: Shoot, guid: str) -> tuple[str, ...]:
    archive = shoot.studio.archive
    return archive.files.about(archive.photos.original(PhotoGuid(guid))).owners


def told(shoot: Shoot, kind: str) -> dict[str, object]:
    entry = [each for each in shoot.studio.archive.journal.entries() if each.kind == kind][-1]
    return json.loads(shoot.studio.archive.journal.payload(entry.number))


def test_a_photo_of_nobody_is_given_to_somebody_and_the_journal_says_by_whom(shoot: Shoot) -> None:
    ada, ben = shoot.person("Ada"), shoot.person("Ben")
    photo, other = shoot.photo(), shoot.photo(ben)
    content = shoot.studio.archive.files.read_bytes(shoot.studio.archive.photos.original(photo.guid))
    unassigned = photos.list_photos(shoot.studio, shoot.session, unassigned=True)
    assert [each.guid for each in unassigned] == [photo.guid] and unassigned[0].people == ()
    robin = shoot.staff["Robin"].id
    (done,), changes = assignments.assign_photos(shoot.studio, [photo.guid], [ada.id], robin)
    assert done.photo.subjects == (ada.id,) and done.before == () and changes is Changes.PHOTOS | Changes.JOURNAL
    assert owners_of_file(shoot, photo.guid) == (ada.id,)
    assert shoot.studio.archive.files.read_bytes(shoot.studio.archive.photos.original(photo.guid)) == content
    assert told(shoot, "photo-assigned") == {"by": robin, "from": [], "how": "hand", "to": [ada.id]}
    assert (photo.guid, photo.sha256) in shoot.acks
    assert [each.guid for each in photos.list_photos(shoot.studio, shoot.session, subject=ada.id)] == [photo.guid]
    assert [each.guid for each in photos.list_photos(shoot.studio, shoot.session)] == [photo.guid, other.guid]
    assert upkeep.check_studio(shoot.studio, shoot.acks)[0].problems == ()


def test_a_group_picture_is_sealed_for_everybody_on_it(shoot: Shoot) -> None:
    ada, ben = shoot.person("Ada"), shoot.person("Ben")
    photo, kim = shoot.photo(ada), shoot.staff["Kim"].id
    (done,), _ = assignments.assign_photos(shoot.studio, [photo.guid, photo.guid], [ben.id], kim, also=True)
    assert done.photo.subjects == (ada.id, ben.id)
    assert owners_of_file(shoot, photo.guid) == tuple(sorted((ada.id, ben.id)))
    entries = len(shoot.studio.archive.journal.entries())
    assignments.assign_photos(shoot.studio, [photo.guid], [ben.id], kim, also=True)
    assert len(shoot.studio.archive.journal.entries()) == entries, "nothing changed, so nothing is written"
    (done,), _ = assignments.assign_photos(shoot.studio, [photo.guid], [], kim)
    assert done.photo.subjects == () and not {ada.id, ben.id} & set(owners_of_file(shoot, photo.guid))
    assert upkeep.check_studio(shoot.studio, shoot.acks)[0].problems == ()


def test_only_people_of_the_session_and_only_while_it_is_open(shoot: Shoot) -> None:
    stranger = shoot.person("Stranger", session=shoot.new_session())
    ada, kim = shoot.person("Ada"), shoot.staff["Kim"].id
    photo, other = shoot.photo(), shoot.photo()
    with pytest.raises(WrongUsage, match="not of the session"):
        assignments.assign_photos(shoot.studio, [photo.guid], [ada.id, stranger.id], kim)
    sessions.close_session(shoot.studio, shoot.session)
    with pytest.raises(WrongUsage, match="is closed"):
        assignments.assign_photos(shoot.studio, [photo.guid], [ada.id], kim)
    again, changes = sessions.reopen_session(shoot.studio, shoot.session)
    assert changes and again.state.value == "open"
    assert sessions.reopen_session(shoot.studio, shoot.session)[1] is Changes.NONE
    done, _ = assignments.assign_photos(shoot.studio, [photo.guid, other.guid], [ada.id], kim)
    assert [each.photo.subjects for each in done] == [(ada.id,), (ada.id,)]


def test_all_of_them_or_none(shoot: Shoot, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk fills up at the second photo: the first keeps its people, and no sealed file is left over."""
    ada, kim = shoot.person("Ada"), shoot.staff["Kim"].id
    taken = [shoot.photo().guid for _ in range(3)]
    files = shoot.studio.archive.files
    before = {id for id, _ in files.on_disk()}
    reseal, calls = type(files).reseal, iter(range(9))

    def full(self: object, id: object, to: object) -> object:
        if next(calls):
            raise DeviceFailure("The disk is full.")
        return reseal(self, id, to)  # type: ignore[arg-type]

    with monkeypatch.context() as broken:
        broken.setattr(type(files), "reseal", full)
        with pytest.raises(DeviceFailure):
            assignments.assign_photos(shoot.studio, taken, [ada.id], kim)
    assert {id for id, _ in files.on_disk()} == before
    assert all(shoot.studio.archive.photos.get(each).subjects == () for each in taken)
    assert upkeep.check_studio(shoot.studio, shoot.acks)[0].problems == ()


def test_what_changed_while_it_was_sealed_is_looked_at_again(shoot: Shoot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody puts Ben on the photo while it is sealed for Ada beside nobody: both are on it in the end."""
    ada, ben = shoot.person("Ada"), shoot.person("Ben")
    photo, kim = shoot.photo(), shoot.staff["Kim"].id
    files = type(shoot.studio.archive.files)
    reseal, meanwhile = files.reseal, iter([True])

    def slowly(self: object, id: object, to: object) -> object:
        sealed = reseal(self, id, to)  # type: ignore[arg-type]
        if next(meanwhile, False):
            intake.assign_photo(shoot.studio, photo, (ben.id,))
        return sealed

    monkeypatch.setattr(files, "reseal", slowly)
    (done,), _ = assignments.assign_photos(shoot.studio, [photo.guid], [ada.id], kim, also=True)
    assert done.photo.subjects == (ben.id, ada.id) and done.before == (ben.id,)
    assert upkeep.check_studio(shoot.studio, shoot.acks)[0].problems == ()


def test_struck_out_stays_struck_out_whoever_it_is_given_to(shoot: Shoot) -> None:
    ada, ben = shoot.person("Ada"), shoot.person("Ben")
    photo = shoot.photo(ada)
    for each in (ada, ben):
        struck_out = [photo] if each is ada else []
        shoot.ask(each, said_yes("use.portfolio", shoot.agencies["Prenzel"]), shown=[photo], vetoed=struck_out)
    assignments.assign_photos(shoot.studio, [photo.guid], [ben.id], shoot.staff["Kim"].id)
    assert shoot.studio.archive.photos.get(photo.guid).vetoed_by == (ada.id,)
    assert photo.guid not in shoot.preview("Prenzel", "use.portfolio").cleared
    details = photos.photo_details(shoot.studio, shoot.studio.archive.photos.get(photo.guid))
    assert [each.name for each in details.struck_out_by] == ["Ada"]


def test_a_photo_that_left_is_not_removed_by_accident_and_the_ledger_stays(shoot: Shoot, tmp_path: Path) -> None:
    ada, kim = shoot.person("Ada"), shoot.staff["Kim"].id
    photo, unsent = shoot.photo(ada), shoot.photo()
    shoot.ask(ada, said_yes("use.portfolio", shoot.agencies["Prenzel"]))
    wish = shoot.wish("Prenzel", "use.portfolio")
    exports.export_bundle(shoot.studio, shoot.session, wish, tmp_path / "out.age")
    with pytest.raises(Refused, match="sent to Prenzel"):
        assignments.remove_photos(shoot.studio, [unsent.guid, photo.guid], kim)
    assert shoot.studio.archive.photos.count() == 2, "all of one call or nothing of it"
    removed, _ = assignments.remove_photos(shoot.studio, [unsent.guid, photo.guid], kim, although_sent=True)
    assert [bool(each.sent) for each in removed] == [False, True]
    files = shoot.studio.archive.files
    assert shoot.studio.archive.photos.count() == 0
    assert "photo" not in {files.about(id).kind for id, _ in files.on_disk()}
    assert told(shoot, "photo-removed") == {"by": kim, "from": [ada.id], "sent": [removed[1].sent[0].bundle]}
    assert [each.name for each in sent_of(shoot.studio, ada.id)] == ["Prenzel"]
    assert upkeep.check_studio(shoot.studio, shoot.acks)[0].problems == ()


def test_a_file_is_recognised_by_its_bytes_by_its_picture_and_after_it_was_removed(
    shoot: Shoot, tmp_path: Path
) -> None:
    ada = shoot.person("Ada")
    path = shoot.file()
    ((photo,), _) = (intake.capture_photos(shoot.studio, shoot.session, [path], ada.id, shoot.decoders)[0].added, 0)
    (found,) = photos.find_file(shoot.studio, path)
    assert (found.guid, found.sameness) == (photo.guid, photos.Sameness.FILE)
    data = path.read_bytes()
    marked = tmp_path / "other name.jpg"
    marked.write_bytes(data[:2] + b"\xff\xfe\x00\x08hello!" + data[2:])
    (found,) = photos.find_file(shoot.studio, marked)
    assert (found.guid, found.sameness) == (photo.guid, photos.Sameness.PICTURE)
    with Image.open(path) as picture:
        picture.rotate(90).save(tmp_path / "turned.jpg")
    assert photos.find_file(shoot.studio, tmp_path / "turned.jpg") == ()
    shoot.ask(ada, said_yes("use.portfolio", shoot.agencies["Prenzel"]))
    wish = shoot.wish("Prenzel", "use.portfolio")
    exports.export_bundle(shoot.studio, shoot.session, wish, tmp_path / "out.age")
    assignments.remove_photos(shoot.studio, [photo.guid], shoot.staff["Kim"].id, although_sent=True)
    (found,) = photos.find_file(shoot.studio, marked)
    assert found.details is None and [each.name for each in found.sent] == ["Prenzel"]


def test_a_second_coming_gives_a_photo_of_nobody_to_whoever_is_named(shoot: Shoot) -> None:
    ada, ben = shoot.person("Ada"), shoot.person("Ben")
    path = shoot.file()

    def take(owner: object) -> intake.Intake:
        return intake.capture_photos(shoot.studio, shoot.session, [path], owner, shoot.decoders)[0]  # type: ignore[arg-type]

    (photo,) = take(None).added
    (known,) = take(None).known
    assert (known.guid, known.subjects, known.assigned) == (photo.guid, (), False)
    (known,) = take(ada.id).known
    assert (known.subjects, known.assigned) == ((ada.id,), True)
    assert shoot.studio.archive.photos.get(photo.guid).subjects == (ada.id,)
    (known,) = take(ben.id).known
    assert (known.subjects, known.assigned) == ((ada.id,), False), "somebody's photo is not taken away from them"
    elsewhere = intake.capture_photos(shoot.studio, shoot.new_session(), [path], None, shoot.decoders)[0]
    assert elsewhere.known[0].session == shoot.session.id
    assert upkeep.check_studio(shoot.studio, shoot.acks)[0].problems == ()


def test_photos_are_found_by_short_id_and_by_name_within_their_session(shoot: Shoot) -> None:
    other = shoot.new_session()
    (one,) = intake.capture_photos(
        shoot.studio, shoot.session, [shoot.file("IMG_1.jpg")], None, shoot.decoders
    )[0].added  # fmt: skip
    (two,) = intake.capture_photos(shoot.studio, other, [shoot.file("IMG_1.jpg")], None, shoot.decoders)[0].added
    assert find_photo(shoot.studio, one.guid[:8].upper()).guid == one.guid
    assert find_photo(shoot.studio, "img_1.JPG", other).guid == two.guid
    with pytest.raises(WrongUsage, match="2 photos match") as raised:
        find_photo(shoot.studio, "IMG_1.jpg")
    assert one.guid[:8] in raised.value.hint and two.guid[:8] in raised.value.hint
    for wanted in (one.guid, one.guid[:8], "IMG_2.jpg", "", " "):
        with pytest.raises(WrongUsage, match="There is no photo"):
            find_photo(shoot.studio, wanted, other)


def test_a_closing_session_tells_what_is_open(shoot: Shoot) -> None:
    ada, ben = shoot.person("Ada"), shoot.person("Ben")
    child = shoot.person("Cleo", born=shoot.studio.today() - timedelta(days=3000))
    ward = shoot.person("Dov", Guardian("Eva", "mother"), born=shoot.studio.today() - timedelta(days=3000))
    photo = shoot.photo()
    shoot.photo(ada)
    shoot.ask(ada, said_yes("ai.retouch", shoot.agencies["Prenzel"]))
    shoot.ask(ben, said_yes("use.portfolio", shoot.agencies["Prenzel"]))
    left = open_points(shoot.studio, shoot.session)
    names = {field: [each.name for each in getattr(left, field)] for field in
             ("unanswered", "without_photos", "without_guardian", "unchecked")}  # fmt: skip
    assert names == {
        "unanswered": ["Cleo", "Dov"],
        "without_photos": ["Ben", "Cleo", "Dov"],
        "without_guardian": ["Cleo"],
        "unchecked": ["Ada"],
    }
    assert [each.guid for each in left.unassigned] == [photo.guid] and left
    shoot.check(ada)
    assert open_points(shoot.studio, shoot.session).unchecked == ()
    assert {child.id, ward.id} <= {each.id for each in left.unanswered}
    assert not open_points(shoot.studio, shoot.new_session())


def test_any_state_but_open_takes_nothing_in(shoot: Shoot) -> None:
    """A state somebody adds later is refused until it is allowed by name."""

    class Archived:
        value = "archived"

    with pytest.raises(WrongUsage, match="is archived"):
        sessions.must_be_open(replace(shoot.session, state=Archived()))  # type: ignore[arg-type]
    sessions.close_session(shoot.studio, shoot.session)
    stale = shoot.session  # read before it was closed
    with pytest.raises(WrongUsage, match="is closed"):
        subjects.add_subject(shoot.studio, stale, replace(shoot.person("A", session=shoot.new_session()), name="B"))
    with pytest.raises(WrongUsage, match="is closed"):
        intake.capture_photos(shoot.studio, stale, [shoot.file()], None, shoot.decoders)
