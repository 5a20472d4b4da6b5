"""States of the rights screen: nothing due, people found, one person, what is asked before, a recipient."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from safelight.desk.rights.rows import MailLines
from safelight.domain.ids import BundleId, PhotoGuid, RecipientId, RecordId, ScopeId, Sha256
from safelight.domain.people import Role, Subject
from safelight.domain.requests import RequestKind
from safelight.domain.withdrawal import Channel, Withdrawal
from safelight.storage.rows import DisclosedPhoto, Disclosure
from safelight.studio.open_studio import OpenStudio, new_id
from safelight.studio.requests import NewRequest, new_request
from safelight.studio.withdrawing import withdraw

if TYPE_CHECKING:
    from support.desk.tour import Tour

Seen = tuple[str, QWidget]


def disclose(studio: OpenStudio, person: Subject, recipient: RecipientId) -> None:
    """A row of the ledger as an export leaves it: this recipient got the person's photos under all their records."""
    photos = studio.archive.photos.of_subject(person.id)
    receipts = studio.archive.consents.receipts_of(person.id)
    records: tuple[RecordId, ...] = tuple(one.id for each in receipts for one in each.receipt.records)
    members = tuple(
        DisclosedPhoto(PhotoGuid(each.guid), Sha256("a" * 64), Sha256("b" * 64), records, None)
        for each in photos
    )
    now = studio.now()
    with studio.archive.transaction(now) as writing:
        number = studio.archive.disclosures.next_sequence(writing, recipient)
        made = Disclosure(
            BundleId(new_id()), recipient, number, now, (ScopeId("use.directory"),), None, members, records,
            Sha256("c" * 64),
        )  # fmt: skip
        studio.archive.disclosures.add(writing, made)


def states(tour: Tour) -> Iterator[Seen]:
    """Everything the screen can look like; two uses of one person and one request stay as they were left."""
    screen, window, made = tour.screens["rights"], tour.window, tour.made
    view, studio, person = screen.view, made.studio, made.people[0]
    yield "rights-empty", window
    hard = made.people[-4]
    asked = studio.today() - timedelta(days=40)
    for who, kind in ((hard, RequestKind.ACCESS), (person, RequestKind.ERASURE), (person, RequestKind.RESTRICTION)):
        received = asked if kind is RequestKind.ACCESS else None
        tour.jobs.tell(new_request(studio, NewRequest(who.id, kind, received))[1])
    recipient = next(each.recipient for each in studio.archive.recipients.list())
    disclose(studio, person, recipient.id)
    tour.jobs.tell(withdraw(studio, Withdrawal(person.id, Role.SUBJECT, Channel.MAIL, _one_use(tour, person)))[1])
    tour.settle()
    yield "rights-due", window
    view.look_for()
    QTest.keyClicks(view.search.edit, "e")
    tour.settle()
    yield "rights-found", window
    QTest.keyClicks(view.search.edit, "zzzz")
    tour.settle()
    yield "rights-nobody", window
    QTest.keyClick(view.search, Qt.Key.Key_Escape)
    view.chosen.emit(f"person {person.id}")
    tour.settle()
    tour.settle()
    yield "rights-person", window
    area = view.pages.currentWidget()
    area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())
    tour.settle()
    yield "rights-person-below", window
    mail = MailLines("from ada@example.org · Please stop", "Please take my pictures off your site.\n" * 6)
    view.person.mail.show_mail(mail, screen.presenter.acts.page.uses)
    area.verticalScrollBar().setValue(0)
    tour.settle()
    yield "rights-person-mail", window
    view.show_mail(mail)
    tour.settle()
    yield "rights-mail", window
    view.mail.away.click()
    view.opened.emit(f"person {person.id}")
    tour.settle()
    view.person.all.click()
    tour.settle()
    yield "rights-take-back", window
    _close(tour)
    view.person.enter.click()
    tour.settle()
    yield "rights-request", window
    _close(tour)
    view.person.keeping.add.click()
    tour.settle()
    held = tour.above()
    assert held is not None
    held.reason.edit.setText("a claim is pending at the court of Berlin")  # type: ignore[attr-defined]
    yield "rights-hold", window
    held.do.click()  # type: ignore[attr-defined]
    tour.settle()
    view.person.keeping.erase.click()
    tour.settle()
    yield "rights-erase", window
    _close(tour)
    area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())
    tour.settle()
    yield "rights-keeping", window
    page = screen.presenter.acts.page
    view.person.show_person(replace(page, restricted=tour.desk.words.get(
        "rights.restricted", day="1 May 2027", why="whether the pictures are right is in doubt"
    )))  # fmt: skip
    area.verticalScrollBar().setValue(0)
    tour.settle()
    yield "rights-restricted", window
    view.person.show_person(page)
    tour.settle()
    view.show_words("academic acid acne acquire acrobat activity")
    tour.settle()
    yield "rights-words", window
    _close(tour)
    view.person.requests.lines[-1].buttons[1].click()
    tour.settle()
    sheet = tour.above()
    assert sheet is not None
    sheet.do.click()  # type: ignore[attr-defined]
    tour.settle()
    yield "rights-refuse", window
    _close(tour)
    view.chosen.emit(f"person {hard.id}")
    tour.settle()
    tour.desk.say(tour.desk.words.get("rights.nothing_ended"), tour.desk.words.get("rights.done_longer"))
    tour.settle()
    yield "rights-long-name", window
    tour.window.strip.hush()
    view.chosen.emit(f"recipient {recipient.id}")
    tour.settle()
    yield "rights-recipient", window


def _one_use(tour: Tour, person: Subject) -> frozenset[ScopeId]:
    states = tour.made.studio.archive.consents.events_of(person.id)
    return frozenset({next(each.scope for each in states if each.grant is not None)})


def _close(tour: Tour) -> None:
    sheet = tour.above()
    assert sheet is not None
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    tour.settle()
