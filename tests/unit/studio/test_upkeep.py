"""Keys are changed and lost, disks rot, people tamper: what still opens, what is noticed, and by which name."""

from __future__ import annotations

import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from safelight.domain.errors import CannotOpen, Malformed, Refused, WrongUsage
from safelight.keys.passphrases import FLOOR_COST
from safelight.keys.signing import verify_sshsig
from safelight.studio import founding, upkeep
from safelight.studio.receipts import issue_receipt
from safelight.studio.restoring import restore_studio
from support.shoot import PASSPHRASE, Hand, Shoot, said_yes

OTHER = "an entirely different passphrase"


def lived_in(shoot: Shoot) -> None:
    ada = shoot.person()
    shoot.photo(ada)
    shoot.ask(ada, said_yes("use.portfolio", shoot.agencies["Prenzel"]))
    issue_receipt(shoot.studio, ada.id)
    shoot.check(ada)


def problems(shoot: Shoot, *more: tuple[str, str]) -> tuple[str, ...]:
    return upkeep.check_studio(shoot.studio, [*shoot.acks, *more])[0].problems


def changed(shoot: Shoot, statement: str, *values: object) -> None:
    """Change the database behind the program's back, as somebody with the disk could."""
    shoot.studio.archive.close()
    with sqlite3.connect(shoot.studio.archive.folder.database) as database:
        triggers = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            database.execute(f"DROP TRIGGER {name}")
        database.execute(statement, values)
        for _, text in triggers:
            database.execute(text)
    database.close()
    shoot.reopen()


# Founding and opening ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "passphrase", "said"),
    [
        (founding.Founding(" ", "DE", "a@b.example"), PASSPHRASE, "needs a name"),
        (founding.Founding("A", "DE", ""), PASSPHRASE, "needs a contact"),
        (founding.Founding("A", "Germany", "a@b.example"), PASSPHRASE, "not a country code"),
        (founding.Founding("A", "DE", "a@b.example"), "short", "fewer than 8"),
    ],
)
def test_a_studio_that_cannot_be_founded_leaves_nothing(
    tmp_path: Path, wanted: founding.Founding, passphrase: str, said: str
) -> None:
    with pytest.raises(WrongUsage, match=said):
        founding.found_studio(tmp_path / "studio", wanted, passphrase, clock=Hand(), cost=FLOOR_COST)
    assert list(tmp_path.iterdir()) == []


def test_an_unusable_keyring_leaves_nothing_either(tmp_path: Path) -> None:
    wanted = founding.Founding("A", "DE", "a@b.example")
    with pytest.raises(CannotOpen):
        founding.found_studio(tmp_path / "studio", wanted, PASSPHRASE, clock=Hand(), cost=FLOOR_COST, keyring=True)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_use_is_not_touched(shoot: Shoot) -> None:
    wanted = founding.Founding("A", "DE", "a@b.example")
    with pytest.raises((CannotOpen, WrongUsage)):
        founding.found_studio(shoot.folder, wanted, PASSPHRASE, clock=Hand(), cost=FLOOR_COST)
    assert problems(shoot) == ()


def test_two_have_one_studio_open_and_one_sees_what_the_other_wrote(shoot: Shoot) -> None:
    with founding.open_studio(shoot.folder, PASSPHRASE) as other:
        lived_in(shoot)
        assert other.archive.photos.count() == 1
        assert other.archive.journal.entries() == shoot.studio.archive.journal.entries()
    assert problems(shoot) == ()


def test_the_signing_key_is_not_renewed_while_another_program_would_go_on_signing_with_it(shoot: Shoot) -> None:
    with (
        founding.open_studio(shoot.folder, PASSPHRASE),
        pytest.raises(CannotOpen, match="Another Safelight has this studio open"),
    ):
        founding.renew_keys(shoot.studio)
    (renewed, _), _ = founding.renew_keys(shoot.studio)
    assert renewed.signer.public_ssh != shoot.studio.signer.public_ssh


