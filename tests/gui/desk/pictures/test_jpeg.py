"""Our JPEGs are decoded on several threads at once, and nothing else is decoded at all."""

from __future__ import annotations

import io
import subprocess
import sys

import pytest
from PIL import Image
from PySide6.QtCore import QSize

from safelight.desk.pictures.jpeg import decoded

MANY = """
import sys, threading
from PySide6.QtCore import QSize
from safelight.desk.pictures.jpeg import decoded
data, done = sys.stdin.buffer.read(), []
def decode(room):
    for _ in range(500):
        assert not decoded(data, room).isNull()
    done.append(room)
rooms = [None, QSize(50, 50), None, QSize(60, 60)]
threads = [threading.Thread(target=decode, args=(room,), daemon=True) for room in rooms]
for each in threads: each.start()
for each in threads: each.join(60)
sys.exit(len(done) != len(rooms))
"""


def jpeg(width: int = 200, height: int = 100) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert("RGB").save(out, "JPEG")
    return out.getvalue()


def test_it_is_as_large_as_there_is_room_or_whole() -> None:
    assert decoded(jpeg(), QSize(50, 50)).size() == QSize(50, 25)
    assert decoded(jpeg()).size() == QSize(200, 100)


@pytest.mark.parametrize("data", [b"", b"\x89PNG\r\n\x1a\n", b"GIF89a"])
def test_only_our_own_jpegs_are_decoded(data: bytes) -> None:
    assert decoded(data, QSize(9, 9)).isNull()
    assert decoded(data).isNull()


def test_threads_that_decode_never_wait_for_each_other_for_ever() -> None:
    """With a device made in Python this hung within moments: one had the interpreter, the other Qt's lock."""
    done = subprocess.run([sys.executable, "-c", MANY], input=jpeg(), timeout=90, check=False)
    assert done.returncode == 0
