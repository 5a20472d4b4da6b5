"""How windows look: tokens (colours, scale), the type sizes, and one style sheet filled from them.

Colours stand in ``resources/safelight.qss`` by name; sizes of type stand here, because Noto Sans is one variable file
and only a ``QFont`` can ask it for a weight. High contrast keeps 7:1 (WCAG 2.2, 1.4.6), the others 4.5:1 (1.4.3).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from string import Template

from PySide6.QtCore import QEvent, QLocale
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from safelight.settings import resources

from . import fonts

SCALES = (1.0, 1.5, 2.0)
"""Text sizes a person can choose from."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """Colours by what they are for, as ``#rrggbb``, and the scale of type.

    ``line`` parts surfaces and is decoration; ``edge`` is the outline of something that can be touched (3:1, WCAG 2.2,
    1.4.11). ``paper`` and ``ink`` stay as they are in every theme: a page to be signed is white. The accent is
    the receipt's.
    """

    name: str
    page: str
    card: str
    raised: str
    line: str
    edge: str
    text: str
    muted: str
    accent: str
    on_accent: str
    accent_soft: str
    warning: str
    focus: str
    paper: str = "#ffffff"
    ink: str = "#10182b"
    scale: float = 1.0

    def pt(self, points: float) -> float:
        """A size of type, scaled."""
        return points * self.scale

    def px(self, pixels: float) -> int:
        """A distance in device-independent pixels, scaled."""
        return round(pixels * self.scale)


PAPER = Tokens(
    name="paper", page="#faf9f6", card="#ffffff", raised="#ffffff", line="#e3e0d9", edge="#7d786e", text="#1c1b19",
    muted="#5c5850", accent="#99380f", on_accent="#ffffff", accent_soft="#f8ede4", warning="#a3142b", focus="#1a5fd0",
)  # fmt: skip
DARK = Tokens(
    name="dark", page="#161514", card="#201f1d", raised="#2a2826", line="#3a3734", edge="#8d877e", text="#f3f0ea",
    muted="#b9b2a7", accent="#f0a57c", on_accent="#2b1103", accent_soft="#3a2a20", warning="#ff97a4", focus="#8ab8ff",
)  # fmt: skip
HIGH_CONTRAST = Tokens(
    name="high_contrast", page="#000000", card="#000000", raised="#000000", line="#ffffff", edge="#ffffff",
    text="#ffffff", muted="#ffffff", accent="#ffd84a", on_accent="#000000", accent_soft="#000000", warning="#ffb3a6",
    focus="#5fd7ff",
)  # fmt: skip
THEMES: Mapping[str, Tokens] = {each.name: each for each in (PAPER, DARK, HIGH_CONTRAST)}

TYPE: Mapping[str, tuple[float, int]] = {
    "title": (26.0, 650),
    "lead": (20.0, 400),
    "heading": (20.0, 600),
    "body": (18.0, 400),
    "muted": (18.0, 400),
    "warning": (18.0, 600),
    "step": (18.0, 500),
    "button": (18.0, 600),
}
"""Points and weight (100-900) by role; nothing on a screen is smaller than 18 points."""

_TOKENS = "safelight_tokens"
_LANGUAGE = "safelight_language"


def scaled(tokens: Tokens, scale: float) -> Tokens:
    """The same colours with type ``scale`` times as large."""
    return replace(tokens, scale=scale)


def font(tokens: Tokens, role: str = "body", language: str = "en") -> QFont:
    """The type of ``role`` (a key of :data:`TYPE`), with the letters of ``language`` first."""
    points, weight = TYPE[role]
    made = QFont()
    made.setFamilies(fonts.families(language))
    made.setPointSizeF(tokens.pt(points))
    fonts.weigh(made, weight, language)
    return made


def palette(tokens: Tokens) -> QPalette:
    """What Fusion paints with where the style sheet says nothing."""
    roles = QPalette.ColorRole
    made = QPalette()
    colours = {
        roles.Window: tokens.page, roles.Base: tokens.card, roles.AlternateBase: tokens.raised,
        roles.Button: tokens.raised, roles.WindowText: tokens.text, roles.Text: tokens.text,
        roles.ButtonText: tokens.text, roles.PlaceholderText: tokens.muted, roles.Highlight: tokens.accent,
        roles.HighlightedText: tokens.on_accent, roles.Accent: tokens.accent, roles.ToolTipBase: tokens.raised,
        roles.ToolTipText: tokens.text, roles.Link: tokens.accent,
    }  # fmt: skip
    for role, colour in colours.items():
        made.setColor(role, QColor(colour))
    for role in (roles.Text, roles.WindowText, roles.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(tokens.muted))
    return made


def style_sheet(tokens: Tokens) -> str:
    """``resources/safelight.qss`` with the tokens filled in; lengths written ``${px_48}`` come out scaled."""
    sheet = resources.read_bytes("safelight.qss").decode()
    lengths = {f"px_{pixels}": f"{tokens.px(pixels)}px" for pixels in range(1, 129)}
    return Template(sheet).substitute(asdict(tokens), **lengths)


def apply(target: QApplication | QWidget, tokens: Tokens) -> None:
    """Appearance ``target`` and everything in it; call it again to change the look while it is shown."""
    target.setProperty(_TOKENS, tokens)
    if isinstance(target, QApplication):
        target.setStyle("Fusion")
    target.setFont(font(tokens, language=str(target.property(_LANGUAGE) or "en")))
    target.setPalette(palette(tokens))
    target.setStyleSheet(style_sheet(tokens))


def speak(target: QApplication | QWidget, language: str) -> None:
    """Letters and reading direction of ``language`` (BCP 47) for everything in ``target``, from now on."""
    target.setProperty(_LANGUAGE, language)
    target.setFont(font(tokens_of(None if isinstance(target, QApplication) else target), language=language))
    target.setLayoutDirection(QLocale(language).textDirection())
    QApplication.sendEvent(target, QEvent(QEvent.Type.LanguageChange))


def dress(widget: QWidget, role: str) -> None:
    """Give ``widget`` the type of ``role`` as it is where it stands."""
    tokens, language = _inherited(widget, _TOKENS), _inherited(widget, _LANGUAGE)
    widget.setFont(font(tokens if isinstance(tokens, Tokens) else PAPER, role, str(language or "en")))


def tokens_of(widget: QWidget | None = None) -> Tokens:
    """The tokens in force where ``widget`` stands: its own, its nearest parent's, the application's."""
    found = _inherited(widget, _TOKENS)
    return found if isinstance(found, Tokens) else PAPER


def _inherited(widget: QWidget | None, name: str) -> object:
    while widget is not None:
        found: object = widget.property(name)
        if found is not None:
            return found
        widget = widget.parentWidget()
    application = QApplication.instance()
    return None if application is None else application.property(name)


def mark(widget: QWidget, **properties: str | bool) -> None:
    """Set properties that the style sheet looks at, and paint ``widget`` anew by them."""
    for name, value in properties.items():
        widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()
