"""How windows look: tokens (colours, density, scale) and one style sheet filled from them, for one window at a time.

Colours and lengths stand in ``resources/safelight.qss`` by name; sizes of type are set here, because Noto Sans is one
variable file and only a ``QFont`` can ask it for a weight. High contrast keeps 7:1 (WCAG 2.2, 1.4.6), the others 4.5:1
(1.4.3).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from string import Template

from PySide6.QtCore import QEvent, QLocale
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from safelight.settings import resources

from . import fonts
from .density import DESK, SUBJECT, Density


@dataclass(frozen=True, slots=True)
class Tokens:
    """Colours by what they are for, as ``#rrggbb``, how large things are, and the scale of both.

    ``line`` parts surfaces and is decoration; ``edge`` is the outline of something that can be touched (3:1, WCAG 2.2,
    1.4.11). ``accent_soft`` is the ground of what is chosen, ``chosen`` that of a button that stands for a choice.
    ``yes``, ``waiting`` and ``no`` are states in a list, beside a glyph and a word; a refusal is no warning. ``paper``
    and ``ink`` stay as they are in every theme: a page to be signed is white. The accent is the receipt's.
    """

    name: str
    page: str
    card: str
    raised: str
    line: str
    edge: str
    text: str
    muted: str
    faint: str
    accent: str
    on_accent: str
    accent_soft: str
    chosen: str
    on_chosen: str
    yes: str
    waiting: str
    no: str
    warning: str
    focus: str
    density: Density = SUBJECT
    paper: str = "#ffffff"
    ink: str = "#10182b"
    scale: float = 1.0

    def size(self, role: str) -> float:
        """The size of the type of ``role``, scaled, in the density's unit."""
        return self.density.type[role][0] * self.scale

    def px(self, pixels: float) -> int:
        """A distance in device-independent pixels, scaled."""
        return round(pixels * self.scale)


PAPER = Tokens(
    name="paper", page="#faf9f6", card="#ffffff", raised="#ffffff", line="#e3e0d9", edge="#7d786e", text="#1c1b19",
    muted="#5c5850", faint="#5c5850", accent="#99380f", on_accent="#ffffff", accent_soft="#f8ede4", chosen="#99380f",
    on_chosen="#ffffff", yes="#1d6b3a", waiting="#7a5300", no="#3c5a78", warning="#a3142b", focus="#1a5fd0",
)  # fmt: skip
DARK = Tokens(
    name="dark", page="#161514", card="#201f1d", raised="#2a2826", line="#3a3734", edge="#8d877e", text="#f3f0ea",
    muted="#b9b2a7", faint="#b9b2a7", accent="#f0a57c", on_accent="#2b1103", accent_soft="#3a2a20", chosen="#f0a57c",
    on_chosen="#2b1103", yes="#8fd3a8", waiting="#e8c66a", no="#9db4cc", warning="#ff97a4", focus="#8ab8ff",
)  # fmt: skip
HIGH_CONTRAST = Tokens(
    name="high_contrast", page="#000000", card="#000000", raised="#000000", line="#ffffff", edge="#ffffff",
    text="#ffffff", muted="#ffffff", faint="#ffffff", accent="#ffd84a", on_accent="#000000", accent_soft="#000000",
    chosen="#ffd84a", on_chosen="#000000", yes="#ffffff", waiting="#ffffff", no="#ffffff", warning="#ffb3a6",
    focus="#5fd7ff",
)  # fmt: skip
# Pictures are the colour of the desk: its greys have no tint, and the accent means what is on set now.
DESK_DARK = Tokens(
    name="desk_dark", page="#131313", card="#1a1a1a", raised="#242424", line="#2f2f2f", edge="#7c7c7c", text="#eeeeee",
    muted="#a6a6a6", faint="#979797", accent="#f0a57c", on_accent="#2b1103", accent_soft="#2a2a2a", chosen="#dcdcdc",
    on_chosen="#131313", yes="#8fd3a8", waiting="#e8c66a", no="#9db4cc", warning="#ff8f8f", focus="#8ab8ff",
    density=DESK,
)  # fmt: skip
DESK_LIGHT = Tokens(
    name="desk_light", page="#e9e9e9", card="#f4f4f4", raised="#ffffff", line="#d0d0d0", edge="#767676", text="#1b1b1b",
    muted="#565656", faint="#646464", accent="#99380f", on_accent="#ffffff", accent_soft="#e2e2e2", chosen="#2b2b2b",
    on_chosen="#ffffff", yes="#1d6b3a", waiting="#7a5300", no="#3c5a78", warning="#a3142b", focus="#1a5fd0",
    density=DESK,
)  # fmt: skip
DESK_HIGH_CONTRAST = replace(HIGH_CONTRAST, name="desk_high_contrast", density=DESK)
THEMES: Mapping[str, Tokens] = {
    each.name: each for each in (PAPER, DARK, HIGH_CONTRAST, DESK_DARK, DESK_LIGHT, DESK_HIGH_CONTRAST)
}

