"""Looks through folders for copies of photos by their image data, so that nothing withdrawn stays in use unnoticed.

A copy is found whatever became of its metadata and its name. A crop, another size or another encoding is another
picture to it: those are not found. Nothing is changed.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import BinaryIO, cast

from safelight.agency.allowances import allowances
from safelight.agency.applying import RESTS_ON as NOTICES
from safelight.agency.applying import photos_of
from safelight.agency.open_agency import OpenAgency
from safelight.documents.withdrawal_notices import read_notice
from safelight.domain.changes import Changes
from safelight.domain.errors import Malformed, WrongUsage
from safelight.domain.ids import PhotoGuid
from safelight.domain.progress import Report, silent
from safelight.images.image_format import HEAD, sniff
from safelight.images.imagehash import ImageHash, image_data_sha256
from safelight.keys.input_files import open_input
from safelight.keys.secrets import content_tag

_IN_MEMORY = 128 * 1024 * 1024
"""A file up to this size is read at once; a larger one in pieces."""
_WORKERS = 2
"""One file is read while another is hashed; more only compete for the device."""
_AHEAD = 16
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)


@dataclass(frozen=True, slots=True)
class FoundCopy:
    """A file that shows a photo studios delivered, by its id or ids; ``stopped``: no use of any of them is allowed.

    ``until``: the last day of the consent that allows it longest, if something does.
    """

    path: Path
    photos: tuple[PhotoGuid, ...]
    stopped: bool
    until: str


@dataclass(frozen=True, slots=True)
class Unread:
    """A file or folder that could not be looked at, and why: a copy may be in it."""

    path: Path
    why: str


@dataclass(frozen=True, slots=True)
class Swept:
    """What a look through folders found, by path. ``pictures`` were compared, ``others`` are no pictures.

    ``links`` are symbolic links, which are not followed.
    """

    copies: tuple[FoundCopy, ...]
    pictures: int
    others: int
    links: int
    unread: tuple[Unread, ...]


def sweep_folders(
    agency: OpenAgency, folders: Sequence[Path], every: bool = False, report: Report = silent
) -> tuple[Swept, Changes]:
    """Find copies of photos that must not be used any more in ``folders``; with ``every``, of any known photo.

    Raises :class:`WrongUsage` for what is no folder. That it was done is one entry in the journal.
    """
    for folder in folders:
        if not folder.is_dir():
            raise WrongUsage(f"'{folder.name}' is not a folder.", "Nothing was looked at. Name a folder.")
    agency.catalogue.rely_on_everything()
    agency.catalogue.rely_on(NOTICES)
    walk, known = _Walk(), _Known(agency)
    found = [
        (path, guids) for path, image, whole in _hashed(walk, folders, known.wants_whole, report)
        if (guids := known.photos(image, whole))
    ]  # fmt: skip
    allowed = allowances(agency, dict.fromkeys(guid for _, guids in found for guid in guids))
    studios = {guid: each.studio for guid, each in agency.catalogue.received.photos([*allowed]).items()}
    copies = []
    for path, guids in found:
        # As with questions: of a picture that came from several studios, one no is a no.
        ends: dict[str, date] = {}
        for guid in guids:
            if (one := allowed.get(guid)) is not None:
                ends[studios[guid]] = max(one.until, ends.get(studios[guid], one.until))
        stopped = not ends or len(ends) < len({studios[guid] for guid in guids if guid in studios})
        if stopped or every:
            copies.append(FoundCopy(path, guids, stopped, "" if stopped else min(ends.values()).isoformat()))
    done = Swept(tuple(copies), walk.pictures, walk.others, walk.links, tuple(walk.unread))
    with agency.catalogue.transaction(agency.dated()) as writing:
        account = {"copies": len(copies), "pictures": done.pictures, "unread": len(done.unread)}
        agency.catalogue.journal.append(
            writing, "swept", f"{len(folders)} folders", json.dumps(account, sort_keys=True).encode()
        )
    return done, Changes.JOURNAL


class _Known:
    """Which photo a hash is of: of the catalogue, or of a notice about one that never came here."""

    def __init__(self, agency: OpenAgency) -> None:
        self._agency = agency
        self._tags = agency.catalogue.received.guids_by_tag()
        self._named: dict[tuple[str, str], set[PhotoGuid]] = {}
        self._members: dict[str, set[PhotoGuid]] = {}
        for studio in agency.catalogue.notices.studios():
            for kept in agency.catalogue.notices.of(studio):
                for photo in photos_of(read_notice(kept.text.encode())):
                    if photo.image_hash_kind is not None:
                        place = (photo.image_hash_kind, photo.image_sha256)
                        self._named.setdefault(place, set()).add(photo.guid)
                        continue
                    for member in photo.members:
                        self._members.setdefault(member, set()).add(photo.guid)

    @property
    def wants_whole(self) -> bool:
        """Whether some photo can only be told by its whole file."""
        return bool(self._members)

    def photos(self, image: ImageHash, whole: str) -> tuple[PhotoGuid, ...]:
        guids = self._tags.get(content_tag(self._agency.secrets, image.sha256), ())
        kept = self._agency.catalogue.received.photos(guids) if guids else {}
        same = {guid for guid, each in kept.items() if each.image_hash_kind == image.kind}
        same |= self._named.get((image.kind, image.sha256), set()) | self._members.get(whole, set())
        return tuple(sorted(same))


@dataclass
class _Walk:
    """Every file below some folders, each once; symbolic links are left alone."""

    pictures: int = 0
    others: int = 0
    links: int = 0
    unread: list[Unread] = field(default_factory=list)
    _seen: set[tuple[int, int]] = field(default_factory=set)

    def files(self, folders: Iterable[Path]) -> Iterator[Path]:
        waiting = [*reversed([*folders])]
        while waiting:
            folder = waiting.pop()
            try:
                at = folder.stat()
                if (at.st_dev, at.st_ino) in self._seen:
                    continue  # below another one that was named, or named twice
                self._seen.add((at.st_dev, at.st_ino))
                with os.scandir(folder) as entries:
                    found = sorted(entries, key=lambda each: each.name)
                kinds = [(each, each.is_symlink(), each.is_dir(follow_symlinks=False)) for each in found]
            except OSError as error:
                self.unread.append(Unread(folder, error.strerror or "it cannot be read"))
                continue
            waiting += [Path(each.path) for each, link, is_folder in reversed(kinds) if is_folder and not link]
            for each, link, is_folder in kinds:
                self.links += link
                if not link and not is_folder:
                    yield Path(each.path)


def _hashed(
    walk: _Walk, folders: Sequence[Path], whole: bool, report: Report
) -> Iterator[tuple[Path, ImageHash, str]]:
    """The hashes of every picture, in order; what is none is counted, what cannot be read is named."""
    waiting: list[tuple[Path, Future[tuple[ImageHash, str] | None]]] = []
    done = 0
    pool = ThreadPoolExecutor(_WORKERS, thread_name_prefix="safelight-sweep")

    def settled(path: Path, hashing: Future[tuple[ImageHash, str] | None]) -> Iterator[tuple[Path, ImageHash, str]]:
        nonlocal done
        done += 1
        report(done, done + len(waiting), path.name)
        try:
            found = hashing.result()
        except OSError as error:
            walk.unread.append(Unread(path, error.strerror or "it cannot be read"))
        except Malformed as error:
            walk.unread.append(Unread(path, f"it is no whole picture: {error.phrase}"))
        except WrongUsage:
            walk.others += 1  # a pipe or a device
        else:
            walk.pictures += found is not None
            walk.others += found is None
            if found is not None:
                yield path, *found

    try:
        for path in walk.files(folders):
            waiting.append((path, pool.submit(_hash, path, whole)))
            if len(waiting) >= _AHEAD:
                yield from settled(*waiting.pop(0))
        while waiting:
            yield from settled(*waiting.pop(0))
    finally:
        pool.shutdown(cancel_futures=True)


def _hash(path: Path, whole: bool) -> tuple[ImageHash, str] | None:
    """The hash of the image data, and of the whole file if that is wanted; None for what is no picture."""
    with open_input(path, flags=_NO_FOLLOW) as file:
        head = file.read(HEAD) or b""
        media_type = sniff(head, path.name)
        if media_type is None:
            return None
        size = os.fstat(file.fileno()).st_size
        if size > _IN_MEMORY:
            image = image_data_sha256(cast("BinaryIO", file), media_type)
            return image, _digest(file) if whole else ""
        file.seek(0)
        untrusted = _all(file, size)
    return image_data_sha256(untrusted, media_type), hashlib.sha256(untrusted).hexdigest() if whole else ""


def _all(file: io.FileIO, size: int) -> memoryview:
    """As much of a file as there was when its size was asked; one that shrinks is cut off, and found so."""
    data = bytearray(size)
    view, filled = memoryview(data), 0
    while filled < size and (count := file.readinto(view[filled:])):
        filled += count
    return view[:filled]


def _digest(file: io.FileIO) -> str:
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()

