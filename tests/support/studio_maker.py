"""Makes studios with people, photos and signed receipts in them, for tests and for the program that is killed."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from safelight.domain.attendance import Attendance
from safelight.domain.choice import Grant, Modifiers
from safelight.domain.clearance import Validation
from safelight.domain.consent import ConsentEvent, EventKind
from safelight.domain.ids import (
    BundleId,
    Country,
    EventId,
    Language,
    NoticeId,
    PersonId,
    PhotoGuid,
    ReceiptId,
    RecipientId,
    RecordId,
    ScopeId,
    SessionId,
    Sha256,
    StudioId,
    SubjectId,
)
from safelight.domain.notice import Notice, NoticeItem
from safelight.domain.people import Recipient, Role, StaffMember, Studio, Subject
from safelight.domain.photo import Photo
from safelight.domain.record import (
    ConsentReceipt,
    Method,
    NoticeMark,
    Record,
    SignatureKind,
    Signing,
    StatusPosition,
    first_event,
)
from safelight.domain.session import Session
from safelight.domain.term import ONE_YEAR, Territory, TerritoryKind
from safelight.keys.age_identity import new_age_identity
from safelight.keys.master import MasterKey
from safelight.keys.sealing import age_recipient
from safelight.keys.signing import SigningKey
from safelight.storage.archive import Archive
from safelight.storage.folder import StudioFolder, create_folder
from safelight.storage.rows import (
    DisclosedPhoto,
    Disclosure,
    ExhibitKind,
    FileId,
    HeldCeremony,
    KeptExhibit,
    SignedReceiptFile,
)

START = datetime(2026, 5, 1, 9, 0, 0, tzinfo=UTC)
MASTER = MasterKey(bytes(range(32)))
SIGNER = SigningKey(b"\x07" * 32)
PICTURE = b"\xff\xd8\xff\xe0 a face, in pixels \xff\xd9"
INK = b"<ink><trace>10 0, 9 14, 8 28, the hand of one person</trace></ink>"


def sign(statement: bytes) -> str:
    return SIGNER.sign(statement, "safelight-journal")


def new_id() -> str:
    return str(uuid4())


class Made:
    """One studio on disk and its open archive; every step is a transaction of its own, a second after the last."""

    def __init__(self, path: Path, studio: str | None = None) -> None:
        self.path = path
        self.id = StudioId(studio or new_id())
        self.seconds = 0
        self.archive: Archive

    @property
    def now(self) -> datetime:
        self.seconds += 1
        return START + timedelta(seconds=self.seconds)

    @property
    def folder(self) -> StudioFolder:
        return StudioFolder(self.path)

    def create(self) -> Made:
        now = self.now
        self.archive = Archive.create(create_folder(self.path, self.id, now), self.id, MASTER, now, sign)
        with self.archive.transaction(now) as t:
            self.archive.studio.put(t, Studio(self.id, "Lampe & Söhne", Country("DE"), "rights@lampe.example"))
            self.archive.journal.append(t, "studio-founded", self.id, b"")
        return self

    people: list[Subject]
    """What a test makes and wants to find again; so are the next ones."""
    photos: list[Photo]
    signings: list[Any]
    recipients: list[Recipient]
    shoot: Session

    def open(self) -> Made:
        self.archive = Archive.open(self.folder, self.id, MASTER, sign)
        self.seconds = int((self.archive.newest_seen() - START).total_seconds())
        return self

    def staff(self, name: str = "Ada Lovelace") -> StaffMember:
        person = StaffMember(PersonId(new_id()), name, frozenset({Role.PHOTOGRAPHER}))
        with self.archive.transaction(self.now) as t:
            self.archive.staff.add(t, person)
        return person

    def session(self, name: str = "Spring headshots") -> Session:
        shoot = Session(
            SessionId(new_id()), name, "Acme", "Berlin", Country("DE"), START.date(), PersonId(new_id()), (), ()
        )
        with self.archive.transaction(self.now) as t:
            self.archive.sessions.add(t, shoot)
        return shoot

    def subject(self, session: Session, name: str = "Grace Hopper", id: str | None = None) -> Subject:
        person = Subject(SubjectId(id or new_id()), name, Language("en"), Country("DE"), email="g.hopper@navy.example")
        with self.archive.transaction(self.now) as t:
            self.archive.subjects.add(t, person, session.id, "expected")
            self.archive.journal.append(t, "subject-added", person.id, name.encode(), person.id)
        return person

    def photo(
        self, session: Session, subjects: Sequence[Subject] = (), content: bytes = PICTURE, guid: str | None = None
    ) -> Photo:
        owners = tuple(each.id for each in subjects)
        original = self.archive.files.store(owners or None, io.BytesIO(content), "photo")
        taken = photo_value(session.id, owners, content, guid)
        with self.archive.transaction(self.now) as t:
            self.archive.photos.add(t, taken, original, b"small " + content, b"larger " + content, tag(content))
            self.archive.journal.append(t, "photo-added", taken.guid, b"")
        return taken

    def signed(self, person: Subject, session: Session, id: str | None = None) -> SignedReceiptFile:
        archive, now = self.archive, self.now
        with archive.transaction(now) as t:
            items = (NoticeItem("13-1-a", "Who", "Us"),)
            shown = Notice(NoticeId(new_id()), "1", Language("en"), "Your picture", items)
            archive.notices.put(t, shown)
            entry = archive.journal.append(t, "signing", person.id, b"about to sign", person.id)
            positions = archive.statuses.allocate(t, 2)
            made = signed_value(self.id, person, session, shown, positions, entry.hash, now, id)
            archive.consents.add_receipt(t, made)
            for record in made.receipt.records:
                archive.consents.add_event(t, first_event(record, made.receipt, new_id(), person.id))
            archive.journal.append(t, "signed", made.receipt.id, made.statement, person.id)
            archive.subjects.set_state(t, person.id, "signed")
        pdf = archive.files.store_bytes([person.id], b"%PDF-1.7 " + person.name.encode(), "receipt", evidence=True)
        with archive.transaction(self.now) as t:
            archive.consents.set_pdf(t, made.receipt.id, pdf)
        return archive.consents.receipt(made.receipt.id)

    def hold(self, person: Subject, session: Session, content: bytes = b"half way") -> HeldCeremony:
        now = self.now
        made = HeldCeremony(person.id, session.id, now, now + timedelta(days=14), content + person.name.encode())
        with self.archive.transaction(now) as t:
            self.archive.held.put(t, made)
        return made

    def arrive(self, person: Subject, session: Session) -> Attendance:
        now = self.now
        known = Attendance(now)
        with self.archive.transaction(now) as t:
            self.archive.attendance.put(t, person.id, session.id, known)
        return known

    def recipient(self) -> Recipient:
        who = Recipient(RecipientId(age_recipient(new_age_identity())), "Agentur", Country("FR"), "in@agence.example")
        with self.archive.transaction(self.now) as t:
            self.archive.recipients.put(t, who, b'{"the":"card"}', None)
        return who

    def disclosure(self, recipient: Recipient, photos: Sequence[Photo]) -> Disclosure:
        with self.archive.transaction(self.now) as t:
            sequence = self.archive.disclosures.next_sequence(t, recipient.id)
            made = disclosure_value(recipient.id, sequence, photos, t.now)
            self.archive.disclosures.add(t, made)
        return made

    def validation(self, signed: SignedReceiptFile) -> Validation:
        made = Validation(signed.receipt.id, PersonId(new_id()), signed.taken_by, START.date())
        with self.archive.transaction(self.now) as t:
            self.archive.validations.add(t, made, ("name", "face"))
        return made


def tag(content: bytes) -> str:
    return hashlib.sha256(b"tag" + content).hexdigest()


def photo_value(
    session: SessionId, subjects: tuple[SubjectId, ...], content: bytes = PICTURE, guid: str | None = None
) -> Photo:
    digest = Sha256(hashlib.sha256(content).hexdigest())
    return Photo(
        PhotoGuid(guid or new_id()), session, subjects, "Hopper_0001.jpg", "image/jpeg", len(content), digest,
        "jpeg-coded-data/1", digest, 4000, 6000, 1, START,
    )  # fmt: skip


def signed_value(
    studio: StudioId,
    person: Subject,
    session: Session,
    shown: Notice,
    positions: Sequence[StatusPosition],
    head: str,
    now: datetime,
    id: str | None = None,
) -> SignedReceiptFile:
    grant = Grant(ONE_YEAR, Territory(TerritoryKind.COUNTRY, frozenset({Country("DE")})))
    records = tuple(
        Record(
            RecordId(new_id()), ScopeId(scope), kind, now, limits, None, None, None, position.index, "00" * 16,
            status_list=None if position.list == 1 else position.list,
        )
        for scope, kind, limits, position in zip(
            ("use.portfolio", "use.web"), (EventKind.GIVEN, EventKind.REFUSED), (grant, None), positions, strict=True
        )
    )
    digest = Sha256(hashlib.sha256(INK).hexdigest())
    signing = Signing(
        Method.DEMONSTRATION, SignatureKind.INK, now, now, "test", Language("en"), digest, digest, (Role.SUBJECT,)
    )
    receipt = ConsentReceipt(
        id=ReceiptId(id or new_id()),
        issued_at=now,
        studio=Studio(studio, "Lampe & Söhne", Country("DE"), "rights@lampe.example"),
        subject=SubjectId(new_id()),
        session=session.id,
        country=Country("DE"),
        language=Language("en"),
        notice=NoticeMark(shown.id, shown.version, shown.language, shown.sha256),
        recipients=(),
        records=records,
        modifiers=Modifiers(),
        signing=signing,
        photos=(),
        authority="BlnBDI",
        withdraw_at="rights@lampe.example",
        rules="1",
    )
    return SignedReceiptFile(
        receipt, person.id, b'{"@type":"ConsentReceipt"}', b'{"statement":1}', "studio signature",
        SIGNER.public_ssh, "subject signature", b"[]", INK, "application/inkml+xml", PersonId(new_id()), head,
        "2345-6789-ABCD-EFGH", "ab" * 32, "0417", "Wim Witness", "",
        (KeptExhibit(ExhibitKind.SCAN, Role.PHOTOGRAPHER, "", None, Sha256("cd" * 32), FileId("ef" * 32)),),
    )  # fmt: skip


def event_value(event: ConsentEvent, kind: EventKind, at: datetime) -> ConsentEvent:
    return ConsentEvent(
        EventId(new_id()), event.record, event.subject, event.scope, kind, event.sequence + 1, at, Role.SUBJECT
    )


def disclosure_value(
    recipient: RecipientId, sequence: int, photos: Sequence[Photo], at: datetime
) -> Disclosure:
    return Disclosure(
        BundleId(new_id()), recipient, sequence, at, (ScopeId("use.portfolio"),), Country("FR"),
        tuple(DisclosedPhoto(each.guid, each.image_sha256, each.sha256) for each in photos), (), Sha256("cd" * 32),
    )  # fmt: skip


__all__ = ["INK", "MASTER", "PICTURE", "SIGNER", "START", "FileId", "Made", "new_id", "sign", "tag"]