CELL_INSET = 3
"""How far a table of the toolkit sets the words of a cell in, beside the padding."""
_TOKENS = "safelight_tokens"
_LANGUAGE = "safelight_language"


def scaled(tokens: Tokens, scale: float) -> Tokens:
    """The same colours with type ``scale`` times as large."""
    return replace(tokens, scale=scale)


def font(tokens: Tokens, role: str = "body", language: str = "en") -> QFont:
    """The type of ``role`` (a key of the density's ``type``), with the letters of ``language`` first."""
    made = QFont()
    made.setFamilies(fonts.families(language))
    if tokens.density.unit == "points":
        made.setPointSizeF(tokens.size(role))
    else:
        made.setPixelSize(round(tokens.size(role)))
    fonts.weigh(made, tokens.density.type[role][1], language)
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
    """``resources/safelight.qss`` with tokens and lengths filled in."""
    sheet = resources.read_bytes("safelight.qss").decode()
    density = tokens.density
    lengths = {
        "field_height": tokens.px(density.field), "handle": tokens.px(density.small), "radius": density.radius,
        "radius_field": density.radius_field, "radius_card": density.radius_card, "outline": density.outline,
        "focus_outline": density.focus_outline, "field_pad": density.pad_quiet,
        "focus_pad": density.pad_quiet - (density.focus_outline - density.outline),
        "head_pad": density.pad_quiet + CELL_INSET,
    }  # fmt: skip
    colours = {each.name: getattr(tokens, each.name) for each in fields(tokens)}
    return Template(sheet).substitute(colours, **{name: f"{pixels}px" for name, pixels in lengths.items()})


def apply(window: QWidget, tokens: Tokens) -> None:
    """Appearance of ``window`` and everything in it; call it again to change the look while it is shown.

    Windows of one program look different: nothing is set for the whole application.
    """
    window.setProperty(_TOKENS, tokens)
    window.setFont(font(tokens, language=str(window.property(_LANGUAGE) or "en")))
    window.setPalette(palette(tokens))
    window.setStyleSheet(style_sheet(tokens))


def speak(window: QWidget, language: str) -> None:
    """Letters and reading direction of ``language`` (BCP 47) for everything in ``window``, from now on."""
    window.setProperty(_LANGUAGE, language)
    window.setFont(font(tokens_of(window), language=language))
    window.setLayoutDirection(QLocale(language).textDirection())
    QApplication.sendEvent(window, QEvent(QEvent.Type.LanguageChange))


def dress(widget: QWidget, role: str) -> None:
    """Give ``widget`` the type of ``role`` as it is where it stands."""
    tokens, language = tokens_of(widget), _inherited(widget, _LANGUAGE)
    if role in tokens.density.type:  # or it is one of the desk's that does not stand in its window yet
        widget.setFont(font(tokens, role, str(language or "en")))


def tokens_of(widget: QWidget) -> Tokens:
    """The tokens in force where ``widget`` stands: its own, or its nearest parent's."""
    found = _inherited(widget, _TOKENS)
    return found if isinstance(found, Tokens) else PAPER


def _inherited(widget: QWidget | None, name: str) -> object:
    while widget is not None:
        found: object = widget.property(name)
        if found is not None:
            return found
        widget = widget.parentWidget()
    return None


def mark(widget: QWidget, **properties: str | bool) -> None:
    """Set properties that the style sheet looks at, and paint ``widget`` anew by them."""
    for name, value in properties.items():
        widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()
