"""When somebody has left, nothing of them can be reached any more: not by Python, not by Qt, not by undo or paste."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QImage, QPixmap, QPixmapCache
from PySide6.QtWidgets import QApplication

from safelight.asking.scene import Page
from safelight.domain.record import SignatureKind
from safelight.domain.sitting import Evidence, Visit
from support.alive import alive
from support.kiosk.desk_double import SittingDouble, person_double, portrait
from support.kiosk.driving import Driven
from support.kiosk.forgetting import FIRST, SECOND, holders, marker, spoken


@pytest.fixture
def kiosk(qapp: QApplication) -> Iterator[Driven]:
    driven = Driven({})
    yield driven
    driven.close()


def sit(kiosk: Driven, **person: object) -> SittingDouble:
    jpeg = portrait() + b"\0" + marker().encode()
    sitting = SittingDouble(person_double(marker(), photos=1, jpeg=jpeg, **person))  # type: ignore[arg-type]
    kiosk.desk.people["AB12CD"] = sitting
    kiosk.sitting = sitting
    return sitting


def walk_to_receipt(kiosk: Driven) -> None:
    sit(kiosk)
    kiosk.scan("AB12CD")
    kiosk.click(kiosk.words("with_me"))
    kiosk.type(f"{FIRST}-{SECOND}")  # a witness of the same name
    kiosk.click(kiosk.words("done"))
    kiosk.to_uses()
    for scope in kiosk.asking.ceremony.offered:
        kiosk.asking.answer(scope, True)
    kiosk.asking.tell_more()
    kiosk.settle()
    kiosk.to_signature()
    kiosk.asking.sign(Evidence(SignatureKind.TYPED, marker().encode()))
    kiosk.settle()
    assert kiosk.asking.outcome is not None
    QApplication.clipboard().setText(marker())
    QPixmapCache.insert("left-over", QPixmap(8, 8))


def walk_off(kiosk: Driven) -> None:
    walk_to_receipt(kiosk)
    assert holders()  # the search itself finds what is there
    kiosk.click(kiosk.words("finish"))
    assert kiosk.page is Page.THANKS
    kiosk.click(kiosk.words("done"))


def let_go(kiosk: Driven) -> None:
    """The studio's side of the test lets go too; what is left is the screen's."""
    kiosk.desk.people.clear()
    kiosk.desk.asked.clear()
    kiosk.desk.walked_in.clear()
    kiosk.sitting = SittingDouble(person_double())
    kiosk.settle()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QCoreApplication.processEvents()


def assert_forgotten(kiosk: Driven) -> None:
    assert kiosk.page is Page.WAITING
    let_go(kiosk)
    assert holders() == []
    assert not [each for each in spoken(QApplication.allWidgets()) if FIRST in each]
    assert QApplication.clipboard().text() == ""
    assert QPixmapCache.find("left-over") is None  # type: ignore[call-overload]
    with alive(tidied=False) as things:  # the search tidied up
        sizes = [(each.width(), each.height()) for each in things if isinstance(each, QImage | QPixmap)]
    assert (512, 600) not in sizes  # the portrait


def test_after_thank_you_nothing_of_the_person_can_be_reached(kiosk: Driven) -> None:
    walk_off(kiosk)
    assert_forgotten(kiosk)


def test_after_a_pause_nothing_of_the_person_can_be_reached(kiosk: Driven) -> None:
    sit(kiosk)
    kiosk.to_uses()
    kiosk.click(kiosk.words("stop"))
    kiosk.click(kiosk.words("done"))
    assert_forgotten(kiosk)


def test_after_this_is_not_me_nothing_of_the_person_can_be_reached(kiosk: Driven) -> None:
    sit(kiosk, visit=Visit.PRESIGNED, yes=["use.social"])
    kiosk.scan("AB12CD")
    kiosk.click(kiosk.words("not_you"))
    assert_forgotten(kiosk)


def test_after_being_covered_and_put_away_nothing_of_the_person_can_be_reached(kiosk: Driven) -> None:
    sit(kiosk)
    kiosk.to_uses()
    kiosk.window.hide_person()
    kiosk.click(kiosk.window.cover.not_me)
    assert_forgotten(kiosk)
    assert kiosk.window.cover.isHidden()


def test_a_half_filled_walk_in_card_is_forgotten(kiosk: Driven) -> None:
    kiosk.click(kiosk.words("no_card"))
    kiosk.type(f"{FIRST}-{SECOND}")
    kiosk.click(kiosk.words("back"))
    assert_forgotten(kiosk)


def test_the_next_person_starts_in_the_ordinary_look_and_language(kiosk: Driven) -> None:
    sit(kiosk, language="ar")
    kiosk.to_uses()
    kiosk.click(kiosk.window.head.size_button)
    kiosk.click(kiosk.window.head.contrast)
    kiosk.click(kiosk.words("stop"))
    kiosk.click(kiosk.words("done"))
    assert kiosk.window.layoutDirection().name == "LeftToRight"
    assert kiosk.flow.stage.scale == 100
    assert_forgotten(kiosk)
