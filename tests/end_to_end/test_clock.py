"""A clock in 2099, then right again: the commands of a studio and of an agency, and what they leave."""

from __future__ import annotations

import contextlib
import datetime as time
import io
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from safelight.storage import clock

Say = Callable[..., tuple[int, str]]


@pytest.fixture
def shows(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """``shows(days)``: the clock of the machine is off by so many days from now on."""

    def turn(days: float) -> None:
        class Turned(time.datetime):
            @classmethod
            def now(cls, tz: time.tzinfo | None = None) -> Any:
                return time.datetime.now(tz) + time.timedelta(days=days)

        monkeypatch.setattr(clock, "datetime", Turned)

    return turn


@pytest.fixture
def say(day: Any, tmp_path: Path) -> Say:
    """``say("agency" or "studio", *arguments)``: exit code and words of a command about a copy of the day's folders."""
    shutil.copytree(day.folder / "studio", tmp_path / "studio")
    day.agency_copy(tmp_path)
    passphrase = ("--passphrase-file", day.folder / "passphrase")

    def run(*arguments: str | Path) -> tuple[int, str]:
        from safelight.cli.main import main

        place = ["--studio", tmp_path / "studio", *passphrase]
        if arguments[0] == "agency":
            arguments = ("agency", "--agency", tmp_path / "agency", *arguments[1:])
        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            code = main([str(each) for each in (*place, *arguments)])
        assert "Traceback" not in out.getvalue()
        return code, out.getvalue()

    return run


FAR = 73 * 365


def test_a_studio(say: Say, shows: Callable[[float], None], tmp_path: Path) -> None:
    ask = ("who", "may", "use.editorial", "--in", "FR")
    before = say(*ask)
    shows(FAR)
    code, said = say(*ask)
    assert code in (0, 1) and "If that is right: 'safelight studio clock'" in said and said != before[1]
    for command in (("subject", "add", "Spring", "Ada"), ("status", "-o", tmp_path / "status.json"),
                    ("studio", "card", "-o", tmp_path / "card.json")):  # fmt: skip
        code, said = say(*command)
        assert code == 1 and "Nothing was written. Set the clock right." in said, said
    assert not (tmp_path / "status.json").exists() and not (tmp_path / "card.json").exists()
    assert say("studio", "check")[0] == 0
    code, said = say("studio", "clock")
    assert code == 0 and "too far ahead" in said
    shows(0)
    assert say(*ask) == before
    assert say("subject", "add", "Spring", "Ada")[0] == say("status", "-o", tmp_path / "status.json")[0] == 0
    assert say("studio", "check")[0] == 0
    assert "The two fit." in say("studio", "clock")[1]


def test_a_studio_that_rested_for_years(say: Say, shows: Callable[[float], None]) -> None:
    shows(3 * 365)
    day = (time.datetime.now(time.UTC) + time.timedelta(days=3 * 365)).date()
    assert say("studio", "clock", "--confirm", str(day))[0] == 2
    assert say("studio", "clock", "--confirm", "2050-01-01", "--by", "Robin")[0] == 2
    code, said = say("studio", "clock", "--confirm", str(day), "--by", "Robin")
    assert code == 0 and str(day) in said
    assert say("subject", "add", "Spring", "Ada")[0] == 0
    assert "clock-confirmed" in say("studio", "journal")[1]
    shows(0)
    code, said = say("studio", "clock", "--back", "--by", "Robin")
    assert code == 1 and "Nothing was changed." in said


def test_an_agency(day: Any, say: Say, shows: Callable[[float], None]) -> None:
    assert say("agency", "import", day.bundle("editorial"))[0] == 0
    photo = say("agency", "list")[1].split()[0]
    ask = ("agency", "may", "--photo", photo, "--use", "use.editorial", "--territory", "FR")
    assert say(*ask)[0] == 0
    shows(FAR)
    code, said = say(*ask)
    assert code == 1 and "If that is right: 'safelight agency clock'" in said
    assert say("agency", "import", day.bundle("directory"))[0] == 0
    assert say("agency", "check")[0] == 0
    shows(0)
    assert say(*ask)[0] == 0 and "The two fit." in say("agency", "clock")[1]
