"""A studio to give commands to, and a way to give them without starting a process each time."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from safelight.cli.main import main
from safelight.keys.passphrases import FLOOR_COST
from safelight.studio import founding, recipients, sessions
from safelight.studio.staff import add_staff, find_staff
from support import shoot as shoot_module


@dataclass(frozen=True)
class Said:
    """What one command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on stdout; lines that acknowledge come before it."""
        lines = [line for line in self.out.splitlines() if not line.startswith("ACK ")]
        return json.loads("\n".join(lines))


@dataclass
class Desk:
    """A studio's folder, its passphrase file, and somewhere to work."""

    folder: Path
    secret: Path
    work: Path
    agencies: dict[str, Any]
    capsys: pytest.CaptureFixture[str]

    @property
    def opening(self) -> tuple[str, ...]:
        return "--studio", str(self.folder), "--passphrase-file", str(self.secret)

    def __call__(self, *arguments: object) -> Said:
        """Run a command on this studio inside this process."""
        return self.bare(*self.opening, *arguments)

    def bare(self, *arguments: object) -> Said:
        self.capsys.readouterr()
        try:
            code = main([str(each) for each in arguments])
        except SystemExit as left:
            code = int(left.code or 0)
        return Said(code, *self.capsys.readouterr())

    def process(self, *arguments: object, **more: Any) -> Said:
        """Run it as a process of its own, as a person would."""
        command = [sys.executable, "-m", "safelight", *self.opening, *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, **more)
        return Said(done.returncode, done.stdout, done.stderr)

    def file(self, name: str, content: str | bytes | dict[str, Any]) -> Path:
        path = self.work / name
        data = json.dumps(content) if isinstance(content, dict) else content
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return path

    def pin(self, name: str) -> Path:
        """A file with the PIN of a reviewer."""
        return self.file(f"{name}.pin", f"{shoot_module.PINS[name]}\n")

    def answers(self, **choices: Any) -> Path:
        """A file of answers: ``use_portfolio="yes"``."""
        named = {name.replace("_", ".", 1).replace("_", "-"): value for name, value in choices.items()}
        return self.file("answers.json", {"format": "safelight-answers/1", "choices": named, "taught_back": True})


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A studio with staff, two recipients, a session and one person, Ada Falk."""
    folder = tmp_path_factory.mktemp("template") / "studio"
    wanted = founding.Founding("Nordlicht", "DE", "privacy@nordlicht.example", "Lindenallee 4, Berlin")
    agencies = {name: shoot_module.agency(name, number) for number, name in enumerate(("Prenzel", "Gotham"), 1)}
    with founding.found_studio(folder, wanted, shoot_module.PASSPHRASE, cost=FLOOR_COST) as studio:
        for name, roles in shoot_module.PEOPLE.items():
            add_staff(studio, name, roles, shoot_module.PINS[name])
        for each in agencies.values():
            recipients.add_recipient(studio, each.card())
        kim = find_staff(studio, "Kim")
        offered = tuple(studio.rules.catalogue.asked_ids())
        new = sessions.NewSession("Spring", "Nordwind", "Berlin", "DE", studio.today(), kim.id, offered)
        sessions.new_session(studio, new)
    return folder, agencies


@pytest.fixture
def desk(
    template: tuple[Path, dict[str, Any]], tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Desk:  # fmt: skip
    """A copy of the template, ready for commands."""
    folder, work = tmp_path / "studio", tmp_path / "work"
    shutil.copytree(template[0], folder)
    work.mkdir()
    secret = tmp_path / "passphrase.txt"
    secret.write_text(f"{shoot_module.PASSPHRASE}\n")
    secret.chmod(0o600)
    monkeypatch.chdir(work)
    path = os.pathsep.join(filter(None, (str(Path(__file__).parents[3] / "app"), os.environ.get("PYTHONPATH", ""))))
    monkeypatch.setenv("PYTHONPATH", path)
    return Desk(folder, secret, work, template[1], capsys)


@pytest.fixture
def ada(desk: Desk) -> str:
    """The id of Ada Falk, who is on the list of the session."""
    said = desk("--json", "subject", "add", "Spring", "Ada Falk", "--email", "ada@falk.example")
    return str(said.document["id"])


@pytest.fixture
def picture(portraits: Path, desk: Desk) -> Callable[[str], Path]:
    """``picture(name)``: a real portrait on the photographer's disk."""

    def made(name: str) -> Path:
        target = desk.work / name
        shutil.copyfile(portraits / "grace_hopper.jpg", target)
        return target

    return made
