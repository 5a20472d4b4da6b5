"""Commands about the people of the studio, and the check by a second of them."""

from __future__ import annotations

import os

import pytest

from safelight.domain.clearance import CHECK_POINTS

POINTS = ",".join(CHECK_POINTS)


def test_people_come_and_go_and_stay_who_they_were(desk) -> None:
    pin = desk.file("pin.txt", b"\xef\xbb\xbf4711\r\n")
    new = desk("--json", "staff", "add", "Pat Doe", "--role", "both", "--pin-file", pin).document
    assert (new["roles"], new["has_pin"], new["retired"]) == (["photographer", "reviewer"], True, False)
    assert desk("staff", "add", "pat  DOE").code == 2
    assert desk("staff", "rename", "Pat Doe", "Pat Roe").code == 0
    assert desk("--json", "staff", "retire", "Pat Roe").document["id"] == new["id"]
    said = desk("staff", "list")
    assert f"{new['id']}  Pat Roe (photographer, reviewer), retired" in said.out.splitlines()
    assert any(line.endswith("Kim (photographer), no PIN") for line in said.out.splitlines())
    back = desk("--json", "staff", "add", "Pat Roe", "--role", "reviewer", "--pin-file", pin).document
    assert (back["id"], back["roles"]) == (new["id"], ["reviewer"])
    assert {each["name"]: each["retired"] for each in desk("--json", "staff", "list").document} == {
        "Kim": False, "Robin": False, "Sam": False, "Pat Roe": False
    }  # fmt: skip
    said = desk("staff", "pin", "Kim", "--pin-file", pin)
    assert said.code == 1 and "in use already" in said.err
    assert desk("staff", "pin", "Kim", "--pin-file", desk.file("other.txt", "8080")).code == 0


def test_there_is_no_studio_staff_any_more(desk) -> None:
    for words in (("studio", "staff", "list"), ("studio", "staff", "Kim"), ("staff",)):
        assert desk(*words).code == 2
    assert {each["name"] for each in desk("--json", "staff", "list").document} == {"Kim", "Robin", "Sam"}


def test_whoever_retires_leaves_their_sessions_to_others(desk, ada: str) -> None:
    said = desk("staff", "retire", "Kim")
    assert said.code == 0 and "Still open under their name: 'Spring'" in said.err
    answers = ("consent", "record", ada, "--choices", desk.answers(use_portfolio="yes"), "--typed", "Ada Falk",
               "--method", "paper")  # fmt: skip
    said = desk(*answers)
    assert said.code == 2 and "Kim has retired" in said.err
    assert desk(*answers, "--by", "Sam").code == 0
    assert desk("session", "new", "X", "--photographer", "Kim").code == 2
    assert desk("--json", "session", "new", "Autumn").code == 0, "somebody else who photographs is the usual one now"
    assert desk("studio", "check").code == 0


def test_a_check_needs_its_points_and_its_pin(desk, ada: str) -> None:
    recorded = desk("consent", "record", ada, "--choices", desk.answers(use_portfolio="yes"), "--typed", "Ada Falk",
                    "--method", "paper")  # fmt: skip
    assert recorded.code == 0
    pin, wrong = desk.pin("Robin"), desk.file("wrong.pin", "0000\n")

    def check(*more: object, by: str = "Robin"):
        return desk("consent", "validate", ada, "--by", by, *more)

    for said, code, words in (
        (check("--pin-file", pin), 2, "Which points were checked?"),
        (check("--points", POINTS), 2, "This needs a PIN."),
        (check("--pin-file", pin, "--points", ",".join(CHECK_POINTS[:-1])), 1, "Not confirmed: signature-present"),
        (check("--pin-file", pin, "--points", POINTS + ",nose"), 2, "'nose' is not a point"),
        (check("--pin-file", wrong, "--points", POINTS), 1, "This is not the PIN of Robin."),
        (check("--pin-file", desk.pin("Sam"), "--points", POINTS), 1, "This is not the PIN of Robin."),
        (check("--pin-file", pin, "--points", POINTS, by="Kim"), 1, "is not a reviewer"),
        (check("--pin-file", desk.work / "none", "--points", POINTS), 2, "cannot be read"),
    ):
        assert said.code == code and words in said.err and len(said.err.splitlines()) == 1, said
    assert "not checked" in desk("consent", "show", ada).out
    said = desk("--json", "consent", "validate", ada, "--by", "robin", "--pin-file", pin, "--points", POINTS)
    assert said.code == 0 and said.document["points"] == list(CHECK_POINTS) and len(said.document["receipts"]) == 1
    assert desk("--json", "consent", "show", ada).document["validated"]


def test_founding_says_what_comes_next(desk) -> None:
    new = ("--studio", desk.work / "new", "--passphrase-file", desk.secret)
    said = desk.bare(*new, "studio", "init", "--name", "N", "--country", "DE", "--contact", "n@n.example")
    assert said.code == 0
    for words in ("a second person", "safelight staff add", "safelight session new", "safelight roster import"):
        assert words in said.out
    commands = [line.split("  ")[1].split()[1:3] for line in said.out.splitlines() if line.startswith("  safelight ")]
    assert len(commands) == 6
    for topic, action in commands:
        assert desk.bare(topic, action, "--help").code == 0, "what is recommended exists"


@pytest.mark.parametrize("option", [("--passphrase-file",), ()])
def test_without_a_terminal_nobody_is_asked(option: tuple[str, ...], desk) -> None:
    secret = (*option, desk.secret) if option else ()
    said = desk.bare("--studio", desk.work / "s", *secret, "studio", "passphrase")
    assert said.code in (2, 3) and len(said.err.splitlines()) == 1
    said = desk.bare("--studio", desk.folder, "session", "list")
    assert said.code == 3 and "keyring" in said.err


@pytest.mark.skipif(os.name != "posix", reason="POSIX permissions")
def test_what_others_could_read_is_named(desk) -> None:
    assert desk("studio", "check").err == ""
    (desk.folder / "archive.sqlite").chmod(0o644)
    said = desk("session", "list")
    assert said.code == 0 and len(said.err.splitlines()) == 1 and "archive.sqlite" in said.err
    said = desk("--json", "studio", "check")
    assert said.code == 0 and said.document["loose"] == ["archive.sqlite"] and said.document["problems"] == []
    assert (desk.folder / "archive.sqlite").stat().st_mode & 0o777 == 0o644


@pytest.mark.skipif(os.name != "posix", reason="POSIX permissions")
def test_the_program_writes_for_its_own_account_only(desk, ada: str) -> None:
    """A process of its own, as a person starts it, whatever the account's habit is."""
    card, slate = desk.work / "card.json", desk.work / "slate.png"
    assert desk.process("studio", "card", "-o", card, umask=0).code == 0
    assert desk.process("capture", "slate", "Spring", ada, "-o", slate, umask=0).code == 0
    assert desk.process("studio", "backup", desk.work / "copy", umask=0).code == 0
    for each in (slate, *(desk.work / "copy").rglob("*")):
        assert each.stat().st_mode & 0o077 == 0, each
