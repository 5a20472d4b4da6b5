"""People get their own pictures, whatever they refused; nobody else's no is passed over, nothing private goes along."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safelight.domain.errors import DeviceFailure, Refused, WrongUsage
from safelight.domain.people import Subject
from safelight.domain.photo import Photo
from safelight.studio import deliveries, intake, sessions, subject_changes
from safelight.studio.deliveries import GivenAs, deliver
from safelight.studio.file_names import LONGEST, safe_name
from safelight.studio.queries.ledger import deliveries_to
from support.shoot import Shoot, said_yes

USE = "use.portfolio"


def take_in(shoot: Shoot, person: Subject, name: str, data: bytes) -> Photo:
    path = shoot.scratch / name
    path.write_bytes(data)
    taken = intake.capture_photos(shoot.studio, shoot.session, [path], person.id, shoot.decoders)[0]
    assert taken.left_out == ()
    return taken.added[0]


def strike_out(shoot: Shoot, photo: Photo, *people: Subject) -> None:
    now = shoot.studio.archive.photos.get(photo.guid)
    with shoot.studio.archive.transaction(shoot.studio.now()) as writing:
        shoot.studio.archive.photos.put(writing, replace(now, vetoed_by=tuple(each.id for each in people)))


def tags(tool: str, *files: Path) -> list[dict[str, Any]]:
    done = subprocess.run([tool, "-j", "-a", "-G1", *files], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_whoever_refused_everything_gets_their_own_pictures(shoot: Shoot, tmp_path: Path) -> None:
    ada = shoot.person("Ada Falk")
    shoot.ask(ada)
    mine, _his = shoot.photo(ada), shoot.photo(shoot.person("Ben"))
    sessions.close_session(shoot.studio, shoot.session)
    done, _ = deliver(shoot.studio, ada, tmp_path / "ada")
    assert [(each.photo, each.given) for each in done.photos] == [(mine.guid, GivenAs.WHOLE)]
    there = sorted((tmp_path / "ada").iterdir())
    assert [each.suffix for each in there] == [".jpg", ".pdf"] and there[0].stem == Path(mine.name).stem
    assert there[1].read_bytes().startswith(b"%PDF")
    assert (tmp_path / "ada").stat().st_mode & 0o777 == 0o700
    assert {each.stat().st_mode & 0o777 for each in there} == {0o600}
    (past,) = deliveries_to(shoot.studio, ada.id)
    assert past.photos == (mine.guid,) and past.at == shoot.studio.now()


def test_it_is_cleaned_and_marked_as_a_personal_copy(
    shoot: Shoot, tmp_path: Path, dirty_photos: dict[str, bytes], stock_tool: Callable[[str], str]
) -> None:
    ada = shoot.person("Ada Falk")
    for number, kind in enumerate(("jpg", "png", "webp", "tif")):
        take_in(shoot, ada, f"IMG_{number:04}.{kind}", dirty_photos[kind])
    done, _ = deliver(shoot.studio, ada, tmp_path / "ada")
    assert {each.given for each in done.photos} == {GivenAs.WHOLE}
    files = sorted(each for each in (tmp_path / "ada").iterdir() if each.suffix != ".pdf")
    assert [each.name for each in files] == ["IMG_0000.jpg", "IMG_0001.png", "IMG_0002.webp", "IMG_0003.tif"]
    for file, told in zip(files, tags(stock_tool("exiftool"), *files), strict=True):
        assert b"SN-4711-BODY" not in file.read_bytes() and b"Secret" not in file.read_bytes()
        assert not [each for each in told if "GPS" in each or "Serial" in each], told
        assert told["XMP-xmpRights:UsageTerms"].startswith("Personal copy")
        assert told["XMP-plus:DataMining"].endswith("DMI-PROHIBITED-EXCEPTSEARCHENGINEINDEXING")
        assert b"Falk" not in file.read_bytes() and not any("Falk" in str(each) for each in told.values())


@pytest.mark.parametrize("who", ["the other", "the person", "both"])
def test_a_group_frame_is_given_unless_somebody_struck_it_out(shoot: Shoot, tmp_path: Path, who: str) -> None:
    ada, ben = shoot.person("Ada"), shoot.person("Ben")
    both, alone = shoot.photo(ada, ben), shoot.photo(ada)
    done, _ = deliver(shoot.studio, ada, tmp_path / "before")
    assert {each.photo for each in done.photos if each.files} == {both.guid, alone.guid}
    strike_out(shoot, both, *{"the other": (ben,), "the person": (ada,), "both": (ada, ben)}[who])
    strike_out(shoot, alone, ada)
    done, _ = deliver(shoot.studio, ada, tmp_path / "after")
    out, = (each for each in done.photos if not each.files)
    assert (out.photo, out.name, out.why) == (both.guid, both.name, "somebody on it struck it out")
    assert {each.photo for each in done.photos if each.files} == {alone.guid}, "their own no binds others, not them"


def test_a_veto_of_somebody_taken_off_the_photo_since_still_counts(shoot: Shoot, tmp_path: Path) -> None:
    ada, ben = shoot.person("Ada"), shoot.person("Ben")
    shoot.photo(ada)
    photo = shoot.photo(ada)
    strike_out(shoot, photo, ben)
    done, _ = deliver(shoot.studio, ada, tmp_path / "ada")
    assert [each.photo for each in done.photos if not each.files] == [photo.guid]


def test_linked_entries_are_one_person(shoot: Shoot, tmp_path: Path) -> None:
    ada = shoot.person("Ada")
    other = shoot.new_session(USE)
    again = shoot.person("Ada F.", session=other)
    first, second = shoot.photo(ada), shoot.photo(again, session=other)
    subject_changes.link_subjects(shoot.studio, ada.id, again.id, shoot.staff["Kim"].id)
    done, _ = deliver(shoot.studio, ada, tmp_path / "ada")
    assert {each.photo for each in done.photos if each.files} == {first.guid, second.guid}


def test_what_no_bundle_could_carry_is_given_as_a_smaller_copy(shoot: Shoot, tmp_path: Path) -> None:
    ada = shoot.person("Ada")
    good, bad = shoot.photo(ada), shoot.photo(ada)
    original = shoot.studio.archive.photos.original(bad.guid)
    (sealed,) = (each for each in (shoot.folder / "files").rglob("*") if each.name.startswith(original))
    data = bytearray(sealed.read_bytes())
    data[-20] ^= 1
    sealed.chmod(0o600)
    sealed.write_bytes(data)
    done, _ = deliver(shoot.studio, ada, tmp_path / "ada")
    given = {each.photo: each for each in done.photos}
    assert given[good.guid].given is GivenAs.WHOLE and given[bad.guid].given is GivenAs.COPY
    assert "was changed or cut short" in given[bad.guid].why
    assert (tmp_path / "ada" / given[bad.guid].files[0]).read_bytes().startswith(b"\xff\xd8")


def test_nothing_is_overwritten_and_nothing_is_left_of_what_failed(
    shoot: Shoot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = shoot.person("Ada")
    with pytest.raises(Refused, match="nothing of Ada to give"):
        deliver(shoot.studio, ada, tmp_path / "ada")
    shoot.photo(ada)
    (tmp_path / "ada").write_text("mine")
    with pytest.raises(WrongUsage, match="exists already"):
        deliver(shoot.studio, ada, tmp_path / "ada")
    assert (tmp_path / "ada").read_text() == "mine"
    with pytest.raises(WrongUsage, match="no folder"):
        deliver(shoot.studio, ada, tmp_path / "nowhere" / "ada")
    before = shoot.studio.archive.journal.head()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(DeviceFailure):
            deliver(shoot.studio, ada, tmp_path / "new")
    assert sorted(each.name for each in tmp_path.iterdir() if "unfinished" in each.name or each.name == "new") == []
    assert shoot.studio.archive.journal.head() == before and deliveries_to(shoot.studio, ada.id) == ()
    half = tmp_path / ".unfinished-new"
    half.mkdir()
    (half / "left by a power cut.jpg").write_bytes(b"x")
    done, _ = deliver(shoot.studio, ada, tmp_path / "new")
    assert len(list((tmp_path / "new").iterdir())) == 1 == len(done.photos) and not half.exists()


def test_a_frame_that_is_struck_out_while_it_is_written_stays(
    shoot: Shoot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, ben = shoot.person("Ada"), shoot.person("Ben")
    both, alone = shoot.photo(ada, ben), shoot.photo(ada)
    real = deliveries._fill
    done_once: list[object] = []

    def meanwhile(*arguments: Any) -> Any:
        result = real(*arguments)
        if not done_once:
            done_once.append(1)
            strike_out(shoot, both, ben)
        return result

    monkeypatch.setattr(deliveries, "_fill", meanwhile)
    done, _ = deliver(shoot.studio, ada, tmp_path / "ada")
    assert [each.name for each in (tmp_path / "ada").iterdir()] == [f"{Path(alone.name).stem}.jpg"]
    assert deliveries_to(shoot.studio, ada.id)[0].photos == (alone.guid,) and len(done.photos) == 2


def test_what_they_allowed_others_makes_no_difference(shoot: Shoot, tmp_path: Path) -> None:
    ada, ben = shoot.person("Ada"), shoot.person("Ben")
    shoot.ask(ada, said_yes(USE, shoot.agencies["Prenzel"]))
    shoot.ask(ben)
    shoot.photo(ada, ben)
    for person in (ada, ben):
        done, _ = deliver(shoot.studio, person, tmp_path / person.name)
        assert len(done.photos) == 1 and done.photos[0].given is GivenAs.WHOLE and len(done.receipts) == 1


# Names -------------------------------------------------------------------------------------------------------------

WANTED = {
    "IMG_0042.JPG": "IMG_0042.jpg",
    "Mehmet Öztürk.jpeg": "Mehmet Öztürk.jpg",
    "../../etc/passwd": "_.._etc_passwd.jpg",
    "a\u202egpj.exe.jpg": "agpj.exe.jpg",
    "CON.jpg": "photo CON.jpg",
    "...": "photo.jpg",
    "\udcff\udcfe.jpg": "photo.jpg",
    " lots   of\tblanks .jpg": "lots of blanks.jpg",
}


@pytest.mark.parametrize("name", WANTED)
def test_names_are_readable_and_harmless(name: str) -> None:
    assert safe_name(name, "jpg", ()) == WANTED[name]


def test_two_of_one_name_are_told_apart_whatever_their_case() -> None:
    taken: list[str] = []
    for name in ("a.jpg", "A.JPG", "a.png", "ａ.jpg"):
        taken.append(safe_name(name, "jpg", taken))
    assert taken == ["a.jpg", "A (2).jpg", "a (3).jpg", "ａ (4).jpg"]


@given(st.lists(st.text(max_size=150), max_size=5))
def test_any_name_becomes_one_every_file_system_takes(names: list[str]) -> None:
    taken: list[str] = []
    for each in names:
        made = safe_name(each, "jpg", taken)
        assert made.endswith(".jpg") and len(made.encode()) <= LONGEST + 20 and made.isprintable()
        assert not set(made) & set('<>:"/\\|?*\0') and made[0] not in ". " and made not in taken
        taken.append(made)
