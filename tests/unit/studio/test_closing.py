"""A day is closed with everybody accounted for, or with what is open said; the statement is checked by stock tools."""

from __future__ import annotations

import hashlib
import io
import json
import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from safelight.documents.jcs import canonical
from safelight.domain.attendance import Presence
from safelight.domain.changes import Changes
from safelight.domain.closing import Left, LeftOpen
from safelight.domain.errors import Refused, WrongUsage
from safelight.domain.people import Subject
from safelight.domain.session import SessionState
from safelight.studio import closing, culling, sessions, upkeep
from safelight.studio.attendance import mark_attendance
from safelight.studio.closing import CLOSED, close_with_report, closing_report, reconcile
from safelight.studio.queries.reconciling import release_findings
from safelight.studio.second_place import copy_waiting, set_second_place
from support.shoot import said_yes


def accounted_day(shoot: Any) -> list[Subject]:
    """Ada and Eve are photographed and ready, Ben is absent, Max is not photographed."""
    ada, eve, ben, mia = (shoot.person(each) for each in ("Ada Falk", "Eve Holm", "Ben Roth", "Mia Kern"))
    for each in (ada, eve):
        shoot.photo(each)
        shoot.ask(each)
    for each, state in ((ben, Presence.ABSENT), (mia, Presence.NOT_PHOTOGRAPHED)):
        mark_attendance(shoot.studio, shoot.session, each.id, state, shoot.staff["Kim"].id)
    return [ada, eve, ben, mia]


def close(shoot: Any, **more: Any) -> tuple[closing.ClosingReport, Changes]:
    return close_with_report(shoot.studio, shoot.session, shoot.staff["Kim"].id, **more)


def words_of(pdf: bytes) -> str:
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return re.sub(r"[ \u2066-\u2069]+", " ", done.stdout.decode())


def test_nobody_is_forgotten(shoot: Any) -> None:
    people = accounted_day(shoot)
    counts = reconcile(shoot.studio, shoot.session)
    told = counts.people
    assert (told.listed, told.photographed, told.absent, told.not_photographed, told.unaccounted) == (4, 2, 1, 1, 0)
    assert told.answered == 2 and counts.points == ()
    assert (counts.frames.kept, counts.frames.nobody, counts.frames.two_places) == (2, 0, None)
    lea = shoot.person("Lea Berg")
    (point,) = reconcile(shoot.studio, shoot.session).points
    assert (point.what, point.count, [each.id for each in point.people]) == (Left.UNACCOUNTED, 1, [lea.id])
    assert people


def test_every_kind_of_open_point_is_found(shoot: Any, tmp_path: Path) -> None:
    accounted_day(shoot)
    ada = shoot.person("Ann Olsen")
    shoot.photo(ada)
    (shoot.photo(), shoot.photo(ada))
    minor = shoot.person("Tim Lind", born=shoot.studio.today().replace(year=2014))
    shoot.photo(minor)
    third = shoot.person("Zoe Marsh")
    flagged = shoot.photo(third)
    shoot.ask(third, said_yes("use.editorial", shoot.agencies["Prenzel"]))
    with shoot.studio.archive.transaction(shoot.studio.now()) as writing:
        shoot.studio.archive.photos.put(writing, replace(shoot.studio.archive.photos.get(flagged.guid), flagged=True))
    shoot.person("Nobody Knows")
    set_second_place(shoot.studio, tmp_path / "copies")
    counts = reconcile(shoot.studio, shoot.session, ["Ada: the birth date is missing."])
    found = {each.what: each.count for each in counts.points}
    assert found.keys() - {Left.UNCHECKED} == {*Left} - {Left.UNCHECKED}
    assert found[Left.NOBODY] == 1 and found[Left.CHECK] == 1 and found[Left.UNACCOUNTED] == 1
    assert found[Left.UNANSWERED] == 2 and found[Left.WITHOUT_GUARDIAN] == 1 and found[Left.RELEASE] == 1
    assert found[Left.ONE_PLACE] == counts.frames.kept == 7
    copy_waiting(shoot.studio)
    counts = reconcile(shoot.studio, shoot.session)
    assert Left.ONE_PLACE not in {each.what for each in counts.points} and counts.frames.two_places == 7


