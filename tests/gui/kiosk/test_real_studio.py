"""The signing screen on a real studio: what is signed is kept there, quickly, and the screen forgets who signed it."""

from __future__ import annotations

import functools
import operator
import threading
import time
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from safelight.asking.scene import Page
from safelight.demo.signing_studio import SigningStudio, found_signing_studio
from safelight.domain.changes import Changes
from safelight.domain.ids import Language
from safelight.domain.record import Method, SignatureKind
from safelight.domain.sitting import Evidence
from safelight.qt.jobs import Jobs
from safelight.studio.signing_point import StudioSigningPoint
from support.alive import alive
from support.kiosk.driving import Driven
from support.kiosk.forgetting import FIRST, holders, marker, spoken


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SigningStudio]:
    demo = found_signing_studio(tmp_path_factory.mktemp("studio"), people=1)
    with demo.studio:
        yield demo


@pytest.fixture
def kiosk(qapp: QApplication, made: SigningStudio) -> Iterator[Driven]:
    driven = Driven(door=made.desk)
    yield driven
    driven.close()


def walk_off(kiosk: Driven, door: StudioSigningPoint) -> float:
    """Somebody comes in, allows one use, signs and leaves; the processor seconds from the signature to the receipt."""
    kiosk.flow.seat(door.walk_in(marker(), "", Language("en")))
    kiosk.settle()
    kiosk.to_uses()
    use = kiosk.asking.ceremony.offered[0]
    kiosk.asking.answer(use, True)
    kiosk.settle()
    kiosk.to_signature()
    started = time.process_time()
    kiosk.asking.sign(Evidence(SignatureKind.TYPED, marker().encode()))
    kiosk.settle(60)
    took = time.process_time() - started
    outcome = kiosk.asking.outcome
    assert outcome is not None and outcome.pdf.startswith(b"%PDF")
    assert holders(), "the search finds what is there"
    kiosk.click(kiosk.words("finish"))
    kiosk.click(kiosk.words("done"))
    assert kiosk.page is Page.WAITING
    return took


@pytest.fixture
def tablet(qapp: QApplication, made: SigningStudio) -> Iterator[Driven]:
    """Another screen of the same session."""
    driven = Driven(door=StudioSigningPoint(made.studio, made.desk._session, "Tablet 2"))
    yield driven
    driven.close()


def show_card(screen: Driven, code: str) -> None:
    """As a camera reads it: two screens in one process share one keyboard."""
    screen.flow.admit(code)
    screen.settle()


def test_a_person_goes_on_at_another_screen_and_the_first_one_lets_go(
    kiosk: Driven, tablet: Driven, made: SigningStudio
) -> None:
    code = made.cards[0].code
    show_card(kiosk, code)
    kiosk.to_uses()
    use = kiosk.asking.ceremony.offered[0]
    kiosk.asking.answer(use, True)
    kiosk.settle()
    kiosk.window.hide_person()
    kiosk.flow.badge(code)  # covered meanwhile: the same card uncovers, and takes nothing away from the screen itself
    kiosk.settle()
    assert kiosk.window.cover.isHidden()
    kiosk.asking.answer(use, False)
    kiosk.settle()
    assert kiosk.page is Page.STEP
    show_card(tablet, code)
    assert tablet.page is Page.RESUMED and tablet.asking.ceremony == kiosk.asking.ceremony
    kiosk.asking.answer(use, True)
    kiosk.settle()
    assert (kiosk.page, kiosk.flow.asking) == (Page.WAITING, None)
    assert kiosk.flow.stage.scene().turned_away == "ended_taken_over"
    tablet.flow.go_on()
    tablet.settle()
    assert tablet.asking.ceremony.yes == ()
    tablet.flow.leave_undecided()
    tablet.settle()


def test_eight_wrong_pins_and_codes_delay_nobody(kiosk: Driven, made: SigningStudio) -> None:
    started = time.monotonic()
    for number in range(8):
        kiosk.flow.give_pin(f"{number:04d}")
        kiosk.flow.admit("WRONG2")
        kiosk.settle(60)
    kiosk.flow.admit(made.cards[0].code)
    kiosk.settle(60)
    assert kiosk.flow.asking is not None
    assert time.monotonic() - started < 10, "it was half a minute once"


def open_pages() -> set[int]:
    """The PDF files that are open in this process, by other tests perhaps."""
    with alive(tidied=False) as things:
        return {id(each) for each in things if type(each).__name__ == "PdfDocument" and each.raw}  # type: ignore[attr-defined]


def test_the_screen_forgets_and_the_studio_remembers(kiosk: Driven, made: SigningStudio) -> None:
    before = open_pages()
    took = walk_off(kiosk, made.desk)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QCoreApplication.processEvents()
    assert holders() == []
    assert open_pages() <= before, "a page of theirs is still open"
    assert not [each for each in spoken(QApplication.allWidgets()) if FIRST in each]
    assert took < 1.5, "a receipt within one and a half seconds of the last stroke"

    archive = made.studio.archive
    found = [each.id for each in archive.subjects.names(0, archive.subjects.count()) if each.name == marker()]
    file = archive.consents.receipts_of(found[0])[-1]
    assert file.receipt.signing.method is Method.SCREEN
    answers = [each.grant is not None for each in file.receipt.records]
    assert answers == [True] + [False] * (len(answers) - 1)


def test_a_signature_refreshes_a_desk_beside_the_screen(qapp: QApplication, made: SigningStudio) -> None:
    jobs = Jobs()
    heard: list[tuple[Changes, object]] = []
    jobs.changed.connect(lambda changes, _: heard.append((changes, threading.current_thread())))
    door = StudioSigningPoint(made.studio, made.desk._session, "Tablet 3", changed=jobs.tell)
    screen = Driven(door=door)
    try:
        walk_off(screen, door)
    finally:
        screen.close()
        jobs.close()
    every = functools.reduce(operator.or_, (changes for changes, _ in heard))
    assert Changes.CONSENTS | Changes.RECEIPTS | Changes.JOURNAL in every
    assert {thread for _, thread in heard} == {threading.main_thread()}, "it was written on another"
