"""What is handed out about an erasure: the certificate of what is gone, and the letter about what has to wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from safelight.domain.holds import LegalHold
from safelight.domain.page_document import Block, Facts, Heading, PageDocument, Paragraph, Points, Table
from safelight.domain.people import Studio
from safelight.domain.plain_text import clean, isolate_ltr, name

from .words import Reader, ToldRecipient, Words

_OUT_OF_REACH = ("cannot_snapshots", "cannot_cloud", "cannot_copies", "cannot_made")
"""What no studio can reach, named on every certificate."""


class Destroyed(StrEnum):
    """What an erasure destroys, in the order it is told."""

    PHOTO_KEY = "photo-key"
    """The key of photos and ink (portrait)."""
    PROOF_KEY = "proof-key"
    """The key of receipts, records and personal data (evidence)."""
    PHOTOS = "photos"
    HANDWRITING = "handwriting"
    RECEIPTS = "receipts"
    ROWS = "rows"
    FILES = "files"


class LookedFor(StrEnum):
    """What the check after an erasure looks for."""

    KEYS = "keys"
    ROWS = "rows"
    FILES = "files"


class Remains(StrEnum):
    """What stays after an erasure; each has its reason in words."""

    PROOF = "proof"
    JOURNAL = "journal"
    LOG = "log"


@dataclass(frozen=True, slots=True)
class Found:
    """How many of one kind a check looked for, and how many of them were still there."""

    what: LookedFor
    looked_for: int
    left: int


@dataclass(frozen=True, slots=True)
class ErasureCertificate:
    """What one erasure did, from a check made afterwards: numbers and days only, nobody's name.

    ``id`` is the erasure's number and ``person`` the person's. ``remains`` says what stays and until which day (None:
    for good). ``holds`` keep something for now. ``places`` are copies of the keys that were not reached, as the studio
    calls them.
    """

    id: str
    person: str
    asked_at: datetime
    erased_at: datetime
    checked_at: datetime
    destroyed: tuple[tuple[Destroyed, int], ...]
    found: tuple[Found, ...]
    remains: tuple[tuple[Remains, date | None], ...]
    told: tuple[ToldRecipient, ...] = ()
    holds: tuple[LegalHold, ...] = ()
    places: tuple[str, ...] = ()

    @property
    def nothing_left(self) -> bool:
        """Whether the check found nothing of what was erased."""
        return not any(each.left for each in self.found)


def erasure_certificate(studio: Studio, reader: Reader, certificate: ErasureCertificate) -> PageDocument:
    """The certificate in the reader's language; of the reader only language, place and authority are used."""
    words = Words(studio, reader)
    return PageDocument(
        title=words.say("erasure_title"),
        lead=words.say("erasure_lead", studio=name(studio.name)),
        blocks=(
            _facts(words, certificate),
            *_destroyed(words, certificate),
            *_found(words, certificate),
            *_stays(words, certificate),
            *_told(words, certificate),
            *_held(words, certificate.holds, grounds=False),
            *_beyond(words, certificate),
            Heading(words.say("more")),
            Points((words.say("more_write", contact=words.contact()), *words.complaint())),
        ),
        language=words.language,
        studio_name=studio.name,
        reference=words.reference(certificate.id),
        at=certificate.checked_at,
    )


def erasure_letter(studio: Studio, reader: Reader, certificate: ErasureCertificate, pdf: bytes) -> bytes:
    """The letter that carries the certificate; made before the address it goes to is erased."""
    words = Words(studio, reader)
    subject = words.say("erasure_subject", studio=studio.name)
    text = words.say("erasure_text")
    return words.letter(subject, [text], words.say("erasure_title"), certificate.checked_at, pdf)


@dataclass(frozen=True, slots=True)
class WaitingErasure:
    """An erasure of which something is kept: asked for when, decided when, and the holds with their grounds.

    ``refused``: what is named stays; otherwise it waits, and everything else goes.
    """

    id: str
    asked_at: datetime
    at: datetime
    holds: tuple[LegalHold, ...]
    refused: bool = False


def waiting_notice(studio: Studio, reader: Reader, waiting: WaitingErasure) -> PageDocument:
    """What cannot be erased, on which ground, when that is looked at again, and what somebody may do about it."""
    words = Words(studio, reader)
    lead = "refused_lead" if waiting.refused else "waiting_lead"
    then = () if waiting.refused else (words.say("waiting_then"),)
    contact = words.contact()
    return PageDocument(
        title=words.say("refused_title" if waiting.refused else "waiting_title"),
        lead=words.say(lead, name=words.who(), day=words.local_day(waiting.asked_at)),
        blocks=(
            Facts(
                (
                    (words.receipt("for"), words.who()),
                    (words.say("erasure_asked"), words.local_day(waiting.asked_at)),
                    (words.say("studio"), words.sender()),
                )
            ),
            *_held(words, waiting.holds, grounds=True),
            Points((*then, words.say("waiting_use"))),
            Heading(words.say("more")),
            Points((words.say("refused_disagree", contact=contact), *words.complaint(), words.say("more_access"))),
        ),
        language=words.language,
        studio_name=studio.name,
        reference=words.reference(waiting.id),
        at=waiting.at,
    )


