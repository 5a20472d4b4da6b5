"""The names things go by: typed identifiers that are checked once, where they enter."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise
from typing import NewType

StudioId = NewType("StudioId", str)
AgencyId = NewType("AgencyId", str)
OrganisationId = StudioId | AgencyId
"""Whose archive or catalogue, keys and journal something is."""
SubjectId = NewType("SubjectId", str)
SessionId = NewType("SessionId", str)
PersonId = NewType("PersonId", str)
PhotoGuid = NewType("PhotoGuid", str)
ReceiptId = NewType("ReceiptId", str)
RecordId = NewType("RecordId", str)
EventId = NewType("EventId", str)
BundleId = NewType("BundleId", str)
NoticeId = NewType("NoticeId", str)
RequestId = NewType("RequestId", str)
RecipientId = NewType("RecipientId", str)
"""The age recipient string (``age1…``) of an organisation: its key is its name.

An organisation without keys (a client, an employer) has ``org:`` and a UUID instead: a yes can name it, but nothing
can be encrypted to it.
"""
ScopeId = NewType("ScopeId", str)
Sha256 = NewType("Sha256", str)
"""64 lower-case hexadecimal digits."""
Country = NewType("Country", str)
"""ISO 3166-1 alpha-2, upper case (``DE``)."""
Language = NewType("Language", str)
"""BCP 47 tag as the texts in ``resources`` use it (``en``, ``zh-Hans``)."""

_UUID4 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


SHORTEST_ID = 8
"""Characters of an id that are shown where nothing else begins alike."""
_SHORTEST_TYPED = 4


class ShortIds(dict[str, str]):
    """Short forms by id; an id that was not there when they were made, as another program added it, has eight."""

    def __missing__(self, id: str) -> str:
        return id[:SHORTEST_ID]


def short_ids(ids: Iterable[str]) -> ShortIds:
    """Each id with its shortest beginning (eight characters or more) that no other of ``ids`` shares."""
    ordered = sorted(set(ids))
    shared = [
        next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
        for one, other in pairwise(ordered)
    ]
    longest = [max(pair) for pair in zip([0, *shared], [*shared, 0], strict=True)]
    return ShortIds((id, id[: max(SHORTEST_ID, length + 1)]) for id, length in zip(ordered, longest, strict=False))


def may_begin_id(text: str) -> bool:
    """Whether ``text`` can be the beginning of an id somebody typed: four or more of its digits."""
    return len(text) >= _SHORTEST_TYPED and re.fullmatch(r"[0-9a-f-]+", text) is not None


KEYLESS = "org:"
"""How the id of an organisation without keys begins."""


def is_uuid4(text: str) -> bool:
    """True for the lower-case form of a random UUID (RFC 9562, version 4), the only kind of id used here."""
    return _UUID4.fullmatch(text) is not None


def is_sha256(text: str) -> bool:
    """True for 64 lower-case hexadecimal digits."""
    return _SHA256.fullmatch(text) is not None


def is_country(text: str) -> bool:
    """True for the form of an ISO 3166-1 alpha-2 code; membership in the list is the rules' business."""
    return _COUNTRY.fullmatch(text) is not None


def is_language(text: str) -> bool:
    """True for the form of a BCP 47 language tag."""
    return _LANGUAGE.fullmatch(text) is not None
