"""The registers an authority asks for, as they are read from a studio and written by the command."""

from __future__ import annotations

import csv
import json
from argparse import Namespace
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from safelight.cli import registers
from safelight.cli.output import Output
from safelight.domain.errors import ExitCode, WrongUsage
from safelight.domain.people import Role
from safelight.domain.requests import RequestKind
from safelight.domain.withdrawal import Channel, Withdrawal
from safelight.studio.exports import export_bundle
from safelight.studio.requests import NewRequest, answer_request, new_request
from safelight.studio.withdrawing import withdraw
from support.shoot import said_yes

TO, USE = "Prenzel", "use.portfolio"


@pytest.fixture
def asked(shoot: Any, tmp_path: Path) -> Any:
    """Somebody who struck out a photo, then took both uses back, and whose access request was refused."""
    ada = shoot.person("Ada Falk")
    shoot.ask(ada, said_yes(USE, shoot.agencies[TO]), said_yes("ai.retouch", shoot.agencies[TO]))
    photo = shoot.photo(ada)
    shoot.check(ada)
    export_bundle(shoot.studio, shoot.session, shoot.wish(TO, USE), tmp_path / "b.age")
    for wanted in (
        Withdrawal(ada.id, Role.GUARDIAN, Channel.IN_PERSON, photo=photo.guid),
        Withdrawal(ada.id, Role.SUBJECT, Channel.CODE),
    ):
        shoot.clock.on(hours=1)
        withdraw(shoot.studio, wanted)
    request, _ = new_request(shoot.studio, NewRequest(ada.id, RequestKind.ACCESS))
    answer_request(shoot.studio, request.id, refused=True, reason="Asked twice in a week.", by=None)
    return ada, photo


def write(
    shoot: Any, monkeypatch: pytest.MonkeyPatch, what: str, file: Path, first: str = "", last: str = ""
) -> ExitCode:
    monkeypatch.setattr(registers, "opened", lambda *_: nullcontext(shoot.studio))
    given = Namespace(what=what, first=first, last=last, language=None, output=file)
    return registers.run_register(given, Output(json=True))


def test_both_registers_as_table_and_as_signed_pages(
    shoot: Any, asked: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ada, photo = asked
    assert write(shoot, monkeypatch, "withdrawals", tmp_path / "w.csv") is ExitCode.DONE
    assert json.loads(capsys.readouterr().out)["entries"] == 2
    struck, ended = csv.DictReader((tmp_path / "w.csv").read_text("utf-8").splitlines())
    assert (struck["person"], struck["photo"], struck["by"], struck["told"]) == (ada.id, photo.guid, "guardian", "1")
    assert (ended["uses"].split(), ended["channel"], ended["told"]) == ([USE, "ai.retouch"], "code", "1")
    assert write(shoot, monkeypatch, "requests", tmp_path / "r.csv") is ExitCode.DONE
    (request,) = csv.DictReader((tmp_path / "r.csv").read_text("utf-8").splitlines())
    assert (request["asked"], request["state"], request["reason"]) == ("access", "refused", "Asked twice in a week.")
    for what in ("requests", "withdrawals"):
        write(shoot, monkeypatch, what, tmp_path / f"{what}.pdf")
        pdf = (tmp_path / f"{what}.pdf").read_bytes()
        assert pdf.startswith(b"%PDF-1.7") and b"/Sig" in pdf and b"Ada Falk" not in pdf


def test_other_days_are_empty_and_wrong_ones_refused(
    shoot: Any, asked: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(shoot, monkeypatch, "withdrawals", tmp_path / "w.csv", "2001-01-01", "2001-12-31")
    assert json.loads(capsys.readouterr().out)["entries"] == 0
    for file, first in (("w.txt", ""), ("w.csv", ""), ("new.csv", "2999-01-01")):
        with pytest.raises(WrongUsage, match=r"PDF or a CSV|exists already|comes after"):
            write(shoot, monkeypatch, "withdrawals", tmp_path / file, first)
