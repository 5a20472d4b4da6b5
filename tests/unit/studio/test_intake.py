"""Photos come in bound to the right person or to nobody; rosters lose no row; closed means closed."""

from __future__ import annotations

import errno
import io
import os
from datetime import date, timedelta
from pathlib import Path

import pytest

from safelight.capture import reading
from safelight.capture.slates import slate_text
from safelight.demo.drawn.portrait import drawn_portrait
from safelight.domain.errors import DeviceFailure, Malformed, WrongUsage
from safelight.domain.ids import PhotoGuid, SubjectId
from safelight.domain.people import Subject
from safelight.domain.session import Session
from safelight.studio import intake, rosters, sessions, subjects, upkeep
from safelight.studio.queries.lookup import find_session
from safelight.studio.staff import add_staff, find_staff
from support.shoot import START, Shoot


def take(shoot: Shoot, *paths: Path, active: Subject | None = None, session: Session | None = None) -> intake.Intake:
    who = active.id if active else None
    return intake.capture_photos(shoot.studio, session or shoot.session, paths, who, shoot.decoders)[0]


def frame(shoot: Shoot, name: str, seed: int, second: float, slate: str | None = None) -> Path:
    """A drawn photograph, taken so many seconds after the start."""
    path = shoot.scratch / name
    path.write_bytes(
        drawn_portrait(seed, (800, 1000), camera_time=START + timedelta(seconds=second), slate=slate, frame=int(second))
    )
    return path


def owners(taken: intake.Intake) -> dict[str, tuple[SubjectId, ...]]:
    return {each.name: each.subjects for each in taken.added}


def test_a_photo_comes_in_and_its_source_is_not_touched(shoot: Shoot) -> None:
    ada, path = shoot.person(), shoot.file()
    before, stamp = path.read_bytes(), path.stat().st_mtime_ns
    (photo,) = take(shoot, path, active=ada).added
    assert path.read_bytes() == before and path.stat().st_mtime_ns == stamp
    assert photo.subjects == (ada.id,) and photo.media_type == "image/jpeg"
    assert (photo.guid, photo.sha256) in shoot.acks
    original = shoot.studio.archive.files.read_bytes(shoot.studio.archive.photos.original(photo.guid))
    assert original == before
    everything = b"".join(each.read_bytes() for each in shoot.folder.rglob("*") if each.is_file())
    assert before[200:260] not in everything and path.name.encode() not in everything


def test_place_and_serial_number_are_noted_for_removal(shoot: Shoot) -> None:
    (photo,) = take(shoot, frame(shoot, "a.jpg", 1, 0)).added
    assert any("GPS" in each or "location" in each.lower() for each in photo.removable), photo.removable
    assert any("serial" in each.lower() for each in photo.removable), photo.removable


def test_the_same_photo_again_is_known(shoot: Shoot) -> None:
    path = shoot.file()
    copy = shoot.scratch / "copy of it.jpg"
    copy.write_bytes(path.read_bytes())
    first = take(shoot, path)
    again = take(shoot, path, copy)
    assert (len(first.added), len(again.added)) == (1, 0)
    assert sorted(each.name for each in again.known) == ["copy of it.jpg", path.name]
    other = shoot.file()
    twin = shoot.scratch / "twin.jpg"
    twin.write_bytes(other.read_bytes())
    both = take(shoot, other, twin)
    assert len(both.added) == 1 and len(both.known) == 1
    assert upkeep.check_studio(shoot.studio, shoot.acks)[0].problems == ()


def test_a_slate_binds_what_follows_by_the_cameras_clock(shoot: Shoot) -> None:
    ada, ben = shoot.person("Ada"), shoot.person("Ben")
    say = {who.id: slate_text(shoot.session.id, who.id) for who in (ada, ben)}
    files = [
        frame(shoot, "a0.jpg", 3, 0),
        frame(shoot, "z1.jpg", 1, 10, say[ada.id]),
        frame(shoot, "b2.jpg", 1, 12),
        frame(shoot, "b3.jpg", 1, 20),
        frame(shoot, "a4.jpg", 2, 30, say[ben.id]),
        frame(shoot, "b5.jpg", 2, 40),
    ]
    taken = take(shoot, *reversed(files))
    assert owners(taken) == {"a0.jpg": (), "b2.jpg": (ada.id,), "b3.jpg": (ada.id,), "b5.jpg": (ben.id,)}
    assert sorted(taken.slates) == ["a4.jpg", "z1.jpg"]
    assert [each.name for each in taken.added if each.flagged] == ["b2.jpg"]
    kept = {each.name: each.subjects for each in shoot.studio.archive.photos.of_session(shoot.session.id)}
    assert kept == owners(taken)


def test_before_the_first_slate_the_person_on_set_counts(shoot: Shoot) -> None:
    ada, ben = shoot.person("Ada"), shoot.person("Ben")
    slate = frame(shoot, "s.jpg", 2, 20, slate_text(shoot.session.id, ben.id))
    taken = take(shoot, frame(shoot, "a.jpg", 1, 0), slate, frame(shoot, "b.jpg", 2, 40), active=ada)
    assert owners(taken) == {"a.jpg": (ada.id,), "b.jpg": (ben.id,)}


