"""Fetches one thing over HTTP: within a time limit and a size, from the host that was named and from no other."""

from __future__ import annotations

import http.client
import threading
import time
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import urlsplit

_SILENCE = 15.0
"""So many seconds the other side may say nothing."""
_PIECE = 64 * 1024
_ABSENT = frozenset({404, 410})


class NoAnswer(Exception):
    """The other side did not answer, or not with what was asked for; ``status`` is what it said instead, if that."""

    def __init__(self, why: str, status: int | None = None) -> None:
        super().__init__(why)
        self.status = status


class TooLong(Exception):
    """The answer is longer than it may be."""


def exchange(message: urllib.request.Request, most: int, seconds: float) -> bytes:
    """The answer to ``message``, of ``most`` bytes at most, all of it within ``seconds``.

    Redirects are followed on the same host only. Raises :class:`NoAnswer` or :class:`TooLong`, whatever the other side
    does: one that dribbles is left alone when the time is over.
    """
    done: list[bytes | Exception] = []
    until = time.monotonic() + seconds

    def work() -> None:
        try:
            done.append(_received(message, most, until))
        except (NoAnswer, TooLong) as error:
            done.append(error)

    # In a thread of its own: a peer that sends its headers byte by byte is waited for by no timeout of the library.
    thread = threading.Thread(target=work, name="safelight-fetch", daemon=True)
    thread.start()
    thread.join(seconds)
    found = done[0] if done else NoAnswer("it took too long")
    if isinstance(found, Exception):
        raise found
    return found


def _received(message: urllib.request.Request, most: int, until: float) -> bytes:
    gathered = bytearray()
    try:
        with urllib.request.build_opener(_SameHost).open(message, timeout=_SILENCE) as answer:
            while piece := answer.read1(min(_PIECE, most + 1 - len(gathered))):
                gathered += piece
                if len(gathered) > most:
                    raise TooLong
                if time.monotonic() > until:
                    raise NoAnswer("it took too long")
            if getattr(answer, "length", 0):
                raise NoAnswer("it was cut short")
    except urllib.error.HTTPError as error:
        error.close()
        raise NoAnswer(f"it said {error.code}", error.code) from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NoAnswer(type(error).__name__) from error
    return bytes(gathered)


class _SameHost(urllib.request.HTTPRedirectHandler):
    """Follows a redirect to the same scheme, host and port, and no other."""

    max_redirections = 3

    def redirect_request(
        self, req: urllib.request.Request, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        before, after = urlsplit(req.full_url), urlsplit(newurl)
        if (before.scheme, before.netloc) != (after.scheme, after.netloc):
            fp.close()
            raise NoAnswer("it sent us to another place")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def fetched(url: str, most: int, seconds: float) -> bytes | None:
    """What lies at ``url``, as :func:`exchange` brings it; None where the other side says that nothing does."""
    message = urllib.request.Request(url, headers={"Accept": "*/*"})  # noqa: S310 - the caller has looked at it
    try:
        return exchange(message, most, seconds)
    except NoAnswer as error:
        if error.status in _ABSENT:
            return None
        raise
