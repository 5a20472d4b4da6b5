"""Where the files of a published folder come from: a folder on this machine, or an address that begins with https."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from safelight.agency.acceptance import NO_CHANGE
from safelight.domain.errors import DeviceFailure, Malformed, WrongUsage
from safelight.keys.fetching import NoAnswer, TooLong, fetched
from safelight.keys.input_files import read_input_file

Fetch = Callable[[str, int], bytes | None]
"""Brings the file that has this name, of so many bytes at most; None where there is none."""

FILE_SECONDS = 120.0
"""So long one file may take."""
FOLDER_SECONDS = 1800.0
FOLDER_BYTES = 2 * 1024 * 1024 * 1024
"""So long, and so much, everything of a folder together may be."""


def folder_source(path: Path) -> Fetch:
    """How the files of a published folder on this machine are read."""

    def read(name: str, most: int) -> bytes | None:
        file = path / name
        return read_input_file(file, most, kept=NO_CHANGE) if file.exists() else None

    return read


def https_source(url: str) -> Fetch:
    """How the files of the published folder at ``url`` are fetched; nothing is contacted until one is asked for.

    Raises :class:`WrongUsage` for an address that does not begin with https:// or has more than a host and a path. What
    is returned raises :class:`DeviceFailure` when there is no answer in time and :class:`Malformed` for too much.
    """
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or parts.username or parts.query or parts.fragment:
        raise WrongUsage(
            "The address of a published folder begins with https://.",
            "Nothing was fetched. Give a host and a path, and nothing else.",
        )
    base, began, taken = url.rstrip("/"), time.monotonic(), 0

    def fetch(name: str, most: int) -> bytes | None:
        nonlocal taken
        left = FOLDER_SECONDS - (time.monotonic() - began)
        try:
            if left <= 0:
                raise NoAnswer("all of it took too long")
            untrusted = fetched(f"{base}/{name}", min(most, FOLDER_BYTES - taken), min(FILE_SECONDS, left))
        except NoAnswer as error:
            raise DeviceFailure(
                f"'{name}' could not be fetched: {error}.",
                "What was taken in before is kept. Try again later, or ask the studio.",
            ) from error
        except TooLong as error:
            raise Malformed(f"'{name}' is longer than it may be.", "Nothing of it was kept. Ask the studio.") from error
        taken += len(untrusted or b"")
        return untrusted

    return fetch
