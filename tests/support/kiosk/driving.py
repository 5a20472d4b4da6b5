"""Drives the whole signing screen in a test: a real window, real events, a desk in memory."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QInputDevice, QPointingDevice, QPointingDeviceUniqueId, QTabletEvent, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from safelight.asking.asking import Asking
from safelight.asking.scene import Page
from safelight.asking.signing_point import SigningPoint
from safelight.domain.ceremony import Step
from safelight.kiosk.opening import Kiosk
from safelight.kiosk.pad import SignaturePad
from safelight.qt.camera import Attach
from safelight.qt.controls import Button
from support.kiosk.desk_double import DeskDouble, SittingDouble, person_double

Press = Callable[[QWidget], None]


class Driven(Kiosk):
    """A signing screen with hands: every method waits until the studio has answered."""

    def __init__(
        self,
        people: dict[str, SittingDouble] | None = None,
        size: tuple[int, int] = (1280, 800),
        *,
        eye: Attach | None = None,
        door: SigningPoint | None = None,
    ) -> None:
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        self.sitting = SittingDouble(person_double())
        self.desk = DeskDouble(people if people is not None else {"AB12CD": self.sitting})
        super().__init__(application, door or self.desk, still=True, eye=eye)
        # Hands of a test are fast: two taps of theirs on two pages are no double tap.
        self._interval = application.doubleClickInterval()
        application.setDoubleClickInterval(0)
        self.open(0, windowed=True)
        self.window.resize(*size)
        self.taps = 0
        self.settle()

    def close(self) -> None:
        """Leave everything as it was found."""
        self.application.setDoubleClickInterval(self._interval)
        super().close()
        self.window.close()
        self.window.deleteLater()

    def settle(self, seconds: float = 20.0) -> None:
        """Until no job is under way and nothing waits to be painted."""
        until = time.monotonic() + seconds
        while True:
            QCoreApplication.processEvents()
            if not self.jobs.busy and not self.puts_off():
                break
            assert time.monotonic() < until, "the studio never answered"
            time.sleep(0.002)
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QCoreApplication.processEvents()

    def puts_off(self) -> bool:
        """Whether the step still adds what it put off until it was painted."""
        content = self.window.content
        timers = content.findChildren(QTimer, options=Qt.FindChildOption.FindDirectChildrenOnly) if content else []
        return any(each.isActive() and not each.interval() for each in timers)

    @property
    def asking(self) -> Asking:
        """Whoever sits here."""
        assert self.flow.asking is not None
        return self.flow.asking

    @property
    def step(self) -> Step:
        """The step of the ceremony."""
        return self.asking.ceremony.step

    @property
    def page(self) -> Page:
        """The page of the flow."""
        return self.flow.page

    def words(self, key: str) -> str:
        """A word as it is on the screen."""
        scene = self.flow.stage.scene()
        return scene.texts.ceremony[key]

    def button(self, words: str) -> Button:
        """The visible button with these words."""
        inner, every = self.window.stack.findChildren(Button), self.window.findChildren(Button)
        shown = [each for each in (*inner, *every) if each.isVisible()]  # the page first, then what stands around it
        found = [each for each in shown if each.words == words]
        assert found, f"no button '{words}' among {[each.words for each in shown]}"
        return found[0]

    def click(self, target: QWidget | str) -> None:
        """A mouse click in the middle of a button, as the system sends it to the window."""
        widget = self.button(target) if isinstance(target, str) else target
        assert widget.isEnabled()
        self.taps += 1
        self.bring_into_view(widget)
        QTest.mouseClick(self.handle, Qt.MouseButton.LeftButton, pos=widget.mapTo(self.window, middle(widget)))
        self.settle()

    def bring_into_view(self, widget: QWidget) -> None:
        """Scroll as far as somebody would before they tap."""
        for area in self.window.findChildren(QScrollArea):
            if area.isAncestorOf(widget):
                area.ensureWidgetVisible(widget)

    @property
    def handle(self) -> QWindow:
        """What the system sends input to."""
        return self.window.windowHandle()

    def touch(self, target: QWidget | str) -> None:
        """A finger on the middle of a button."""
        widget = self.button(target) if isinstance(target, str) else target
        assert widget.isEnabled()
        self.taps += 1
        middle = widget.rect().center()
        QTest.touchEvent(widget, touch_screen()).press(0, middle, widget).commit()
        QTest.touchEvent(widget, touch_screen()).release(0, middle, widget).commit()
        self.settle()

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """A key to whatever has the focus."""
        QTest.keyClick(self.handle, key, modifier)
        self.settle()

    def type(self, text: str) -> None:
        """Characters to whatever has the focus, as fast as a scanner."""
        for letter in text:
            QTest.keyClick(self.handle, letter)  # type: ignore[call-overload]

    def scan(self, code: str) -> None:
        """A scanner: a burst of keys that ends in Enter, whatever has the focus."""
        self.type(code)
        QTest.keyClick(self.handle, Qt.Key.Key_Return)
        self.settle()

    def to_uses(self, press: Press | None = None) -> None:
        """From the waiting screen to the uses."""
        tap = press or self.click
        if self.page is Page.WAITING:
            self.scan("AB12CD")
        if self.page is Page.HELLO:
            tap(self.button(self.words("start")))
        if self.step is Step.LANGUAGE:
            self.flow.speak(self.asking.language)
            self.settle()
        while self.step in (Step.NOTICE, Step.PHOTOS):
            tap(self.window.foot.forward)

    def to_signature(self) -> None:
        """On to the pad, whatever comes between."""
        while self.step is not Step.SIGNATURE:
            if self.step is Step.QUESTIONS:
                self.asking.put(self.asking.ceremony.questions_put, 0)
                self.asking.put(self.asking.ceremony.questions_put, 1)
                self.settle()
            else:
                self.click(self.window.foot.forward)

    def draw(self) -> None:
        """Three strokes with a pen on the pad."""
        pad = next(each for each in self.window.findChildren(SignaturePad) if each.isVisible())
        for stroke in range(3):
            points = [QPointF(40 + 60 * stroke + 3 * n, 60 + (n % 7) * 9) for n in range(20)]
            send_pen(pad, QEvent.Type.TabletPress, points[0])
            for point in points[1:]:
                send_pen(pad, QEvent.Type.TabletMove, point)
            send_pen(pad, QEvent.Type.TabletRelease, points[-1])
        self.settle()

    def sign(self) -> None:
        """Draw, then press the button."""
        self.draw()
        self.click(self.window.foot.forward)

    def sign_all(self, yes: bool = False) -> None:
        """From the waiting screen to the receipt."""
        self.to_uses()
        if yes:
            for scope in self.asking.ceremony.offered:
                self.asking.answer(scope, True)
            self.settle()
        self.to_signature()
        self.sign()


_DEVICES: dict[str, QPointingDevice] = {}


def touch_screen() -> QPointingDevice:
    """A registered touch screen (one made by hand would deliver nothing)."""
    if "touch" not in _DEVICES:
        _DEVICES["touch"] = QTest.createTouchDevice(
            QInputDevice.DeviceType.TouchScreen, QInputDevice.Capability.Position | QInputDevice.Capability.Pressure
        )
    return _DEVICES["touch"]


def pen() -> QPointingDevice:
    """A pen with pressure and tilt."""
    if "pen" not in _DEVICES:
        capability = QInputDevice.Capability
        _DEVICES["pen"] = QPointingDevice(
            "pen", 1001, QInputDevice.DeviceType.Stylus, QPointingDevice.PointerType.Pen,
            capability.Position | capability.Pressure | capability.XTilt | capability.YTilt,
            1, 2, "", QPointingDeviceUniqueId.fromNumericId(77),
        )  # fmt: skip
    return _DEVICES["pen"]


def send_pen(widget: QWidget, kind: QEvent.Type, at: QPointF) -> None:
    """One sample of a pen, sent to the window of ``widget``."""
    window = widget.window()
    place = QPointF(widget.mapTo(window, at.toPoint()))
    up = kind == QEvent.Type.TabletRelease
    event = QTabletEvent(
        kind, pen(), place, QPointF(window.mapToGlobal(place)), 0.0 if up else 0.6, 5.0, -3.0, 0.0, 0.0, 0.0,
        Qt.KeyboardModifier.NoModifier,
        Qt.MouseButton.NoButton if kind == QEvent.Type.TabletMove else Qt.MouseButton.LeftButton,
        Qt.MouseButton.NoButton if up else Qt.MouseButton.LeftButton,
    )  # fmt: skip
    QCoreApplication.sendEvent(window.windowHandle(), event)


def middle(widget: QWidget) -> QPoint:
    """The middle of a widget."""
    return widget.rect().center()
