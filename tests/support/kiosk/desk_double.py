"""A signing desk in memory: the real step machine, the real catalogue and wording, a small real PDF, and no studio.

``DeskDouble`` is the door, ``SittingDouble`` one person's sitting, ``person_double`` makes somebody to sit there. Set
``SittingDouble.failures["finish"]`` to make one call fail once, ``pauses["finish"]`` to make it slow (seconds).
"""

from __future__ import annotations

import hashlib
import importlib.util
import io
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from reportlab.pdfgen.canvas import Canvas

from safelight.asking.signing_point import TakingBack
from safelight.domain.ceremony import Ceremony, Step, begin
from safelight.domain.choice import Answer, Choice, default_grant
from safelight.domain.errors import Refused, SafelightError
from safelight.domain.ids import Country, Language, NoticeId, PhotoGuid, RecipientId, ScopeId, Sha256, SubjectId
from safelight.domain.notice import ALWAYS, Notice, assemble
from safelight.domain.people import Guardian, Role
from safelight.domain.receipt_codes import receipt_code
from safelight.domain.scope import Mark, MinorsRule, read_catalogue
from safelight.domain.sitting import Evidence, Finished, Person, ShownPhoto, ShownRecipient, TooManyGuesses, Visit
from safelight.settings.resources import read_json
from safelight.settings.texts import FACTS, texts

CATALOGUE = read_catalogue(read_json("rules/scopes.json"))
HOME = Country("DE")
AGENCY = ShownRecipient(RecipientId("age1" + "q" * 58), "Studio Nine Agency", Country("FR"))
START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
FIVE = tuple(map(ScopeId, ("use.portfolio", "use.social", "use.directory", "use.editorial", "ai.retouch")))
"""The ordinary job: five uses, one of them AI."""
MARKED = tuple(map(ScopeId, ("use.portfolio", "ai.train-generative", "bio.template", "ai.replica")))
"""One use of each kind of mark."""
DIGITS = "4711"
CODE = "K7QM-2XWP"
LANGUAGES = tuple(
    map(Language, ("en", "de", "fr", "es", "it", "pt", "nl", "pl", "uk", "tr", "ar", "hi", "ja", "zh-Hans"))
)
_TILE = ((True, False, True), (False, True, False), (True, True, False))
QR = tuple(tuple(cell for _ in range(8) for cell in row) for _ in range(8) for row in _TILE)


def portrait() -> bytes:
    """A real JPEG portrait (Grace Hopper, public domain), as it ships with matplotlib."""
    found = importlib.util.find_spec("matplotlib")
    assert found is not None
    assert found.origin is not None
    return (Path(found.origin).parent / "mpl-data" / "sample_data" / "grace_hopper.jpg").read_bytes()


