"""What those who write into an archive are given: the time, fresh ids, and whom to tell that a thing is durable."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
Acknowledge = Callable[[str, str], None]
"""``acknowledge(id, sha256)``: called only once the thing named is durable."""


def system_clock() -> datetime:
    """The machine's clock, UTC, whole seconds as every record writes them."""
    return datetime.now(UTC).replace(microsecond=0)


def milliseconds(clock: Clock) -> int:
    """What ``clock`` shows, in milliseconds since 1970 (UTC); the machine's own clock is read as exactly as it goes."""
    return time.time_ns() // 1_000_000 if clock is system_clock else round(clock().timestamp() * 1000)


def acknowledge_nobody(id: str, sha256: str) -> None:
    """For callers that print no acknowledgements."""


def new_id() -> str:
    """A fresh random identifier (RFC 9562, version 4)."""
    return str(uuid.uuid4())
