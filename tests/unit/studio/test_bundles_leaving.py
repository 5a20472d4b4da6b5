"""An export is whole, listed and acknowledged, or it never was; and what is in it belongs there."""

from __future__ import annotations

import io
import os
import subprocess
import tarfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pyrage
import pytest

from safelight.documents.plain import from_plain, to_plain
from safelight.domain.choice import Modifiers
from safelight.domain.errors import Cancelled, DeviceFailure, Refused, WrongUsage
from safelight.domain.ids import ScopeId
from safelight.domain.jurisdiction import Cover, Mechanism, TransferAnswer
from safelight.domain.people import Subject
from safelight.storage.rows import Disclosure
from safelight.studio import intake, upkeep
from safelight.studio.exports import export_bundle
from safelight.studio.queries.ledger import SentPhoto, sent_of
from safelight.studio.receipts import issue_receipt
from support.shoot import Shoot, country, said_yes

TO = "Prenzel"


def members(bundle: Path, identity: str) -> dict[str, bytes]:
    """What is inside, opened with the age library and Python's tar."""
    plain = pyrage.decrypt(bundle.read_bytes(), [pyrage.x25519.Identity.from_str(identity)])
    with tarfile.open(fileobj=io.BytesIO(plain)) as tar:
        return {each.name: tar.extractfile(each).read() for each in tar}  # type: ignore[union-attr]