def pdf_page(lines: Sequence[str], pages: int = 1) -> bytes:
    """An A4 PDF with these lines on every page; the same lines give the same bytes."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), invariant=1, pageCompression=0)  # so that a test finds words in it
    for page in range(pages):
        canvas.setFont("Helvetica", 14)
        for number, line in enumerate((*lines, f"{page + 1}/{pages}")):
            canvas.drawString(60, 780 - 22 * number, line)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def person_double(
    name: str = "Ada Quill",
    language: str = "en",
    *,
    offered: Sequence[str] = FIVE,
    main: int = 5,
    photos: int = 0,
    minor: bool = False,
    guardians: tuple[Guardian, ...] = (),
    minor_first: bool = False,
    visit: Visit = Visit.FIRST,
    yes: Sequence[str] = (),
    jpeg: bytes = b"",
    ceremony: Ceremony | None = None,
) -> Person:
    """Somebody to sit there. ``yes`` are earlier answers of a pre-signed pack; ``jpeg`` the picture of every photo."""
    if minor and not guardians:
        guardians = (Guardian("Grace Quill", "mother", sole=True),)
    scopes = [CATALOGUE.scope(each) for each in offered]
    blocked = frozenset(each.id for each in scopes if minor and each.minors is MinorsRule.BLOCKED)
    grants = {
        each.id: replace(default_grant(HOME, (AGENCY.id,) if each.needs_recipient else ()), mark=each.mark)
        for each in scopes
    }
    picture = (jpeg or portrait()) if photos else b""
    shown = tuple(
        ShownPhoto(PhotoGuid(f"00000000-0000-4000-8000-00000000000{index}"), picture) for index in range(photos)
    )
    choices = tuple(
        Choice(each.id, Answer.YES, grants[each.id]) if each.id in yes else Choice(each.id) for each in scopes
    )
    begun = ceremony or begin(
        tuple(each.id for each in scopes),
        frozenset(each.id for each in scopes if each.ai),
        len(guardians) if minor else 0,
        photos=tuple(each.guid for each in shown),
        marks={each.id: each.mark for each in scopes if each.mark is not Mark.NONE},
        minor_first=minor_first,
        choices=choices if yes else None,
    )
    return Person(
        id=SubjectId("11111111-1111-4111-8111-111111111111"),
        name=name,
        language=Language(language),
        country=HOME,
        minor=minor,
        guardians=guardians,
        visit=visit,
        ceremony=begun,
        catalogue=CATALOGUE,
        main=tuple(each.id for each in scopes)[:main],
        grants=grants,
        longest={each.id: each.cap_months for each in scopes},
        recipients=(AGENCY,),
        blocked=blocked,
        places=tuple(map(Country, ("DE", "FR", "GB", "US"))),
        photos=shown,
        studio_name="Lamp & Lens",
        studio_contact="hello@lamp.example",
    )


class SittingDouble:
    """One person's sitting, kept in memory; everything it was asked is written down in plain lists."""

    def __init__(self, person: Person) -> None:
        self._person = person
        self._ticks = 0
        self.kept: list[Ceremony] = []
        self.present: tuple[str, str] = ("", "")
        self.pages: list[bytes] = []
        self.marks: list[tuple[ScopeId, Role, Evidence]] = []
        self.finished_with: tuple[Ceremony, tuple[Evidence, ...]] | None = None
        self.confirmed = 0
        self.tried: list[str] = []
        self.waiting: Ceremony | None = None
        self.gone = False
        self.failures: dict[str, SafelightError] = {}
        self.pauses: dict[str, float] = {}
        self.threads: dict[str, str] = {}

    def person(self) -> Person:
        return replace(self._person, ceremony=self.kept[-1]) if self.kept else self._person

    def now(self) -> datetime:
        self._ticks += 1
        return START + timedelta(seconds=self._ticks)

    def keep(self, ceremony: Ceremony) -> None:
        self._called("keep")
        self.kept.append(ceremony)

    def attend(self, witness: str, interpreter: str) -> None:
        self._called("attend")
        self.present = (witness, interpreter)

    def notice(self, language: Language) -> Notice:
        self._called("notice")
        words = texts(language)
        facts = {**dict.fromkeys(FACTS, "Lamp & Lens"), **words.default_facts("hello@lamp.example")}
        return assemble(NoticeId("n1"), language, "1", words.notice_title, words.notice_items, facts, ALWAYS)

    def page(self, ceremony: Ceremony) -> tuple[bytes, Sha256]:
        self._called("page")
        lines = [self._person.name, *(f"{each.scope}: {each.answer.value}" for each in ceremony.choices)]
        made = pdf_page(lines, pages=2)
        self.pages.append(made)
        return made, Sha256(hashlib.sha256(made).hexdigest())

    def mark(self, scope: ScopeId, by: Role, evidence: Evidence) -> Sha256:
        self._called("mark")
        self.marks.append((scope, by, evidence))
        return Sha256(hashlib.sha256(evidence.data).hexdigest())

    def finish(self, ceremony: Ceremony, evidence: Sequence[Evidence]) -> Finished:
        self._called("finish")
        if ceremony.step is not Step.RECEIPT:
            raise Refused("Not everybody has signed yet.")
        self.finished_with = (ceremony, tuple(evidence))
        return self._receipt()

    def confirm(self) -> Finished:
        self._called("confirm")
        self.confirmed += 1
        return self._receipt()

    def opened(self, typed: str) -> bool:
        self._called("opened")
        self.tried.append(typed)
        return typed == DIGITS

    def wait_for_guardian(self, ceremony: Ceremony) -> datetime:
        self._called("wait_for_guardian")
        self.waiting = ceremony
        return START + timedelta(days=14)

    def left_undecided(self) -> None:
        self._called("left_undecided")
        self.gone = True
        self.kept.clear()

    def _receipt(self) -> Finished:
        pdf = pdf_page([self._person.name, f"Code {CODE}", f"Digits {DIGITS}"])
        letter = f"To: {self._person.name} <ada@example.com>\r\nSubject: Receipt\r\n\r\n{CODE}\r\n".encode()
        return Finished(pdf, "receipt.pdf", CODE, QR, letter)

    def _called(self, what: str) -> None:
        self.threads[what] = threading.current_thread().name
        time.sleep(self.pauses.get(what, 0))
        failure = self.failures.pop(what, None)
        if failure is not None:
            raise failure


class DeskDouble:
    """The door: people by the code on their card, walk-ins, and a PIN."""

    session_name = "Friday at the lamp"
    of_age = 18

    def __init__(
        self,
        people: Mapping[str, SittingDouble] | None = None,
        *,
        languages: tuple[Language, ...] = LANGUAGES,
        pin: str = "2468",
    ) -> None:
        self.people = dict(people or {})
        self.languages = languages
        self._pin = pin
        self.asked: list[str] = []
        self.walked_in: list[tuple[str, str, Language]] = []
        self.pins: list[str] = []
        self.wait_s = 0
        """Every code and PIN has to wait so long."""
        self.receipts: dict[str, TakingBack] = {}
        """Who takes back with the code of a receipt, or with a card."""

    def admit(self, untrusted_code: str) -> SittingDouble | None:
        self.asked.append(untrusted_code)
        self._wait()
        return self.people.get(untrusted_code.strip())

    def recognise(self, untrusted_code: str) -> SubjectId | None:
        self.asked.append(untrusted_code)
        self._wait()
        found = self.people.get(untrusted_code.strip())
        return None if found is None else found.person().id

    def find_by_code(self, untrusted_code: str) -> TakingBack | None:
        self.asked.append(untrusted_code)
        self._wait()
        return self.receipts.get(receipt_code(untrusted_code) or untrusted_code.strip())

    def walk_in(self, name: str, contact: str, language: Language) -> SittingDouble:
        if not name.strip():
            raise Refused("Please tell us your name.", "Nothing was kept.")
        self.walked_in.append((name, contact, language))
        return SittingDouble(person_double(name, language))

    def leave(self, pin: str) -> bool:
        self.pins.append(pin)
        self._wait()
        return pin == self._pin

    def _wait(self) -> None:
        if self.wait_s:
            raise TooManyGuesses(self.wait_s)
