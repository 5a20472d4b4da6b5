"""A day as a photographer's assistant goes through it: real processes, real pictures, every slip put right."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from support.found_studio import found_both
from support.started_program import StartedProgram


class Terminal:
    """Runs commands on one studio, each a process of its own, and remembers the last words."""

    def __init__(self, folder: Path, program: StartedProgram) -> None:
        self.env = {
            "SAFELIGHT_STUDIO": str(folder / "studio"), "SAFELIGHT_PASSPHRASE_FILE": str(folder / "passphrase"),
        }  # fmt: skip
        self.folder, self._program = folder, program

    def __call__(self, *arguments: object, code: int = 0) -> str:
        done = self._program.run([*map(str, arguments)], environment=self.env, folder=self.folder)
        assert done.returncode == code, (arguments, done.returncode, done.stdout, done.stderr)
        assert "Traceback" not in done.stderr
        return done.stdout + done.stderr

    def document(self, *arguments: object, code: int = 0) -> Any:
        return json.loads(self("--json", *arguments, code=code))


@pytest.fixture
def terminal(tmp_path: Path, program: StartedProgram) -> Terminal:
    found_both(tmp_path)
    return Terminal(tmp_path, program)


def test_a_first_day(terminal: Terminal, portraits: Path) -> None:
    office = terminal.folder / "list from the office.csv"
    office.write_text(
        "Personalnummer;Name;E-Mail;Abteilung;Schuhgröße\n"
        '7;"Hopper, Grace";grace@example.org;Flotte;38\n'
        '8;"Collins, Eileen";eileen@example.org;Raumfahrt;39\n'
        '8;"Collins, Eileen";eileen@example.org;Raumfahrt;39\n',
        encoding="cp1252",
    )
    assert "line 2: Grace Hopper" in terminal("roster", "import", "Spring", office, "--dry-run")
    assert "2 people added, 1 known already" in terminal("roster", "import", "Spring", office)
    assert "0 people added, 3 known already" in terminal("roster", "import", "Spring", office)

    # The card: two portraits, one with a name from another system, something that is no picture, and a named pipe.
    card = terminal.folder / "card" / "DCIM"
    card.mkdir(parents=True)
    shutil.copyfile(portraits / "grace_hopper.jpg", card / "DSC_1.jpg")
    shutil.copyfile(portraits / "astronaut.jpg", card / os.fsdecode(b"caf\xe9.jpg"))
    (card / "broken.jpg").write_bytes(b"no picture")
    os.mkfifo(card / "pipe.jpg")
    said = terminal("capture", "add", "Spring", card.parent, code=4)
    assert "2 photos taken in" in said and "2 photos belong to nobody yet" in said

    # Whose are they? One by number, one by a second coming; then a slip is put right.
    assert "Grace Hopper" in terminal("photo", "assign", "DSC_1.jpg", "--to", "7", "--session", "Spring")
    assert "now it is given to Grace Hopper" in terminal(
        "capture", "add", "Spring", card / os.fsdecode(b"caf\xe9.jpg"), "--subject", "grace"
    )
    assert "Eileen Collins" in terminal("photo", "assign", "caf\N{REPLACEMENT CHARACTER}.jpg", "--to", "8")
    assert terminal.document("photo", "list", "Spring", "--unassigned") == []

    # Somebody walks in twice under two names; the entries are merged, a typing error is put right.
    terminal("subject", "add", "Spring", "Grace H")
    terminal("subject", "merge", "7", "Grace H")
    terminal("subject", "change", "7", "--phone", "040 1234")
    assert "040 1234, number 7, Flotte" in terminal("subject", "show", "7")
    assert "birth date" in terminal("subject", "change", "7", "--born", "2031-01-01", code=2)

    # Is this picture ours? Also after a program wrote into it; and a new version is another picture.
    data = (card / "DSC_1.jpg").read_bytes()
    (terminal.folder / "seen.jpg").write_bytes(data[:2] + b"\xff\xfe\x00\x08hello!" + data[2:])
    assert "same picture" in terminal("photo", "find", terminal.folder / "seen.jpg")
    with Image.open(card / "DSC_1.jpg") as picture:
        picture.resize((100, 120)).save(terminal.folder / "small.jpg")
    assert "no photo of the archive" in terminal("photo", "find", terminal.folder / "small.jpg", code=1)

    # Grace signs; her photo leaves, and is not dropped by accident afterwards.
    answers = terminal.folder / "answers.json"
    yes = {"answer": "yes", "recipients": [terminal.document("recipient", "list")[0]["name"]], "territory": "EEA"}
    said_so = {"format": "safelight-answers/1", "choices": {"use.portfolio": yes}, "taught_back": True}
    answers.write_text(json.dumps(said_so))
    terminal("consent", "record", "7", "--choices", answers, "--typed", "Grace Hopper", "--method", "paper")
    to = yes["recipients"][0]
    bundle = terminal.folder / "out.age"
    terminal("export", "Spring", "--to", to, "--use", "use.portfolio", "--territory", "DE", "-o", bundle)
    assert f"was sent to {to}" in terminal("photo", "remove", "DSC_1.jpg", code=1)
    assert "signed something" in terminal("subject", "remove", "7", code=1)
    closed = terminal("session", "close", "Spring")
    assert "people without an answer: 1 (Eileen Collins)" in closed and "is closed" in closed
    assert "session reopen" in terminal("photo", "assign", "DSC_1.jpg", "--to", "8", code=2)
    terminal("session", "reopen", "Spring")
    terminal("photo", "remove", "DSC_1.jpg", "--although-sent")
    assert to in terminal("subject", "show", "7")
    assert "others have it" in terminal("photo", "find", terminal.folder / "seen.jpg")
    assert "All is well." in terminal("studio", "check")
