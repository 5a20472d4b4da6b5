"""A PDF that opens with a passphrase alone (AES-256, ISO 32000-2), with a file inside: for what is sent."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pikepdf
from pikepdf import AttachedFileSpec, Encryption

from safelight.domain.document_type import DocumentType

_ARCHIVAL = ("pdfaid:part", "pdfaid:conformance")
"""What says that a file is PDF/A; one that is encrypted is none."""


def locked_pdf(pdf: bytes, name: str, attachment: bytes, words: Sequence[str]) -> bytes:
    """``pdf`` with ``attachment`` in it as ``name``, both encrypted; ``words``, with a blank between, open it."""
    secret = " ".join(words)
    with pikepdf.open(io.BytesIO(pdf)) as page:
        kind = DocumentType.ZIP.value
        page.attachments[name] = AttachedFileSpec(
            page, attachment, filename=name, mime_type=kind, description="", creation_date="", mod_date=""
        )
        with page.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as known:
            for each in _ARCHIVAL:
                if each in known:
                    del known[each]
        out = io.BytesIO()
        page.save(out, encryption=Encryption(owner=secret, user=secret, R=6, aes=True, metadata=True))
        return out.getvalue()
