"""A studio on an ordinary day, for tests: its people, agencies with real keys and cards, and short ways to ask."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from PIL import Image

from safelight.capture.decoder_pool import DecoderPool
from safelight.documents.answers import Answers
from safelight.documents.identity_cards import CardKind, IdentityCard, card_bytes, signed_part
from safelight.documents.rules import shipped_rules
from safelight.domain.acts import Act, Signed
from safelight.domain.choice import Answer, Choice, Grant, Modifiers, ReplicaTerms
from safelight.domain.clearance import CHECK_POINTS, Validation
from safelight.domain.ids import Country, Language, RecipientId, ScopeId, SubjectId
from safelight.domain.jurisdiction import Cover
from safelight.domain.people import Guardian, Recipient, Role, StaffMember, Subject
from safelight.domain.photo import Photo
from safelight.domain.record import Method, SignatureKind
from safelight.domain.scope import Mark
from safelight.domain.session import Session
from safelight.domain.term import Term, TermKind, Territory, TerritoryKind
from safelight.keys.age_identity import new_age_identity
from safelight.keys.sealing import age_recipient
from safelight.keys.signing import SigningKey
from safelight.studio import consents, exports, intake, sessions, subjects, validations
from safelight.studio.founding import open_studio
from safelight.studio.open_studio import OpenStudio, new_id
from safelight.studio.packing import ExportRequest

PASSPHRASE = "correct horse battery staple"
START = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
WHERE = {"Lumiere": "FR", "Prenzel": "DE", "Gotham": "US", "Akari": "JP"}
"""The agencies of the tests and their countries: inside, at home, without an adequacy decision of its own, adequate."""
PEOPLE = {
    "Kim": frozenset({Role.PHOTOGRAPHER}),
    "Robin": frozenset({Role.REVIEWER}),
    "Sam": frozenset({Role.PHOTOGRAPHER, Role.REVIEWER}),
}
PINS = {"Kim": None, "Robin": "2718", "Sam": "3141"}


@dataclass
class Hand:
    """A clock that moves only when told."""

    at: datetime = START

    def __call__(self) -> datetime:
        return self.at

    def on(self, **time: float) -> None:
        self.at += timedelta(**time)


@dataclass(frozen=True)
class Agency:
    """An agency's private side, as far as a studio ever notices it."""

    name: str
    country: str
    identity: str
    key: SigningKey

    @property
    def id(self) -> RecipientId:
        return RecipientId(age_recipient(self.identity))

    @property
    def recipient(self) -> Recipient:
        return Recipient(self.id, self.name, Country(self.country), f"rights@{self.name.lower()}.example")

    def card(self, old: SigningKey | None = None, **changed: object) -> bytes:
        """Its signed card; with ``old`` the key was renewed and the old one vouches for it."""
        card = IdentityCard(
            CardKind.AGENCY, "5d1f4d1c-8f6b-4a55-9d0e-3f2a7c1b9e10", self.name, Country(self.country),
            f"rights@{self.name.lower()}.example", "1 Main Street", self.key.public_ssh, START, recipient=self.id,
            previous_ssh_public_key=old.public_ssh if old else None,
        )  # fmt: skip
        card = replace(card, **changed)  # type: ignore[arg-type]
        part = signed_part(card)
        second = old.sign(part, "safelight-card") if old else None
        return card_bytes(replace(card, signature=self.key.sign(part, "safelight-card"), previous_signature=second))


def agency(name: str, number: int) -> Agency:
    return Agency(name, WHERE[name], new_age_identity(), SigningKey(bytes([number]) * 32))


def jpeg(picture: Image.Image, number: int, exif: bytes = b"") -> bytes:
    """A small photograph; another number gives another picture (a few pixels of it)."""
    small = picture.convert("RGB").resize((160, 200))
    for place in range(16):
        small.putpixel((place, 0), (255, 255, 255) if number >> place & 1 else (0, 0, 0))
    out = io.BytesIO()
    small.save(out, "JPEG", quality=95, subsampling=0, exif=exif)
    return out.getvalue()


def said_yes(
    scope: str,
    *recipients: Agency | RecipientId,
    term: Term | None = None,
    where: Territory | None = None,
    **fields: object,
) -> Choice:
    """A yes with every mark that use asks for; a year and everywhere unless said otherwise."""
    mark = MARKS.get(ScopeId(scope), Mark.NONE)
    page = ReplicaTerms("a film", "100 EUR", "nobody", "always") if mark is Mark.PAGE else None
    named = tuple(each.id if isinstance(each, Agency) else each for each in recipients)
    grant = Grant(term or YEAR, where or EVERYWHERE, named, mark=mark, replica=page)
    return Choice(ScopeId(scope), Answer.YES, replace(grant, **fields))  # type: ignore[arg-type]


MARKS = {each.id: each.mark for each in shipped_rules().catalogue.scopes}
YEAR = Term(TermKind.MONTHS, months=12)
EVERYWHERE = Territory(TerritoryKind.WORLDWIDE)
GUARDIAN = Guardian("Olga Lind", "mother")
SECOND = Guardian("Per Lind", "father")


