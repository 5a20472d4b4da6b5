"""Decodes the JPEGs of the archive for the desk, on any thread, while the window's thread goes on."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QDataStream, QSize, Qt
from PySide6.QtGui import QImage, QImageReader


def decoded(data: bytes, room: QSize | None = None) -> QImage:
    """A JPEG as large as fits in ``room``, or whole; a null image for anything else.

    A reader lets other threads run while it reads; ``QImage.fromData`` keeps the interpreter to itself (measured). Its
    device must be one that Qt made, as a stream's is: the methods of a ``QBuffer`` made in Python wait for the
    interpreter, and a reader asks for them while it holds the lock under which Qt finds its decoders. Another thread
    that has the interpreter and waits for that lock would then wait for ever.
    """
    if not data.startswith(b"\xff\xd8\xff"):
        return QImage()
    stream = QDataStream(QByteArray(data))
    reader = QImageReader(stream.device(), b"jpeg")
    if room is not None:
        reader.setScaledSize(reader.size().scaled(room, Qt.AspectRatioMode.KeepAspectRatio))
    # What a pixmap is made of, so that none is converted on the window's thread.
    return reader.read().convertToFormat(QImage.Format.Format_RGB32)
