"""What is said between the program and a decoding worker, in the messages of ``keys/messages.py``.

Both directions read with caps. The worker's answers are as untrusted as the picture it decoded: whoever takes a
worker over can only fill in the fields below, and every one of them is checked by :func:`read_answer`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, BinaryIO, Final

from safelight.keys.messages import Nonsense as Nonsense
from safelight.keys.messages import receive as receive
from safelight.keys.messages import send as send

MOST_ANSWER: Final = 4 << 20
MOST_REGION: Final = 32 << 20
MOST_REGION_EDGE: Final = 4096
"""The part of a picture that fits a screen, in pixels of its longer edge and as a JPEG."""
MOST_TEXTS: Final = 8

REFUSALS: Final = frozenset({"scans", "pixels", "broken", "memory", "heic", "raw", "preview"})
"""Why a worker does not develop a picture; the sentence a person sees is made by who asked."""

ABSENT: Final = "absent"
"""The worker was asked for a part of a picture it does not hold: it is to be sent."""


class WorkerAnswer:
    """A worker's answer about one picture, checked field by field: either ``refused`` or all the others."""

    def __init__(self, untrusted_head: Mapping[str, Any], untrusted_body: bytes) -> None:
        refused = untrusted_head.get("refused")
        if refused is not None and refused not in REFUSALS:
            raise Nonsense("unknown refusal")
        self.refused: str | None = refused
        if refused is not None:
            return
        head = untrusted_head
        self.width, self.height = _whole(head, "width", 1, 1 << 20), _whole(head, "height", 1, 1 << 20)
        self.orientation = _whole(head, "orientation", 1, 8)
        self.camera_time = _time(head.get("camera_time"))
        self.camera_model = _word(head.get("camera_model"), 100)
        self.camera_serial = _word(head.get("camera_serial"), 100)
        self.removable = tuple(_word(name, 60) for name in _words(head.get("removable"), 200))
        self.texts = tuple(_word(text, 100) for text in _words(head.get("texts"), MOST_TEXTS))
        self.beside = head.get("beside") is True
        cut = _whole(head, "thumbnail", 4, len(untrusted_body))
        self.thumbnail, self.preview = untrusted_body[:cut], untrusted_body[cut:]
        if self.thumbnail[:3] != b"\xff\xd8\xff" or self.preview[:3] != b"\xff\xd8\xff":
            raise Nonsense("not a JPEG")


def read_answer(pipe: BinaryIO) -> WorkerAnswer:
    """The next answer of a worker. Raises Nonsense or EOFError; the worker is then to be ended."""
    return WorkerAnswer(*receive(pipe, MOST_ANSWER))


def read_region(pipe: BinaryIO) -> bytes | str:
    """The JPEG a worker answers with when it is asked for a part of a picture; a word where it has none.

    That word is one of :data:`REFUSALS` or :data:`ABSENT`. Raises as :func:`read_answer`.
    """
    head, body = receive(pipe, MOST_REGION)
    refused = head.get("refused")
    if refused is None and body[:3] == b"\xff\xd8\xff":
        return body
    if refused == ABSENT or (isinstance(refused, str) and refused in REFUSALS):
        return str(refused)
    raise Nonsense("neither a JPEG nor a refusal")


def _whole(head: Mapping[str, Any], name: str, least: int, most: int) -> int:
    value = head.get(name)
    if type(value) is not int or not least <= value <= most:
        raise Nonsense(name)
    return value


def _words(value: object, most: int) -> list[object]:
    if not isinstance(value, list) or len(value) > most:
        raise Nonsense("list")
    return value


def _word(value: object, most: int) -> str:
    if not isinstance(value, str) or len(value) > most or not value.isprintable():
        raise Nonsense("text")
    return value


def _time(value: object) -> datetime | None:
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > 40:
        raise Nonsense("time")
    try:
        return datetime.fromisoformat(value)
    except ValueError as error:
        raise Nonsense("time") from error
