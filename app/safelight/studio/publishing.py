"""Writes the folder a studio publishes: a signed feed, its status lists, and each notice encrypted to its recipient."""

from __future__ import annotations

import calendar
import io
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from safelight.bundle.ustar import END, header, padding
from safelight.documents.feed import (
    FEED_FILE,
    FEED_SIGNATURE,
    LONGEST,
    Feed,
    FeedList,
    FeedRecipient,
    feed_bytes,
    fingerprint_of,
    notice_path,
)
from safelight.documents.jcs import sha256_hex
from safelight.documents.manifest import status_path
from safelight.domain.changes import Changes
from safelight.domain.errors import WrongUsage
from safelight.domain.progress import Report, silent
from safelight.domain.record import FIRST_LIST
from safelight.keys.durable import durable_write
from safelight.keys.sealing import seal_file
from safelight.storage.rows import SignedMessage
from safelight.studio.open_studio import OpenStudio
from safelight.studio.status_lists import signed_lists

_NUMBER = "feed-number"
"""Setting: the number of the last feed."""


@dataclass(frozen=True, slots=True)
class Published:
    """What lies in the folder now: the feed's number, until when it vouches, how many lists and notices."""

    number: int
    valid_until: datetime
    lists: int
    notices: int
    recipients: int


def publish(studio: OpenStudio, folder: Path, report: Report = silent) -> tuple[Published, Changes]:
    """Write or renew the published folder at ``folder``, which is missing, empty, or was published before.

    Lists and notices come first and the feed last, so that a feed never names what is not there. Whoever copies the
    folder to a web server copies it whole. Raises :class:`WrongUsage` for a folder that holds something else.
    """
    _check_folder(folder)
    now = studio.now_believed()
    archive = studio.archive
    with archive.transaction(now) as writing:
        archive.rely_on(own=("recipient", "withdrawal_notice", "setting"))
        number = int(archive.studio.setting(_NUMBER) or "0") + 1
        lists = signed_lists(studio, now)
        sent: dict[str, list[SignedMessage]] = {}
        for message in archive.outgoing_notices.list():
            sent.setdefault(message.recipient, []).append(message)
        feed = Feed(
            studio.identity.id,
            number,
            writing.now,
            writing.now + LONGEST,
            tuple(FeedList(at, sha256_hex(each.list)) for at, each in enumerate(lists, FIRST_LIST)),
            tuple(
                FeedRecipient(fingerprint_of(mine[0].recipient), mine[-1].number, mine[-1].sha256)
                for mine in sent.values()
            ),
        )
        content = feed_bytes(feed)
        archive.studio.set_setting(writing, _NUMBER, str(number))
        entry = archive.journal.append(writing, "feed-published", studio.identity.id, sha256_hex(content).encode())
    files: dict[str, bytes] = {}
    for at, each in enumerate(lists, FIRST_LIST):
        name = Path(status_path(at)).name
        files |= {name: each.list, f"{name}.sig": each.signature.encode()}
    for mine in sent.values():
        for message in mine:
            files[notice_path(fingerprint_of(message.recipient), message.number)] = sealed_notice(message)
    files |= {FEED_FILE: content, FEED_SIGNATURE: studio.signer.sign(content, "safelight-feed").encode()}
    for done, (name, data) in enumerate(files.items()):
        report(done, len(files), "publishing")
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        durable_write(path, data)
    studio.acknowledge(studio.identity.id, entry.hash)
    notices = sum(map(len, sent.values()))
    return Published(number, feed.valid_until, len(lists), notices, len(sent)), Changes.JOURNAL


def sealed_notice(message: SignedMessage) -> bytes:
    """A tar with ``notice.json`` and ``notice.json.sig``, encrypted to its recipient with age."""
    mtime = calendar.timegm(message.at.utctimetuple())
    files = {"notice.json": message.text.encode(), "notice.json.sig": message.signature.encode()}
    inner = b"".join(header(name, len(data), mtime) + data + padding(len(data)) for name, data in files.items()) + END
    sealed = io.BytesIO()
    seal_file(io.BytesIO(inner), sealed, [message.recipient])
    return sealed.getvalue()


def _check_folder(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise WrongUsage(f"'{folder.name}' is no folder.", "Nothing was written; choose another one.")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / FEED_FILE).is_file():
        raise WrongUsage(
            f"The folder '{folder.name}' holds something that was not published by this.",
            "Nothing was written; choose an empty or a new folder.",
        )
