"""The evening of a whole day at the desk: the close, the count by somebody else, the bundle, the agency's answers."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QLabel

from safelight.agency.imports import import_bundle
from safelight.agency.open_agency import OpenAgency
from safelight.agency.questions import Wanted, may_all
from safelight.agency.trust import trust_studio
from safelight.agency.upkeep import check_agency
from safelight.desk.export.view import ExportView
from safelight.domain.attendance import Presence
from safelight.domain.ids import SubjectId
from safelight.domain.people import Subject
from safelight.domain.session import SessionState
from safelight.studio import founding
from safelight.studio.queries.board import session_board
from safelight.studio.upkeep import check_studio
from safelight.studio.validations import POINTS
from support.desk.at_desk import until
from support.desk.whole_day import KIM, LISTED, OTHER, ROBIN, USE, WholeDay


def close_the_day(
    day: WholeDay, absent: Subject, checked: Subject, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everybody is accounted for, a second person checks one; then the close, the report, the backup, both cards."""
    view = day.screen("review").view
    view.gate.pin.edit.setText(KIM)
    view.gate.unlock.click()
    until(lambda: bool(view.table.rows), 60)
    view.table.choose(absent.id)
    day.rest()
    view.absent.click()
    until(lambda: presence(day, absent.id) is Presence.ABSENT)
    day.rest()
    view.table.choose(checked.id)
    until(lambda: view.sheet.form.isVisible() and view.sheet.pages.pages > 0, 60)
    for each in POINTS:
        view.sheet.points[each].set_ticked(True)
    view.sheet.pin.edit.setText(ROBIN)
    view.sheet.validate.click()
    until(lambda: "Robin" in view.sheet.told.text(), 60)
    day.rest()
    foot = view.foot
    assert foot.open.text() == "1 photographed person has not answered" and not foot.close_day.isEnabled()
    foot.close_anyway.click()
    until(lambda: day.session.state is SessionState.CLOSED, 120)
    day.rest()
    report = folder / "report.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(report), ""))
    foot.report.click()
    until(report.exists, 60)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder / "backup"))
    foot.backup.click()
    until(lambda: "✓ backup" in foot.steps.text(), 120)
    for camera in (day.first, day.second):
        monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_, card=camera.card: str(card))
        told = len(day.said)
        foot.card.click()
        until(lambda told=told: len(day.said) > told, 120)  # type: ignore[misc]
        every = len(list(camera.card.iterdir()))
        assert f"{every} of {every}" in day.said[-1][0], day.said[-1]
    day.rest()
    assert report.read_bytes().startswith(b"%PDF")


def presence(day: WholeDay, subject: SubjectId) -> Presence:
    return next(each.presence for each in session_board(day.studio, day.session).people if each.id == subject)


def count_independently(day: WholeDay) -> None:
    """Files of the cards, by their hashes, are what the archive holds: whose they are, and byte by byte."""
    on_cards = {
        hashlib.sha256(path.read_bytes()).hexdigest()
        for camera in (day.first, day.second)
        for path in camera.card.iterdir()
    }
    truth = {each.sha256: each.people for each in day.film.taken}
    assert on_cards == set(truth)
    archive = day.studio.archive
    held = {}
    for photo in archive.photos.of_session(day.session.id):
        original = archive.files.read_bytes(archive.photos.original(photo.guid))
        held[hashlib.sha256(original).hexdigest()] = (frozenset(photo.subjects), photo.flagged)
    assert len(held) == day.count() == len(truth)
    called = {row.id: row.name for row in session_board(day.studio, day.session).people}
    wrong = []
    for frame in day.film.taken:
        people, check = held[frame.sha256]
        if people != frame.people or check:
            of, kept = ([called[each] for each in some] for some in (frame.people, people))
            wrong.append(f"{frame.name} is of {of}, held as of {kept}{', in check' if check else ''}")
    assert not wrong, "\n".join(wrong)
    for row in session_board(day.studio, day.session).people:
        assert row.shots == len(day.film.of(row.id)), row
    assert check_studio(day.studio)[0].problems == ()


def reasons(view: ExportView) -> list[str]:
    """Why photos stay, as the screen says it."""
    return [each.text() for each in view.findChildren(QLabel) if each.isVisible()]


def may_leave(day: WholeDay) -> set[str]:
    """Hashes of the frames whose every person allowed the agency's directory, and that nobody struck out."""
    return {
        each.sha256
        for each in day.film.taken
        if each.sha256 not in day.struck and all(USE in day.yes.get(one, ()) for one in each.people)
    }


def export(day: WholeDay, agency: OpenAgency, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The bundle for the agency, of what everybody on it allowed."""
    view = day.screen("export").view
    until(lambda: bool(view.recipients.buttons))
    next(each for each in view.recipients.buttons if each.words.startswith(agency.identity.name)).click()
    next(each for each in view.uses.buttons if each.words == "Staff directory").click()
    wanted = len(may_leave(day))
    until(lambda: view.export.isEnabled(), 60)
    day.rest()
    assert wanted > LISTED
    assert view.leaving.text() == f"In: {wanted} photos", reasons(view)
    assert view.staying.text() == f"Out: {len(day.film.taken) - wanted} photos"
    bundle = folder / "bundle.age"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(bundle), ""))
    view.export.click()
    until(lambda: bool(view.done.told.text()), 180)
    day.rest()
    return bundle


def agency_checks(day: WholeDay, agency: OpenAgency, bundle: Path) -> None:
    """The agency takes it in; yes, until a day, for what was allowed, and no for everything else."""
    trust_studio(agency, founding.studio_card(day.studio))
    imported = import_bundle(agency, bundle)[0]
    leaving = may_leave(day)
    photos = {str(each.sha256): each.guid for each in day.studio.archive.photos.of_session(day.session.id)}
    assert imported.photos == imported.new_photos == len(leaving)
    asked = [Wanted(photos[each.sha256], use, "FR") for each in day.film.taken for use in (USE, OTHER)]
    told = may_all(agency, asked)[0]
    for wanted, answer in zip(asked, told, strict=True):
        sha256 = next(each for each, guid in photos.items() if guid == wanted.photo)
        allowed = sha256 in leaving and wanted.use == USE
        assert answer.decision.allowed is allowed, (wanted, answer)
        if allowed:
            assert answer.decision.expires is not None
            assert answer.today < answer.decision.expires < answer.today + timedelta(days=400)
    assert check_agency(agency)[0].problems == ()
