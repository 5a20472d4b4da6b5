"""A page with one of each control, to look at and to measure; hands that touch, write and type on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from safelight.kiosk.pad import SignaturePad
from safelight.qt import theme
from safelight.qt.choices import ChoicePair, OneOf, SeveralOf
from safelight.qt.controls import Button, EntryField, IconButton, TextLabel
from safelight.qt.frames import CardFrame, Scroll, Steps
from safelight.qt.matrix import MatrixView

WORDS = {
    "en": {
        "step": "Step 4 of 9: Uses", "title": "What may happen with your photo?",
        "lead": "You can say no to any of these and still get your photos.", "heading": "Advertising for the studio",
        "body": "The studio may show your photo on its own website and in print, to show its work.",
        "muted": "For: Atelier Lindqvist, Jonas & <Partner>", "warning": "This is very short. Sign as you do on paper.",
        "yes": "Yes", "no": "No", "yes_chosen": "You said yes", "no_chosen": "You said no", "open": "Not answered yet.",
        "how_long": "How long", "terms": "6 months|1 year|2 years|Until I say stop", "name": "Your name",
        "next": "Next", "back": "Back", "refuse": "No to everything", "aloud": "Read aloud", "off": "Cannot be pressed",
    },
    "de": {
        "step": "Schritt 4 von 9: Verwendungen", "title": "Was darf mit Ihrem Foto geschehen?",
        "lead": "Sie können zu allem Nein sagen und bekommen Ihre Fotos trotzdem.",
        "heading": "Öffentlichkeitsarbeit und Selbstdarstellungswerbung",
        "body": "Das Studio darf Ihr Foto auf der eigenen Website und gedruckt zeigen, als Beispiel seiner Arbeit.",
        "muted": "Für: Atelier Lindqvist, Datenschutzbeauftragtenvertretung", "warning": "Das ist sehr kurz.",
        "yes": "Ja", "no": "Nein", "yes_chosen": "Sie haben Ja gesagt", "no_chosen": "Sie haben Nein gesagt",
        "open": "Noch nicht beantwortet.", "how_long": "Wie lange",
        "terms": "6 Monate|1 Jahr|2 Jahre|Bis ich Halt sage", "name": "Ihr Name", "next": "Weiter",
        "back": "Zurück", "refuse": "Zu allem Nein sagen", "aloud": "Vorlesen", "off": "Nicht zu drücken",
    },
    "ar": {
        "step": "الخطوة 4 من 9: الاستخدامات", "title": "ماذا يجوز أن يحدث لصورتك؟",
        "lead": "يمكنك أن تقول لا لأي منها وتحصل على صورك مع ذلك.", "heading": "إعلانات الاستوديو",
        "body": "يجوز للاستوديو أن يعرض صورتك على موقعه وفي المطبوعات ليعرض عمله.", "muted": "إلى: Atelier Lindqvist",
        "warning": "هذا قصير جدًا. وقّع كما توقّع على الورق.", "yes": "نعم", "no": "لا", "yes_chosen": "قلت نعم",
        "no_chosen": "قلت لا", "open": "لم تُجب بعد.", "how_long": "كم المدة",
        "terms": "6 أشهر|سنة واحدة|سنتان|حتى أقول توقف", "name": "اسمك", "next": "التالي", "back": "رجوع",
        "refuse": "لا لكل شيء", "aloud": "اقرأ بصوت عالٍ", "off": "لا يمكن الضغط",
    },
    "ja": {
        "step": "ステップ 4/9：使いみち", "title": "あなたの写真に何をしてもよいですか。",
        "lead": "どれに「いいえ」と答えても、写真は受け取れます。", "heading": "スタジオの広告",
        "body": "スタジオは、仕事の例として、あなたの写真をウェブサイトや印刷物で見せることができます。",
        "muted": "相手：Atelier Lindqvist 骨直", "warning": "とても短いです。紙に書くように署名してください。",
        "yes": "はい", "no": "いいえ", "yes_chosen": "「はい」と答えました", "no_chosen": "「いいえ」と答えました",
        "open": "まだ答えていません。", "how_long": "期間", "terms": "6か月|1年|2年|やめると言うまで",
        "name": "お名前", "next": "次へ", "back": "戻る", "refuse": "すべて「いいえ」", "aloud": "読み上げる",
        "off": "押せません",
    },
}  # fmt: skip


class Gallery(QWidget):
    """One of each, in the words of a language."""

    def __init__(self, language: str = "en") -> None:
        super().__init__()
        words = WORDS[language]
        self.setProperty("role", "screen")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.steps = Steps()
        self.steps.show_step(4, 9, words["step"])
        self.texts = [TextLabel(words[role], role) for role in ("title", "lead")]
        self.card, self.open_card = CardFrame(), CardFrame()
        self.pair, self.open_pair = (
            ChoicePair(
                words["yes"], words["no"], words["heading"], words["yes_chosen"], words["no_chosen"], words["open"]
            )
            for _ in range(2)
        )
        self.pair.set_value(True)
        for card, pair in ((self.card, self.pair), (self.open_card, self.open_pair)):
            labels = [TextLabel(words[role], role) for role in ("heading", "body", "muted")]
            for label in labels:
                card.body.addWidget(label)
            card.body.addWidget(pair)
            self.texts += labels
        self.card.set_on(True)
        self.texts.append(TextLabel(words["warning"], "warning"))
        self.term = OneOf(words["how_long"])
        self.term.offer([(str(n), each) for n, each in enumerate(words["terms"].split("|"))], "1")
        self.field = EntryField(words["name"])
        self.field.set_text("Zoë Łukasiewicz-Öztürk 李小龍")
        self.several = SeveralOf(words["how_long"])
        self.several.offer([(str(n), each) for n, each in enumerate(words["terms"].split("|"))])
        self.several.set_value("01")
        self.off = Button(words["off"])
        self.off.setEnabled(False)
        self.buttons = [
            Button(words["back"], "quiet", "back"), Button(words["refuse"]), Button(words["aloud"], icon="speaker"),
            Button(words["next"], "primary", "next"), self.off,
        ]  # fmt: skip
        self.icons = [IconButton("zoom_in", "+"), IconButton("zoom_out", "-")]
        self.pad = SignaturePad("Signature", "Sign here")
        self.matrix = MatrixView()
        self.matrix.show_matrix([[(x * y + x) % 3 == 0 for x in range(25)] for y in range(25)], "Code")
        self._arrange()

    def _arrange(self) -> None:
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        inner = QWidget()
        body = QVBoxLayout(inner)
        body.setContentsMargins(32, 24, 32, 24)
        body.setSpacing(16)
        for widget in (self.steps, *self.texts[:2], self.card, self.open_card, self.texts[-1], self.term, self.field):
            body.addWidget(widget)
        body.addWidget(self.several)
        row = QHBoxLayout()
        for widget in self.icons:
            row.addWidget(widget)
        row.addStretch()
        body.addLayout(row)
        body.addWidget(self.matrix)
        body.addWidget(self.pad)
        for button in self.buttons:
            body.addWidget(button)
        body.addStretch()
        self.area = Scroll(inner, "Page")
        rows.addWidget(self.area)


@pytest.fixture
def gallery(qapp: QApplication, qtbot: QtBot) -> Iterator[Callable[..., Gallery]]:
    """``gallery(theme, scale, language, width)``: the page, shown, as high as everything on it."""
    made: list[Gallery] = []

    def make(name: str = "paper", scale: float = 1.0, language: str = "en", width: int = 800) -> Gallery:
        page = Gallery(language)
        theme.apply(page, theme.scaled(theme.THEMES[name], scale))
        theme.speak(page, language)
        made.append(page)
        page.resize(width, 800)
        page.show()
        inner = page.area.widget()
        assert inner is not None
        for _ in range(3):
            qapp.processEvents()
            page.resize(width, max(inner.heightForWidth(width), inner.minimumSizeHint().height()) + 4)
        qapp.processEvents()
        return page

    yield make
    for page in made:
        page.close()
        page.deleteLater()
