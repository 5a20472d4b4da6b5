"""A folder put back to an earlier day, on a computer whose keyring knows how far its journal was."""

from __future__ import annotations

import shutil
import threading
import time
from pathlib import Path

import pytest

from safelight.domain.errors import Malformed
from safelight.domain.journal_stretch import Head
from safelight.keys import keychain
from safelight.storage import anchoring
from safelight.studio import founding
from safelight.studio.restoring import restore_studio
from safelight.studio.upkeep import back_up_studio, check_studio
from support.another_program import put_back, whole_folder
from support.keyring_store import Store, named
from support.one_yes import export, ready
from support.shoot import PASSPHRASE, Shoot

OLDER = "older than the newest this computer has seen"


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Store:
    made = named("keyring.backends.macOS.Keyring")  # one that opens by itself
    monkeypatch.setattr("keyring.get_keyring", lambda: made)
    monkeypatch.setattr(keychain, "keyring_may_be_here", lambda: True)
    monkeypatch.setattr("safelight.studio.restoring.keyring_may_be_here", lambda: True)
    monkeypatch.setattr(anchoring, "PATIENCE", 30.0)
    assert isinstance(made, Store)
    return made


def known(shoot: Shoot) -> Head | None:
    return keychain.load_head(shoot.studio.identity.id, shoot.folder)


def problems(shoot: Shoot) -> list[str]:
    return [each for each in check_studio(shoot.studio)[0].problems if OLDER in each]


def test_what_relies_on_decisions_refuses_and_the_check_names_it(shoot: Shoot, store: Store) -> None:
    ready(shoot)
    earlier = whole_folder(shoot)
    ready(shoot, "Bo Lind")
    newest = whole_folder(shoot, "newest")
    assert export(shoot) and problems(shoot) == []
    put_back(shoot, earlier)
    for act in (lambda: export(shoot), lambda: ready(shoot, "Cleo")):
        with pytest.raises(Malformed, match=OLDER) as caught:
            act()
        assert "studio restore" in caught.value.hint
    assert len(problems(shoot)) == 1
    (person,) = shoot.studio.archive.subjects.ids()
    assert shoot.studio.archive.subjects.get(person).name == "Ada Falk", "it may be read"
    head = known(shoot)
    shoot.reopen()
    assert known(shoot) == head and head is not None, "an archive that is behind is no anchor"
    put_back(shoot, newest)
    with pytest.raises(Malformed, match=OLDER):  # the export is what it lacks
        export(shoot)


def test_the_end_is_anchored_at_close_and_only_moves_forward(shoot: Shoot, store: Store) -> None:
    assert known(shoot) is None
    ready(shoot)
    end = shoot.studio.archive.journal.end()
    shoot.reopen()
    assert known(shoot) == end
    shoot.reopen()
    assert known(shoot) == end


def test_it_is_anchored_once_a_minute_while_a_program_runs(
    shoot: Shoot, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready(shoot)
    assert known(shoot) is None
    monkeypatch.setattr(anchoring, "EVERY", 0.0)
    shoot.person("Bo Lind")
    after = shoot.studio.archive.journal.end()
    monkeypatch.setattr(anchoring, "EVERY", 60.0)
    shoot.person("Cleo")
    for thread in threading.enumerate():
        if thread.name == "anchor":
            thread.join(30)
    assert known(shoot) == after


def test_another_journal_of_the_same_length_is_no_better(shoot: Shoot, store: Store) -> None:
    earlier = whole_folder(shoot)
    ready(shoot)
    shoot.reopen()
    put_back(shoot, earlier)
    archive = shoot.studio.archive
    for _ in range(9):  # written by a program that does not ask
        with archive.transaction(shoot.studio.now()) as writing:
            archive.journal.append(writing, "spares-made", shoot.session.id, b"")
    head = known(shoot)
    shoot.reopen()
    assert known(shoot) == head and len(problems(shoot)) == 1


def test_a_restore_is_taken_for_the_newest_and_noted(shoot: Shoot, store: Store) -> None:
    ready(shoot)
    back_up_studio(shoot.studio, shoot.scratch / "backup")
    ready(shoot, "Bo Lind")
    shoot.studio.archive.close()
    shutil.rmtree(shoot.folder)
    assert restore_studio(shoot.scratch / "backup", shoot.folder).anchored
    assert (shoot.folder / "restored.json").exists()
    shoot.reopen()
    assert not (shoot.folder / "restored.json").exists()
    ((entry, _),) = shoot.studio.archive.journal.of_kinds("studio-restored")
    assert b"made_at" in shoot.studio.archive.journal.payload(entry.number)
    assert problems(shoot) == [] and export(shoot)
    shoot.reopen()
    assert len(shoot.studio.archive.journal.of_kinds("studio-restored")) == 1
    assert check_studio(shoot.studio)[0].sound


def test_a_copy_that_is_tried_out_elsewhere_does_no_harm(shoot: Shoot, store: Store, tmp_path: Path) -> None:
    ready(shoot)
    back_up_studio(shoot.studio, shoot.scratch / "backup")
    ready(shoot, "Bo Lind")
    restore_studio(shoot.scratch / "backup", tmp_path / "tried")
    with founding.open_studio(tmp_path / "tried", PASSPHRASE, clock=shoot.clock) as tried:
        assert check_studio(tried)[0].sound
    shoot.reopen()
    assert export(shoot) and problems(shoot) == []


def test_a_note_that_somebody_plants_moves_no_anchor(shoot: Shoot, store: Store) -> None:
    earlier = whole_folder(shoot)
    ready(shoot)
    shoot.reopen()
    shutil.copytree(earlier, shoot.scratch / "planted")
    (shoot.scratch / "planted" / "restored.json").write_bytes(b"{}")
    put_back(shoot, shoot.scratch / "planted")
    assert len(problems(shoot)) == 1
    assert len(shoot.studio.archive.journal.of_kinds("studio-restored")) == 1


def test_a_keyring_that_does_not_answer_is_not_waited_for(
    shoot: Shoot, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_go = threading.Event()
    monkeypatch.setattr(anchoring, "PATIENCE", 0.05)

    def silent(*_: object) -> None:
        let_go.wait(60)

    monkeypatch.setattr(store, "get_password", silent)
    began = time.monotonic()
    ready(shoot)
    assert export(shoot) and problems(shoot) == []
    shoot.reopen()
    assert time.monotonic() - began < 50
    let_go.set()
    for thread in threading.enumerate():
        if thread.name in ("anchor", "keyring"):
            thread.join(30)


def test_where_no_keyring_is_nothing_is_asked(shoot: Shoot, monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(*_: object) -> None:
        raise AssertionError("it was asked")

    monkeypatch.setattr(keychain, "load_head", ask)
    monkeypatch.setattr(keychain, "store_head", ask)
    ready(shoot)
    shoot.reopen()
    assert export(shoot) and problems(shoot) == []