def country(code: str) -> Territory:
    return Territory(TerritoryKind.COUNTRY, frozenset({Country(code)}))


def said(
    *choices: Choice,
    taught_back: bool = True,
    modifiers: Modifiers | None = None,
    guardians: tuple[Guardian, ...] = (),
    refused_all: bool = False,
) -> Answers:
    return Answers(Language("en"), choices, modifiers or Modifiers(), taught_back, 0, guardians, "", "", refused_all)


@dataclass
class Shoot:
    """An open studio with everything at hand; the clock stands still unless a test moves it."""

    studio: OpenStudio
    clock: Hand
    folder: Path
    scratch: Path
    agencies: dict[str, Agency]
    session: Session
    decoders: DecoderPool
    picture: Image.Image
    acks: list[tuple[str, str]] = field(default_factory=list)
    numbers: count[int] = field(default_factory=lambda: count(1))

    @property
    def staff(self) -> dict[str, StaffMember]:
        return {each.name: each for each in self.studio.archive.staff.list()}

    def reopen(self, passphrase: str = PASSPHRASE) -> None:
        self.studio.archive.close()
        self.studio = open_studio(self.folder, passphrase, clock=self.clock, acknowledge=self._acknowledged)

    def _acknowledged(self, id: str, sha256: str) -> None:
        self.acks.append((id, sha256))

    def new_session(self, *offered: str, where: str = "DE", **wanted: Any) -> Session:
        new = sessions.NewSession(
            f"Session {next(self.numbers)}", "Client", "Place", where, self.studio.today(), self.staff["Kim"].id,
            offered or tuple(self.studio.rules.catalogue.asked_ids()), **wanted,
        )  # fmt: skip
        return sessions.new_session(self.studio, new)[0]

    def person(
        self, name: str = "Ada Falk", *guardians: Guardian, born: date | None = None, session: Session | None = None
    ) -> Subject:
        wanted = Subject(
            SubjectId(new_id()), name, Language("en"), Country("DE"), born, "ada@falk.example", guardians=guardians
        )
        return subjects.add_subject(self.studio, session or self.session, wanted)[0]

    def ask(
        self,
        person: Subject,
        *choices: Choice,
        session: Session | None = None,
        by: str = "Kim",
        signed_by: tuple[Role, ...] = (Role.GUARDIAN, Role.SUBJECT),
        evidence: consents.Evidence | None = None,
        shown: Iterable[Photo] = (),
        vetoed: Iterable[Photo] = (),
        rest_is_no: bool = True,
        **more: object,
    ) -> consents.Recorded:
        """Record these answers (every other use is asked and a no), signed by whoever is needed unless said otherwise.

        With ``rest_is_no`` False nothing else was asked.
        """
        if rest_is_no:
            named = {each.scope for each in choices}
            offered = (session or self.session).offered
            choices = (*choices, *(Choice(each) for each in offered if each not in named))
        now = self.studio.now()
        taking = consents.SigningContext(
            Method.PAPER, self.staff[by].id, "test", now, (Act(now, "signature", Signed(None), Role.SUBJECT, "paper"),),
            signed_by if person.born else (Role.SUBJECT,),
            tuple(each.guid for each in shown), frozenset(each.guid for each in vetoed),
        )  # fmt: skip
        left = evidence or consents.Evidence(SignatureKind.TYPED, person.name.encode())
        answers = said(*choices, **more)  # type: ignore[arg-type]
        return consents.record_consent(self.studio, session or self.session, person, answers, left, taking)[0]

    def check(self, person: Subject, by: str = "Robin") -> Validation:
        pin = PINS[by] or ""
        return validations.validate_consent(self.studio, person.id, self.staff[by], pin, CHECK_POINTS)[0]

    def file(self, name: str = "", exif: bytes = b"") -> Path:
        """A small real photograph on the photographer's disk, another one each time."""
        number = next(self.numbers)
        path = self.scratch / (name or f"frame-{number:04}.jpg")
        path.write_bytes(jpeg(self.picture, number, exif))
        return path

    def photo(self, *people: Subject, session: Session | None = None) -> Photo:
        """A photo of these people, taken in by the ordinary way."""
        owner = people[0].id if people else None
        taken = intake.capture_photos(self.studio, session or self.session, [self.file()], owner, self.decoders)[0]
        (photo,) = taken.added
        if len(people) > 1:
            photo = intake.assign_photo(self.studio, photo, tuple(each.id for each in people))[0]
        return photo

    def wish(
        self, name: str, *uses: str, place: str = "", cover: Cover | None = None, names: bool = False
    ) -> ExportRequest:
        to = self.agencies[name].recipient
        return ExportRequest(to, cover, tuple(map(ScopeId, uses)), Country(place or to.country), names)

    def preview(self, name: str, *uses: str, session: Session | None = None, **more: object) -> exports.Preview:
        return exports.preview_export(self.studio, session or self.session, self.wish(name, *uses, **more))  # type: ignore[arg-type]

    def why(self, name: str, *uses: str, **more: object) -> set[tuple[str, str]]:
        """Each (hold, why) that keeps something back."""
        return {(each.hold or "", each.why) for each in self.preview(name, *uses, **more).held}  # type: ignore[arg-type]
