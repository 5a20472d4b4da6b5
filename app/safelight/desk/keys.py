"""The keys of the desk: one table from acts to keys, with a twin for each F-key and sets for one hand, by position.

Shortcuts that work anywhere are made by :func:`bind`. Letters act only while the grid has the focus: its
``keyPressEvent`` asks :func:`letter_act`. A set for one hand goes by where a key lies, not by what is printed on it, so
it is the same on every keyboard.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget


class Hand(StrEnum):
    """Which set of letters is in force."""

    LETTERS = "letters"
    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Key:
    """An act and what does it: a shortcut with, for an F-key, a ``twin``; or a letter for the grid.

    ``left`` and ``right`` are positions for one hand, called as on an American keyboard.
    """

    act: str
    keys: tuple[str, ...]
    twin: str = ""
    left: str = ""
    right: str = ""

    @property
    def in_grid(self) -> bool:
        """Whether it acts only while the grid has the focus."""
        return bool(self.left)


KEYS = (
    Key("find", ("Ctrl+F",)),
    Key("next_person", ("Enter", "Return")),
    Key("last_person", ("Shift+Enter", "Shift+Return")),
    Key("hand_over", ("F2",), "Ctrl+H"),
    Key("take_back", ("F3",), "Ctrl+B"),
    Key("walk_in", ("F4",), "Ctrl+N"),
    Key("deliver", ("F8",), "Ctrl+D"),
    Key("nobody", ("F9",), "Ctrl+0"),
    Key("rate_0", ("0",), left="`", right="0"),
    Key("rate_1", ("1",), left="1", right="6"),
    Key("rate_2", ("2",), left="2", right="7"),
    Key("rate_3", ("3",), left="3", right="8"),
    Key("rate_4", ("4",), left="4", right="9"),
    Key("rate_5", ("5",), left="5", right="-"),
    Key("pick", ("P", "Space"), left="Space", right="Space"),
    Key("reject", ("X",), left="A", right=";"),
    Key("unmark", ("U",), left="S", right="L"),
    Key("discard", ("Delete",), left="Q", right="P"),
    Key("move", ("M",), left="W", right="O"),
    Key("group", ("G",), left="G", right="H"),
    Key("whole_size", ("Z",), left="E", right="I"),
    Key("compare", ("C",), left="D", right="K"),
    Key("guide", ("O",), left="R", right="U"),
    Key("clipping", ("J",), left="F", right="J"),
    Key("picture_only", ("F",), left="T", right="Y"),
    Key("undo", ("Ctrl+Z",)),
    Key("redo", ("Ctrl+Shift+Z", "Ctrl+Y")),
    Key("panel", ("I",), "Ctrl+I", left="Tab", right="\\"),
    Key("cover", ("Ctrl+L",)),
    Key("keys", ("F1",), "Ctrl+K"),
    Key("tab_1", ("Ctrl+1",)),
    Key("tab_2", ("Ctrl+2",)),
    Key("tab_3", ("Ctrl+3",)),
    Key("tab_4", ("Ctrl+4",)),
    Key("tab_5", ("Ctrl+5",)),
    Key("tab_6", ("Ctrl+6",)),
    Key("tab_7", ("Ctrl+7",)),
)
"""Every act with a key, in the order F1 shows them. Alt and a digit answer the alarm with that number."""

_BY_ACT = {each.act: each for each in KEYS}

_ROWS = ("`1234567890-=", "QWERTYUIOP[]\\", "ASDFGHJKL;'", "ZXCVBNM,./")
_FIRST_CODES = (41, 16, 30, 44)
"""Where each row begins among the codes that keyboards send (set 1, as Linux and Windows number them)."""


def _codes() -> dict[int, str]:
    found = {15: "Tab", 57: "Space", 43: "\\", 41: "`"}
    for row, first in zip(_ROWS, _FIRST_CODES, strict=True):
        letters = row[1:] if row.startswith("`") else row.rstrip("\\")
        start = 2 if row.startswith("`") else first
        found |= {start + place: letter for place, letter in enumerate(letters)}
    return found


_POSITIONS = _codes()
_X11_OFFSET = 8


def key(act: str) -> Key:
    """The line of ``act``; raises KeyError for one that is not in the table."""
    return _BY_ACT[act]


def sequences(act: str) -> tuple[str, ...]:
    """All shortcuts of an act, the one that is shown first."""
    line = key(act)
    return (*line.keys, line.twin) if line.twin else line.keys


def shown(act: str, hand: Hand = Hand.LETTERS) -> str:
    """The key of an act as a key cap says it, in the words of the system."""
    line = key(act)
    own = {Hand.LEFT: line.left, Hand.RIGHT: line.right}.get(hand, "")
    return own or QKeySequence(line.keys[0]).toString(QKeySequence.SequenceFormat.NativeText)


class _Enter(QObject):
    """Hears Enter in a widget and what is inside it, where nothing inside wants it for itself.

    It is no shortcut: those come before anything else, also before the Enter that ends what a scanner types is known
    for what it is.
    """

    def __init__(self, widget: QWidget, shift: bool, call: Callable[[], None]) -> None:
        super().__init__(widget)
        self._shift, self._call = shift, call
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002 - there is but one
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent) or event.isAutoRepeat():
            return False
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        wanted = Qt.KeyboardModifier.ShiftModifier if self._shift else Qt.KeyboardModifier.NoModifier
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter) or held != wanted:
            return False
        self._call()
        return True


def bind(
    widget: QWidget,
    act: str,
    call: Callable[[], None],
    context: Qt.ShortcutContext = Qt.ShortcutContext.WidgetWithChildrenShortcut,
) -> None:
    """Have the keys of ``act`` make ``call`` while the focus is in ``widget``; the twin too."""
    for each in sequences(act):
        if each in ("Return", "Shift+Return"):
            _Enter(widget, each != "Return", call)
        elif "Enter" not in each:
            shortcut = QShortcut(QKeySequence(each), widget)
            shortcut.setContext(context)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(call)


def letter_act(event: QKeyEvent, hand: Hand = Hand.LETTERS) -> str:
    """Which act of the grid this key means with ``hand``; empty for none, and together with Ctrl, Alt or Meta."""
    held = event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier)
    if held:
        return ""
    if hand is not Hand.LETTERS and (place := position(event)):
        return next((each.act for each in KEYS if place == (each.left if hand is Hand.LEFT else each.right)), "")
    pressed = QKeySequence(event.key()).toString(QKeySequence.SequenceFormat.PortableText)
    pressed = {"Del": "Delete"}.get(pressed, pressed)
    return next((each.act for each in KEYS if each.in_grid and pressed in each.keys), "")


def position(event: QKeyEvent) -> str:
    """Where the pressed key lies, called as on an American keyboard; empty where the system does not say."""
    code = event.nativeScanCode()
    if sys.platform == "linux":
        code -= _X11_OFFSET
    return _POSITIONS.get(code, "") if sys.platform in ("linux", "win32") else ""
