"""One signing as the studio would hand it over: an adult, six uses asked, two organisations named."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from safelight.domain.choice import Alteration, Compensation, Exclusion, Grant, Modifiers, ReplicaTerms
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
from safelight.domain.scope import Catalogue, Mark, read_catalogue
from safelight.domain.term import ONE_YEAR, UNTIL_WITHDRAWN, Term, TermKind, Territory, TerritoryKind
from safelight.settings import resources

ACME = Recipient(RecipientId("age1" + "q" * 58), "Acme Ads Ltd", Country("FR"), "rights@acme.example", "advertiser")
GLOBEX = Recipient(RecipientId("age1" + "p" * 58), "Globex Stock", Country("GB"), "rights@globex.example")
DE = Territory(TerritoryKind.COUNTRY, frozenset({Country("DE")}))
SIGNED = datetime(2026, 11, 22, 9, 30, 12, tzinfo=UTC)


def uuid(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


def given(number: int, scope: str, grant: Grant, last: date, review: date | None = None) -> Record:
    return Record(
        id=RecordId(uuid(100 + number)),
        scope=ScopeId(scope),
        kind=EventKind.GIVEN,
        at=SIGNED,
        grant=grant,
        last_day=last,
        review_due=review,
        sleeps_after=None if review is None else date(review.year, review.month + 1, 22),
        status_index=4000 + 7 * number,
        salt=f"{number:02x}" * 16,
    )


def refused(number: int, scope: str) -> Record:
    return Record(
        RecordId(uuid(100 + number)),
        ScopeId(scope),
        EventKind.REFUSED,
        SIGNED,
        None,
        None,
        None,
        None,
        9000 + number,
        f"{number:02x}" * 16,
    )


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return read_catalogue(resources.read_json("rules/scopes.json"))


@pytest.fixture(scope="session")
def frozen_catalogue() -> Catalogue:
    """The uses as they were when the golden files were made."""
    return read_catalogue(json.loads((Path(__file__).with_name("golden") / "scopes.json").read_bytes()))


@pytest.fixture(scope="session")
def receipt() -> ConsentReceipt:
    listed = Territory(TerritoryKind.LISTED, frozenset({Country("DE"), Country("AT"), Country("CH")}))
    page = ReplicaTerms("one poster series", "EUR 900", "her union", "AI picture of a real person")
    records = (
        given(1, "use.portfolio", Grant(ONE_YEAR, DE), date(2027, 11, 22)),
        given(2, "use.advertising", Grant(Term(TermKind.MONTHS, months=24), listed, (ACME.id,),
              frozenset({"print", "outdoor"}), Mark.INITIALS), date(2028, 11, 22)),
        given(3, "use.stock", Grant(Term(TermKind.UNTIL, until=date(2030, 1, 31)),
              Territory(TerritoryKind.WORLDWIDE), (GLOBEX.id, ACME.id)), date(2030, 1, 31)),
        given(4, "use.social", Grant(UNTIL_WITHDRAWN, Territory(TerritoryKind.EEA)), date(2029, 11, 22),
              date(2027, 11, 22)),
        given(5, "ai.replica", Grant(ONE_YEAR, DE, (ACME.id,), mark=Mark.PAGE, replica=page), date(2027, 11, 22),
              date(2027, 11, 22)),
        refused(6, "ai.train-generative"),
        refused(7, "bio.template"),
    )  # fmt: skip
    return ConsentReceipt(
        id=ReceiptId(uuid(1)),
        issued_at=datetime(2026, 11, 22, 9, 30, 40, tzinfo=UTC),
        studio=Studio(
            StudioId(uuid(2)),
            "Studio Ünlü & Töchter",
            Country("DE"),
            "hallo@studio.example",
            "Musterstr. 1, 10115 Berlin",
        ),
        subject=SubjectId(uuid(3)),
        session=SessionId(uuid(4)),
        country=Country("DE"),
        language=Language("de"),
        notice=NoticeMark(NoticeId(uuid(5)), "2026-11.1", Language("de"), Sha256("ab" * 32)),
        recipients=(GLOBEX, ACME),
        records=records,
        modifiers=Modifiers(
            credit_name=True,
            cross_border=frozenset({Country("US"), Country("CH")}),
            exclusions=frozenset({Exclusion.ADULT, Exclusion.CRIME}),
            alteration=Alteration.RETOUCH,
            compensation=Compensation("fee", "150.00", "EUR"),
        ),
        signing=Signing(
            method=Method.SCREEN,
            kind=SignatureKind.INK,
            started_at=datetime(2026, 11, 22, 9, 27, 1, tzinfo=UTC),
            signed_at=SIGNED,
            device="tablet 3",
            language=Language("de"),
            evidence_sha256=Sha256("cd" * 32),
            acts_sha256=Sha256("ef" * 32),
            signed_by=(Role.SUBJECT,),
            witnessed=True,
            taught_back=True,
            explained_again=1,
        ),
        photos=(
            PhotoMark(PhotoGuid(uuid(11)), "jpeg-scans", Sha256("11" * 32), "image/jpeg"),
            PhotoMark(PhotoGuid(uuid(12)), "png-chunks", Sha256("22" * 32), "image/png"),
        ),
        authority="Berliner Beauftragte für Datenschutz und Informationsfreiheit",
        withdraw_at="hallo@studio.example",
        rules="2026-07.1",
        replaces=ReceiptId(uuid(9)),
    )


@pytest.fixture(scope="session")
def minor(receipt: ConsentReceipt) -> ConsentReceipt:
    """The same for a minor: guardian and subject signed, uses a minor cannot allow are left out."""
    signing = replace(receipt.signing, signed_by=(Role.GUARDIAN, Role.SUBJECT))
    records = tuple(
        replace(each, id=RecordId(uuid(200 + index)))
        for index, each in enumerate(receipt.records)
        if each.scope in ("use.portfolio", "use.advertising")
    )
    return replace(
        receipt,
        id=ReceiptId(uuid(21)),
        subject=SubjectId(uuid(23)),
        signing=signing,
        records=records,
        recipients=(ACME,),
        signed_as_minor=True,
        adult_on=date(2027, 3, 1),
        replaces=None,
        authority="",
    )
