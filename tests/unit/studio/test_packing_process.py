"""An export whose bundle is packed in a process of its own decides, lists and tells as one that is packed here."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from safelight.agency import founding as agencies
from safelight.agency.imports import import_bundle
from safelight.agency.trust import trust_studio
from safelight.bundle import originals, packing_process
from safelight.domain.clearance import ReasonToStay
from safelight.domain.errors import Cancelled, DeviceFailure, Refused
from safelight.domain.photo import Photo
from safelight.keys.passphrases import FLOOR_COST
from safelight.keys.process import start_helper
from safelight.storage.files import Stored
from safelight.studio import upkeep
from safelight.studio.exports import PackingProcess, export_bundle, pack_here
from safelight.studio.founding import studio_card
from safelight.studio.packing import ExportRequest
from safelight.studio.recipients import add_recipient, find_recipient
from support.shoot import Shoot, said_yes

TO, USE = "Prenzel", "use.portfolio"
BOTH = pytest.mark.parametrize("pack", [PackingProcess(), pack_here], ids=["beside", "here"])


@pytest.fixture
def ready(shoot: Shoot) -> Shoot:
    ada = shoot.person("Ada Falk")
    shoot.ask(ada, said_yes(USE, shoot.agencies[TO]))
    for _ in range(3):
        shoot.photo(ada)
    return shoot


def photos_of(shoot: Shoot) -> tuple[Photo, ...]:
    return tuple(shoot.studio.archive.photos.of_session(shoot.session.id))


def export(shoot: Shoot, pack: Any, name: str = "out.age", report: Any = lambda *_: None) -> Any:
    wish = shoot.wish(TO, USE)
    return export_bundle(shoot.studio, shoot.session, wish, shoot.scratch / name, report, pack)[0]


@BOTH
def test_the_agency_takes_it_in(shoot: Shoot, pack: Any, tmp_path: Path) -> None:
    wanted = agencies.Founding("Agence Lumière", "FR", "rights@lumiere.example", "2 rue des Images, Paris")
    words = "four unrelated words here"
    with agencies.found_agency(tmp_path / "agency", wanted, words, clock=shoot.clock, cost=FLOOR_COST) as agency:
        trust_studio(agency, studio_card(shoot.studio))
        add_recipient(shoot.studio, agencies.agency_card(agency))
        to, cover = find_recipient(shoot.studio, "Agence Lumière")
        ada = shoot.person("Ada Falk")
        shoot.ask(ada, said_yes(USE, to.id))
        for _ in range(3):
            shoot.photo(ada)
        request = ExportRequest(to, cover, shoot.wish(TO, USE).uses, to.country)
        bundle = shoot.scratch / "out.age"
        done, _ = export_bundle(shoot.studio, shoot.session, request, bundle, pack=pack)
        taken, _ = import_bundle(agency, bundle)
        assert (taken.photos, taken.warnings) == (3, ()) and len(done.preview.cleared) == 3
        assert done.bundle.path == bundle and done.bundle.size == bundle.stat().st_size
    (row,) = shoot.studio.archive.disclosures.list()
    assert row.file_sha256 == done.bundle.sha256 and (done.bundle.manifest.id, done.bundle.sha256) in shoot.acks
    assert upkeep.check_studio(shoot.studio, shoot.acks)[0].problems == ()


@BOTH
def test_a_photo_of_another_or_of_other_people_stays_and_is_named(
    ready: Shoot, pack: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which file is a photo's stands in clear: a column that was changed hands on nobody else's picture."""
    archive, (first, second, third) = ready.studio.archive, photos_of(ready)
    files = {each.guid: archive.photos.original(each.guid) for each in (first, second, third)}
    about = archive.files.about

    def others(id: Any) -> Stored:
        known = about(id)
        return known if id != files[third.guid] else Stored(id, known.kind, known.purpose, known.size, ("somebody",))

    monkeypatch.setattr(archive.photos, "original", lambda guid: files[second.guid if guid == first.guid else guid])
    monkeypatch.setattr(archive.files, "about", others)
    done = export(ready, pack)
    assert done.preview.cleared == (second.guid,)
    assert {(each.photo, each.hold, each.why) for each in done.preview.held} == {
        (first.guid, ReasonToStay.UNWRITABLE,
         f"the file kept for photo {first.guid} is not the picture that came in as this photo"),
        (third.guid, ReasonToStay.UNWRITABLE, f"the file kept for photo {third.guid} belongs to other people"),
    }  # fmt: skip


