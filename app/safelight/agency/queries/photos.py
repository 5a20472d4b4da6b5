"""Finds out which photo a file is, even after its metadata was changed or stripped; lists what the catalogue holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from safelight.agency.open_agency import OpenAgency
from safelight.documents.manifest import MAX_PHOTO
from safelight.domain.errors import Malformed, Refused
from safelight.domain.ids import BundleId, PhotoGuid, ScopeId, is_uuid4
from safelight.images.image_format import HEAD, sniff
from safelight.images.imagehash import image_data_sha256
from safelight.images.xmp import find_xmp
from safelight.images.xmp_packet import read_marks
from safelight.keys.input_files import read_input_file
from safelight.keys.secrets import content_tag

_PAGE = 500


@dataclass(frozen=True, slots=True)
class ListedPhoto:
    """A photo in the catalogue: who delivered it, when last, and the uses its bundles were for."""

    guid: PhotoGuid
    studio: str
    bundle: BundleId
    media_type: str
    delivered_at: datetime
    uses: tuple[ScopeId, ...]
    people: int
    fresh_until: date | None
    withheld: bool
    deleted_at: datetime | None


def list_photos(agency: OpenAgency) -> tuple[ListedPhoto, ...]:
    """Every photo in the order they came. It tells what was delivered; whether it may be used, only ``may`` tells."""
    agency.catalogue.rely_on_everything()
    guids = agency.catalogue.received.guids()
    found = []
    for start in range(0, len(guids), _PAGE):
        page = guids[start : start + _PAGE]
        agency.standings.load(page)
        for guid in page:
            standing = agency.standings.of_photo(guid)
            if standing is None or not standing.delivered:
                continue
            trusted = agency.standings.trusted_studio(standing.photo.studio)
            newest = standing.delivered[0].delivery
            uses = {use for each in standing.delivered for use in each.records}
            found.append(
                ListedPhoto(
                    guid,
                    trusted.name if trusted else "",
                    standing.photo.bundle,
                    standing.photo.media_type,
                    newest.created_at,
                    tuple(sorted(uses)),
                    len(set(newest.subjects)),
                    standing.delivered[0].vouched_until(),
                    standing.photo.withheld,
                    standing.photo.deleted_at,
                )
            )
    return tuple(found)


def photo_of_file(agency: OpenAgency, path: Path) -> PhotoGuid | None:
    """Which photo of the catalogue the file at ``path`` is, by its image data; None when it is none of them.

    The id in its metadata is believed only as far as the picture agrees: raises :class:`Refused` when it is that of one
    photo and the picture is another. :class:`Malformed` for a torn file, :class:`WrongUsage` for an unreadable one.
    """
    untrusted = _read(path)
    media_type = sniff(untrusted[:HEAD], path.name)
    if media_type is None:
        return None
    image = image_data_sha256(untrusted, media_type)
    tag = content_tag(agency.secrets, image.sha256)
    agency.catalogue.rely_on(tags=[tag])
    found = agency.catalogue.received.tagged(tag)
    matching = [each.guid for each in found if each.image_hash_kind == image.kind]
    named = _named_inside(untrusted, media_type)
    if named is not None and named in matching:
        return named
    if named is not None and agency.catalogue.received.photos([named]):
        raise Refused(
            f"The file says it is photo {named}, but it shows another picture.",
            "If it is a version somebody made of that photo, ask by the id instead of the file.",
        )
    if len(matching) > 1:
        raise Refused(
            "The same picture was delivered under several ids: " + ", ".join(matching) + ".", "Ask by one of the ids."
        )
    return matching[0] if matching else None


def _read(path: Path) -> bytes:
    return read_input_file(path, MAX_PHOTO, kept="Nothing was asked.")


def _named_inside(untrusted: bytes, media_type: str) -> PhotoGuid | None:
    """The id in the file's XMP; metadata somebody else wrote or broke names no photo."""
    try:
        packet = find_xmp(untrusted, media_type)
        guid = read_marks(packet).guid.removeprefix("urn:uuid:") if packet else ""
    except Malformed:
        return None
    return PhotoGuid(guid) if is_uuid4(guid) else None
