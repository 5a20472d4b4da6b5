"""A check counts when the studio's key signed it, point by point, about the very receipt; nothing else does."""

from __future__ import annotations

import contextlib
import sqlite3
from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from safelight.documents.jcs import sha256_hex
from safelight.documents.plain import dump, load
from safelight.domain.clearance import CHECK_POINTS, CheckStatement, Validation
from safelight.domain.errors import Refused, WrongUsage
from safelight.keys.signing import verify_sshsig
from safelight.studio import validations
from safelight.studio.counted_validations import CountedValidations
from safelight.studio.founding import renew_keys
from safelight.studio.upkeep import check_studio
from support import shoot as shoot_module

Shoot = shoot_module.Shoot
said_yes = shoot_module.said_yes
HELD = ("not-validated", "a second person has not checked this consent")


@pytest.fixture
def ada(shoot: Shoot) -> Any:
    """She said yes to AI retouching and is in a photo; nobody has checked it."""
    person = shoot.person()
    shoot.ask(person, said_yes("ai.retouch", shoot.agencies["Prenzel"]))
    shoot.photo(person)
    return person


def file_of(shoot: Shoot, person: Any) -> Any:
    return shoot.studio.archive.consents.receipts_of(person.id)[-1]


def counted(shoot: Shoot, person: Any) -> Validation | None:
    return CountedValidations(shoot.studio).of(file_of(shoot, person))


def keep(
    shoot: Shoot, made: Validation, statement: bytes = b"", signature: str = "", entry: bytes | None = None
) -> None:
    """A row as somebody might write it who has the archive open; ``entry`` also goes into the journal."""
    with shoot.studio.archive.transaction(shoot.studio.now()) as writing:
        shoot.studio.archive.validations.add(writing, made, CHECK_POINTS, statement, signature)
        if entry is not None:
            shoot.studio.archive.journal.append(writing, "consent-validated", made.receipt, entry)


def test_every_point_is_needed(shoot: Shoot, ada: Any) -> None:
    robin = shoot.staff["Robin"]
    for missing in CHECK_POINTS:
        rest = [each for each in CHECK_POINTS if each != missing]
        with pytest.raises(Refused, match=f"Not confirmed: {missing}"):
            validations.validate_consent(shoot.studio, ada.id, robin, "2718", rest)
    with pytest.raises(WrongUsage, match="'nose' is not a point"):
        validations.validate_consent(shoot.studio, ada.id, robin, "2718", [*CHECK_POINTS, "nose"])
    with pytest.raises(Refused, match="not the PIN of Robin"):
        validations.validate_consent(shoot.studio, ada.id, robin, "2719", CHECK_POINTS)
    assert counted(shoot, ada) is None and HELD in shoot.why("Prenzel", "ai.retouch")
    assert set(validations.POINTS) == set(CHECK_POINTS)


def test_what_is_signed(shoot: Shoot, ada: Any) -> None:
    made = shoot.check(ada)
    file = file_of(shoot, ada)
    (kept,) = shoot.studio.archive.validations.all_of(file.receipt.id)
    verify_sshsig(shoot.studio.signer.public_ssh, kept.statement, kept.signature, "safelight-check")
    said = load(CheckStatement, kept.statement, "a check")
    assert (said.receipt, said.statement_sha256) == (file.receipt.id, sha256_hex(file.statement))
    assert (said.reviewer, said.taken_by, said.points) == (shoot.staff["Robin"].id, file.taken_by, CHECK_POINTS)
    assert (said.studio, said.at) == (shoot.studio.identity.id, shoot.studio.now())
    assert counted(shoot, ada) == made
    entry = shoot.studio.archive.journal.entries()[-1]
    assert entry.kind == "consent-validated"
    assert shoot.studio.archive.journal.payload(entry.number) == sha256_hex(kept.statement).encode()
    assert shoot.why("Prenzel", "ai.retouch") == set() and check_studio(shoot.studio)[0].problems == ()


def test_a_check_outlives_the_key_that_signed_it(shoot: Shoot, ada: Any) -> None:
    shoot.check(ada)
    renew_keys(shoot.studio)
    shoot.reopen()
    assert counted(shoot, ada) is not None and check_studio(shoot.studio)[0].problems == ()


def test_something_signed_meanwhile_is_not_checked_unseen(shoot: Shoot, ada: Any) -> None:
    robin = shoot.staff["Robin"]
    sheet = validations.check_sheet(shoot.studio, ada.id, robin)
    shoot.ask(ada, said_yes("ai.retouch", shoot.agencies["Lumiere"]))
    with pytest.raises(Refused, match="signed while this consent was being checked"):
        validations.validate_consent(shoot.studio, ada.id, robin, "2718", CHECK_POINTS, sheet.receipts)
    assert counted(shoot, ada) is None


OTHER = "0b8f6a52-5f5e-4c0e-9f0b-7e2f0d3f7a10"
FORGED: dict[str, dict[str, Any]] = {
    "another receipt": {"receipt": OTHER},
    "another hash": {"statement_sha256": "0" * 64},
    "a point less": {"points": CHECK_POINTS[1:]},
    "another studio": {"studio": OTHER},
    "another format": {"format": "safelight-check/2"},
    "somebody else took it": {"taken_by": OTHER},
    "somebody else checked it": {"reviewer": OTHER},
}


