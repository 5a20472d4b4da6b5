"""Words for one person's papers: sentences in their language, days and times as they are told where they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from safelight.domain.ids import Country, Language
from safelight.domain.page_document import Cell, Table
from safelight.domain.people import Role, Studio
from safelight.domain.plain_text import clean, isolate, isolate_ltr, name, without_isolates
from safelight.domain.scope import Scope, in_language
from safelight.settings.locales import day_words, listed, moment_words, offset_words
from safelight.settings.rights_texts import Audience, rights_texts
from safelight.settings.texts import texts

from .mail import Attachment, Party, file_name, mail, one_line

_REFERENCE = 8
"""Characters of an id that stand at the head of a page; the whole id is in the studio's archive."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom a paper is for: the person, the language they read, the place and zone its days and times are told in.

    ``contact`` is where letters go; ``authority`` is whom they may complain to, name and website, empty if not known.
    """

    name: str
    language: Language
    country: Country
    zone: tzinfo
    contact: str = ""
    authority: str = ""


@dataclass(frozen=True, slots=True)
class ToldRecipient:
    """An organisation that is told, and the day by which it has to answer."""

    name: str
    due: date


@dataclass(frozen=True, slots=True)
class Words:
    """The sentences of one paper from ``studio`` to ``reader``. Every value put into one is cleaned and isolated."""

    studio: Studio
    reader: Reader
    audience: Audience = "person"

    @property
    def language(self) -> Language:
        """The language the paper is really in: the reader's, or English."""
        return Language(rights_texts(self.audience, self.reader.language).language)

    def say(self, key: str, **values: str) -> str:
        """A sentence of these papers; values are inserted as they are, never looked into."""
        return rights_texts(self.audience, self.language).say(key, **values)

    def receipt(self, key: str, **values: str) -> str:
        """A sentence that receipts say too."""
        return texts(self.language).receipt[key].format_map(values)

    def word(self, key: str) -> str:
        """A single word receipts use: ``use``, ``until``."""
        return texts(self.language).words[key]

    def role(self, role: Role) -> str:
        """In which role somebody acted; the role's own name where it has no wording yet."""
        return texts(self.language).receipt.get(f"role_{role.value}", role.value)

    def who(self) -> str:
        """The person's name, to stand in a sentence."""
        return name(self.reader.name)

    def contact(self) -> str:
        """Where the studio is written to."""
        return name(self.studio.contact)

    def sender(self) -> str:
        """The studio's name and where it is written to."""
        return f"{name(self.studio.name)}{self.word('comma')}{self.contact()}"

    def day(self, day: date) -> str:
        """A day written out."""
        return isolate(day_words(self.language, self.reader.country, day))

    def local_day(self, at: datetime) -> str:
        """The day ``at`` falls on where the reader is."""
        return self.day(at.astimezone(self.reader.zone).date())

    def moment(self, at: datetime) -> str:
        """Day and time where the reader is, with how far the clocks there are from UTC."""
        local = at.astimezone(self.reader.zone)
        told = moment_words(self.language, self.reader.country, local)
        return isolate(f"{told} {offset_words(self.language, local)}")

    def join(self, parts: Sequence[str]) -> str:
        """``A, B and C`` as the language joins them."""
        return listed(self.language, self.reader.country, parts)

    def sentences(self, *parts: str) -> str:
        """Sentences one after the other, with a blank between where the language has one."""
        return ("" if self.word("full_stop") == "。" else " ").join(each for each in parts if each)

    def title(self, scope: Scope) -> str:
        """The short name of a use."""
        return in_language(scope.title, self.language)

    def use(self, scope: Scope) -> Cell:
        """A use as a cell: its short name, then the exact wording that was asked."""
        return (self.title(scope), in_language(scope.text, self.language))

    def ending(self, uses: Sequence[Scope]) -> Table:
        """What each use's end stops and what it cannot undo, as the receipt told before anybody signed."""
        return Table(
            (self.word("use"), self.receipt("change_stops"), self.receipt("change_stays")),
            (172, 150, 150),
            tuple(
                (
                    self.use(each),
                    (in_language(each.withdrawal_can, self.language),),
                    (in_language(each.withdrawal_cannot, self.language),),
                )
                for each in uses
            ),
        )

    def recipients(self, told: Sequence[ToldRecipient]) -> Table:
        """Who is told, and by which day each has to answer."""
        rows = tuple(((name(each.name),), (self.day(each.due),)) for each in told)
        return Table((self.say("told_who"), self.say("told_due")), (3, 2), rows)

    def complaint(self) -> tuple[str, ...]:
        """Whom one may complain to, where that is known."""
        authority = self.reader.authority
        return (self.receipt("authority", authority=name(authority)),) if authority else ()

    def reference(self, id: str) -> str:
        """The number of a paper as it stands at the head of its pages."""
        return self.say("number", id=isolate_ltr(clean(id)[:_REFERENCE]))

    def letter(self, subject: str, paragraphs: Sequence[str], title: str, at: datetime, pdf: bytes) -> bytes:
        """A letter (``.eml``) to the reader with ``pdf``, which is called by ``title``, the name and the day."""
        hello = self.receipt("letter_hello", name=one_line(self.reader.name))
        attached = file_name(title, self.reader.name, at.astimezone(self.reader.zone).date())
        said = [without_isolates(each) for each in (hello, *paragraphs)]
        return mail(
            Party(self.studio.name, self.studio.contact),
            Party(self.reader.name, self.reader.contact),
            without_isolates(subject),
            at,
            [*said, self.studio.name],
            (Attachment(attached, pdf),),
        )
