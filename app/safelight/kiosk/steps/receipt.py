"""What the person takes home: the receipt to open, the code that changes a mind, a letter, a print."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from safelight.asking import wishes
from safelight.asking.step_state import Footer, StepState
from safelight.kiosk.view import StepView
from safelight.qt.controls import Button, TextLabel
from safelight.qt.flow_layout import FlowLayout
from safelight.qt.frames import CardFrame
from safelight.qt.matrix import MatrixView
from safelight.qt.page_view import PageView
from safelight.qt.pages import Pages
from safelight.qt.theme import tokens_of

from .digits import Digits
from .page import Column, Spread

_CORNER = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeading
PREVIEW = 260
"""Pixels the small picture of the first page is wide."""


class ReceiptView(StepView):
    """Two pages: what to take along, and the receipt opened, with the four digits of its last page to type."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state: StepState | None = None
        self._shown: bytes = b""
        self._told: bool | None = None
        self._panel = Column(1000)
        self.code_words, self.code = TextLabel("", "heading"), TextLabel("", "title")
        self.scan_words = TextLabel("", "muted")
        self.qr = MatrixView()
        self.open = Button("", "choice", icon="eye")
        self.send = Button("", "choice", icon="mail")
        self.print = Button("", "choice", icon="print")
        self.note = TextLabel("", "body")
        self.proof = TextLabel("", "body")
        self.preview = QLabel()
        self._card = CardFrame()
        self._lay_out()
        self.page = PageView()
        self.opened = Spread(self.page)
        self.digits = Digits()
        self.answer = TextLabel("", "heading")
        self.close_page = Button("", "choice", icon="close")
        for part in (self.digits, self.answer, self.close_page):
            self.opened.body.addWidget(part)
        self.opened.body.addStretch(1)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._panel)
        self._stack.addWidget(self.opened)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._stack)
        self.open.clicked.connect(self._open)
        self.close_page.clicked.connect(self._close)
        self.print.clicked.connect(self.print_asked)
        self.send.clicked.connect(self.save_letter_asked)
        self.digits.complete.connect(lambda typed: self.wish(wishes.OPEN, typed))

    def show_step(self, state: StepState) -> None:
        """The receipt once it is there; a calm sentence until then."""
        self._state = state
        words, finished = state.texts.ceremony, state.finished
        self._card.setVisible(finished is not None)
        if finished is None:
            self._panel.say(words["saving"])
            self.footer_changed.emit()
            return
        self._panel.say(words["receipt_title"])
        self.code_words.setText(words["receipt_code"])
        self.code.setText(finished.withdrawal_code)
        self.code.setAccessibleName(f"{words['receipt_code']}: {' '.join(finished.withdrawal_code)}")
        self.scan_words.setText(words["receipt_scan"])
        self.qr.show_matrix(finished.withdrawal_qr, words["receipt_scan"])
        for button, key in (
            (self.open, "receipt_open"), (self.send, "send"), (self.print, "print"), (self.close_page, "close"),
        ):  # fmt: skip
            button.set_words(words[key])
        self.note.setText(state.note)
        self.note.setVisible(bool(state.note))
        self.proof.setText(words["receipt_right"])
        self.proof.setVisible(state.opened is True)
        self.opened.say(words["receipt_title"], words["receipt_typed"])
        self.digits.say(state.texts)
        self.answer.setVisible(state.opened is not None)
        if state.opened is not None:
            self.answer.setText(words["receipt_right" if state.opened else "receipt_wrong"])
        if state.opened is False and self._told is not False:
            self.digits.clear()
        self._told = state.opened
        if finished.pdf != self._shown:
            self._shown = finished.pdf
            self.page.show_pdf(finished.pdf, words["receipt_title"])
            self._paint_preview(finished.pdf)
        self.preview.setAccessibleName(words["receipt_title"])
        self._fit()
        self.footer_changed.emit()

    def footer(self) -> Footer:
        """Done, whenever the person likes: opening, printing and sending are offers."""
        ready = self._state is not None and self._state.finished is not None and not self._state.busy
        return Footer("finish", ready=ready, back=self._stack.currentIndex() == 1)

    def forward(self) -> None:
        """Done."""
        self.wish(wishes.FINISH)

    def backward(self) -> None:
        """From the opened receipt to what there is to take along."""
        self._close()

    def forget(self) -> None:
        """Receipt, code and digits are gone."""
        self.page.clear()
        self.preview.clear()
        self.qr.clear()
        self.code.setText("")
        self.code.setAccessibleName("")
        self.digits.clear()
        self._state, self._shown = None, b""

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The code beside its picture where there is room."""
        super().resizeEvent(event)
        self._fit()

    def _lay_out(self) -> None:
        said = QVBoxLayout()
        for part in (self.code_words, self.code, self.scan_words):
            said.addWidget(part)
        said.addStretch(1)
        self._beside = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._beside.setSpacing(32)
        self._beside.addWidget(self.qr, 0, _CORNER)
        self._beside.addLayout(said, 1)
        rows = QVBoxLayout()
        rows.setSpacing(14)
        rows.addLayout(self._beside)
        tools = FlowLayout(16)
        for tool in (self.open, self.send, self.print):
            tools.addWidget(tool)
        rows.addSpacing(8)
        rows.addLayout(tools)
        rows.addWidget(self.proof)
        rows.addWidget(self.note)
        rows.addStretch(1)
        columns = QHBoxLayout()
        columns.setSpacing(32)
        columns.addWidget(self.preview, 0, _CORNER)
        columns.addLayout(rows, 1)
        self._card.body.addLayout(columns)
        self._panel.body.addWidget(self._card)
        self._panel.body.addStretch(1)

    def _fit(self) -> None:
        wide = self.width() >= tokens_of(self).px(700)
        self._beside.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        side = min(tokens_of(self).px(200), 320)
        self.qr.setFixedSize(side, side)
        self.preview.setVisible(self.width() >= tokens_of(self).px(1000) and not self.preview.pixmap().isNull())

    def _paint_preview(self, pdf: bytes) -> None:
        """A small picture of the first page, on paper with an edge."""
        ratio = self.devicePixelRatioF()
        with Pages(pdf) as pages:
            picture = QPixmap.fromImage(pages.image(0, round(PREVIEW * ratio)))
        picture.setDevicePixelRatio(ratio)
        painter = QPainter(picture)
        painter.setPen(QColor(tokens_of(self).line))
        painter.drawRect(QRectF(0, 0, PREVIEW - 1, picture.height() / ratio - 1))
        painter.end()
        self.preview.setPixmap(picture)

    def _open(self) -> None:
        self._stack.setCurrentIndex(1)
        self.page.setFocus()
        self.footer_changed.emit()

    def _close(self) -> None:
        self._stack.setCurrentIndex(0)
        self.open.setFocus()
        self.footer_changed.emit()
