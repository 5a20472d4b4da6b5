"""The main loop of a decoder process: it reads pictures from stdin and answers on stdout, renditions or regions.

Started by ``decoder_pool.DecoderPool`` only. What it imports it imports before it is confined; after that it opens
nothing but the decoders for HEIC and raw files, when the first such picture comes. A fault nobody foresaw ends the
process, and that is the answer: the program starts another one.
"""

from __future__ import annotations

import sys

from safelight.capture import confine, worker_protocol
from safelight.capture.developing import Refusal, develop
from safelight.capture.regions import WholePictures
from safelight.images.media_type import MediaType


def serve(arguments: list[str]) -> None:
    """Develop until stdin ends. ``arguments``: memory and file size in bytes, seconds, pixels, 1 to look for slates."""
    memory, file_bytes, seconds, pixels, slates = map(int, arguments)
    confine.confine(memory)
    inbox, outbox = sys.stdin.buffer, sys.stdout.buffer
    whole = WholePictures(pixels)
    while True:
        try:
            head, untrusted_picture = worker_protocol.receive(inbox, file_bytes)
        except EOFError:
            return
        confine.allow_seconds(seconds)
        try:
            if "region" in head:
                answer, body = whole.region(head, untrusted_picture)
                worker_protocol.send(outbox, answer, body)
                continue
            developed = develop(untrusted_picture, MediaType(head["media_type"]), pixels, look=bool(slates))
        except Refusal as refusal:
            worker_protocol.send(outbox, {"refused": refusal.why})
            continue
        except MemoryError:
            worker_protocol.send(outbox, {"refused": "memory"})
            continue
        del untrusted_picture
        worker_protocol.send(outbox, developed.head(), developed.thumbnail + developed.preview)