def test_only_the_passphrase_opens_and_a_changed_one_replaces_the_old(shoot: Shoot) -> None:
    with pytest.raises(CannotOpen):
        shoot.reopen(OTHER)
    founding.set_passphrase(shoot.folder, PASSPHRASE, OTHER, FLOOR_COST)
    with pytest.raises(CannotOpen):
        shoot.reopen(PASSPHRASE)
    shoot.reopen(OTHER)
    assert problems(shoot) == ()
    with pytest.raises(CannotOpen):
        founding.set_passphrase(shoot.folder, PASSPHRASE, "wrong and longer", FLOOR_COST)
    with pytest.raises(WrongUsage):
        founding.set_passphrase(shoot.folder, OTHER, "short", FLOOR_COST)


def test_without_a_keyring_and_without_a_passphrase_it_stays_shut(shoot: Shoot) -> None:
    shoot.studio.archive.close()
    with pytest.raises(CannotOpen) as caught:
        founding.open_studio(shoot.folder, None)
    assert "keyring" in str(caught.value)
    with pytest.raises(CannotOpen):
        founding.open_studio(shoot.folder.parent / "nothing", PASSPHRASE)


def test_two_of_three_shares_open_and_one_does_not(shoot: Shoot) -> None:
    lived_in(shoot)
    shares = founding.recovery_shares(shoot.folder, PASSPHRASE)
    assert len(shares) == 3
    shoot.studio.archive.close()
    with pytest.raises((Malformed, CannotOpen, WrongUsage, Refused)):
        founding.open_with_shares(shoot.folder, shares[:1], OTHER, cost=FLOOR_COST)
    with founding.open_with_shares(shoot.folder, shares[1:], OTHER, clock=shoot.clock, cost=FLOOR_COST) as studio:
        assert upkeep.check_studio(studio, shoot.acks)[0].problems == ()
    shoot.reopen(OTHER)


def test_the_master_key_can_be_replaced_and_everything_still_opens(shoot: Shoot) -> None:
    lived_in(shoot)
    shares = founding.recovery_shares(shoot.folder, PASSPHRASE)
    before = shoot.studio.master
    shoot.studio.archive.close()
    upkeep.rotate_master_key(shoot.folder, PASSPHRASE)
    shoot.reopen()
    assert shoot.studio.master != before
    assert problems(shoot) == ()
    lived_in(shoot)
    shoot.studio.archive.close()
    with pytest.raises((CannotOpen, Refused, Malformed)):
        founding.open_with_shares(shoot.folder, shares[:2], OTHER, cost=FLOOR_COST)
    shoot.reopen()


def test_the_master_key_is_not_replaced_while_the_studio_is_open(shoot: Shoot) -> None:
    with pytest.raises(CannotOpen, match="Another Safelight"):
        upkeep.rotate_master_key(shoot.folder, PASSPHRASE)
    assert problems(shoot) == ()


# Checks ------------------------------------------------------------------------------------------------------------


def test_a_sound_studio_has_no_problems_and_every_acknowledgement_is_found(shoot: Shoot) -> None:
    lived_in(shoot)
    report, _ = upkeep.check_studio(shoot.studio, shoot.acks)
    assert report.sound and report.counts["receipt"] == 1 and report.counts["photo"] == 1
    assert len(shoot.acks) >= 5


def test_what_was_acknowledged_and_is_not_there_is_named(shoot: Shoot) -> None:
    lived_in(shoot)
    lost = "0b8f6a52-5f5e-4c0e-9f0b-7e2f0d3f7a10"
    assert problems(shoot, (lost, "-")) == (f"{lost} was acknowledged and is not there.",)
    receipt = shoot.studio.archive.consents.receipt_ids()[0][0]
    assert problems(shoot, (receipt, "0" * 64)) == (f"{receipt} is there but is not what was acknowledged.",)


@pytest.mark.parametrize(
    ("table", "column"),
    [("receipt", "sealed"), ("subject", "sealed"), ("photo", "sealed"), ("consent_event", "sealed"),
     ("validation", "sealed"), ("session", "sealed"), ("recipient", "sealed"), ("picture", "thumbnail")],
)  # fmt: skip
def test_a_row_that_was_changed_is_named(shoot: Shoot, table: str, column: str) -> None:
    lived_in(shoot)
    changed(shoot, f"UPDATE {table} SET {column} = CAST({column} || x'00' AS BLOB)")
    found = problems(shoot)
    assert found and any(table in each.lower() for each in found), found