def test_a_slate_of_another_session_binds_nobody(shoot: Shoot) -> None:
    """Somebody left yesterday's card lying about: its person is not on today's photos, nor is whoever was before."""
    other = shoot.new_session("use.portfolio")
    ada, ben = shoot.person("Ada"), shoot.person("Ben", session=other)
    foreign = frame(shoot, "s.jpg", 2, 20, slate_text(other.id, ben.id))
    taken = take(shoot, frame(shoot, "a.jpg", 1, 0), foreign, frame(shoot, "b.jpg", 2, 40), active=ada)
    assert owners(taken)["b.jpg"] == ()


def test_a_slate_of_a_person_who_is_not_in_the_session_binds_nobody(shoot: Shoot) -> None:
    other = shoot.new_session("use.portfolio")
    ben = shoot.person("Ben", session=other)
    slate = frame(shoot, "s.jpg", 2, 20, slate_text(shoot.session.id, ben.id))
    assert owners(take(shoot, slate, frame(shoot, "b.jpg", 2, 40))) == {"b.jpg": ()}


def test_what_is_no_picture_is_listed_and_the_others_come_in(shoot: Shoot, progressive_bomb: bytes) -> None:
    good, torn, text, bomb = shoot.file(), shoot.file("torn.jpg"), shoot.scratch / "t.jpg", shoot.scratch / "bomb.jpg"
    torn.write_bytes(torn.read_bytes()[:900])
    text.write_bytes(b"this is no picture at all, whatever its name says")
    bomb.write_bytes(progressive_bomb)
    taken = take(shoot, torn, good, text, bomb)
    assert [each.name for each in taken.added] == [good.name]
    assert {name for name, _ in taken.left_out} == {"torn.jpg", "t.jpg", "bomb.jpg"}
    assert all(why.endswith(".") and "Traceback" not in why for _, why in taken.left_out), taken.left_out
    assert upkeep.check_studio(shoot.studio, shoot.acks)[0].problems == ()


