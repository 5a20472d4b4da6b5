"""Whether a card may be formatted: each of its files is in the archive, and the archive's copy was read from the disk.

Nothing on the card is ever changed or deleted here. What is asked of each file is the strictest question there is: is
this very content kept, and does the sealed copy, read past what the system remembers of writing it, still open and
hash to the original?
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from safelight.capture.decoder_pool import DecoderPool
from safelight.capture.folders import find_photos, passed_over
from safelight.capture.reading import SourceFile, Unread, read_sources, shown_name
from safelight.capture.slates import read_slate_text
from safelight.domain.errors import SafelightError
from safelight.domain.ids import PhotoGuid
from safelight.domain.photo import Photo
from safelight.domain.progress import Report, silent
from safelight.domain.session import Session
from safelight.keys.secrets import content_tag
from safelight.studio.open_studio import OpenStudio

_FILMS = frozenset(
    {".mov", ".mp4", ".m4v", ".avi", ".mts", ".m2ts", ".mxf", ".braw", ".crm", ".r3d", ".3gp", ".wav", ".mp3", ".m4a"}
)
"""Films and sounds lie beside DCIM on some cards, and formatting takes them as well."""
_OWN = frozenset({".ctg", ".dsc", ".lst", ".nod", ".inf", ".bdm", ".log"})
"""What cameras keep on a card for themselves; they write it again."""


@dataclass(frozen=True, slots=True)
class CardReport:
    """``safe`` of ``total`` files are kept and were read back at ``at``; ``missing`` are the others, with the reason.

    ``slates`` are counted among the safe: nothing of them is kept, and nothing is lost. ``past_cache`` is False when
    the system could not be made to ask the disk, so that the reading proves less than it seems.
    """

    safe: int
    total: int
    missing: tuple[tuple[str, str], ...]
    past_cache: bool
    slates: int
    at: datetime

    @property
    def may_be_formatted(self) -> bool:
        """Whether every file is kept, and the disk itself said so."""
        return self.total > 0 and not self.missing and self.past_cache


def card_report(
    studio: OpenStudio,
    session: Session,
    paths: Sequence[Path],
    decoders: DecoderPool | None = None,
    report: Report = silent,
) -> CardReport:
    """Look at every file at ``paths`` (a card, folders, files) and at its copy in the archive.

    A file whose metadata was edited since is known by its image data among the photos of ``session``; what is in the
    archive at all counts whichever session it came in with. Without ``decoders`` nobody can see that a file is a slate,
    so it is listed as missing. Raises :class:`WrongUsage` when there is nothing at a path.
    """
    aside: dict[Path, str] = {}
    found = list(find_photos(paths, aside=lambda path, why: aside.update({path: f"Not kept: {why}."})))
    aside |= dict.fromkeys(_films(paths), "A film or a sound; only pictures are kept.")
    beside = [(shown_name(path), why) for path, why in aside.items() if path.suffix.lower() not in _OWN]
    looking, missing = _Looking(studio, session, decoders), list[tuple[str, str]]()
    for number, source in enumerate(read_sources(found)):
        report(number, len(found), shown_name(source.path))
        if why := source.error.title if isinstance(source, Unread) else looking.fault(source):
            missing.append((shown_name(source.path), why))
    report(len(found), len(found), "card")
    missing += beside
    total = len(found) + len(beside)
    return CardReport(total - len(missing), total, tuple(missing), looking.past_cache, looking.slates, studio.now())


class _Looking:
    """Answers for one file after the other; a photo of the archive is opened once, however often it is on the card."""

    def __init__(self, studio: OpenStudio, session: Session, decoders: DecoderPool | None) -> None:
        self._studio, self._session, self._decoders = studio, session, decoders
        self._faults: dict[PhotoGuid, str] = {}
        self._images: dict[tuple[str, str], PhotoGuid] | None = None
        self.past_cache = True
        self.slates = 0

    def fault(self, source: SourceFile) -> str:
        """Why this file is not safe; empty when it is."""
        try:
            known = self._studio.archive.photos.find(content_tag(self._studio.secrets, source.sha256))
            known = known or self._same_image(source)
            if known is None:
                if self._is_slate(source):
                    self.slates += 1
                    return ""
                return "It is not in the archive; take it in first."
            if known not in self._faults:
                self._faults[known] = self._unsound(self._studio.archive.photos.get(known))
            return self._faults[known]
        except SafelightError as error:
            return error.title

    def _same_image(self, source: SourceFile) -> PhotoGuid | None:
        """The photo of the session with this image data: only what an editor or camera wrote around it differs."""
        if self._images is None:
            photos = self._studio.archive.photos.of_session(self._session.id)
            self._images = {(each.image_hash_kind, each.image_sha256): each.guid for each in photos}
        return self._images.get((source.image.kind, source.image.sha256))

    def _is_slate(self, source: SourceFile) -> bool:
        if self._decoders is None:
            return False
        rendition = self._decoders.develop(source.read(), source.media_type, name=source.name)
        if rendition.beside:
            return False  # somebody wears the code: it is a picture of them
        return rendition.clock is not None or bool(rendition.slate and read_slate_text(rendition.slate))

    def _unsound(self, photo: Photo) -> str:
        digest = _Digest()
        files = self._studio.archive.files
        self.past_cache &= files.read_past_cache(self._studio.archive.photos.original(photo.guid), digest)
        return "" if digest.value() == photo.sha256 else "Its copy in the archive is not what came from the camera."


class _Digest:
    """A sink that keeps nothing but the hash."""

    def __init__(self) -> None:
        self._sha256 = hashlib.sha256()

    def write(self, data: bytes | memoryview, /) -> int:
        self._sha256.update(data)
        return len(data)

    def value(self) -> str:
        return self._sha256.hexdigest()


def _films(paths: Sequence[Path]) -> Iterator[Path]:
    """Films and sounds anywhere at or below ``paths``, links and hidden folders apart."""
    for path in paths:
        for folder, below, names in os.walk(os.path.realpath(path)):
            below[:] = [each for each in below if not passed_over(each)]
            yield from (Path(folder) / each for each in sorted(names) if Path(each).suffix.lower() in _FILMS)