def test_a_statement_that_was_changed_is_named_by_its_receipt(shoot: Shoot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody with every key of the studio rewrites what a person signed: the one-time key still tells."""
    lived_in(shoot)
    ((receipt, _),) = shoot.studio.archive.consents.receipt_ids()
    file = shoot.studio.archive.consents.receipt(receipt)
    forged = file.statement.replace(b'"language":"en"', b'"language":"de"', 1)
    assert forged != file.statement
    with pytest.raises(Refused):
        verify_sshsig(file.subject_public, forged, file.subject_signature, "safelight-receipt")
    resigned = replace(file, statement=forged, studio_signature=shoot.studio.signer.sign(forged, "safelight-record"))
    monkeypatch.setattr(type(shoot.studio.archive.consents), "receipt", lambda *_: resigned)
    found = problems(shoot)
    assert any(receipt in each and "signature" in each.lower() for each in found), found


def test_a_removed_row_of_the_journal_is_noticed(shoot: Shoot) -> None:
    lived_in(shoot)
    changed(shoot, "DELETE FROM journal_entry WHERE number = (SELECT max(number) FROM journal_entry)")
    assert any("journal" in each for each in problems(shoot))


def test_a_sealed_file_with_a_flipped_bit_is_named(shoot: Shoot) -> None:
    lived_in(shoot)
    path = max(
        (each for each in (shoot.folder / "files").rglob("*") if each.is_file()), key=lambda it: it.stat().st_size
    )
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.chmod(0o600)
    path.write_bytes(data)
    assert any(path.stem[:16] in each for each in problems(shoot)), problems(shoot)


# Backups -----------------------------------------------------------------------------------------------------------


def test_a_backup_comes_back_whole(shoot: Shoot, tmp_path: Path) -> None:
    lived_in(shoot)
    head = shoot.studio.archive.journal.head()
    count, _ = upkeep.back_up_studio(shoot.studio, tmp_path / "backup")
    lived_in(shoot)
    shoot.studio.archive.close()
    acks, shoot.folder = shoot.acks[: -len(shoot.acks) // 2], tmp_path / "restored"
    assert restore_studio(tmp_path / "backup", shoot.folder).files == count
    shoot.reopen()
    assert head is not None
    first, *noted = shoot.studio.archive.journal.entries(head.number - 1)
    assert (first, [each.kind for each in noted]) == (head, ["studio-restored"])
    assert upkeep.check_studio(shoot.studio, acks[:5])[0].problems == ()
    lived_in(shoot)


@pytest.mark.parametrize("which", ["archive", "keys", "files"])
def test_one_flipped_byte_in_a_backup_and_nothing_is_restored(shoot: Shoot, tmp_path: Path, which: str) -> None:
    lived_in(shoot)
    upkeep.back_up_studio(shoot.studio, tmp_path / "backup")
    beside = next(tmp_path.glob("safelight-keys-*/*/"))
    files = [each for place in (tmp_path / "backup", beside) for each in sorted(place.rglob("*")) if each.is_file()]
    wanted = "subjects.sqlite" if which == "keys" else which
    (path, *_) = [each for each in files if wanted in str(each.relative_to(tmp_path))]
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.chmod(0o600)
    path.write_bytes(data)
    with pytest.raises(Malformed, match="The backup is damaged"):
        restore_studio(tmp_path / "backup", tmp_path / "restored")
    assert not (tmp_path / "restored").exists()
    shutil.rmtree(tmp_path / "backup")


def test_a_backup_goes_into_a_new_folder_only_and_comes_back_into_one_only(shoot: Shoot, tmp_path: Path) -> None:
    lived_in(shoot)
    upkeep.back_up_studio(shoot.studio, tmp_path / "backup")
    with pytest.raises((WrongUsage, CannotOpen)):
        upkeep.back_up_studio(shoot.studio, tmp_path / "backup")
    with pytest.raises(WrongUsage, match="is not empty"):
        restore_studio(tmp_path / "backup", shoot.folder)
    with pytest.raises(CannotOpen, match="no finished backup"):
        restore_studio(shoot.scratch, tmp_path / "new")