def left_over(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def ready(shoot: Shoot, frames: int = 1, **modifiers: object) -> Subject:
    ada = shoot.person("Ada Falk")
    shoot.ask(ada, said_yes("use.portfolio", shoot.agencies[TO]), modifiers=Modifiers(**modifiers))  # type: ignore[arg-type]
    for _ in range(frames):
        shoot.photo(ada)
    return ada


def test_a_preview_writes_nothing(shoot: Shoot) -> None:
    ready(shoot)
    head, acks = shoot.studio.archive.journal.head(), len(shoot.acks)
    shoot.preview(TO, "use.portfolio")
    assert shoot.studio.archive.journal.head() == head and len(shoot.acks) == acks


# A bundle ----------------------------------------------------------------------------------------------------------


def test_what_was_previewed_leaves_and_is_in_the_ledger(shoot: Shoot) -> None:
    ada = ready(shoot, frames=2)
    shoot.photo(shoot.person("Ben"))
    preview = shoot.preview(TO, "use.portfolio")
    target = shoot.scratch / "out.age"
    exported, _ = export_bundle(shoot.studio, shoot.session, shoot.wish(TO, "use.portfolio"), target)
    assert exported.preview == preview
    assert (exported.bundle.manifest.id, exported.bundle.sha256) in shoot.acks
    (row,) = shoot.studio.archive.disclosures.list()
    assert row.sequence == 1 and row.file_sha256 == exported.bundle.sha256
    assert {each.guid for each in row.photos} == set(preview.cleared)
    inside = members(target, shoot.agencies[TO].identity)
    assert {name.split(".")[0].removeprefix("photos/") for name in inside if name.startswith("photos/")} == set(
        preview.cleared
    )
    everything = b"".join(inside.values())
    for secret in (b"Ada", b"Falk", ada.id.encode(), b"refused"):
        assert secret not in everything, secret
    again = shoot.scratch / "again.age"
    second, _ = export_bundle(shoot.studio, shoot.session, shoot.wish(TO, "use.portfolio"), again)
    assert second.bundle.manifest.sequence == 2
    assert upkeep.check_studio(shoot.studio, shoot.acks)[0].problems == ()


def test_a_person_has_another_pseudonym_for_every_recipient_and_the_same_in_every_bundle(shoot: Shoot) -> None:
    ada = shoot.person()
    shoot.ask(ada, said_yes("use.portfolio", shoot.agencies[TO], shoot.agencies["Lumiere"]))
    shoot.photo(ada)
    seen = []
    for number, name in enumerate((TO, TO, "Lumiere")):
        wish = shoot.wish(name, "use.portfolio")
        done, _ = export_bundle(shoot.studio, shoot.session, wish, shoot.scratch / f"{number}.age")
        seen.append(done.bundle.manifest.photos[0].subjects)
    assert seen[0] == seen[1] != seen[2]


def test_only_records_that_photos_leave_under_are_disclosed(shoot: Shoot) -> None:
    """Portfolio was answered anew; of the first receipt only what still counts may be seen."""
    ada = shoot.person()
    first = shoot.ask(
        ada,
        said_yes("use.portfolio", shoot.agencies[TO], where=country("FR")),
        said_yes("use.editorial", shoot.agencies[TO]),
    ).receipt
    shoot.photo(ada)
    shoot.clock.on(days=1)
    second = shoot.ask(
        ada, said_yes("use.portfolio", shoot.agencies[TO]), session=shoot.new_session("use.portfolio")
    ).receipt
    target = shoot.scratch / "out.age"
    done, _ = export_bundle(shoot.studio, shoot.session, shoot.wish(TO, "use.portfolio", "use.editorial"), target)
    counts = {second.record_for(ScopeId("use.portfolio")).id, first.record_for(ScopeId("use.editorial")).id}  # type: ignore[union-attr]
    assert set(done.bundle.manifest.photos[0].records) == counts
    inside = members(target, shoot.agencies[TO].identity)
    for receipt in (first, second):
        document = inside[f"records/{receipt.id}.jsonld"].decode()
        shown = {each.id for each in receipt.records if f'"urn:uuid:{each.id}","@type":"dpv:ConsentRecord"' in document}
        shown = shown or {each.id for each in receipt.records if each.salt in document}
        assert shown == counts & {each.id for each in receipt.records}


def test_names_and_receipts_go_along_only_for_those_who_allow_it(shoot: Shoot) -> None:
    shown, hidden = ready(shoot, credit_name=True), shoot.person("Ben Hidden")
    shoot.ask(hidden, said_yes("use.portfolio", shoot.agencies[TO]))
    shoot.photo(hidden)
    without, _ = export_bundle(
        shoot.studio, shoot.session, shoot.wish(TO, "use.portfolio"), shoot.scratch / "without.age"
    )
    assert not [each for each in without.bundle.manifest.members if each.path.startswith("receipts/")]
    target = shoot.scratch / "with.age"
    export_bundle(shoot.studio, shoot.session, shoot.wish(TO, "use.portfolio", names=True), target)
    inside = members(target, shoot.agencies[TO].identity)
    pdfs = [data for name, data in inside.items() if name.startswith("receipts/")]
    assert pdfs == [issue_receipt(shoot.studio, shown.id)[0]]
    everything = b"".join(data for name, data in inside.items() if not name.startswith("receipts/"))
    assert b"Falk" in everything and b"Hidden" not in everything


def test_the_receipt_that_goes_along_is_the_one_the_photo_leaves_under(shoot: Shoot) -> None:
    ada = ready(shoot, credit_name=True)
    old, _ = issue_receipt(shoot.studio, ada.id)
    shoot.clock.on(days=1)
    shoot.ask(ada, said_yes("use.social"), session=shoot.new_session("use.social"))
    target = shoot.scratch / "with.age"
    export_bundle(shoot.studio, shoot.session, shoot.wish(TO, "use.portfolio", names=True), target)
    inside = members(target, shoot.agencies[TO].identity)
    assert [data for name, data in inside.items() if name.startswith("receipts/")] == [old]


@pytest.mark.parametrize(
    "name", ["IMG 1.jpg copy", "noext", "Grüße.JPG", "a.jpeg", "ünïcode.jpég", "x.tar.gz", "p.png"]
)
def test_whatever_the_file_was_called_it_can_leave(shoot: Shoot, name: str) -> None:
    ada = ready(shoot, frames=0)
    taken, _ = intake.capture_photos(shoot.studio, shoot.session, [shoot.file(name)], ada.id, shoot.decoders)
    done, _ = export_bundle(shoot.studio, shoot.session, shoot.wish(TO, "use.portfolio"), shoot.scratch / "out.age")
    assert done.bundle.manifest.photos[0].path == f"photos/{taken.added[0].guid}.jpg"


# Nothing half done -------------------------------------------------------------------------------------------------


def test_a_file_that_is_there_already_is_left_alone(shoot: Shoot) -> None:
    ready(shoot)
    target = shoot.scratch / "out.age"
    target.write_bytes(b"mine")
    with pytest.raises(WrongUsage, match="exists already"):
        export_bundle(shoot.studio, shoot.session, shoot.wish(TO, "use.portfolio"), target)
    assert target.read_bytes() == b"mine"


def test_a_folder_that_is_not_there_is_a_mistake_of_the_caller_not_of_the_disk(shoot: Shoot) -> None:
    ready(shoot)
    with pytest.raises(WrongUsage, match="There is no folder"):
        export_bundle(
            shoot.studio, shoot.session, shoot.wish(TO, "use.portfolio"), shoot.scratch / "nowhere" / "out.age"
        )


def nothing_happened(shoot: Shoot, before: list[str], head: object, acks: int) -> None:
    assert left_over(shoot.scratch) == before
    assert shoot.studio.archive.disclosures.list() == ()
    assert shoot.studio.archive.journal.head() == head and len(shoot.acks) == acks
    assert upkeep.check_studio(shoot.studio, shoot.acks)[0].problems == ()
    done, _ = export_bundle(shoot.studio, shoot.session, shoot.wish(TO, "use.portfolio"), shoot.scratch / "out.age")
    assert done.bundle.manifest.sequence == 1


@pytest.mark.parametrize("after", [0, 1, 3])
def test_a_cancelled_export_leaves_nothing(shoot: Shoot, after: int) -> None:
    ready(shoot, frames=3)
    state = left_over(shoot.scratch), shoot.studio.archive.journal.head(), len(shoot.acks)
    calls = iter(range(100))

    def report(done: int, total: int, what: str) -> None:
        if next(calls) >= after:
            raise Cancelled

    with pytest.raises(Cancelled):
        export_bundle(shoot.studio, shoot.session, shoot.wish(TO, "use.portfolio"), shoot.scratch / "out.age", report)
    nothing_happened(shoot, *state)


def test_a_ledger_that_cannot_be_written_takes_the_bundle_back(shoot: Shoot, monkeypatch: pytest.MonkeyPatch) -> None:
    ready(shoot)
    state = left_over(shoot.scratch), shoot.studio.archive.journal.head(), len(shoot.acks)

    def full(*_: object) -> None:
        raise DeviceFailure("The disk is full.")

    with monkeypatch.context() as broken:
        broken.setattr(type(shoot.studio.archive.disclosures), "add", full)
        with pytest.raises(DeviceFailure):
            export_bundle(shoot.studio, shoot.session, shoot.wish(TO, "use.portfolio"), shoot.scratch / "out.age")
    nothing_happened(shoot, *state)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 KiB; only root can make one."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(place)]
    if os.name != "posix" or os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("this account may not mount a small disk")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk_leaves_nothing_and_says_so(shoot: Shoot, small_disk: Path) -> None:
    ready(shoot, frames=4)
    state = left_over(shoot.scratch), shoot.studio.archive.journal.head(), len(shoot.acks)
    with pytest.raises(DeviceFailure, match="The disk is full") as caught:
        export_bundle(shoot.studio, shoot.session, shoot.wish(TO, "use.portfolio"), small_disk / "out.age")
    assert "acknowledged" in caught.value.hint
    assert left_over(small_disk) == []
    nothing_happened(shoot, *state)


def test_a_photo_that_was_tampered_with_does_not_leave(shoot: Shoot) -> None:
    ready(shoot)
    (photo,) = shoot.studio.archive.photos.of_session(shoot.session.id)
    original = shoot.studio.archive.photos.original(photo.guid)
    (path,) = (each for each in (shoot.folder / "files").rglob("*") if each.name.startswith(original))
    data = bytearray(path.read_bytes())
    data[-20] ^= 1
    path.chmod(0o600)
    path.write_bytes(data)
    with pytest.raises(Refused, match="was changed or cut short"):
        export_bundle(shoot.studio, shoot.session, shoot.wish(TO, "use.portfolio"), shoot.scratch / "out.age")
    assert not (shoot.scratch / "out.age").exists() and shoot.studio.archive.disclosures.list() == ()


def test_the_ledger_says_under_which_records_each_photo_left_and_over_which_border(shoot: Shoot) -> None:
    ada, ben = ready(shoot), shoot.person("Ben")
    shoot.ask(ben, said_yes("use.portfolio", shoot.agencies["Gotham"], shoot.agencies[TO]))
    shoot.photo(ben)
    export_bundle(shoot.studio, shoot.session, shoot.wish(TO, "use.portfolio"), shoot.scratch / "eu.age")
    cover = Cover(Mechanism.SCC, date(2026, 1, 2))
    wish = shoot.wish("Gotham", "use.portfolio", cover=cover)
    export_bundle(shoot.studio, shoot.session, wish, shoot.scratch / "us.age")
    inside, over = shoot.studio.archive.disclosures.list()
    assert inside.transfer == TransferAnswer(True, "inside", "inside")
    assert over.transfer == TransferAnswer(True, "SCC, checked 2026-01-02", "SCC", date(2026, 1, 2))
    for person in (ada, ben):
        record = shoot.studio.archive.consents.receipts_of(person.id)[0].receipt.record_for(ScopeId("use.portfolio"))
        (photo,) = shoot.studio.archive.photos.of_subject(person.id)
        for sent in sent_of(shoot.studio, person.id):
            assert sent.photos == (SentPhoto(photo.guid, photo.name, (record.id,)),)  # type: ignore[union-attr]
    assert [each.name for each in sent_of(shoot.studio, ben.id)] == [TO, "Gotham"]
    assert [each.name for each in sent_of(shoot.studio, ada.id)] == [TO]


def test_rows_of_before_the_ledger_said_so_still_read(shoot: Shoot) -> None:
    ada = ready(shoot)
    export_bundle(shoot.studio, shoot.session, shoot.wish(TO, "use.portfolio"), shoot.scratch / "out.age")
    (row,) = shoot.studio.archive.disclosures.list()
    plain = to_plain(row)
    del plain["transfer"], plain["photos"][0]["records"]
    before = from_plain(Disclosure, plain)
    assert before.transfer is None and before.photos[0].records == () and before.records == row.records
    shoot.studio.archive.disclosures.list = lambda *_: (before,)  # type: ignore[method-assign]
    (sent,) = sent_of(shoot.studio, ada.id)
    assert [(each.photo, each.records) for each in sent.photos] == [(row.photos[0].guid, ())]