@BOTH
def test_a_photo_that_was_tampered_with_is_left_out(ready: Shoot, pack: Any) -> None:
    first, *others = photos_of(ready)
    original = ready.studio.archive.photos.original(first.guid)
    (sealed,) = (each for each in (ready.folder / "files").rglob("*") if each.name.startswith(original))
    data = bytearray(sealed.read_bytes())
    data[-20] ^= 1
    sealed.chmod(0o600)
    sealed.write_bytes(data)
    done = export(ready, pack)
    assert done.preview.cleared == tuple(each.guid for each in others)
    assert "was changed or cut short" in done.preview.held[0].why


def test_without_the_look_at_the_hash_another_picture_would_leave(
    ready: Shoot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Takes the check away and sees the fault: the test above would notice if it were lost."""
    first, second, *_ = photos_of(ready)
    other = ready.studio.archive.photos.original(second.guid)
    honest = ready.studio.archive.photos.original
    monkeypatch.setattr(
        ready.studio.archive.photos, "original", lambda guid: other if guid == first.guid else honest(guid)
    )
    monkeypatch.setattr(originals, "check_original", lambda *_: None)
    assert len(export(ready, pack_here).preview.cleared) == 3


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """The processes that were started."""
    seen: list[subprocess.Popen[bytes]] = []

    def noted(command: Any) -> subprocess.Popen[bytes]:
        seen.append(start_helper(command))
        return seen[-1]

    monkeypatch.setattr(packing_process, "start_helper", noted)
    return seen


def cancel(_: int) -> None:
    raise Cancelled


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX")
@pytest.mark.parametrize(
    ("end", "error"), [(cancel, Cancelled), (kill, DeviceFailure)], ids=["cancelled", "killed"]
)  # fmt: skip
@pytest.mark.parametrize("part", ["preparing photos", "encrypting"])
def test_an_export_that_ends_early_leaves_nothing_and_the_next_one_is_whole(
    ready: Shoot, started: Any, part: str, end: Callable[[int], None], error: type[Exception]
) -> None:
    before = sorted(each.name for each in ready.scratch.iterdir())
    head, acks = ready.studio.archive.journal.head(), len(ready.acks)

    def report(_done: int, _total: int, what: str) -> None:
        if what == part:
            os.kill(started[0].pid, signal.SIGSTOP)  # so that it is not done meanwhile
            try:
                end(started[0].pid)
            finally:
                os.kill(started[0].pid, signal.SIGCONT)

    with pytest.raises(error):
        export(ready, PackingProcess(), report=report)
    assert sorted(each.name for each in ready.scratch.iterdir()) == before
    assert ready.studio.archive.disclosures.list() == () and ready.studio.archive.journal.head() == head
    assert len(ready.acks) == acks and len(started) == 1 and started[0].returncode is not None
    assert upkeep.check_studio(ready.studio, ready.acks)[0].problems == ()
    assert export(ready, PackingProcess()).bundle.manifest.sequence == 1


def test_somebody_erased_while_it_is_packed_is_noticed(ready: Shoot) -> None:
    """What is packed rests on what was decided: the second look is the same, wherever the bundle is packed."""
    ben = ready.person("Ben")
    ready.ask(ben, said_yes(USE, ready.agencies[TO]))
    his = ready.photo(ben)
    done: list[int] = []

    def report(*_: object) -> None:
        if not done:
            done.append(1)
            with ready.studio.archive.transaction(ready.studio.now()) as writing:
                ready.studio.archive.erase(writing, ben.id, portrait=True, evidence=False)

    exported = export(ready, PackingProcess(), report=report)
    assert done and his.guid not in exported.preview.cleared and len(exported.preview.cleared) == 3
    (row,) = ready.studio.archive.disclosures.list()
    assert his.guid not in {each.guid for each in row.photos}


def test_nothing_leaves_is_told_alike(ready: Shoot) -> None:
    for each in photos_of(ready):
        original = ready.studio.archive.photos.original(each.guid)
        (sealed,) = (path for path in (ready.folder / "files").rglob("*") if path.name.startswith(original))
        sealed.unlink()
    told = []
    for pack in (PackingProcess(), pack_here):
        with pytest.raises(Refused, match="is missing") as caught:
            export(ready, pack)
        told.append(caught.value)
    assert str(told[0]) == str(told[1]) and vars(told[0]) == vars(told[1])
