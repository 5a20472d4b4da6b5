"""Photos as the archive keeps them, with what makes members of a bundle of them: values that another process can get.

The same code packs a bundle from them in this process (:func:`pack_here`) and in one of its own
(``packing_process``): whoever asks for a bundle is handed one of the two as a :class:`Pack`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Protocol

from safelight.documents.manifest import Manifest
from safelight.domain.errors import Malformed
from safelight.domain.ids import PhotoGuid, Sha256
from safelight.domain.progress import Report
from safelight.images.credentials import manifest_definition
from safelight.images.rights_marks import RightsMarks
from safelight.images.source_type import source_type
from safelight.keys.sealed_file import SealedFile

from .credentials import CredentialSigner, DocumentSigner
from .plan import BundlePlan, PhotoSource, SmallMember, WrittenBundle
from .prepare import PreparedPhoto, prepare_photo
from .writer import ManifestSigner, write_bundle

NOTHING_OF_IT = "Nothing of it was handed on. Run “studio check”, then restore a backup."
"""What is told of a file that is not the photo's."""


@dataclass(frozen=True, slots=True)
class Original:
    """One photo that leaves: where its sealed file lies and what opens it, and everything to be written on it.

    ``path`` is its name in the bundle, ``size`` and ``sha256`` are of the bytes that came in. ``marks`` are those it
    leaves with, but for the source type, which is read from the bytes (``said_made`` and ``camera`` as in
    ``images.source_type``). ``keep`` is what cleaning leaves, ``version`` the program's. Where ``sealed`` is None,
    ``refused`` says in one sentence why the photo cannot be opened.
    """

    guid: PhotoGuid
    path: str
    media_type: str
    size: int
    sha256: str
    sealed: SealedFile | None
    refused: str
    marks: RightsMarks
    keep: frozenset[str]
    said_made: str
    camera: str
    version: str


@dataclass(frozen=True, slots=True)
class OriginalsPlan:
    """A bundle to be written from originals; ``manifest`` and ``small`` as in :class:`~.plan.BundlePlan`.

    ``originals`` gives the photos in the order of the manifest and is gone through once, in the process that made the
    plan.
    """

    manifest: Manifest
    small: Sequence[SmallMember]
    originals: Iterable[Original]


@dataclass(frozen=True, slots=True)
class Signers:
    """Who signs: the manifest, and the content credentials of the photos. They never leave the process they are in."""

    manifest: ManifestSigner
    documents: DocumentSigner


class Pack(Protocol):
    """Writes a bundle of originals, in this process or in another."""

    def __call__(
        self, plan: OriginalsPlan, destination: Path, *, recipients: Sequence[str], signers: Signers, report: Report
    ) -> WrittenBundle:
        """As :func:`~.writer.write_bundle`, with the same errors."""


def pack_here(
    plan: OriginalsPlan, destination: Path, *, recipients: Sequence[str], signers: Signers, report: Report
) -> WrittenBundle:
    """Pack in this process, in threads of it."""
    sources = sources_of(plan.originals, CredentialSigner(signers.documents))
    ready = BundlePlan(plan.manifest, plan.small, sources)
    return write_bundle(ready, destination, recipients=recipients, signer=signers.manifest, report=report)


def sources_of(originals: Iterable[Original], signer: CredentialSigner) -> Iterator[PhotoSource]:
    """What the writer is given: each photo is opened when its turn comes."""
    for each in originals:
        yield PhotoSource(each.guid, each.path, each.media_type, each.size, partial(prepare_original, each, signer))


def prepare_original(original: Original, signer: CredentialSigner) -> PreparedPhoto:
    """The photo as it leaves: opened in memory, cleaned, marked and signed; called by the writer's threads."""
    if original.sealed is None:
        raise Malformed(original.refused)
    content = original.sealed.read_bytes()
    check_original(original.guid, original.sha256, content)
    made = source_type(content, original.media_type, original.said_made, original.camera)
    marks = replace(original.marks, source_type=made)
    definition = manifest_definition(marks, original.media_type, original.path, original.version)
    return prepare_photo(memoryview(content), original.media_type, marks, definition, signer, original.keep)


def check_original(guid: PhotoGuid, sha256: str, content: bytes) -> None:
    """Return if ``content`` is what came in as this photo; :class:`Malformed` names the photo otherwise.

    Which file is a photo's stands in a column in clear, so what it holds is held against the hash sealed with the
    photo.
    """
    if Sha256(hashlib.sha256(content).hexdigest()) != sha256:
        raise Malformed(
            f"The file kept for photo {guid} is not the picture that came in as this photo.",
            NOTHING_OF_IT,
            (f"photo/{guid}",),
        )
