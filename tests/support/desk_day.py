"""A day at the desk for tests: a real studio with people and a hot folder, and the shoot screen in a window."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PIL import ExifTags, Image
from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from safelight.desk.desk import Desk
from safelight.desk.preferences import Preferences
from safelight.desk.shoot.screen import ShootScreen
from safelight.documents.answers import Answers
from safelight.domain.acts import Act, Signed
from safelight.domain.choice import Answer, Choice, Modifiers
from safelight.domain.ids import Language, SubjectId
from safelight.domain.people import Role, StaffMember, Subject
from safelight.domain.record import Method, SignatureKind
from safelight.domain.session import Session
from safelight.keys.passphrases import FLOOR_COST
from safelight.qt import theme
from safelight.qt.jobs import Jobs
from safelight.settings.desk_texts import desk_texts
from safelight.studio import consents, founding, sessions, subjects
from safelight.studio.arrivals import mark_arrived
from safelight.studio.decoding import DecoderPool
from safelight.studio.open_studio import OpenStudio, new_id
from safelight.studio.queries.sessions import session_rows
from safelight.studio.queries.shots import ShotRow, session_shots
from safelight.studio.staff import add_staff

NAMES = ("Amélie Béranger", "Mehmet Öztürk", "Ana Sousa", "Jonas Ångström", "Yūki Tanaka", "أمينة الحداد")
PASSPHRASE = "a passphrase for tests alone"
_SCREEN = (1600, 912)


class NoSigningScreen:
    """Stands for the signing screen: it opens, and closes when told."""

    def __init__(self) -> None:
        self.given: list[object] = []
        self.is_open = self.busy = False

    def open(self, point: object, first: object, left: Callable[[], None], screen: int | None) -> None:
        self.given.append(first)
        self.is_open = True

    def close(self) -> None:
        self.is_open = False


@dataclass
class DeskDay:
    """Everything at hand; what tests wait for they wait for by :meth:`until`."""

    studio: OpenStudio
    session: Session
    by: StaffMember
    people: tuple[Subject, ...]
    desk: Desk
    screens: NoSigningScreen
    hot: Path
    picture: Image.Image
    said: list[tuple[str, str]] = field(default_factory=list)
    window: QWidget | None = None
    screen: ShootScreen | None = None
    frames: int = 0

    def open(self, look: str = "desk_dark", scale: float = 1.0, size: tuple[int, int] = _SCREEN) -> ShootScreen:
        """Show the screen in a window as high as it is on the desk."""
        screen = self.screen = ShootScreen(self.desk)
        window = self.window = QWidget()
        layout = QVBoxLayout(window)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(screen.widget)
        theme.apply(window, theme.scaled(theme.THEMES[look], scale))
        theme.speak(window, self.desk.words.language)
        window.resize(*size)
        window.show()
        window.activateWindow()
        self.until(lambda: QApplication.activeWindow() is window, "the window is active")
        screen.opened()
        self.until(lambda: screen.presenter.reader.day is not None, "the day was read")
        return screen

    @property
    def at_work(self) -> ShootScreen:
        """The screen; a test that asks before it is open fails."""
        assert self.screen is not None
        return self.screen

    def until(self, holds: Callable[[], object], what: str = "", seconds: float = 15.0) -> None:
        """Let the window live until ``holds``."""
        end = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < end, f"waited in vain: {what}"
            QTest.qWait(5)

    def rest(self) -> None:
        """Until nothing is being done and nothing is read any more."""
        reader = self.at_work.presenter.reader
        self.until(lambda: not self.desk.jobs.busy and not reader.is_busy, "rest")

    def put(self, number: int) -> SubjectId:
        """Somebody is put on set as a click on their name does, and it is durable."""
        subject = self.people[number].id
        self.at_work.presenter.set.wish(_wish(subject), sure=True)
        self.until(lambda: self.desk.jobs.busy is False, "the switch is durable")
        return subject

    def photograph(self, count: int = 1, name: str = "", at: datetime | None = None) -> list[Path]:
        """The camera writes so many frames into the hot folder."""
        made = []
        for _ in range(count):
            self.frames += 1
            path = self.hot / (name or f"SLN_{self.frames:04}.jpg")
            taken = at or datetime.now(UTC)
            path.write_bytes(frame(self.picture, self.frames, taken))
            made.append(path)
        return made

    def shots(self, number: int | None = None) -> tuple[ShotRow, ...]:
        """The shots of a person as the archive has them; None: of nobody."""
        if number is None:
            return session_shots(self.studio, self.session, unassigned=True)
        return session_shots(self.studio, self.session, subject=self.people[number].id)

    def sign(self, number: int, *said: Choice) -> None:
        """Somebody answers on paper, everything that is not ``said`` with no: they are ready."""
        person = self.people[number]
        now = self.studio.now()
        others = set(self.session.offered) - {each.scope for each in said}
        choices = (*said, *(Choice(each, Answer.NO) for each in self.session.offered if each in others))
        answers = Answers(Language("en"), choices, Modifiers(), True, 0, (), "", "", True)
        taking = consents.SigningContext(
            Method.PAPER, self.by.id, "test", now, (Act(now, "signature", Signed(None), Role.SUBJECT, "paper"),),
            (Role.SUBJECT,), (), frozenset(),
        )  # fmt: skip
        evidence = consents.Evidence(SignatureKind.TYPED, person.name.encode())
        _, changes = consents.record_consent(self.studio, self.session, person, answers, evidence, taking)
        self.desk.jobs.tell(changes)

    def arrive(self, number: int) -> None:
        """Somebody is here."""
        self.desk.jobs.tell(mark_arrived(self.studio, self.session, self.people[number].id)[1])

    def close(self) -> None:
        """As the window closes: screens go, work ends, the studio is let go."""
        self.desk.signing.take_back()
        if self.screen is not None and self.window is not None:
            self.screen.forget()
            self.screen.widget.setParent(None)
            self.screen.widget.deleteLater()
            self.window.close()
            self.window.deleteLater()
        self.desk.jobs.close()
        self.desk.lock()
        QCoreApplication.processEvents()


def _wish(subject: SubjectId) -> Any:
    from safelight.desk.shoot.switching import Wish

    return Wish((subject,), "find")


def frame(picture: Image.Image, number: int, taken: datetime, camera: str = "Lantern One") -> bytes:
    """A small photograph as a camera saves it; another number gives another picture."""
    small = picture.convert("RGB").resize((480, 600))
    for place in range(16):
        small.putpixel((place, 0), (255, 255, 255) if number >> place & 1 else (0, 0, 0))
    out = io.BytesIO()
    small.save(out, "JPEG", quality=92, exif=taken_at(taken, camera))
    return out.getvalue()


def taken_at(taken: datetime, camera: str = "Lantern One") -> Image.Exif:
    """What a camera notes in a photograph: which it is, and what its clock showed."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make], exif[ExifTags.Base.Model] = "Safelight", camera
    inside = exif.get_ifd(ExifTags.IFD.Exif)
    inside[ExifTags.Base.DateTimeOriginal] = taken.strftime("%Y:%m:%d %H:%M:%S")
    inside[ExifTags.Base.SubsecTimeOriginal] = f"{taken.microsecond // 1000:03}"
    inside[ExifTags.Base.OffsetTimeOriginal] = "+00:00"
    inside[ExifTags.Base.BodySerialNumber] = camera
    return exif


