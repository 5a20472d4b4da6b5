"""The feed of a studio: the one signed page of a published folder that says what else lies there and how new it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from safelight.domain.ids import RecipientId, Sha256, StudioId

from .jcs import canonical, sha256_hex
from .plain import from_plain, to_plain
from .reading import Faults, parse_json, validate

FORMAT = "safelight-feed/1"
_WHAT = "feed"
LONGEST = timedelta(days=30)
"""A feed vouches for no longer: whoever keeps showing an old one is found out."""
MOST_BYTES = 4 * 1024 * 1024
FEED_FILE, FEED_SIGNATURE = "feed.json", "feed.json.sig"


@dataclass(frozen=True, slots=True)
class FeedList:
    """A status list in the folder: its number, and the SHA-256 of its bytes."""

    number: int
    sha256: Sha256


@dataclass(frozen=True, slots=True)
class FeedRecipient:
    """How many notices one recipient has, and the SHA-256 of the last one; see :func:`fingerprint_of`."""

    fingerprint: Sha256
    notices: int
    last: Sha256


@dataclass(frozen=True, slots=True)
class Feed:
    """``safelight-feed/1``. ``number`` counts the feeds of a studio from 1: an older one is told from a newer one."""

    studio: StudioId
    number: int
    issued_at: datetime
    valid_until: datetime
    lists: tuple[FeedList, ...]
    recipients: tuple[FeedRecipient, ...]


def feed_bytes(feed: Feed) -> bytes:
    """The RFC 8785 bytes of a feed: what is signed, namespace safelight-feed."""
    written = {"format": FORMAT, **to_plain(feed)}
    validate("feed", written, _WHAT)
    _check(feed)
    return canonical(written)


def read_feed(untrusted: bytes | Mapping[str, Any]) -> Feed:
    """The feed in ``untrusted``; raises :class:`Malformed` with every fault. Its signature is still to be checked."""
    raw = parse_json(untrusted, _WHAT, MOST_BYTES) if isinstance(untrusted, bytes) else untrusted
    validate("feed", raw, _WHAT)
    feed = from_plain(Feed, {name: value for name, value in raw.items() if name != "format"}, "", _WHAT)
    _check(feed)
    return feed


def _check(feed: Feed) -> None:
    faults = Faults(_WHAT)
    if not feed.issued_at < feed.valid_until <= feed.issued_at + LONGEST:
        faults.add("/valid_until", "must lie after the feed was issued, and no more than 30 days")
    if [each.number for each in feed.lists] != list(range(1, len(feed.lists) + 1)):
        faults.add("/lists", "must name every status list from 1 on, in order")
    if any(times > 1 for times in Counter(each.fingerprint for each in feed.recipients).values()):
        faults.add("/recipients", "names a recipient twice")
    faults.raise_any()


def fingerprint_of(recipient: RecipientId) -> Sha256:
    """What a recipient is called in a feed: the SHA-256 of the text of its age recipient."""
    return sha256_hex(recipient.encode())


def notice_path(fingerprint: Sha256, number: int) -> str:
    """Where the notice with this number lies for the recipient with this fingerprint, encrypted to it."""
    return f"notices/{fingerprint}/{number}.age"