def test_a_disk_that_fills_up_stops_the_card_and_keeps_what_was_acknowledged(
    shoot: Shoot, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [shoot.file() for _ in range(6)]
    store, fitting = type(shoot.studio.archive.files).store, {each.read_bytes() for each in files[:3]}

    def full(files: object, owners: object, source: io.BytesIO, *more: object) -> object:
        if source.getvalue() not in fitting:  # by content: two are stored side by side, in no order
            raise DeviceFailure("The disk is full.")
        return store(files, owners, source, *more)  # type: ignore[arg-type]

    with monkeypatch.context() as broken:
        broken.setattr(type(shoot.studio.archive.files), "store", full)
        with pytest.raises(DeviceFailure):
            take(shoot, *files)
    kept = {each.guid for each in shoot.studio.archive.photos.of_session(shoot.session.id)}
    acknowledged = {PhotoGuid(id) for id, _ in shoot.acks} & kept
    assert kept == acknowledged and len(kept) == 3
    assert upkeep.check_studio(shoot.studio, shoot.acks)[0].problems == ()
    assert len(take(shoot, *files).added) == 3


def test_a_card_that_fails_at_every_tenth_file_costs_those_files_and_no_other(
    shoot: Shoot, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [shoot.file() for _ in range(30)]
    unreadable, opened = {str(each) for each in files[9::10]}, reading._opened

    class Failing(io.FileIO):
        def readinto(self, buffer: object) -> int:
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    def broken(path: Path) -> io.FileIO:
        files[14].unlink(missing_ok=True)  # it was there when the card was listed
        return Failing(path) if str(path) in unreadable else opened(path)

    with monkeypatch.context() as card:
        card.setattr(reading, "_opened", broken)
        taken = take(shoot, files[0].parent)
    assert len(taken.added) == 26
    assert [name for name, _ in taken.left_out] == [files[at].name for at in (9, 14, 19, 29)]
    assert all("could not be read" in why or "There is no file" in why for _, why in taken.left_out)
    again = take(shoot, files[0].parent)
    assert (len(again.added), len(again.known), len(again.left_out)) == (3, 26, 0), "put in again, it goes on"
    assert upkeep.check_studio(shoot.studio, shoot.acks)[0].problems == ()


def test_a_closed_session_takes_nothing_in(shoot: Shoot) -> None:
    closed, _ = sessions.close_session(shoot.studio, shoot.session)
    with pytest.raises(WrongUsage, match="is closed"):
        take(shoot, shoot.file(), session=closed)
    with pytest.raises(WrongUsage, match="is closed"):
        rosters.import_roster(shoot.studio, closed, shoot.scratch / "r.csv", None, False)


def test_who_is_on_a_photo_can_be_corrected_and_the_journal_knows(shoot: Shoot) -> None:
    ada, ben = shoot.person("Ada"), shoot.person("Ben")
    photo = shoot.photo(ada)
    moved = intake.assign_photo(shoot.studio, photo, (ben.id, ada.id), flagged=True)[0]
    assert moved.subjects == (ben.id, ada.id) and moved.flagged
    assert shoot.studio.archive.photos.get(photo.guid) == moved
    assert [each.kind for each in shoot.studio.archive.journal.entries()][-1] == "photo-assigned"
    nobody = intake.assign_photo(shoot.studio, moved, ())[0]
    assert nobody.subjects == () and not nobody.flagged
    assert upkeep.check_studio(shoot.studio, shoot.acks)[0].problems == ()


# Rosters -----------------------------------------------------------------------------------------------------------

ROSTER = (
    "Nachname;Vorname;Geburtsdatum;E-Mail\r\n"
    "Müller;Jörg;03.04.1990;joerg@example.org\r\n"
    ";;;\r\n"
    "Tomorrow;Tim;31.02.1990;tim@example.org\r\n"
    "Søndergård;Åse;;\r\n"
)


def test_a_roster_adds_everybody_and_lists_what_it_could_not_read(shoot: Shoot) -> None:
    path = shoot.scratch / "liste.csv"
    path.write_bytes(ROSTER.encode("cp1252"))
    dry, _ = rosters.import_roster(shoot.studio, shoot.session, path, None, True)
    assert shoot.studio.archive.subjects.count(shoot.session.id) == 0
    done, _ = rosters.import_roster(shoot.studio, shoot.session, path, None, False)
    assert [each.name for each in dry.added] == [each.name for each in done.added] == ["Jörg Müller", "Åse Søndergård"]
    assert done.added[0].born == date(1990, 4, 3) and done.added[0].email == "joerg@example.org"
    assert [each.line for each in done.bad] == [4] and done.bad[0].reason
    assert {each.id for each in done.added} <= {id for id, _ in shoot.acks}
    assert subjects.find_subject(shoot.studio, "jörg").name == "Jörg Müller"


def test_a_roster_that_is_none_adds_nobody(shoot: Shoot) -> None:
    path = shoot.scratch / "liste.csv"
    for data in (b"", b"\x00\x01\x02" * 50, b"no,header,that,is,known\n1,2,3,4,5\n"):
        path.write_bytes(data)
        with pytest.raises((Malformed, WrongUsage)):
            rosters.import_roster(shoot.studio, shoot.session, path, None, False)
    with pytest.raises(WrongUsage, match="cannot be read"):
        rosters.import_roster(shoot.studio, shoot.session, shoot.scratch / "none.csv", None, False)
    path.write_bytes(b"Name\n" + b"x" * rosters.ROSTER_LIMIT)
    with pytest.raises(Malformed, match="too large"):
        rosters.import_roster(shoot.studio, shoot.session, path, None, False)
    assert shoot.studio.archive.subjects.count() == 0


def test_people_are_found_by_what_is_typed_when_it_is_clear_who(shoot: Shoot) -> None:
    ada, adam = shoot.person("Ada Falk"), shoot.person("Adam")
    assert subjects.find_subject(shoot.studio, ada.id) == ada
    assert subjects.find_subject(shoot.studio, " ada f").id == ada.id
    assert subjects.find_subject(shoot.studio, "ADAM").id == adam.id
    with pytest.raises(WrongUsage, match="2 people match"):
        subjects.find_subject(shoot.studio, "ad")
    for nobody in ("Zoe", "", " "):
        with pytest.raises(WrongUsage, match="Nobody called"):
            subjects.find_subject(shoot.studio, nobody)
    with pytest.raises(WrongUsage, match="needs a name"):
        shoot.person("  ")


# Sessions and staff ------------------------------------------------------------------------------------------------


def test_a_session_asks_what_is_known_and_shows_whom_it_is_for(shoot: Shoot) -> None:
    made = shoot.new_session("ai.retouch", "use.portfolio", recipients=("Lumiere",))
    assert made.offered == ("use.portfolio", "ai.retouch")
    assert made.recipients == (shoot.agencies["Lumiere"].id,)
    assert find_session(shoot.studio, made.name.upper()).id == made.id
    for wrong, said in (
        ({"offered": ("use.nonsense",)}, "no use called"),
        ({"offered": ("session.deliver",)}, "a notice, not a question"),
        ({"recipients": ("Nobody",)}, "not among the studio's recipients"),
        ({"country": "Germany"}, "not a country code"),
    ):
        fields = {"name": "S", "client": "", "place": "", "country": "DE", "day": shoot.studio.today(),
                  "photographer": shoot.staff["Kim"].id} | wrong  # fmt: skip
        with pytest.raises(WrongUsage, match=said):
            sessions.new_session(shoot.studio, sessions.NewSession(**fields))  # type: ignore[arg-type]
    with pytest.raises(WrongUsage, match="no session called 'Nope'"):
        find_session(shoot.studio, "Nope")
    with pytest.raises(WrongUsage, match="no single person called"):
        find_staff(shoot.studio, "Nope")
    with pytest.raises(WrongUsage, match="needs a name"):
        add_staff(shoot.studio, " ", frozenset())
