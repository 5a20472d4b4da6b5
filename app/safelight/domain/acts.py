"""What somebody can do on the way to a signature, as closed values, and the one text each has on paper and in records.

The list of acts is covered by the signed statement, so these texts never change; a new act is a new variant with a new
text. ``act_text`` and ``act_of`` are the only two functions that know them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import assert_never, get_args

from .errors import Malformed
from .ids import Language, PhotoGuid, ScopeId, Sha256, is_language, is_sha256
from .people import Role
from .record import SignatureKind
from .scope import Mark


class NamedAct(StrEnum):
    """Acts whose name says all; the value is the text."""

    MORE_USES = "more uses"
    """The uses that were not on the first sheet were opened."""
    NO_TO_EVERYTHING = "no to everything"
    """All offered uses were refused at once, seen or not."""
    NEXT = "next"
    BACK = "back"
    QUESTION = "question"
    RECEIPT = "receipt"
    STOP = "stop"
    RESUME = "resume"


@dataclass(frozen=True, slots=True)
class LanguageChosen:
    """From here on ``language`` was spoken."""

    language: Language


@dataclass(frozen=True, slots=True)
class CardRead:
    """The ``number``-th card of the notice was shown; the first is 1."""

    number: int


@dataclass(frozen=True, slots=True)
class PhotoJudged:
    """A photo was kept, or struck out."""

    guid: PhotoGuid
    keep: bool


@dataclass(frozen=True, slots=True)
class UseAnswered:
    """One use was answered; the limits of a yes stand in its record."""

    scope: ScopeId
    yes: bool


@dataclass(frozen=True, slots=True)
class UseMarked:
    """The mark that the yes to one use needs besides the signature was written."""

    scope: ScopeId
    mark: Mark
    kind: SignatureKind


@dataclass(frozen=True, slots=True)
class PageShown:
    """The page to be signed was on the screen: these very bytes."""

    sha256: Sha256


@dataclass(frozen=True, slots=True)
class Signed:
    """The signature; ``kind`` is None where it stands on paper that somebody of the studio typed in."""

    kind: SignatureKind | None


@dataclass(frozen=True, slots=True)
class HandwritingKept:
    """A signature or mark written by hand was sealed: these very bytes."""

    sha256: Sha256


@dataclass(frozen=True, slots=True)
class ScanKept:
    """The scan of pages signed on paper was sealed: these very bytes."""

    sha256: Sha256


ActContent = (
    NamedAct
    | LanguageChosen
    | CardRead
    | PhotoJudged
    | UseAnswered
    | UseMarked
    | PageShown
    | Signed
    | HandwritingKept
    | ScanKept
)
ACT_CONTENTS: tuple[type, ...] = get_args(ActContent)
"""Every class an :data:`ActContent` can have."""


@dataclass(frozen=True, slots=True)
class Act:
    """One thing somebody did on the way: step of the ceremony, what, who, when, in which mode."""

    at: datetime
    step: str
    what: ActContent
    by: Role
    mode: str


def act_text(content: ActContent) -> str:
    """The one text of an act, in records and in error messages."""
    match content:
        case NamedAct():
            return content.value
        case LanguageChosen(language):
            return f"language {language}"
        case CardRead(number):
            return f"card {number}"
        case PhotoJudged(guid, keep):
            return f"photo {guid} {'keep' if keep else 'veto'}"
        case UseAnswered(scope, yes):
            return f"{scope} {'yes' if yes else 'no'}"
        case UseMarked(scope, mark, kind):
            return f"{scope} {mark.value} ({kind.value})"
        case PageShown(sha256):
            return f"page {sha256}"
        case Signed(kind):
            return "signed" if kind is None else f"signed ({kind.value})"
        case HandwritingKept(sha256):
            return f"evidence {sha256}"
        case ScanKept(sha256):
            return f"scan {sha256}"
    assert_never(content)


def act_of(text: str) -> ActContent:
    """The act with this text; raises :class:`Malformed` for any text that :func:`act_text` does not give."""
    for read in _READERS:
        found = read(text)
        # Comparing the texts keeps out what only looks alike (``card 01``): one act has one text.
        if found is not None and act_text(found) == text:
            return found
    raise Malformed(f"'{text[:80]}' is not an act of a signing.", "It was written by another program or was damaged.")


def _named(text: str) -> ActContent | None:
    return next((each for each in NamedAct if each.value == text), None)


def _about_the_signing(text: str) -> ActContent | None:
    first, _, rest = text.partition(" ")
    if first == "language" and is_language(rest):
        return LanguageChosen(Language(rest))
    if first == "card" and re.fullmatch(r"[0-9]{1,3}", rest):
        return CardRead(int(rest))
    if first in _OF_BYTES and is_sha256(rest):
        return _OF_BYTES[first](Sha256(rest))
    if first == "signed":
        return Signed(next((each for each in SignatureKind if f"({each.value})" == rest), None))
    return None


_OF_BYTES: dict[str, Callable[[Sha256], ActContent]] = {
    "page": PageShown,
    "evidence": HandwritingKept,
    "scan": ScanKept,
}


def _about_one_thing(text: str) -> ActContent | None:
    match text.split(" "):
        case ["photo", guid, "keep" | "veto" as said] if guid:
            return PhotoJudged(PhotoGuid(guid), said == "keep")
        case [scope, "yes" | "no" as said] if scope:
            return UseAnswered(ScopeId(scope), said == "yes")
        case [scope, mark, kind] if scope:
            return _MARKS[mark, kind](ScopeId(scope)) if (mark, kind) in _MARKS else None
    return None


def _mark(mark: Mark, kind: SignatureKind) -> Callable[[ScopeId], ActContent]:
    return lambda scope: UseMarked(scope, mark, kind)


_MARKS = {
    (mark.value, f"({kind.value})"): _mark(mark, kind)
    for mark in Mark
    if mark is not Mark.NONE
    for kind in SignatureKind
}
_READERS = (_named, _about_the_signing, _about_one_thing)
