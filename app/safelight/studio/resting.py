"""How what somebody signed is about each photo that leaves: shown before, only named, or come in afterwards."""

from __future__ import annotations

from collections.abc import Iterable

from safelight.domain.binding import camera_milliseconds
from safelight.domain.ids import PhotoGuid, ReceiptId, SessionId
from safelight.domain.photo import Photo
from safelight.domain.record import ConsentReceipt
from safelight.domain.seen import Seen, mark_of, named_as
from safelight.studio.journal_kinds import CONSENT_RECORDED, PHOTO_ADDED
from safelight.studio.open_studio import OpenStudio


class Resting:
    """What the journal and the cameras' clocks tell of photos of one session and of signings, read once for all."""

    def __init__(
        self, studio: OpenStudio, session: SessionId, photos: Iterable[PhotoGuid], receipts: Iterable[ReceiptId]
    ) -> None:
        self._came = studio.archive.journal.first_about(PHOTO_ADDED, tuple(photos))
        self._signed = studio.archive.journal.first_about(CONSENT_RECORDED, tuple(receipts))
        self._cameras = studio.archive.cameras.all(session)

    def seen(self, photo: Photo, receipt: ConsentReceipt) -> Seen:
        """How ``receipt`` is about ``photo``; that it came afterwards is only said where nothing speaks against it."""
        named = named_as(mark_of(photo.guid, receipt.photos))
        if named is not None:
            return named
        came, signed = self._came.get(photo.guid), self._signed.get(receipt.id)
        afterwards = came is not None and signed is not None and came > signed
        if photo.session == receipt.session and afterwards and not self._taken_before(photo, receipt):
            return Seen.AFTER
        return Seen.NOT_NAMED

    def _taken_before(self, photo: Photo, receipt: ConsentReceipt) -> bool:
        """Whether the camera says so: a card is often read long after. A clock nobody compared tells nothing."""
        camera = self._cameras.get(photo.camera_tag)
        shown = camera_milliseconds(photo.camera_time)
        if shown is None or camera is None or camera.clock is None or not camera.clock.known:
            return False
        return shown + camera.clock.offset_ms < receipt.signing.signed_at.timestamp() * 1000
