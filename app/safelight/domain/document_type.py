"""The media types of everything that is no picture: documents, signatures, sidecars, evidence.

They stand in the domain because rooms that cannot see each other (documents, images, receipt, keys) write them; the
types of pictures are ``MediaType`` in ``images``, beside what the program can do with each.
"""

from __future__ import annotations

from enum import StrEnum


class DocumentType(StrEnum):
    """Values are media types as IANA or common use has them."""

    TEXT = "text/plain"
    UTF8_TEXT = "text/plain; charset=utf-8"
    HTML = "text/html"
    JSON = "application/json"
    JSON_LD = "application/ld+json"
    PDF = "application/pdf"
    STATUS_LIST = "application/vc"
    SSH_SIGNATURE = "application/x-ssh-signature"
    XMP = "application/rdf+xml"
    CREDENTIALS = "application/c2pa"
    INK = "application/inkml+xml"
    TIME_STAMP_QUERY = "application/timestamp-query"
    ZIP = "application/zip"
    TIME_STAMP_REPLY = "application/timestamp-reply"
