"""Withdrawal notices and published folders of a studio that delivers in tests, signed as a studio signs them."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from safelight.agency.incoming_notices import SignedNotice
from safelight.bundle.ustar import END, header, padding
from safelight.documents.feed import Feed, FeedList, FeedRecipient, feed_bytes, fingerprint_of, notice_path
from safelight.documents.withdrawal_notices import (
    Asked,
    Ended,
    NoticeItem,
    NoticePhoto,
    NoticePhotoState,
    PhotoReason,
    PhotoState,
    WithdrawalNotice,
    notice_bytes,
)
from safelight.domain.ids import NoticeId, ScopeId, Sha256
from safelight.images.imagehash import image_data_sha256
from safelight.keys.sealing import seal_file
from support import deliveries

STOP, DELETE = (Asked.STOP,), (Asked.STOP, Asked.DELETE)


def sha256(data: bytes) -> Sha256:
    return Sha256(hashlib.sha256(data).hexdigest())


def named(shot: deliveries.Shot) -> NoticePhoto:
    image = image_data_sha256(shot.data, shot.media_type)
    return NoticePhoto(shot.guid, image.kind, image.sha256, (sha256(shot.data),))


def ended(
    receipt: Any, scope: str, *shots: deliveries.Shot, how: Ended = Ended.WITHDRAWN, asked: tuple[Asked, ...] = DELETE,
    at: datetime = deliveries.START,
) -> NoticeItem:  # fmt: skip
    """That one answer of a receipt has ended."""
    record = receipt.record_for(ScopeId(scope))
    photos = tuple(named(each) for each in shots)
    return NoticeItem(record.id, receipt.id, record.scope, record.status_index, how, at, asked, photos)


def said(
    shot: deliveries.Shot, state: PhotoState = PhotoState.WITHHELD, why: PhotoReason = PhotoReason.STRUCK_OUT,
    asked: tuple[Asked, ...] = DELETE, at: datetime = deliveries.START,
) -> NoticePhotoState:  # fmt: skip
    return NoticePhotoState(named(shot), state, why, at, asked)


@dataclass
class NoticeBook:
    """The notices of one studio to its recipient, numbered and chained."""

    studio: deliveries.StudioDouble
    written: list[SignedNotice] = field(default_factory=list)
    feeds: int = 0

    def write(
        self, items: Sequence[NoticeItem] = (), photos: Sequence[NoticePhotoState] = (),
        at: datetime = deliveries.START, key: Any = None, **changes: Any,
    ) -> SignedNotice:  # fmt: skip
        """The next notice; ``changes`` are fields that are not as they should be (then it is not kept)."""
        before = self.written[-1] if self.written else None
        values: dict[str, Any] = {
            "id": NoticeId(deliveries.new_uuid()), "number": len(self.written) + 1,
            "previous": None if before is None else sha256(before.text), "studio": self.studio.identity.id,
            "recipient": self.studio.recipient.id, "issued_at": at, "due": (at + timedelta(days=30)).date(),
            "items": tuple(items), "photos": tuple(photos),
        }  # fmt: skip
        text = notice_bytes(WithdrawalNotice(**(values | changes)))
        made = SignedNotice(text, (key or self.studio.key).sign(text, "safelight-notice"))
        if not changes and key is None:
            self.written.append(made)
        return made

    def feed(self, lists: Iterable[bytes], at: datetime, days: int = 30, key: Any = None, **changes: Any) -> bytes:
        """The next feed about everything written so far."""
        self.feeds += 1
        mine = FeedRecipient(
            fingerprint_of(self.studio.recipient.id), len(self.written),
            sha256(self.written[-1].text) if self.written else Sha256("0" * 64),
        )  # fmt: skip
        values: dict[str, Any] = {
            "studio": self.studio.identity.id, "number": self.feeds, "issued_at": at,
            "valid_until": at + timedelta(days=days), "recipients": (mine,) if self.written else (),
            "lists": tuple(FeedList(number, sha256(each)) for number, each in enumerate(lists, 1)),
        }  # fmt: skip
        return feed_bytes(Feed(**(values | changes)))

    def publish(
        self, folder: Path, at: datetime, days: int = 30, key: Any = None, **changes: Any
    ) -> None:
        """Write the folder of formats.md section 10, everything in it as it is at that time."""
        lists = [self.studio.listed(number, at, at + timedelta(days=30)) for number in (1, *self.studio.further)]
        folder.mkdir(parents=True, exist_ok=True)
        for number, listed in enumerate(lists, 1):
            name = "list.json" if number == 1 else f"list-{number}.json"
            (folder / name).write_bytes(listed)
            (folder / f"{name}.sig").write_text(self.studio.key.sign(listed, "safelight-status"))
        feed = self.feed(lists, at, days, **changes)
        (folder / "feed.json").write_bytes(feed)
        (folder / "feed.json.sig").write_text((key or self.studio.key).sign(feed, "safelight-feed"))
        for number, each in enumerate(self.written, 1):
            path = folder / notice_path(fingerprint_of(self.studio.recipient.id), number)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(sealed(each, self.studio.recipient.id))


def in_files(made: SignedNotice, folder: Path) -> Path:
    """``notice.json`` and its signature in a folder of their own."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "notice.json").write_bytes(made.text)
    (folder / "notice.json.sig").write_text(made.signature)
    return folder / "notice.json"


def sealed(made: SignedNotice, recipient: str, names: tuple[str, str] = ("notice.json", "notice.json.sig")) -> bytes:
    """As a published folder has it."""
    files = zip(names, (made.text, made.signature.encode()), strict=True)
    tar = b"".join(header(name, len(data), 0) + data + padding(len(data)) for name, data in files) + END
    out = io.BytesIO()
    seal_file(io.BytesIO(tar), out, [recipient])
    return out.getvalue()
