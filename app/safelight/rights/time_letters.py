"""Letters that time brings: once a year, before a yes ends, and when somebody comes of age."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from safelight.domain.page_document import Block, Heading, PageDocument, Paragraph, Points, Table
from safelight.domain.people import Studio
from safelight.domain.plain_text import name
from safelight.domain.scope import Scope

from .words import Reader, Words


@dataclass(frozen=True, slots=True)
class OpenUse:
    """A use that is allowed today: ``by`` whom (none named: the studio alone), ``until`` which day (None: open)."""

    scope: Scope
    by: tuple[str, ...] = ()
    until: date | None = None


@dataclass(frozen=True, slots=True)
class RulesChanged:
    """The studio has asked by other rules since ``day``."""

    day: date


@dataclass(frozen=True, slots=True)
class RecipientGained:
    """An organisation, by name, has received photos."""

    name: str


@dataclass(frozen=True, slots=True)
class RecipientLost:
    """An organisation, by name, has answered that it has none any more."""

    name: str


Change = RulesChanged | RecipientGained | RecipientLost
"""What can have changed since somebody signed."""


@dataclass(frozen=True, slots=True)
class TimeLetter:
    """What every one of these letters needs; ``id`` is the number of the person or the signing, ``at`` dates it."""

    id: str
    studio: Studio
    reader: Reader
    at: datetime
    uses: tuple[OpenUse, ...]


def yearly_review(letter: TimeLetter, rests_from: date, changes: tuple[Change, ...] = ()) -> PageDocument:
    """What is open, what has changed since, and that it rests from ``rests_from`` without an answer."""
    words = _words(letter)
    return _document(
        letter, words.say("yearly_title"), words.say("yearly_lead", name=words.who()),
        (*_open(words, letter), *_changes(words, changes), *_silence(words, rests_from), *_answer(words)),
    )  # fmt: skip


def yearly_letter(letter: TimeLetter, rests_from: date, pdf: bytes) -> bytes:
    """The mail that carries :func:`yearly_review`."""
    words = _words(letter)
    subject = words.say("yearly_subject", studio=letter.studio.name)
    text = words.say("yearly_text", day=words.day(rests_from))
    return words.letter(subject, [text], words.say("yearly_title"), letter.at, pdf)


def end_reminder(letter: TimeLetter, ends_on: date, last: bool = False) -> PageDocument:
    """What ends on ``ends_on``, and how to let it go on; ``last``: no other reminder comes after it."""
    words = _words(letter)
    lines = [words.say("reminder_nothing"), *([words.say("reminder_last")] if last else [])]
    return _document(
        letter, words.say("reminder_title"),
        words.say("reminder_lead", name=words.who(), day=words.day(ends_on)),
        (words.ending([each.scope for each in letter.uses]), Paragraph(words.sentences(*lines), remark=True),
         *_answer(words)),
    )  # fmt: skip


def end_reminder_letter(letter: TimeLetter, ends_on: date, pdf: bytes) -> bytes:
    """The mail that carries :func:`end_reminder`."""
    words = _words(letter)
    day = words.day(ends_on)
    subject, text = words.say("reminder_subject", day=day), words.say("reminder_text", day=day)
    return words.letter(subject, [text], words.say("reminder_title"), letter.at, pdf)


def coming_of_age(letter: TimeLetter, of_age_on: date, rests_from: date) -> PageDocument:
    """What others answered for somebody who is of age since ``of_age_on``, asked anew; it rests without an answer."""
    words = _words(letter)
    return _document(
        letter, words.say("birthday_title"),
        words.say("birthday_lead", name=words.who(), day=words.day(of_age_on)),
        (*_open(words, letter), *_silence(words, rests_from), *_answer(words)),
    )  # fmt: skip


def coming_of_age_letter(letter: TimeLetter, rests_from: date, pdf: bytes) -> bytes:
    """The mail that carries :func:`coming_of_age`."""
    words = _words(letter)
    subject = words.say("birthday_subject", studio=letter.studio.name)
    text = words.say("birthday_text", day=words.day(rests_from))
    return words.letter(subject, [text], words.say("birthday_title"), letter.at, pdf)


def _words(letter: TimeLetter) -> Words:
    return Words(letter.studio, letter.reader)


def _document(letter: TimeLetter, title: str, lead: str, blocks: tuple[Block, ...]) -> PageDocument:
    words = _words(letter)
    number = words.reference(letter.id)
    return PageDocument(title, lead, blocks, words.language, letter.studio.name, number, letter.at)


def _open(words: Words, letter: TimeLetter) -> list[Block]:
    rows = tuple(
        (
            words.use(each.scope),
            (words.join(list(map(name, each.by))) or words.receipt("only_studio", studio=name(letter.studio.name)),),
            (words.receipt("open_end") if each.until is None else words.day(each.until),),
        )
        for each in letter.uses
    )
    heads = (words.word("use"), words.word("by_whom"), words.word("until"))
    return [Heading(words.say("open")), Table(heads, (232, 140, 100), rows)]


def _changes(words: Words, changes: tuple[Change, ...]) -> list[Block]:
    heading = Heading(words.say("changed"))
    if not changes:
        return [heading, Paragraph(words.say("unchanged"))]
    return [heading, Points(tuple(_change(words, each) for each in changes))]


def _change(words: Words, change: Change) -> str:
    match change:
        case RulesChanged(day):
            return words.say("change_rules", day=words.day(day))
        case RecipientGained(recipient):
            return words.say("change_gained", recipient=name(recipient))
        case RecipientLost(recipient):
            return words.say("change_lost", recipient=name(recipient))


def _silence(words: Words, rests_from: date) -> list[Block]:
    return [
        Heading(words.say("silence")),
        Paragraph(words.say("silence_rests", day=words.day(rests_from)), remark=True),
    ]


def _answer(words: Words) -> list[Block]:
    contact = words.contact()
    lines = (words.say("answer_keep", contact=contact), words.say("answer_stop", contact=contact), *words.complaint())
    return [Heading(words.say("answer")), Points(lines)]