def test_a_consent_that_nobody_checked_is_open_until_somebody_does(shoot: Any) -> None:
    ada = shoot.person()
    shoot.photo(ada)
    shoot.ask(ada, said_yes("ai.train-generative", shoot.agencies["Prenzel"]))
    assert [each.what for each in reconcile(shoot.studio, shoot.session).points] == [Left.UNCHECKED]
    shoot.check(ada)
    assert reconcile(shoot.studio, shoot.session).points == ()


def test_what_is_in_the_bin_accounts_for_nobody(shoot: Any) -> None:
    ada = shoot.person()
    shoot.ask(ada)
    photo = shoot.photo(ada)
    nobody = shoot.photo()
    culling.hide_photos(shoot.studio, [photo.guid, nobody.guid], shoot.staff["Kim"].id)
    counts = reconcile(shoot.studio, shoot.session)
    assert (counts.frames.kept, counts.frames.hidden, counts.frames.nobody) == (2, 2, 0)
    assert counts.people.photographed == 0
    assert [each.what for each in counts.points] == [Left.UNACCOUNTED]


def test_closing_with_open_points_has_to_be_meant(shoot: Any) -> None:
    shoot.person()
    with pytest.raises(Refused, match="people unaccounted: 1"):
        close(shoot)
    assert shoot.studio.archive.sessions.get(shoot.session.id).state is SessionState.OPEN
    assert closing_report(shoot.studio, shoot.session) is None
    report, changes = close(shoot, anyway=True)
    assert changes == Changes.SESSIONS | Changes.JOURNAL
    told = json.loads(report.statement)
    assert told["anyway"] is True and told["open"] == [{"what": "people-unaccounted", "count": 1}]
    with pytest.raises(WrongUsage, match="closed already"):
        close(shoot, anyway=True)


def test_the_statement_says_what_the_report_shows_and_is_kept(shoot: Any) -> None:
    people = accounted_day(shoot)
    end = shoot.studio.archive.journal.head()
    report, _ = close(shoot)
    told = json.loads(report.statement)
    assert report.statement == canonical(told)
    assert told["report_sha256"] == hashlib.sha256(report.pdf).hexdigest()
    assert told["people"]["listed"] == 4 and told["frames"]["kept"] == 2 and told["anyway"] is False
    assert told["journal"] == {"number": end.number, "hash": end.hash}
    hashes = sorted(each.sha256 for each in shoot.studio.archive.photos.of_session(shoot.session.id))
    assert told["originals_sha256"] == hashlib.sha256("".join(f"{each}\n" for each in hashes).encode()).hexdigest()
    (entry, said), *rest = shoot.studio.archive.journal.told_about(CLOSED, shoot.session.id)
    assert entry.number == end.number + 1 and rest == []
    assert json.loads(said) == {
        "by": shoot.staff["Kim"].id,
        "open": 0,
        "report_sha256": told["report_sha256"],
        "statement_sha256": hashlib.sha256(report.statement).hexdigest(),
    }
    assert closing_report(shoot.studio, shoot.session) == report
    assert upkeep.check_studio(shoot.studio)[0].problems == ()
    everything = report.statement.decode() + words_of(report.pdf)
    assert not any(part in everything for each in people for part in each.name.split()), "nobody is named"
    assert "Kim" in words_of(report.pdf)