def found_studio(folder: Path, names: tuple[str, ...] = NAMES, planned: int | None = 5) -> None:
    """Found a studio in ``folder``, with a session of today and its people on the roster; close it."""
    wanted = founding.Founding("Nordlicht", "DE", "privacy@nordlicht.example", "Lindenallee 4, Berlin")
    with founding.found_studio(folder, wanted, PASSPHRASE, cost=FLOOR_COST) as studio:
        by, _ = add_staff(studio, "Kim", frozenset({Role.PHOTOGRAPHER}), "2718")
        new = sessions.NewSession(
            "Spring", "Nordwind", "Berlin", "DE", studio.today(), by.id, ("use.directory", "use.portfolio"),
            frames_per_subject=planned, zone="UTC",
        )  # fmt: skip
        session, _ = sessions.new_session(studio, new)
        for at, name in enumerate(names, 17):
            person = Subject(SubjectId(new_id()), name, Language("pt"), session.country, reference=f"A-{at:03}")
            subjects.add_subject(studio, session, person)


def open_day(
    folder: Path, picture: Image.Image, decoders: DecoderPool, parent: QObject | None = None, language: str = "en"
) -> DeskDay:
    """Open the studio in ``folder / "studio"`` at a desk, with an empty hot folder beside it."""
    studio = founding.open_studio(folder / "studio", PASSPHRASE)
    (session,) = (row.session for row in session_rows(studio))
    (by,) = studio.archive.staff.list()
    hot = folder / "Tether"
    hot.mkdir()
    jobs, screens = Jobs(parent), NoSigningScreen()
    desk = Desk(jobs, desk_texts(language), screens, Preferences(folder / "desk.ini"), parent)
    day = DeskDay(studio, session, by, studio.archive.subjects.opened(session.id), desk, screens, hot, picture)
    desk.said.connect(lambda *told: day.said.append(told))
    desk.unlock(studio, decoders, by)
    desk.open_session(session)
    return day
