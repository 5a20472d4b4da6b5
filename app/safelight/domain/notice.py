"""What a person is told before being asked: the items the law names, filled in, as exact bytes with a hash."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .errors import WrongUsage
from .ids import Language, NoticeId, Sha256

ALWAYS = (
    "13-1-a",
    "13-1-b",
    "13-1-c",
    "13-1-d",
    "13-1-e",
    "13-1-f",
    "13-2-a",
    "13-2-b",
    "13-2-c",
    "13-2-d",
    "13-2-e",
    "13-2-f",
    "13-3",
    "14-1-d",
    "14-2-f",
    "14-3",
)
"""GDPR Art. 13 and 14, told everywhere: the strictest common ground."""
BY_PLACE: Mapping[str, tuple[str, ...]] = {
    "US-IL": ("bipa-1", "bipa-2", "bipa-3", "esign-1", "esign-2"),
    "US": ("esign-1", "esign-2"),
    "IN": ("dpdp-1",),
    "KR": ("kr-1",),
    "CN": ("cn-1",),
    "CH": ("ch-1",),
    "GB": ("uk-1",),
    "CA-QC": ("qc-1",),
}
FOR_FACE_DATA = ("bipa-1", "bipa-2", "bipa-3")
"""Told wherever face data is asked for, because biometric law follows the person, not the studio."""


@dataclass(frozen=True, slots=True)
class NoticeItem:
    """One thing the person is told: ``id`` as in ``rules/notice_items.json``."""

    id: str
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Notice:
    """The notice as it is shown; ``text`` is the exact wording the hash covers."""

    id: NoticeId
    version: str
    language: Language
    title: str
    items: tuple[NoticeItem, ...]

    @property
    def text(self) -> bytes:
        """The UTF-8 bytes shown and kept: title, then each item under its heading, NFC, line feeds only."""
        lines = [self.title, f"({self.version}, {self.language})", ""]
        for item in self.items:
            lines += [f"{item.heading}", item.text, ""]
        return unicodedata.normalize("NFC", "\n".join(lines)).encode()

    @property
    def sha256(self) -> Sha256:
        """The hash a record carries, so that what was shown can be proved word for word."""
        return Sha256(hashlib.sha256(self.text).hexdigest())


def items_for(places: Sequence[str], face_data: bool) -> tuple[str, ...]:
    """The ids of the items due for ``places`` (country or state codes), in a fixed order without repeats."""
    wanted = list(ALWAYS)
    for place in places:
        wanted += BY_PLACE.get(place.split("-")[0], ())
        wanted += BY_PLACE.get(place, ())
    if face_data:
        wanted += FOR_FACE_DATA
    return tuple(dict.fromkeys(wanted))


def assemble(
    id: NoticeId,
    language: Language,
    version: str,
    title: str,
    wording: Mapping[str, tuple[str, str]],
    facts: Mapping[str, str],
    due: Sequence[str],
) -> Notice:
    """The notice in one language.

    ``wording`` maps an item id to its heading and its sentence with ``{fact}`` places; ``facts`` fills them. An item
    that is due but has no wording, or a fact that is missing, raises :class:`WrongUsage`: a notice with a hole is
    never shown.
    """
    items = []
    for each in due:
        if each not in wording:
            raise WrongUsage(f"The notice has no wording for item {each} in '{language}'.")
        heading, sentence = wording[each]
        try:
            # Facts are data: format_map inserts them as they are and never looks inside them.
            items.append(NoticeItem(each, heading, sentence.format_map(_Facts(facts))))
        except KeyError as missing:
            raise WrongUsage(f"The notice item {each} needs {missing}, which the studio has not filled in.") from None
    return Notice(id, version, language, title, tuple(items))


class _Facts(dict[str, str]):
    """A mapping whose values cannot be reached into (``{name.__class__}`` stays a missing key)."""

    def __missing__(self, key: str) -> str:
        raise KeyError(key)
