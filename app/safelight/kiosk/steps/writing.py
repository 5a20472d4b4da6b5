"""A place to sign: ink by pen, finger or mouse, or the name typed by somebody who cannot draw."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from safelight.asking.signatures import SignatureFault, drawn, typed
from safelight.domain.sitting import Evidence
from safelight.kiosk.pad import SignaturePad
from safelight.qt.controls import Button, EntryField, TextLabel
from safelight.qt.flow_layout import FlowLayout
from safelight.settings.texts import Texts

from .page import Spread

LONGEST_NAME = 120
LOWEST_PAD = 250
"""Where less height than this is left for the pad, its tools stand elsewhere."""


class Writing(QWidget):
    """The pad large, the words and tools in a strip; ``evidence`` is what was left so far, or None."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pad = SignaturePad("", "")
        self.field = EntryField("")
        self.field.edit.setMaxLength(LONGEST_NAME)
        typing = QWidget()
        lines = QVBoxLayout(typing)
        lines.setContentsMargins(0, 0, 0, 0)
        self._type_lead = TextLabel("", "lead")
        lines.addWidget(self.field)
        lines.addWidget(self._type_lead)
        lines.addStretch(1)
        drawing = QWidget()
        around = QVBoxLayout(drawing)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self.pad)
        self._ways = QStackedWidget()
        self._ways.addWidget(drawing)
        self._ways.addWidget(typing)
        self._place = QWidget()
        placed = QVBoxLayout(self._place)
        placed.setContentsMargins(24, 20, 24, 12)
        placed.setSpacing(8)
        placed.addWidget(self._ways, 1)
        self.panel = Spread(self._place)
        self._placed = placed
        self.tools = QWidget()
        tools = FlowLayout(12, self.tools)
        self.undo = Button("", "quiet", icon="undo")
        self.clear = Button("", "quiet", icon="clear")
        self.other_way = Button("", "quiet", icon="keyboard")
        for tool in (self.undo, self.clear, self.other_way):
            tools.addWidget(tool)
        self.warning = TextLabel("", "warning")
        self.warning.hide()
        self._here = TextLabel("", "body")
        self.panel.body.addWidget(self._here)
        self.panel.body.addWidget(self.warning)
        placed.addWidget(self.tools)
        self.panel.body.addStretch(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.panel)
        self._words: dict[str, str] = {}
        self._warnings: dict[SignatureFault, str] = {}
        self._signer = ""
        self._cramped = False
        self.undo.clicked.connect(self.pad.undo)
        self.clear.clicked.connect(self.pad.clear)
        self.other_way.clicked.connect(self._change_way)
        self.pad.changed.connect(self._changed)
        self.pad.typing_asked.connect(self._change_way)
        self.field.edited.connect(self._changed)

    def say(self, texts: Texts, title: str, lead: str, name: str, signer: str = "") -> None:
        """The words around the pad; what was drawn or typed stays. ``name`` is what the pad is called.

        ``signer`` is the only name that may be typed; empty where any will do (initials).
        """
        self._signer = signer
        words = texts.ceremony
        self.panel.say(title, lead)
        self.pad.set_words(name, words["sign_here"])
        self._here.setText(words["sign_here"])
        self.field.set_label(words["type_title"])
        self._type_lead.setText(words["type_lead"])
        self.undo.set_words(words["undo"])
        self.clear.set_words(words["clear"])
        self._words = {"draw": words["draw_instead"], "type": words["type_instead"]}
        self._warnings = {slip: words[slip] for slip in (SignatureFault.TOO_SHORT, SignatureFault.NAME_DIFFERS)}
        self._name_tools()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The tools stand under the pad, or among the words where the pad would get too low."""
        super().resizeEvent(event)
        self._place_tools()

    def _place_tools(self) -> None:
        wide = max(1, self._place.width() - 48)
        flow = self.tools.layout()
        needs = (flow.heightForWidth(wide) if flow is not None else 0) + LOWEST_PAD
        cramped = needs > self._place.height()
        if cramped is self._cramped:
            return
        self._cramped = cramped
        if cramped:
            self._placed.removeWidget(self.tools)
            self.panel.body.insertWidget(self.panel.body.count() - 1, self.tools)
        else:
            self.panel.body.removeWidget(self.tools)
            self._placed.addWidget(self.tools)
        self.tools.show()

    @property
    def typing(self) -> bool:
        """Whether the name is typed instead of drawn."""
        return self._ways.currentIndex() == 1

    @property
    def begun(self) -> bool:
        """Whether there is anything to hand in."""
        return bool(self.field.text().strip()) if self.typing else not self.pad.is_empty

    def evidence(self) -> Evidence | None:
        """What was written; None, with a sentence on the screen, while it is only a dot or another name."""
        written = typed(self.field.text(), self._signer) if self.typing else drawn(self.pad.strokes())
        if isinstance(written, Evidence):
            return written
        if written is not SignatureFault.EMPTY:
            self._warn(written)
        return None

    def forget(self) -> None:
        """Empty pad, field and undo."""
        self.pad.clear()
        self.field.set_text("")
        self._ways.setCurrentIndex(0)
        self.warning.hide()
        self._name_tools()

    def _warn(self, slip: SignatureFault) -> None:
        self.warning.setText(self._warnings.get(slip, "").replace("{name}", self._signer))
        self.warning.show()

    def _changed(self) -> None:
        self.warning.hide()
        self._name_tools()
        self.changed.emit()

    def _change_way(self) -> None:
        self._ways.setCurrentIndex(0 if self.typing else 1)
        self.warning.hide()
        self._name_tools()
        (self.field.edit if self.typing else self.pad).setFocus()
        self.changed.emit()

    def _name_tools(self) -> None:
        self.other_way.set_words(self._words.get("draw" if self.typing else "type", ""))
        self._here.setVisible(not self.typing)
        self.undo.setVisible(not self.typing)
        self.clear.setVisible(not self.typing)
        self.undo.setEnabled(not self.pad.is_empty)
        self.clear.setEnabled(not self.pad.is_empty)
