"""A session as large as a test asks for, made past the verbs: people, photos without pictures, signings, bundles."""

from __future__ import annotations

import hashlib
import os
from datetime import UTC, datetime, timedelta

from safelight.domain.ids import BundleId, Country, Language, PhotoGuid, RecordId, ScopeId, SessionId, Sha256, SubjectId
from safelight.domain.people import Subject
from safelight.domain.photo import CameraTime, Photo
from safelight.storage.files import Stored
from safelight.storage.rows import DisclosedPhoto, Disclosure, FileId
from safelight.studio.open_studio import new_id
from support.shoot import Shoot, said_yes

_BEGIN = datetime(2026, 5, 4, 9, 0, tzinfo=UTC).replace(tzinfo=None)


class Grown:
    """A studio whose one session has as many people, photos, signings and bundles as asked for."""

    def __init__(self, shoot: Shoot) -> None:
        self.shoot, self.studio = shoot, shoot.studio
        self.session = shoot.new_session("use.editorial", "use.portfolio", "ai.train-generative")
        self.people: list[Subject] = []
        self.photos: list[Photo] = []

    def grow(self, size: int) -> None:
        """As many people as ``size``, each with a photo, a signing and a bundle, and a session for every fifth."""
        archive, now = self.studio.archive, self.studio.now()
        new = [
            Subject(SubjectId(new_id()), f"Person {number:03}", Language("en"), Country("DE"), reference=f"N{number}")
            for number in range(len(self.people), size)
        ]
        with archive.transaction(now) as t:
            archive.subjects.add_many(t, new, self.session.id, "registered")
        taken = self.photograph(new)
        for each in new:
            yes = said_yes("use.editorial", *self.shoot.agencies.values())
            recorded = self.shoot.ask(each, yes, session=self.session)
            self._disclose(taken[new.index(each)], recorded.receipt.records[0].id)
        for _ in range(len(new) // 5):
            self.shoot.new_session("use.portfolio")
        self.people += new

    def photograph(self, people: list[Subject], each: int = 1) -> list[Photo]:
        """So many photos of each of them, one after the other."""
        archive = self.studio.archive
        taken = [photo_of(self.session.id, one.id, len(self.photos) + at) for at, one in enumerate(people * each)]
        with archive.transaction(self.studio.now()) as t:
            for photo in taken:
                file = FileId(os.urandom(32).hex())
                # The original is a row without a file: nothing here opens one.
                archive.files._pending[file] = Stored(file, "photo", "portrait", 1, photo.subjects)
                archive.photos.add(t, photo, file, b"small", b"larger", photo.sha256)
        self.photos += taken
        return taken

    def _disclose(self, photo: Photo, record: RecordId) -> None:
        archive, to = self.studio.archive, self.shoot.agencies["Lumiere"].id
        left = DisclosedPhoto(photo.guid, photo.sha256, photo.image_sha256, records=(record,))
        with archive.transaction(self.studio.now()) as t:
            sequence = archive.disclosures.next_sequence(t, to)
            made = Disclosure(
                BundleId(f"urn:uuid:{new_id()}"), to, sequence, t.now, (ScopeId("use.editorial"),), None, (left,),
                (record,), photo.sha256,
            )  # fmt: skip
            archive.disclosures.add(t, made)


def photo_of(session: SessionId, person: SubjectId, number: int) -> Photo:
    """A photo of nothing, as the ``number``th of a camera."""
    digest = Sha256(hashlib.sha256(os.urandom(16)).hexdigest())
    guid = PhotoGuid(new_id())
    return Photo(
        guid, session, (person,), f"A_{number:04}.jpg", "image/jpeg", 1, digest, "jpeg-scans", digest,
        4000, 6000, 1, None, unwritable="", camera_tag="c" * 64, shot=guid,
        camera_time=CameraTime((_BEGIN + timedelta(seconds=7 * number)).isoformat(timespec="milliseconds"), 60),
    )  # fmt: skip
