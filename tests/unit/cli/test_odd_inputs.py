"""Names that are no UTF-8, and pipes, devices and folders where a file belongs: the day goes on."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from safelight.keys.age_identity import new_age_identity

CAFE = os.fsdecode(b"caf\xe9.jpg")


@pytest.mark.skipif(os.name != "posix", reason="names there are text")
def test_a_name_that_is_no_utf8_stops_nothing(desk, picture: Callable[[str], Path], portraits: Path) -> None:
    """The photo comes in under its name with the replacement character; the others, and watching, go on."""
    card = desk.work / "card"
    card.mkdir()
    shutil.copyfile(portraits / "astronaut.jpg", card / CAFE)
    shutil.copyfile(picture("a.jpg"), card / "z.jpg")
    broken = card / os.fsdecode(b"\xff\xfe.jpg")
    broken.write_bytes(b"no picture")
    said = desk.process("--json", "capture", "add", "Spring", card)
    assert said.code == 4 and "Traceback" not in said.err
    assert [each["name"] for each in said.document["added"]] == ["caf\ufffd.jpg", "z.jpg"]
    assert [each["name"] for each in said.document["left_out"]] == ["\ufffd\ufffd.jpg"]
    assert "caf\ufffd.jpg" in desk("photo", "list", "Spring").out
    assert desk("photo", "show", CAFE).code == 0
    assert desk("photo", "find", card / CAFE).code == 0
    assert desk("studio", "check").code == 0
    listing = desk.file(os.fsdecode(b"l\xe4ste.csv"), "Name\nAda Falk\n")
    assert desk("roster", "import", "Spring", listing).code == 0
    for arguments, code in (
        (("session", "show", CAFE), 2),
        (("subject", "show", CAFE), 2),
        (("subject", "add", "Spring", CAFE), 2),
        (("session", "new", CAFE), 0),
        (("agency", "trust", desk.work / CAFE), 2),
        (("bundle", "list", desk.work / CAFE, "--identity", desk.work / CAFE), 2),
        (("consent", "record", "Ada Falk", "--choices", desk.work / CAFE, "--typed", "x", "--method", "paper"), 2),
        (("capture", "slate", "Spring", "Ada Falk", "-o", desk.work / CAFE), 0),
    ):
        answer = desk(*arguments)
        assert answer.code == code and "mistake" not in answer.err, (arguments, answer)


@pytest.mark.skipif(os.name != "posix", reason="made with mkfifo")
def test_no_command_waits_for_what_is_no_file(desk, picture: Callable[[str], Path], ada: str) -> None:
    pipe = desk.work / "pipe.jpg"
    os.mkfifo(pipe)
    zero, folder = Path("/dev/zero"), desk.work
    said = desk("--json", "capture", "add", "Spring", pipe, zero, picture("a.jpg"))
    assert said.code == 4 and len(said.document["added"]) == 1 and len(said.document["left_out"]) == 2
    answers = desk.answers(use_portfolio="yes")
    identity = desk.file("identity.txt", new_age_identity())
    for bad in (pipe, zero, folder):
        for arguments in (
            ("roster", "import", "Spring", bad),
            ("consent", "record", ada, "--choices", bad, "--typed", "Ada Falk", "--method", "paper"),
            ("consent", "record", ada, "--choices", answers, "--ink", bad, "--method", "paper"),
            ("recipient", "add", bad),
            ("photo", "find", bad),
            ("studio", "check", "--acks", bad),
            ("studio", "pin", "--file", bad),
            ("bundle", "verify", bad, "--identity", identity),
            ("bundle", "verify", answers, "--identity", bad),
        ):
            answer = desk(*arguments)
            assert answer.code in (2, 4), (arguments, answer)
            assert answer.err.count("safelight:") == 1 and len(answer.err.splitlines()) <= 3, answer
        answer = desk.bare("--studio", desk.folder, "--passphrase-file", bad, "session", "list")
        assert answer.code == 2 and "not a file" in answer.err
