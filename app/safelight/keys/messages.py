"""What a program and its helper say to each other over a pipe: one small JSON head and bytes, each with its length."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, BinaryIO, Final

MOST_HEAD: Final = 64 << 10


class Nonsense(ValueError):
    """The other side did not keep to the protocol, or is gone."""


def send(pipe: BinaryIO, head: Mapping[str, object], body: bytes = b"") -> None:
    """Write one message."""
    text = json.dumps(head, separators=(",", ":")).encode()
    pipe.write(len(text).to_bytes(4, "big") + len(body).to_bytes(8, "big") + text)
    pipe.write(body)
    pipe.flush()


def receive(pipe: BinaryIO, most_body: int) -> tuple[dict[str, Any], bytes]:
    """Read one message; raises EOFError where a message could begin but the other side has closed."""
    lengths = pipe.read(12)
    if not lengths:
        raise EOFError
    if len(lengths) != 12:
        raise Nonsense("cut off")
    head_size, body_size = int.from_bytes(lengths[:4], "big"), int.from_bytes(lengths[4:], "big")
    if head_size > MOST_HEAD or body_size > most_body:
        raise Nonsense("too long")
    text, body = pipe.read(head_size), pipe.read(body_size)
    if len(text) != head_size or len(body) != body_size:
        raise Nonsense("cut off")
    try:
        head = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Nonsense("not JSON") from error
    if not isinstance(head, dict):
        raise Nonsense("not an object")
    return head, body
