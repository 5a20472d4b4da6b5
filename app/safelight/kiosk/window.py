"""The signing screen's one window: head, page, foot, and a cover over all three. It paints scenes, it never decides."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QPixmapCache, QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from safelight.asking.flow import Flow
from safelight.asking.scene import Page, Scene
from safelight.asking.step_state import Footer

from .appearance import Appearance
from .card_panel import CardPanel
from .clipboard import OwnClipboard
from .cover import IdleWatch, ScreenCover
from .frame import Foot, Head
from .input_watch import InputWatch
from .page_transition import PageTransition
from .panels import listen, make_language_picker, make_panel, make_pin
from .screen_panel import ScreenPanel
from .steps import VIEWS
from .trouble import Trouble
from .view import StepView

LINGER_MS = 20_000
"""A page on which nothing is left to do, or that opens with why somebody was turned away, gives way after so long."""
_LINGER = {Page.THANKS: 1, Page.HELD: 1, Page.STOPPED: 1, Page.MIND_DONE: 3}  # times as long: that is a list to read


class Window(QWidget):
    """Stays for the whole day; what is inside is made for one person and thrown away with them."""

    left = Signal()
    print_asked = Signal()
    save_letter_asked = Signal()

    def __init__(self, flow: Flow, input_watch: InputWatch, watch: IdleWatch) -> None:
        super().__init__()
        self.setProperty("role", "screen")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._flow, self._input_watch, self._watch = flow, input_watch, watch
        self._scene: Scene | None = None
        self._content: StepView | ScreenPanel | None = None
        self._key: tuple[object, ...] = ()
        self._overlay: ScreenPanel | None = None
        self._dress, self._clipboard = Appearance(self), OwnClipboard(self)
        self._may_close = False
        self.head, self.foot = Head(), Foot()
        self.stack = QStackedWidget()
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        for part, stretch in ((self.head, 0), (self.stack, 1), (self.foot, 0)):
            rows.addWidget(part, stretch)
        self.cover, self.veil = ScreenCover(self), PageTransition(self)
        self._linger = QTimer(self, singleShot=True, interval=LINGER_MS)
        self._linger.timeout.connect(flow.wait)
        self._connect()

    @property
    def content(self) -> StepView | ScreenPanel | None:
        """The page that is shown below the head."""
        return self._content

    def show_scene(self, scene: Scene) -> None:
        """Paint one moment: a new page when it is another one, else the same page again."""
        self._scene = scene
        self._dress.speak(scene.texts.language)
        if scene.page is Page.TROUBLE:
            self._show_trouble(scene)
            return
        if isinstance(self._overlay, Trouble):
            self._close_overlay()
        step = scene.step if scene.page is Page.STEP else None
        key = (scene.page, step, scene.state.ceremony.turn if scene.state else 0)
        if fresh := key != self._key:
            self._key = key
            self._close_overlay()
            self._replace(scene)
        content = self._content
        if isinstance(content, StepView) and scene.state is not None:
            content.show_step(scene.state)
        elif isinstance(content, ScreenPanel):
            content.show_scene(scene)
        self.head.show_scene(scene, self._dress.scale)
        if self._overlay is not None:
            self._overlay.show_scene(scene)
        self._show_foot()
        self.cover.show_scene(scene)
        if fresh:
            if content is not None:
                self.stack.addWidget(content)
                self.stack.setCurrentWidget(content)
                content.show()
            self._settle(scene)

    def uncover(self) -> None:
        """Go on exactly where it was covered."""
        if self.cover.isHidden():
            return
        self.cover.hide()
        for part in (self.head, self.stack, self.foot):
            part.setEnabled(True)
            part.setVisible(part is not self.foot or self._asks())
        self._watch.uncovered()
        self._flow.stage.show()  # a trouble that was there is there again
        if content := self._overlay or self._content:
            (cast("QWidget | None", content.focusWidget()) or content).setFocus()

    def hide_person(self) -> None:
        """Cover everything; behind it all stays as it is, half a signature too."""
        if not self.cover.isHidden() or self._scene is None or self._scene.page in (Page.WAITING, Page.THANKS):
            return
        if self._scene.mind is not None:
            self._flow.wait()  # nothing here is worth keeping, and what is shown may be somebody's answers
            return
        self._close_overlay()
        self.cover.setGeometry(self.rect())
        self.cover.raise_()
        self.cover.show()
        for part in (self.head, self.stack, self.foot):
            part.hide()
        self.cover.tap.setFocus()
        self._watch.covered()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Only the PIN closes; Alt-F4 and the like do nothing."""
        event.setAccepted(self._may_close)
        if self._may_close:
            self.left.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The cover fits whatever the window becomes."""
        super().resizeEvent(event)
        self.cover.setGeometry(self.rect())

    def _connect(self) -> None:
        flow, head, foot = self._flow, self.head, self.foot
        flow.shown.connect(self.show_scene)
        flow.left.connect(self._leave)
        flow.recognised.connect(self.uncover)
        head.language_asked.connect(lambda: self._open_overlay(make_language_picker(flow, self._close_overlay)))
        head.pin_asked.connect(lambda: self._open_overlay(make_pin(flow, self._dismiss)))
        head.size_asked.connect(self._next_size)
        head.contrast_asked.connect(self._next_look)
        foot.back_asked.connect(self._backward)
        foot.forward_asked.connect(self._forward)
        foot.stop_asked.connect(flow.stop)
        foot.refuse_all_asked.connect(flow.refuse_all)
        self.cover.uncover_asked.connect(self.uncover)
        self.cover.not_me_asked.connect(flow.put_away)
        self._watch.due.connect(self.hide_person)
        self._watch.away.connect(flow.put_away)
        self._input_watch.used.connect(self._used)
        self._input_watch.scanned.connect(self._scanned)
        self._input_watch.keys = self._take_key

    def _show_trouble(self, scene: Scene) -> None:
        """Above the page, which stays as it is: half a signature is still there after "try again"."""
        if not isinstance(self._overlay, Trouble):
            self._open_overlay(make_panel(scene.page, self._flow))
        else:
            self._overlay.show_scene(scene)
        self.head.show_scene(scene, self._dress.scale)
        self.cover.show_scene(scene)

    def _replace(self, scene: Scene) -> None:
        self._drop()
        if scene.page is Page.STEP and scene.step is not None:
            view = VIEWS[scene.step]()
            listen(view, self._flow)
            view.footer_changed.connect(self._show_foot)
            view.print_asked.connect(self.print_asked)
            view.save_letter_asked.connect(self.save_letter_asked)
            self._content = view
        else:
            self._content = make_panel(scene.page, self._flow)
        self._content.setParent(self.stack)  # painted first, shown once: what is hidden is not laid out again and again

    def _drop(self) -> None:
        content, self._content = self._content, None
        if content is not None:
            content.forget()
            self.stack.removeWidget(content)
            content.hide()
            content.deleteLater()

    def _settle(self, scene: Scene) -> None:
        if self._content is not None and self.cover.isHidden():
            self._content.setFocus()
            if isinstance(self._content, ScreenPanel):
                self._content.first_focus()
            elif self.foot.forward.isEnabled() and not self.foot.forward.isHidden():
                self.foot.forward.setFocus()
        self._linger.stop()
        if times := _LINGER.get(scene.page, int(bool(scene.turned_away))):
            self._linger.start(times * LINGER_MS)
        if scene.page is Page.WAITING:
            self._reset()
        elif self.cover.isHidden():
            self._watch.start()
        self.veil.lift(self.stack.geometry(), moving=not self._flow.stage.reduced_motion)

    def _reset(self) -> None:
        """The next person starts with the ordinary look, uncovered."""
        self._watch.stop()
        self._input_watch.forget()
        if not self.cover.isHidden():
            self.cover.hide()
            self.head.show()
            self.stack.show()
        if self._dress.plain():
            self._flow.stage.resize_text(self._dress.scale)
        self._clipboard.clear()
        QPixmapCache.clear()

    def _asks(self) -> bool:
        return self._scene is not None and self._scene.page is Page.STEP and self._overlay is None

    def _show_foot(self) -> None:
        content = self._content
        self.foot.setVisible(self._asks() and self.cover.isHidden())
        if self._scene is not None and isinstance(content, StepView):
            self.foot.show_scene(self._scene, content.footer())
        elif self._scene is not None:
            self.foot.show_scene(self._scene, Footer("", back=False))

    def _forward(self) -> None:
        if isinstance(self._content, StepView):
            self._content.forward()

    def _backward(self) -> None:
        if isinstance(self._content, StepView):
            self._content.backward()

    def _next_size(self) -> None:
        self._dress.next_size()
        self._flow.stage.resize_text(self._dress.scale)

    def _next_look(self) -> None:
        self._dress.next_look()
        self._flow.stage.show()

    def _open_overlay(self, panel: ScreenPanel) -> None:
        if self._overlay is not None:
            again = type(self._overlay) is type(panel)
            self._close_overlay()
            if again:
                return
        self._overlay = panel
        self.stack.addWidget(panel)
        self.stack.setCurrentWidget(panel)
        if self._scene is not None:
            panel.show_scene(self._scene)
        self._show_foot()
        panel.first_focus()

    def _close_overlay(self) -> None:
        overlay, self._overlay = self._overlay, None
        if overlay is None:
            return
        overlay.forget()
        self.stack.removeWidget(overlay)
        overlay.hide()
        overlay.deleteLater()
        if self._content is not None:
            self.stack.setCurrentWidget(self._content)
        self._show_foot()

    def _dismiss(self) -> None:
        self._close_overlay()
        self._flow.stage.show()  # a trouble may still be there

    def _leave(self) -> None:
        self._may_close = True
        self.close()

    def _used(self) -> None:
        if self.cover.isHidden():
            self._watch.used()
            if self._linger.isActive():
                self._linger.start()

    def _scanned(self, code: str) -> None:
        if not self.cover.isHidden():
            self._flow.badge(code)
        elif isinstance(self._content, CardPanel):
            self._content.read(code)

    def _take_key(self, text: str) -> bool:
        if not self.cover.isHidden():
            return True
        content = self._content
        if isinstance(content, CardPanel) and self._overlay is None and not content.code.edit.hasFocus():
            content.type_key(text)
            return True
        return False