def waiting_letter(studio: Studio, reader: Reader, waiting: WaitingErasure, pdf: bytes) -> bytes:
    """The letter that carries :func:`waiting_notice`."""
    words = Words(studio, reader)
    subject = words.say("waiting_subject", studio=studio.name)
    title = words.say("refused_title" if waiting.refused else "waiting_title")
    return words.letter(subject, [words.say("waiting_text")], title, waiting.at, pdf)


def _facts(words: Words, certificate: ErasureCertificate) -> Block:
    return Facts(
        (
            (words.say("erasure_person"), isolate_ltr(clean(certificate.person))),
            (words.say("erasure_asked"), words.local_day(certificate.asked_at)),
            (words.say("studio"), words.sender()),
            (words.say("erasure_done"), words.moment(certificate.erased_at)),
            (words.say("erasure_checked"), words.moment(certificate.checked_at)),
        )
    )


def _destroyed(words: Words, certificate: ErasureCertificate) -> list[Block]:
    rows = tuple(
        ((words.say(f"destroyed_{what.value}"),), (str(count),)) for what, count in certificate.destroyed if count
    )
    heads = (words.receipt("event_what"), words.say("destroyed_count"))
    return [Heading(words.say("destroyed")), Table(heads, (4, 1), rows)]


def _found(words: Words, certificate: ErasureCertificate) -> list[Block]:
    labels = {
        LookedFor.KEYS: words.say("found_keys"),
        LookedFor.ROWS: words.say("destroyed_rows"),
        LookedFor.FILES: words.say("destroyed_files"),
    }
    rows = tuple(((labels[each.what],), (str(each.looked_for),), (str(each.left),)) for each in certificate.found)
    heads = (words.receipt("event_what"), words.say("found_looked"), words.say("found_left"))
    told = words.say("found_none" if certificate.nothing_left else "found_some")
    return [
        Heading(words.say("found")),
        Paragraph(told, remark=not certificate.nothing_left),
        Table(heads, (3, 1, 1), rows),
    ]


def _stays(words: Words, certificate: ErasureCertificate) -> list[Block]:
    rows = tuple(
        (
            (words.say(f"remains_{what.value}"),),
            (words.say(f"remains_{what.value}_why"),),
            (words.say("remains_always") if until is None else words.day(until),),
        )
        for what, until in certificate.remains
    )
    if not rows:
        return []
    heads = (words.receipt("event_what"), words.say("remains_why"), words.word("until"))
    return [Heading(words.say("stays")), Table(heads, (4, 7, 3), rows)]


def _told(words: Words, certificate: ErasureCertificate) -> list[Block]:
    if not certificate.told:
        return [Heading(words.say("told")), Paragraph(words.say("told_nobody"))]
    return [Heading(words.say("told")), Paragraph(words.say("told_lead")), words.recipients(certificate.told)]


def _held(words: Words, holds: tuple[LegalHold, ...], grounds: bool) -> list[Block]:
    """What holds keep; their grounds only where they are told to the person: they may name somebody."""
    if not holds:
        return []
    rows = tuple(
        (
            (words.say(f"held_{each.what.value}"),),
            *(((name(each.reason, 600),),) if grounds else ()),
            (words.day(each.review),),
        )
        for each in holds
    )
    ground = (words.say("held_ground"),) if grounds else ()
    heads = (words.receipt("event_what"), *ground, words.say("held_review"))
    table = Table(heads, (3, 5, 3) if grounds else (3, 2), rows)
    return [table] if grounds else [Heading(words.say("held")), Paragraph(words.say("held_lead")), table]


def _beyond(words: Words, certificate: ErasureCertificate) -> list[Block]:
    """Copies that were not reached yet, and those no studio can reach."""
    blocks: list[Block] = []
    if certificate.places:
        blocks = [Heading(words.say("places")), Paragraph(words.say("places_lead")),
                  Points(tuple(map(name, certificate.places)))]  # fmt: skip
    return [*blocks, Heading(words.say("cannot")), Points(tuple(map(words.say, _OUT_OF_REACH)))]