@pytest.mark.parametrize(("what", "signed"), [*product(FORGED, (True, False)), ("nothing", False), ("other key", True)])
def test_what_was_edited_does_not_count_and_is_named(what: str, signed: bool, shoot: Shoot, ada: Any) -> None:
    """``signed``: even signed by the right key, a statement about something else is no check of this receipt."""
    file = file_of(shoot, ada)
    said = CheckStatement(
        "safelight-check/1", shoot.studio.identity.id, file.receipt.id, sha256_hex(file.statement), CHECK_POINTS,
        shoot.staff["Robin"].id, file.taken_by, shoot.studio.now(),
    )  # fmt: skip
    genuine = dump(said)
    if what in FORGED:
        said = replace(said, **FORGED[what])
    signer = shoot.agencies["Prenzel"].key if what == "other key" else shoot.studio.signer
    signature = signer.sign(dump(said) if signed else genuine, "safelight-check")
    kept = replace(said.validation, receipt=file.receipt.id, by=shoot.staff["Robin"].id)
    if what == "nothing":
        signature = shoot.studio.signer.sign(genuine, "safelight-card")
    keep(shoot, kept, dump(said), signature, b"")
    assert counted(shoot, ada) is None, what
    assert HELD in shoot.why("Prenzel", "ai.retouch")
    (problem,) = check_studio(shoot.studio)[0].problems
    assert file.receipt.id in problem and "does not count" in problem


def test_a_row_put_under_another_receipt_does_not_count(shoot: Shoot, ada: Any) -> None:
    """Columns in clear can be changed without any key; the signature names the receipt, so it does not help."""
    shoot.check(ada)
    ben = shoot.person("Ben Okri")
    shoot.ask(ben, said_yes("ai.retouch", shoot.agencies["Prenzel"]))
    shoot.photo(ben)
    target = file_of(shoot, ben).receipt.id
    shoot.studio.archive.close()
    with contextlib.closing(sqlite3.connect(shoot.folder / "archive.sqlite")) as connection:
        connection.execute("UPDATE validation SET receipt = ?", (target,))
        connection.commit()
    shoot.reopen()
    assert counted(shoot, ben) is None and counted(shoot, ada) is None
    problems = check_studio(shoot.studio)[0].problems
    assert len(problems) == 3 and all(each.endswith("(table validation).") for each in problems)


def test_a_check_that_was_removed_is_missed(shoot: Shoot, ada: Any) -> None:
    shoot.check(ada)
    shoot.studio.archive.close()
    with contextlib.closing(sqlite3.connect(shoot.folder / "archive.sqlite")) as connection:
        connection.execute("DELETE FROM validation")
        connection.commit()
    shoot.reopen()
    assert HELD in shoot.why("Prenzel", "ai.retouch")
    assert "was checked 1 times, but 0 are kept" in check_studio(shoot.studio)[0].problems[0]


def test_checks_from_before_they_were_signed_count_by_the_journal(shoot: Shoot, ada: Any) -> None:
    file = file_of(shoot, ada)
    unsigned = Validation(file.receipt.id, shoot.staff["Robin"].id, file.taken_by, shoot.studio.today())
    keep(shoot, unsigned)
    assert counted(shoot, ada) is None, "no entry of the journal vouches for it"
    assert "is not signed" in check_studio(shoot.studio)[0].problems[0]
    keep(shoot, unsigned, entry=b"")
    assert counted(shoot, ada) == unsigned and shoot.why("Prenzel", "ai.retouch") == set()


def test_the_entry_of_a_signed_check_vouches_for_no_unsigned_one(shoot: Shoot, ada: Any) -> None:
    shoot.check(ada)
    file = file_of(shoot, ada)
    shoot.studio.archive.close()
    with contextlib.closing(sqlite3.connect(shoot.folder / "archive.sqlite")) as connection:
        connection.execute("DELETE FROM validation")
        connection.commit()
    shoot.reopen()
    keep(shoot, Validation(file.receipt.id, shoot.staff["Robin"].id, file.taken_by, shoot.studio.today()))
    assert counted(shoot, ada) is None


def test_a_journal_that_was_changed_vouches_for_nothing(shoot: Shoot, ada: Any) -> None:
    """Kind and reference stand in clear: renaming another entry must not make a check."""
    file = file_of(shoot, ada)
    keep(shoot, Validation(file.receipt.id, shoot.staff["Robin"].id, file.taken_by, shoot.studio.today()))
    shoot.studio.archive.close()
    with contextlib.closing(sqlite3.connect(shoot.folder / "archive.sqlite")) as connection:
        triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(
            "UPDATE journal_entry SET kind = 'consent-validated', reference = ? WHERE kind = 'session-opened'",
            (file.receipt.id,),
        )
        for _, text in triggers:
            connection.execute(text)
        connection.commit()
    shoot.reopen()
    assert counted(shoot, ada) is None
