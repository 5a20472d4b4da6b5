"""One photo that cannot be written never stops an export: it is found beforehand, or left out when it shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from safelight.bundle.originals import Pack, Signers
from safelight.bundle.plan import Unprepared, WrittenBundle
from safelight.domain.changes import Changes
from safelight.domain.errors import DeviceFailure, SafelightError
from safelight.domain.ids import PhotoGuid
from safelight.domain.photo import Photo
from safelight.domain.progress import Report
from safelight.domain.session import Session
from safelight.images.cleaning import unwritable
from safelight.studio.open_studio import OpenStudio
from safelight.studio.originals import original_of
from safelight.studio.packing import ClearedPhoto, ExportRequest, bundle_plan


@dataclass(frozen=True, slots=True)
class Packed:
    """The bundle (None if nothing was left for it) and why each photo that is not in it could not be written."""

    bundle: WrittenBundle | None
    failed: Mapping[PhotoGuid, str]


def why_unwritable(studio: OpenStudio, photo: Photo) -> str:
    """Why no marks can be written into the photo, as part of a sentence; empty if nothing stands in the way.

    What was found when it came in counts. Where nobody looked yet, or something was found, the file itself is asked:
    this version of the program may be able to write what an older one could not.
    """
    if photo.unwritable == "":
        return ""
    try:
        original = original_of(studio, photo)
    except DeviceFailure:
        raise
    except SafelightError as error:
        return error.phrase
    return unwritable(original, photo.media_type)


def write_what_can_be(
    studio: OpenStudio,
    session: Session,
    cleared: Sequence[ClearedPhoto],
    request: ExportRequest,
    sequence: int,
    now: datetime,
    destination: Path,
    report: Report,
    pack: Pack,
) -> tuple[Packed, Changes]:
    """Have ``pack`` write the bundle at ``destination``.

    A photo that fails only while it is written is left out: what was packed is thrown away and the rest is packed
    again. None instead of a bundle if no photo is left. Raises as ``pack`` does, but for photos.
    """
    failed: dict[PhotoGuid, str] = {}
    changes = Changes.NONE
    rest = tuple(cleared)
    signers = Signers(studio.signer, studio.documents)
    while rest:
        plan, issued = bundle_plan(studio, session, rest, request, sequence, now)
        changes |= issued
        try:
            recipients = (request.recipient.id,)
            written = pack(plan, destination, recipients=recipients, signers=signers, report=report)
        except Unprepared as error:
            failed |= error.reasons
            rest = tuple(each for each in rest if each.photo.guid not in failed)
        else:
            return Packed(written, failed), changes
    return Packed(None, failed), changes
