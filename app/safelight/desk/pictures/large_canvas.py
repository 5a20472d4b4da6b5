"""Shows a frame large: whole or at full size, alone or beside the pick, with what is laid over it and its light."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from safelight.domain.ids import PhotoGuid
from safelight.qt import theme
from safelight.qt.density import DESK
from safelight.qt.theme import Tokens
from safelight.settings.desk_texts import DeskTexts

from . import large_painting as painting
from .frame_source import FrameSource, LargeFrame, Region
from .large_painting import Guide

_FACE = QPointF(0.5, 0.4)
"""Where somebody looks first in a portrait."""
_LOWEST_WITH_LIGHT = 540


@dataclass(frozen=True, slots=True)
class Looks:
    """How frames are looked at; each is switched by a key of its own."""

    whole_size: bool = False
    compare: bool = False
    guide: bool = False
    clipping: bool = False
    picture_only: bool = False
    surround: bool = False


class LargeCanvas(QWidget):
    """Paints and asks for what it needs; :class:`safelight.desk.pictures.large.LargeView` adds hands to it."""

    looks_changed = Signal(object)
    """The :class:`Looks` in force from now on."""

    def __init__(self, source: FrameSource, words: DeskTexts, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._source, self._words, self._name = source, words, name
        self._frame: LargeFrame | None = None
        self._beside: tuple[LargeFrame, ...] = ()
        self._pick: LargeFrame | None = None
        self._approved: PhotoGuid | None = None
        self._guide: Guide | None = None
        self._caption = ""
        self._looks = Looks()
        self._places: dict[str, QPointF] = {}
        self._scaled: dict[tuple[PhotoGuid, QSize], QPixmap] = {}
        self._clipped: dict[PhotoGuid, QPixmap] = {}
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(390, 490)
        self.setAccessibleName(name)
        source.arrived.connect(self._news)

    # What is shown.

    @property
    def frame(self) -> LargeFrame | None:
        """The frame that is looked at."""
        return self._frame

    @property
    def looks(self) -> Looks:
        """How it is looked at."""
        return self._looks

    def show_frame(self, frame: LargeFrame | None, beside: tuple[LargeFrame, ...] = ()) -> None:
        """Show this one; ``beside`` are the next and the one before, opened ahead. The looks stay."""
        again = frame is not None and self._source.again(frame.guid)
        if (frame, beside) == (self._frame, self._beside) and not again:
            return
        self._frame, self._beside = frame, beside
        self._scaled = {key: each for key, each in self._scaled.items() if key[0] in self._known()}
        self._clipped = {key: each for key, each in self._clipped.items() if key in self._known()}
        said = "" if frame is None else ", ".join(each for each in (frame.name, frame.time) if each)
        self.setAccessibleName(": ".join(each for each in (self._name, said) if each))
        self._news()

    def show_pick(self, pick: LargeFrame | None) -> None:
        """The frame that C puts beside the one looked at."""
        if pick != self._pick:
            self._pick = pick
            self._news()

    def show_guide(self, guide: Guide | None, approved: PhotoGuid | None) -> None:
        """What O lays over the frame: where it will be cut, and the first approved frame."""
        if (guide, approved) != (self._guide, self._approved):
            self._guide, self._approved = guide, approved
            self._news()

    def show_caption(self, name: str, number: int, planned: int) -> None:
        """Who it is and the how-manieth of how many: what is left when only the picture is shown."""
        count = self._words.get("pictures.count", number=number, planned=planned)
        caption = f"{name} · {count}" if name else count
        if caption != self._caption:
            self._caption = caption
            self.update()

    def set_looks(self, looks: Looks) -> None:
        """Look at frames in this way from now on."""
        if looks != self._looks:
            self._looks = looks
            self._news()
            self.looks_changed.emit(looks)

    def forget(self) -> None:
        """Show and remember nothing: no picture, no name, no place."""
        self._pick = self._approved = None
        self._caption = ""
        for each in (self._places, self._scaled, self._clipped):
            each.clear()
        self._source.forget()
        self.show_frame(None)
        self._news()

    # What is needed.

    def _known(self) -> set[PhotoGuid]:
        frames = (self._frame, self._pick, *self._beside)
        return {each.guid for each in frames if each is not None} | ({self._approved} if self._approved else set())

    def _centre(self, frame: LargeFrame) -> QPointF:
        return self._places.get(frame.person, _FACE)

    def _room(self) -> QRectF:
        """Where pictures stand; below is the exposure line."""
        below = self._tokens().px(40) if self._has_light else 0
        return QRectF(0, 0, self.width(), max(1, self.height() - below))

    @property
    def _has_light(self) -> bool:
        """Whether there is a line for the exposure; on a low window the picture has that room too."""
        return not self._looks.picture_only and self.height() >= self._tokens().px(_LOWEST_WITH_LIGHT)

    def _rooms(self) -> list[tuple[LargeFrame, QRectF]]:
        """The frames in view and where each of them is."""
        frame, pick, room = self._frame, self._pick, self._room()
        if frame is None:
            return []
        if not self._looks.compare or pick is None or pick.shot == frame.shot:
            return [(frame, room)]
        half = QSizeF((room.width() - self._tokens().px(8)) / 2, room.height())
        right = QRectF(QPointF(room.right() - half.width(), room.top()), half)
        return [(frame, QRectF(room.topLeft(), half)), (pick, right)]

    def _news(self) -> None:
        """Something changed: wish for what is in view, then for what may be next, and paint."""
        rooms, ratio = self._rooms(), self.devicePixelRatioF()
        previews = [frame.guid for frame, _ in rooms]
        previews += [self._approved] if self._approved and self._looks.guide else []
        previews += [each.guid for each in self._beside]
        regions = []
        if self._looks.whole_size and rooms:
            ahead = [(each, rooms[0][1]) for each in self._beside]
            for frame, room in (*rooms, *ahead):
                place = painting.at_full_size(frame, room, self._centre(frame), ratio)
                seen = painting.visible_box(frame, place, room, ratio)
                if seen is not None and self._source.region_around(frame.guid, seen) is None:
                    regions.append(Region(frame.guid, painting.box_to_read(frame, seen)))
        self._source.wish(previews, regions)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._scaled.clear()
        self._news()

    # Painting.

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - all of it is one picture
        painter, tokens = QPainter(self), self._tokens()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if self._frame is None:
            self._paint_words(painter, self._words.get("pictures.nothing"))
        for frame, room in self._rooms():
            painter.save()
            painter.setClipRect(room)
            self._paint_frame(painter, frame, room, tokens)
            painter.restore()
        if self._frame is not None and self._has_light:
            self._paint_light(painter, self._frame, tokens)
        if self._looks.picture_only and self._caption:
            pad, language = tokens.px(10), self._words.language
            painting.paint_chip(painter, self._caption, QPointF(pad, self._room().bottom() - pad), tokens, language)
        if self.hasFocus():
            wide = tokens.density.focus_outline
            painter.setPen(QColor(tokens.focus))
            for inset in range(wide):
                painter.drawRect(self.rect().adjusted(inset, inset, -inset - 1, -inset - 1))

    def _paint_frame(self, painter: QPainter, frame: LargeFrame, room: QRectF, tokens: Tokens) -> None:
        looks, ratio = self._looks, self.devicePixelRatioF()
        inner = room.adjusted(*(tokens.px(each) for each in (40, 40, -40, -40))) if looks.surround else room
        preview = self._source.preview(frame.guid)
        place = painting.fitted(QSizeF(frame.width, frame.height), inner)
        if looks.whole_size:
            place = painting.at_full_size(frame, room, self._centre(frame), ratio)
        elif looks.surround:
            painting.paint_surround(painter, place, tokens, room)
        if preview is None:
            painter.fillRect(place.intersected(room), QColor(tokens.raised))
            if self._source.is_gone(frame.guid):
                self._paint_words(painter, self._words.get("pictures.gone"))
            return
        if looks.whole_size:
            painter.drawImage(place, preview.image)
            seen = painting.visible_box(frame, place, room, ratio)
            part = None if seen is None else self._source.region_around(frame.guid, seen)
            if part is not None:
                painting.paint_part(painter, place, ratio, *part)
            elif seen is not None:  # nobody shall judge the focus by a preview
                self._paint_original_missing(
                    painter, Region(frame.guid, painting.box_to_read(frame, seen)), room, tokens
                )
        else:
            painter.drawPixmap(place.topLeft(), self._at_size(frame.guid, preview.image, place.size(), ratio))
        if looks.clipping:
            if frame.guid not in self._clipped:
                self._clipped[frame.guid] = painting.clipping_pixmap(preview.exposure, tokens)
            clipped = self._clipped[frame.guid]
            painter.drawPixmap(place, clipped, QRectF(clipped.rect()))
        if looks.guide and frame is self._frame:
            first = self._source.preview(self._approved) if self._approved else None
            if first is not None:
                painting.paint_through(painter, place, first.image)
            if self._guide is not None:
                painting.paint_guide(painter, place, room, self._guide, tokens)
        if not looks.picture_only:
            self._paint_chips(painter, frame, place.intersected(room), place, tokens)

    def _paint_original_missing(self, painter: QPainter, region: Region, room: QRectF, tokens: Tokens) -> None:
        key = "pictures.no_original" if self._source.is_original_gone(region) else "pictures.opening_original"
        corner = room.topLeft() + QPointF(tokens.px(10), tokens.px(38))
        painting.paint_chip(painter, self._words.get(key), corner, tokens, self._words.language)

    def _at_size(self, guid: PhotoGuid, image: QImage, size: QSizeF, ratio: float) -> QPixmap:
        wanted = (size * ratio).toSize()
        found = self._scaled.get((guid, wanted))
        if found is None:
            smooth = Qt.TransformationMode.SmoothTransformation
            found = QPixmap.fromImage(image.scaled(wanted, Qt.AspectRatioMode.IgnoreAspectRatio, smooth))
            found.setDevicePixelRatio(ratio)
            self._scaled[guid, wanted] = found
        return found

    def _paint_chips(self, painter: QPainter, frame: LargeFrame, shown: QRectF, place: QRectF, tokens: Tokens) -> None:
        pad, ratio = tokens.px(10), self.devicePixelRatioF()
        percent = 100 if self._looks.whole_size else round(100 * place.width() * ratio / frame.width)
        level = self._words.get("pictures.zoom", percent=percent)
        newest = self._words.get("pictures.newest") if frame.is_newest else ""
        pick = self._words.get("pictures.pick") if frame is self._pick and frame is not self._frame else ""
        said = " · ".join(each for each in (pick, newest, frame.time) if each)
        left, right = shown.bottomLeft() + QPointF(pad, -pad), shown.bottomRight() + QPointF(-pad, -pad)
        mirrored, language = self.isRightToLeft(), self._words.language
        if said:
            painting.paint_chip(painter, said, right if mirrored else left, tokens, language, ends_there=mirrored)
        painting.paint_chip(painter, level, left if mirrored else right, tokens, language, ends_there=not mirrored)

    def _paint_light(self, painter: QPainter, frame: LargeFrame, tokens: Tokens) -> None:
        preview = self._source.preview(frame.guid)
        if preview is None:
            return
        light = preview.exposure
        mean = self._words.get("pictures.brightness", percent=round(100 * light.mean))
        bright, dark = (_percent(each) for each in (light.bright, light.dark))
        lost = self._words.get("pictures.clipped", bright=bright, dark=dark)
        high = tokens.px(36)
        room = QRect(tokens.px(4), self.height() - high, self.width() - tokens.px(8), high)
        painting.paint_light(painter, room, light, (mean, lost), tokens, self._words.language)

    def _paint_words(self, painter: QPainter, words: str) -> None:
        tokens = self._tokens()
        painter.setFont(theme.font(tokens, "body", self._words.language))
        painter.setPen(QColor(tokens.muted))
        painter.setLayoutDirection(self.layoutDirection())  # a full stop ends the sentence on the side it is read to
        painter.drawText(self._room(), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, words)

    def _tokens(self) -> Tokens:
        tokens = theme.tokens_of(self)
        return tokens if tokens.density.name == DESK.name else theme.DESK_DARK

    def sizeHint(self) -> QSize:
        return QSize(486, 620)


def _percent(share: float) -> str:
    return "0" if share < 0.0005 else f"{100 * share:.1f}" if share < 0.1 else f"{100 * share:.0f}"
