"""A photo that cannot be written is one line with its name and the reason; everybody else leaves."""

from __future__ import annotations

import io
import struct
import tarfile
from dataclasses import replace
from pathlib import Path

import pyrage
import pytest

from safelight.bundle import originals
from safelight.bundle.prepare import prepare_photo
from safelight.domain.clearance import ReasonToStay
from safelight.domain.errors import Malformed, Refused
from safelight.domain.photo import Photo
from safelight.images.rights_marks import RightsMarks
from safelight.studio import intake
from safelight.studio.exports import export_bundle
from support.shoot import Shoot, said_yes

TO, USE = "Prenzel", "use.portfolio"


def contradicting_tiff() -> bytes:
    """A grey TIFF that decoders show, although its directory says two different numbers of rows."""
    numbers = ((256, 8), (257, 8), (258, 8), (259, 1), (262, 1), (273, 0), (277, 1), (278, 999), (278, 8), (279, 64))
    entries = [(tag, 4, 1, value) for tag, value in numbers]
    at = 8 + 2 + 12 * len(entries) + 4
    body = b"".join(struct.pack("<HHII", tag, kind, n, at if tag == 273 else v) for tag, kind, n, v in entries)
    return b"II*\0\x08\0\0\0" + struct.pack("<H", len(entries)) + body + bytes(4) + bytes(range(64))


def pictures_in(bundle: Path, identity: str) -> set[str]:
    plain = pyrage.decrypt(bundle.read_bytes(), [pyrage.x25519.Identity.from_str(identity)])
    with tarfile.open(fileobj=io.BytesIO(plain)) as tar:
        return {each.name for each in tar if each.name.startswith("photos/")}


def take_in(shoot: Shoot, path: Path) -> Photo:
    (person,) = shoot.studio.archive.subjects.ids(shoot.session.id)
    taken = intake.capture_photos(shoot.studio, shoot.session, [path], person, shoot.decoders)[0]
    assert taken.left_out == ()
    return taken.added[0]


@pytest.fixture
def ready(shoot: Shoot) -> Shoot:
    ada = shoot.person("Ada Falk")
    shoot.ask(ada, said_yes(USE, shoot.agencies[TO]))
    for _ in range(3):
        shoot.photo(ada)
    return shoot


def test_it_is_found_in_the_dry_run_and_the_others_leave(ready: Shoot) -> None:
    path = ready.scratch / "two-answers.tif"
    path.write_bytes(contradicting_tiff())
    bad = take_in(ready, path)
    assert bad.unwritable
    preview = ready.preview(TO, USE)
    assert len(preview.cleared) == 3 and bad.guid not in preview.cleared
    assert [(each.photo, each.hold, each.why) for each in preview.held] == [
        (bad.guid, ReasonToStay.UNWRITABLE, bad.unwritable)
    ]
    assert [(each.photo, each.name) for each in preview.staying] == [(bad.guid, "two-answers.tif")]
    target = ready.scratch / "out.age"
    done, _ = export_bundle(ready.studio, ready.session, ready.wish(TO, USE), target)
    assert done.preview == preview
    inside = pictures_in(target, ready.agencies[TO].identity)
    assert inside == {f"photos/{each}.jpg" for each in preview.cleared}


def test_photos_of_the_first_versions_are_looked_at_when_it_matters(ready: Shoot) -> None:
    path = ready.scratch / "two-answers.tif"
    path.write_bytes(contradicting_tiff())
    bad = take_in(ready, path)
    archive = ready.studio.archive
    with archive.transaction(ready.studio.now()) as writing:
        for each in archive.photos.of_session(ready.session.id):
            archive.photos.put(writing, replace(each, unwritable=None))
    assert {each.photo for each in ready.preview(TO, USE).held} == {bad.guid}


def test_what_an_older_version_could_not_write_is_asked_again(ready: Shoot) -> None:
    archive = ready.studio.archive
    with archive.transaction(ready.studio.now()) as writing:
        for each in archive.photos.of_session(ready.session.id):
            archive.photos.put(writing, replace(each, unwritable="the picture was too much for it"))
    assert ready.preview(TO, USE).held == ()


def test_one_that_fails_only_while_it_is_written_is_left_out_and_listed(
    ready: Shoot, monkeypatch: pytest.MonkeyPatch
) -> None:
    photos = [each.guid for each in ready.studio.archive.photos.of_session(ready.session.id)]
    honest = prepare_photo
    tried: list[object] = []

    def failing(image: memoryview, media_type: str, marks: RightsMarks, *rest: object) -> object:
        tried.append(marks.guid)
        if marks.guid.endswith((photos[0], photos[2])):
            raise Malformed("The photo could not be signed.", "Nothing was written.")
        return honest(image, media_type, marks, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(originals, "prepare_photo", failing)
    assert len(ready.preview(TO, USE).cleared) == 3
    target = ready.scratch / "out.age"
    before = len(ready.acks)
    done, _ = export_bundle(ready.studio, ready.session, ready.wish(TO, USE), target)
    assert len(tried) == 3 + 1  # both are known after one run, so it is packed again only once
    assert done.preview.cleared == (photos[1],)
    assert {(each.photo, each.hold, each.why) for each in done.preview.held} == {
        (each, ReasonToStay.UNWRITABLE, "the photo could not be signed") for each in (photos[0], photos[2])
    }
    assert pictures_in(target, ready.agencies[TO].identity) == {f"photos/{photos[1]}.jpg"}
    (row,) = ready.studio.archive.disclosures.list()
    assert [each.guid for each in row.photos] == [photos[1]]
    assert len(ready.acks) == before + 1


def test_nothing_is_written_when_no_photo_can_be(ready: Shoot, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object) -> object:
        raise Malformed("The photo could not be signed.")

    monkeypatch.setattr(originals, "prepare_photo", failing)
    before = sorted(ready.scratch.iterdir())
    with pytest.raises(Refused, match="the photo could not be signed"):
        export_bundle(ready.studio, ready.session, ready.wish(TO, USE), ready.scratch / "out.age")
    assert sorted(ready.scratch.iterdir()) == before
    assert ready.studio.archive.disclosures.list() == ()


def test_an_original_that_was_tampered_with_keeps_back_only_itself(ready: Shoot) -> None:
    archive = ready.studio.archive
    first, *others = archive.photos.of_session(ready.session.id)
    original = archive.photos.original(first.guid)
    (sealed,) = (each for each in (ready.folder / "files").rglob("*") if each.name.startswith(original))
    data = bytearray(sealed.read_bytes())
    data[-20] ^= 1
    sealed.chmod(0o600)
    sealed.write_bytes(data)
    done, _ = export_bundle(ready.studio, ready.session, ready.wish(TO, USE), ready.scratch / "out.age")
    assert done.preview.cleared == tuple(each.guid for each in others)
    assert [(each.photo, each.hold) for each in done.preview.held] == [(first.guid, ReasonToStay.UNWRITABLE)]
    assert "was changed or cut short" in done.preview.held[0].why