def test_reopened_and_closed_again_the_last_report_counts(shoot: Any) -> None:
    accounted_day(shoot)
    first, _ = close(shoot)
    sessions.reopen_session(shoot.studio, shoot.session)
    shoot.photo(shoot.studio.archive.subjects.opened(shoot.session.id)[0])
    second, _ = close(shoot)
    assert closing_report(shoot.studio, shoot.session) == second != first
    report, _ = upkeep.check_studio(shoot.studio)
    assert report.problems == () and set(report.tidied.values()) == {0}


def test_a_frame_that_comes_in_while_it_is_counted_is_counted(shoot: Any) -> None:
    accounted_day(shoot)
    came: list[Any] = []

    def meanwhile(done: int, total: int, what: str) -> None:
        if not came:
            came.append(shoot.photo(shoot.studio.archive.subjects.opened(shoot.session.id)[0]))

    report, _ = close(shoot, report=meanwhile)
    assert json.loads(report.statement)["frames"]["kept"] == 3 and len(came) == 1

    def for_ever(done: int, total: int, what: str) -> None:
        if done == 0:
            shoot.photo(shoot.studio.archive.subjects.opened(shoot.session.id)[0])

    sessions.reopen_session(shoot.studio, shoot.session)
    with pytest.raises(Refused, match="keep coming in"):
        close(shoot, report=for_ever)
    assert shoot.studio.archive.sessions.get(shoot.session.id).state is SessionState.OPEN
    assert set(upkeep.check_studio(shoot.studio)[0].tidied.values()) == {0}, "no sealed report is left lying about"


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "ar"])
def test_the_report_is_an_archival_document_in_every_language(shoot: Any, language: str) -> None:
    accounted_day(shoot)
    shoot.person("Left Open")
    shoot.photo()
    report, _ = close(shoot, anyway=True, language=language)
    with pikepdf.open(io.BytesIO(report.pdf)) as pdf:
        assert str(pdf.Root.Lang) == language and len(pdf.pages) <= 2
        assert "pdfaid:part>3<" in pdf.Root.Metadata.read_bytes().decode()
    assert "11:00:00" in words_of(report.pdf) or "9:00:00" in words_of(report.pdf)


def test_stock_ssh_keygen_checks_the_statement(
    shoot: Any, tmp_path: Path, stock_tool: Callable[[str], str]
) -> None:
    tool = stock_tool("ssh-keygen")
    accounted_day(shoot)
    report, _ = close(shoot)
    studio = shoot.studio.identity.id
    (tmp_path / "allowed").write_text(f"{studio} {shoot.studio.signer.public_ssh}\n")
    (tmp_path / "closing.json.sig").write_text(report.signature)
    argv = [tool, "-Y", "verify", "-f", str(tmp_path / "allowed"), "-I", studio, "-n", "safelight-closing",
            "-s", str(tmp_path / "closing.json.sig")]  # fmt: skip
    assert subprocess.run(argv, input=report.statement, capture_output=True, check=False).returncode == 0
    other = report.statement.replace(b'"listed":4', b'"listed":5')
    assert other != report.statement
    assert subprocess.run(argv, input=other, capture_output=True, check=False).returncode != 0


def test_counts_are_left_as_they_were_signed(shoot: Any) -> None:
    accounted_day(shoot)
    assert reconcile(shoot.studio, shoot.session).left == ()
    shoot.person()
    assert reconcile(shoot.studio, shoot.session).left == (LeftOpen(Left.UNACCOUNTED, 1),)


def test_what_a_named_agency_s_forms_would_lack_is_open_too(shoot: Any) -> None:
    ada = shoot.person()
    shoot.photo(ada)
    shoot.ask(ada, said_yes("use.editorial", shoot.agencies["Prenzel"]))
    assert release_findings(shoot.studio, shoot.session, []) == ()
    (told,) = release_findings(shoot.studio, shoot.session, ["getty"])
    assert told.startswith("Ada Falk (Getty Images): ")
    points = {each.what: each for each in reconcile(shoot.studio, shoot.session, [told]).points}
    assert points[Left.RELEASE].said == (told,) and points[Left.RELEASE].count == 1
