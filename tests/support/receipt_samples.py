"""The content of receipts: one person, made-up answers, a signature and a portrait."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import segno
from PIL import Image, ImageDraw

from safelight.domain.acts import Act, act_of
from safelight.domain.choice import Grant, Modifiers, ReplicaTerms
from safelight.domain.consent import EventKind
from safelight.domain.ids import (
    Country,
    Language,
    NoticeId,
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
from safelight.domain.people import Recipient, Role, Studio
from safelight.domain.photo import PhotoMark
from safelight.domain.record import ConsentReceipt, Method, NoticeMark, Record, SignatureKind, Signing
from safelight.domain.scope import Mark, read_catalogue
from safelight.domain.term import Term, TermKind, Territory, TerritoryKind, review_due, sleeps_after
from safelight.receipt.page import ReceiptContent, ReceiptStatus
from safelight.settings.resources import read_json

SIGNED = datetime(2026, 11, 22, 13, 5, 9, tzinfo=UTC)
DOCUMENT = json.dumps({"@context": "https://w3id.org/dpv", "id": "urn:uuid:1", "zäh": "łódź"}).encode()
AGENCY = Recipient(
    RecipientId("age1" + "q" * 58), "Nordlicht Bildagentur GmbH", Country("DE"), "hello@nordlicht.example"
)
TRAINER = Recipient(
    RecipientId("age1" + "p" * 58), "Facet Models Ltd", Country("GB"), "data@facet.example", "AI trainer"
)
STUDIO = Studio(
    StudioId("5d0e0f7a-2f7a-4a6f-9b3e-0a4a4f1b2c3d"),
    "Atelier Lindqvist",
    Country("DE"),
    "hej@lindqvist.example",
    "Torstraße 12, 10119 Berlin",
)
CATALOGUE = read_catalogue(read_json("rules/scopes.json"))
USUAL: dict[str, bool] = {
    "use.portfolio": True,
    "use.social": False,
    "use.directory": True,
    "use.stock": False,
    "ai.train-generative": False,
}


def uuid(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


def sha(text: str) -> Sha256:
    return Sha256(hashlib.sha256(text.encode()).hexdigest())


def grant_for(scope_id: str) -> Grant:
    scope = CATALOGUE.scope(scope_id)
    recipients: tuple[RecipientId, ...] = ()
    if scope.needs_recipient:
        recipients = (TRAINER.id,) if scope.ai else (AGENCY.id,)
    replica = (
        ReplicaTerms("one poster campaign", "EUR 900", "the actors' union", "made with AI")
        if scope.mark is Mark.PAGE
        else None
    )
    territory = (
        Territory(TerritoryKind.EEA)
        if scope.ai
        else Territory(TerritoryKind.LISTED, frozenset({Country("DE"), Country("CH")}))
    )
    return Grant(
        Term(TermKind.MONTHS, months=12),
        territory,
        recipients,
        frozenset({"own-website", "print"}),
        scope.mark,
        replica,
    )


def record_for(number: int, scope_id: str, yes: bool) -> Record:
    scope = CATALOGUE.scope(scope_id)
    day = SIGNED.date()
    grant = grant_for(scope_id) if yes else None
    return Record(
        id=RecordId(uuid(number)),
        scope=ScopeId(scope_id),
        kind=EventKind.GIVEN if yes else EventKind.REFUSED,
        at=SIGNED,
        grant=grant,
        last_day=date(2027, 11, 22) if yes else None,
        review_due=review_due(day) if yes and scope.ai else None,
        sleeps_after=sleeps_after(day) if yes and scope.ai else None,
        status_index=number,
        salt="00" * 16,
    )


def acts() -> tuple[Act, ...]:
    steps = [
        ("language", "language en"),
        *(("notice", f"card {number}") for number in range(1, 6)),
        ("uses", "use.portfolio yes"),
        ("uses", "use.social no"),
        ("uses", "next"),
        ("term", "next"),
        ("review", "next"),
        ("signature", "signed (ink)"),
    ]
    return tuple(
        Act(SIGNED - timedelta(seconds=20 * (len(steps) - at)), step, act_of(what), Role.SUBJECT, "touch")
        for at, (step, what) in enumerate(steps)
    )


def ink() -> bytes:
    """A drawn signature (PNG with transparency), made with a library this room does not use."""
    image = Image.new("RGBA", (840, 280), (255, 255, 255, 0))
    across = (20, 90, 130, 200, 260, 330, 420, 520, 640, 800)
    down = (200, 60, 220, 90, 190, 120, 180, 90, 170, 110)
    line = list(zip(across, down, strict=True))
    ImageDraw.Draw(image).line(line, fill=(20, 24, 60, 255), width=7, joint="curve")
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def small(path: Path) -> bytes:
    """A real portrait as a thumbnail (JPEG)."""
    with Image.open(path) as found:
        image = found.convert("RGB")
    image.thumbnail((240, 240))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG")
    return buffer.getvalue()


MakeContent = Callable[..., ReceiptContent]


def content_of(signature_png: bytes, portrait: bytes) -> MakeContent:
    """A maker of receipts around one signature and one portrait."""

    def make(
        answers: dict[str, bool] | None = None,
        *,
        language: str = "en",
        minor: bool = False,
        typed: bool = False,
        modifiers: Modifiers | None = None,
        receipt: dict[str, Any] | None = None,
        **fields: Any,
    ) -> ReceiptContent:
        answers = USUAL if answers is None else answers
        signed_by = (Role.GUARDIAN, Role.SUBJECT) if minor else (Role.SUBJECT,)
        signing = Signing(
            method=Method.SCREEN,
            kind=SignatureKind.TYPED if typed else SignatureKind.INK,
            started_at=SIGNED - timedelta(seconds=160),
            signed_at=SIGNED,
            device="Tablet 2",
            language=Language(language),
            evidence_sha256=sha("ink"),
            acts_sha256=sha("acts"),
            signed_by=signed_by,
            witnessed=minor,
            taught_back=any(CATALOGUE.scope(each).ai and yes for each, yes in answers.items()),
            explained_again=0,
            zone="Europe/Berlin",
            utc_offset_minutes=60,
        )
        made = ConsentReceipt(
            id=ReceiptId("3f2a9c44-6d1b-4e0a-8a55-1f6b0c9d7e21"),
            issued_at=SIGNED + timedelta(seconds=2),
            studio=STUDIO,
            subject=SubjectId(uuid(1)),
            session=SessionId(uuid(2)),
            country=Country("DE"),
            language=Language(language),
            notice=NoticeMark(NoticeId("notice-1"), "2026-11.1", Language(language), sha("notice")),
            recipients=(AGENCY, TRAINER),
            records=tuple(record_for(10 + at, *each) for at, each in enumerate(answers.items())),
            modifiers=modifiers or Modifiers(),
            signing=signing,
            photos=(PhotoMark(PhotoGuid(uuid(3)), "jpeg-scan-sha256", sha("photo"), "image/jpeg"),),
            authority="Berliner Beauftragte für Datenschutz (datenschutz-berlin.de)",
            withdraw_at="hej@lindqvist.example",
            rules=CATALOGUE.version,
            signed_as_minor=minor,
        )
        content = ReceiptContent(
            receipt=replace(made, **(receipt or {})),
            subject_name="Anneliese Müller-Öztürk",
            studio=STUDIO,
            catalogue=CATALOGUE,
            language=Language(language),
            notice_title="Before you decide",
            withdrawal_code="K7QM-3FTX-9WAD",
            withdrawal_uri="https://lindqvist.example/w#K7QM-3FTX-9WAD",
            qr=tuple(
                tuple(bool(each) for each in row)
                for row in segno.make("https://lindqvist.example/w#K7QM-3FTX-9WAD", error="m").matrix
            ),
            journal_head=sha("head"),
            journal_entries=41,
            record_sha256=sha("statement"),
            notice_sha256=sha("notice"),
            subject_key_fingerprint="SHA256:uYk0l7oZk1yQ3m1nJwq8Q5Gk3rVQxkM5b7f0cJtXx1A",
            studio_key_fingerprint="SHA256:2m1nJwq8Q5Gk3rVQxkM5b7f0cJtXx1AuYk0l7oZk1yQ",
            studio_key_words=("amber", "lantern", "river", "copper", "meadow", "violin"),
            app_version="Safelight 0.1.0",
            guardian_names=("Karin Müller",) if minor else (),
            photographer_name="Jonas Lindqvist",
            witness_name="Petra Vogel" if minor else "",
            recipients=(AGENCY, TRAINER),
            signature_png=None if typed else signature_png,
            typed_name="Anneliese Müller-Öztürk" if typed else "",
            photos=(portrait,),
            acts=acts(),
            status=ReceiptStatus.SIGNED,
            signing_certificate_sha256=sha("certificate"),
        )
        return replace(content, **fields)

    return make
