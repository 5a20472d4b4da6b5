"""The section about this computer: language, dark or light, how large, which hand; what is chosen is there at once."""

from __future__ import annotations

from PySide6.QtCore import Signal

from safelight.qt.choices import OneOf
from safelight.settings.desk_texts import DESK_LANGUAGES, DeskTexts

from .blocks import Block, Page
from .rows import Look

SYSTEM = "system"
SCALES = (1.0, 1.25, 1.5, 1.75, 2.0)


class AppearanceView(Page):
    """Says what was chosen; shows a :class:`Look`."""

    chosen = Signal(str, object)
    """``language``, ``look``, ``scale`` or ``hand``, and what it is from now on."""

    def __init__(self, words: DeskTexts) -> None:
        super().__init__(words.get("settings.appearance"))
        self.languages = OneOf(words.get("settings.language"))
        self.looks = OneOf(words.get("settings.look"))
        self.scales = OneOf(words.get("settings.scale"))
        self.hands = OneOf(words.get("settings.hand"))
        languages = [(each, words.get(f"settings.language_{each}")) for each in (SYSTEM, *DESK_LANGUAGES)]
        looks = [(each, words.get(f"settings.look_{each}")) for each in (SYSTEM, "dark", "light")]
        hands = [(each, words.get(f"settings.hand_{each}")) for each in ("letters", "left", "right")]
        percent = "settings.percent"
        scales = [(str(each), words.get(percent, n=round(each * 100))) for each in SCALES]
        for name, told, part, offered in (
            ("language", "", self.languages, languages),
            ("look", "", self.looks, looks),
            ("scale", words.get("settings.scale_told"), self.scales, scales),
            ("hand", words.get("settings.hand_told"), self.hands, hands),
        ):
            block = Block(words.get(f"settings.{name}"), told)
            part.offer(offered)
            block.put(part)
            self.put(block)
        self.finish()
        self.languages.chosen.connect(lambda key: self.chosen.emit("language", key))
        self.looks.chosen.connect(lambda key: self.chosen.emit("look", key))
        self.scales.chosen.connect(lambda key: self.chosen.emit("scale", float(key)))
        self.hands.chosen.connect(lambda key: self.chosen.emit("hand", key))

    def show_look(self, look: Look) -> None:
        """What is chosen now."""
        self.languages.set_value(look.language)
        self.looks.set_value(look.look)
        self.scales.set_value(str(look.scale))
        self.hands.set_value(look.hand)
