"""Any screen of the desk in a window, on the studio of a :class:`~support.desk_day.DeskDay`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QCoreApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget

from safelight.desk.screen import Screen
from safelight.domain.acts import Act, Signed
from safelight.domain.choice import Answer, Choice
from safelight.domain.ids import ScopeId
from safelight.domain.people import Role
from safelight.domain.record import Method, SignatureKind
from safelight.qt import theme
from safelight.studio import consents, intake
from safelight.studio.staff import add_staff
from support.desk_day import DeskDay
from support.shoot import Agency, said, said_yes

REVIEWER_PIN = "3141"


@contextmanager
def shown(day: DeskDay, screen: Screen, *, size: tuple[int, int] = (1600, 912), look: str = "desk_dark",
          scale: float = 1.0) -> Iterator[QWidget]:  # fmt: skip
    """The screen as the window shows it, opened; forgotten and gone at the end."""
    window = QWidget()
    layout = QVBoxLayout(window)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(screen.widget)
    theme.apply(window, theme.scaled(theme.THEMES[look], scale))
    theme.speak(window, day.desk.words.language)
    window.resize(*size)
    window.show()
    screen.opened()
    try:
        yield window
    finally:
        settle(day)
        screen.left()
        screen.forget()
        settle(day)
        window.close()
        window.deleteLater()
        QCoreApplication.processEvents()


def settle(day: DeskDay) -> None:
    """Until nothing is being done any more."""
    QTest.qWait(20)
    day.until(lambda: not day.desk.jobs.busy, "the jobs are done", 30)
    QTest.qWait(20)


def sign_yes(day: DeskDay, number: int, use: str, *agencies: Agency) -> None:
    """Somebody says yes to one use, and no to the others, on paper."""
    person, now = day.people[number], day.studio.now()
    rest = tuple(Choice(each, Answer.NO) for each in day.session.offered if each != use)
    answers = said(said_yes(use, *agencies), *rest)
    taking = consents.SigningContext(
        Method.PAPER, day.by.id, "test", now, (Act(now, "signature", Signed(None), Role.SUBJECT, "paper"),),
        (Role.SUBJECT,), (), frozenset(),
    )  # fmt: skip
    evidence = consents.Evidence(SignatureKind.TYPED, person.name.encode())
    _, changes = consents.record_consent(day.studio, day.session, person, answers, evidence, taking)
    assert ScopeId(use) in day.session.offered
    day.desk.jobs.tell(changes)


def photographed(day: DeskDay, number: int, count: int = 1) -> None:
    """So many frames of somebody, taken in."""
    for path in day.photograph(count):
        _, changes = intake.capture_photos(
            day.studio, day.session, [path], day.people[number].id, day.desk.decoders
        )
        day.desk.jobs.tell(changes)


def with_reviewer(day: DeskDay) -> None:
    """Robin works here too, and may check what Kim took."""
    add_staff(day.studio, "Robin", frozenset({Role.REVIEWER}), REVIEWER_PIN)
