"""Hands for a whole day at the real desk: keys, clicks and a scanner at its window, cameras, guests who sign.

Each method does what somebody of the team does and waits until the desk is done with it; what the day should come to
is kept by ``film`` and ``yes`` alone, never asked of the program.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from PIL import Image
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QImage, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from safelight.desk.opening import Opening
from safelight.desk.shoot import switching
from safelight.desk.shoot.rows import RosterRow
from safelight.desk.shoot.screen import ShootScreen
from safelight.domain.acts import Act, Signed
from safelight.domain.choice import Answer, Choice
from safelight.domain.ids import PhotoGuid, SubjectId
from safelight.domain.people import Role, Subject
from safelight.domain.record import Method, SignatureKind
from safelight.domain.session import Session
from safelight.studio import consents
from safelight.studio.badges import badge_code
from safelight.studio.open_studio import OpenStudio
from safelight.studio.queries.cameras import CameraRow
from safelight.studio.queries.cameras import clocks as camera_rows
from safelight.studio.queries.on_set import on_set
from safelight.studio.queries.shots import ShotRow, session_shots
from support.desk.at_desk import AtDesk, until
from support.desk.cameras import Camera, DayClock, Film, Taken
from support.sampling import examples
from support.shoot import said

LISTED = examples(24, 117)
"""People on the roster; three walk in."""
FRAMES = 4
KIM, ROBIN = "2468", "1357"
USE, OWN, OTHER = "use.directory", "use.portfolio", "use.social"
NONE = Qt.KeyboardModifier.NoModifier


class WholeDay:
    """The desk is open, a session is being shot, and ``clock`` is the studio's."""

    def __init__(self, at: AtDesk, clock: DayClock, folder: Path, picture: Image.Image) -> None:
        self.at, self.clock, self.folder = at, clock, folder
        self.film = Film()
        self.yes: dict[SubjectId, frozenset[str]] = {}
        """What each person who answered allowed; whoever is not in it was not asked."""
        self.struck: dict[str, SubjectId] = {}
        """Frames (by their hash) that somebody struck out."""
        self.said: list[tuple[str, str]] = []
        self.opening.desk.said.connect(lambda *told: self.said.append(told))
        self.hot = folder / "Tether"
        self.hot.mkdir()
        behind = timedelta(seconds=2, milliseconds=300)
        ahead = -timedelta(minutes=47)
        shared = clock, picture, self.film, self.hot
        self.first = Camera("Lantern One", "LNA", behind, "+00:00", folder / "card-a", *shared)
        self.second = Camera("Lantern Two", "LNB", ahead, "", folder / "card-b", *shared)

    # What is there.

    @property
    def opening(self) -> Opening:
        return self.at.opening

    @property
    def studio(self) -> OpenStudio:
        return self.opening.desk.studio

    @property
    def session(self) -> Session:
        assert self.opening.desk.session is not None
        return self.opening.desk.session

    def screen(self, key: str) -> Any:
        """The screen ``key`` of the window, once it is shown."""
        self.opening.window.open_screen(key)
        self.rest()
        return self.opening.window._screens[key]

    @property
    def shoot(self) -> ShootScreen:
        screen = self.opening.window._screens["shoot"]
        assert isinstance(screen, ShootScreen)
        return screen

    def shots(self, subject: SubjectId | None = None) -> tuple[ShotRow, ...]:
        """Every shot of the session, or of somebody."""
        return session_shots(self.studio, self.session, subject=subject)

    def clocks(self) -> tuple[CameraRow, ...]:
        """The cameras' clocks as the studio knows them."""
        return camera_rows(self.studio, self.session)

    def count(self) -> int:
        return self.studio.archive.photos.count(self.session.id)

    def guid_of(self, frame: Taken) -> PhotoGuid:
        """The photo that was made of a frame, by its hash."""
        photos = self.studio.archive.photos.of_session(self.session.id)
        (found,) = [each.guid for each in photos if each.sha256 == frame.sha256]
        return found

    # Waiting.

    def rest(self) -> None:
        """Until nothing is being done and nothing is read any more."""
        reader = self.shoot.presenter.reader
        for _ in range(2):
            QTest.qWait(10)
            until(lambda: not self.opening.jobs.busy and not reader.is_busy, 60)

    def all_in(self) -> None:
        """Until every frame that was transferred is in, and the roster counts it."""
        wanted = len({each.name for each in self.film.taken if (self.hot / each.name).exists()})
        until(lambda: self.count() >= wanted, 90)
        self.rest()

    def come_front(self) -> None:
        """The desk's window is the active one, as a window manager makes it once another is closed."""
        window = self.opening.window
        window.activateWindow()
        until(lambda: QApplication.activeWindow() is window)

    # Hands.

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """A key that is not taken for the end of the one before."""
        QTest.qWait(round(switching.KEY_PAUSE_S * 1000) + 30)
        QTest.keyClick(self.opening.window.windowHandle(), key, modifiers)

    def scan(self, subject: SubjectId) -> None:
        """Somebody's card before the scanner, which types what it reads faster than any window paints."""
        window = self.opening.window.windowHandle()
        for key, letter in (*((ord(each), each) for each in self.code(subject)), (Qt.Key.Key_Return.value, "\r")):
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                QCoreApplication.postEvent(window, QKeyEvent(kind, key, NONE, letter))

    def code(self, subject: SubjectId) -> str:
        """What stands on somebody's card."""
        return badge_code(self.studio, self.session.id, subject)

    def pointed_at(self) -> SubjectId | None:
        """Whom the cursor of the roster stands on."""
        found = self.shoot.view.roster.pointed_at()
        return None if found is None else found.subject

    def row(self, subject: SubjectId) -> RosterRow:
        """Somebody as the roster shows them."""
        (row,) = [each for each in self.shoot.view.roster.model.rows if each.subject == subject]
        return row

    def is_on_set(self, *people: SubjectId) -> None:
        """Wait until these people are on set, on the screen and durably."""
        until(lambda: set(self.shoot.presenter.set.on_set) == set(people))
        self.rest()
        assert set(on_set(self.studio, self.session)) == set(people)

    def find(self, subject: SubjectId, letters: str) -> None:
        """Somebody is looked for by name, and put on set by Enter."""
        self.press(Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
        search = self.shoot.view.roster.search
        until(lambda: QApplication.focusWidget() is search)
        search.setText(letters)
        until(lambda: self.pointed_at() == subject)
        self.press(Qt.Key.Key_Return)
        self.is_on_set(subject)

    # Cameras.

    def learn(self, camera: Camera, shut: Callable[[], None] | None = None) -> None:
        """The camera photographs the clock card of the desk, and its clock is known; ``shut`` puts it away again."""
        windows = self.shoot.windows
        if shut is None:
            windows.open_clock(())
        window = windows._clock
        assert window is not None
        at = self.clock()
        window._draw()
        QTest.qWait(20)
        camera.photograph_code(painted(window._matrix), at)
        until(lambda: camera.name in {each.name.removeprefix("Safelight ") for each in self.clocks() if each.known}, 60)
        (shut or window.close)()
        self.come_front()

    def photograph(
        self, people: Collection[SubjectId], count: int, camera: Camera, *, late: bool = False
    ) -> list[Taken]:
        """So many frames at a pace people have; ``late`` leaves them on the card, the transfer is still to come."""
        self.clock.skip(6)
        taken = []
        for _ in range(count):
            taken.append(camera.take(people))
            self.clock.skip(1.5)
        self.clock.skip(5)
        if not late:
            camera.transfer(*taken)
            self.all_in()
        return taken

    # People.

    def sign(
        self,
        person: Subject,
        *choices: Choice,
        shown: Sequence[Taken] = (),
        struck: Sequence[Taken] = (),
        signed_by: tuple[Role, ...] = (Role.SUBJECT,),
    ) -> None:
        """Somebody answers on paper: these, and no to everything else."""
        named = {each.scope for each in choices}
        rest = tuple(Choice(each, Answer.NO) for each in self.session.offered if each not in named)
        now, by = self.studio.now(), self.opening.desk.by.id
        act = Act(now, "signature", Signed(None), Role.SUBJECT, "paper")
        taking = consents.SigningContext(
            Method.PAPER, by, "paper", now, (act,), signed_by,
            tuple(map(self.guid_of, shown)), frozenset(map(self.guid_of, struck)),
        )  # fmt: skip
        left = consents.Evidence(SignatureKind.TYPED, person.name.encode())
        _, changes = consents.record_consent(self.studio, self.session, person, said(*choices, *rest), left, taking)
        self.yes[person.id] = frozenset(str(each.scope) for each in choices)
        self.struck.update({each.sha256: person.id for each in struck})
        self.opening.jobs.tell(changes)
        self.rest()

    def sign_at_the_screen(self, subject: SubjectId, uses: Sequence[str], pin: str) -> None:
        """The signing screen is handed to whoever is on set, they answer and sign, and the team takes it back."""
        self.is_on_set(subject)
        self.press(Qt.Key.Key_F2)
        kiosk = self.guest_answers(uses)
        kiosk.flow.give_pin(pin)
        until(lambda: not self.opening.desk.signing.is_open, 60)
        self.come_front()
        self.yes[subject] = frozenset(uses)
        self.rest()

    def guest_answers(self, uses: Sequence[str]) -> Any:
        """Who sits at the signing screen answers and signs, and it waits for the next one; gives that screen."""
        screens = self.opening.desk.signing._screens
        until(lambda: screens.is_open, 60)
        kiosk: Any = screens._kiosk  # type: ignore[attr-defined]
        kiosk.settle(60)
        kiosk.to_uses()
        for use in kiosk.asking.ceremony.offered:
            kiosk.asking.answer(use, str(use) in uses)
        kiosk.settle()
        kiosk.to_signature()
        kiosk.draw()
        kiosk.click(kiosk.window.foot.forward)
        kiosk.settle(60)
        assert kiosk.asking.outcome is not None and kiosk.asking.outcome.pdf.startswith(b"%PDF")
        kiosk.click(kiosk.words("finish"))
        kiosk.click(kiosk.words("done"))
        return kiosk


def painted(widget: QWidget) -> Image.Image:
    """A widget as a camera before the screen sees it."""
    shown = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    data = bytes(shown.constBits())
    return Image.frombytes("RGB", (shown.width(), shown.height()), data, "raw", "RGB", shown.bytesPerLine())

