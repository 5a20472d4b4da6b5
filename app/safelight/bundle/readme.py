"""The two members for people with stock tools: README.txt and the list for ``sha256sum -c``."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from string import Template

from safelight.documents.manifest import Manifest, Member
from safelight.documents.times import rfc3339
from safelight.keys.signing import Namespace, allowed_signers_line
from safelight.settings import resources

SIGNED_FOR_RECIPIENTS: tuple[Namespace, ...] = (
    "safelight-bundle", "safelight-record", "safelight-status", "safelight-notice", "safelight-feed"
)  # fmt: skip


def readme(manifest: Manifest) -> bytes:
    """README.txt: what the bundle is and how to check it with age, tar, sha256sum and ssh-keygen."""
    studio, recipient = manifest.studio, manifest.recipient
    template = Template(resources.read_bytes("bundle/README.txt").decode("utf-8"))
    text = template.substitute(
        bundle=manifest.id,
        sequence=manifest.sequence,
        created_at=rfc3339(manifest.created_at),
        studio=studio.name,
        studio_id=studio.id,
        contact=studio.contact,
        fingerprint=studio.fingerprint,
        allowed_signers=allowed_signers_line(studio.id, studio.ssh_public_key, SIGNED_FOR_RECIPIENTS).rstrip("\n"),
        recipient=recipient.name,
        uses="\n".join(f"  {use}" for use in manifest.uses),
        photos=len(manifest.photos),
    )
    return text.encode("utf-8")


def sums(first: Mapping[str, bytes], members: Sequence[Member]) -> bytes:
    """The lines ``sha256sum -c`` reads: the files in ``first``, then the members, in the order of the bundle."""
    lines = [f"{hashlib.sha256(data).hexdigest()}  {path}\n" for path, data in first.items()]
    lines += [f"{each.sha256}  {each.path}\n" for each in members]
    return "".join(lines).encode("ascii")
