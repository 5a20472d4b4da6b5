"""Makes studios that deliver bundles to an agency, for tests: no studio room, only the formats, keys and the writer."""

from __future__ import annotations

import hashlib
import io
import itertools
import random
import uuid
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from PIL import Image

from safelight.bundle.plan import BundlePlan, PhotoSource, SmallMember, WrittenBundle
from safelight.bundle.prepare import PreparedPhoto
from safelight.bundle.writer import write_bundle
from safelight.documents.identity_cards import CardKind, IdentityCard, card_bytes, signed_part
from safelight.documents.manifest import (
    Manifest,
    ManifestPhoto,
    ManifestRecipient,
    ManifestStudio,
    MemberRole,
    key_fingerprint,
    recipient_fingerprint,
    status_path,
)
from safelight.documents.policy import policy_bytes, policy_document
from safelight.documents.record import disclose, document_bytes, receipt_document, statement_of
from safelight.documents.rules import shipped_rules
from safelight.documents.status import status_list, status_list_bytes
from safelight.domain.choice import Grant, Modifiers
from safelight.domain.consent import EventKind, reviewed_yearly
from safelight.domain.ids import (
    BundleId,
    Country,
    Language,
    NoticeId,
    PhotoGuid,
    ReceiptId,
    RecordId,
    ScopeId,
    SessionId,
    Sha256,
    StudioId,
    SubjectId,
)
from safelight.domain.people import Recipient, Role, Studio
from safelight.domain.record import ConsentReceipt, Method, NoticeMark, Record, SignatureKind, Signing
from safelight.domain.seen import Seen
from safelight.domain.term import ONE_YEAR, Term, Territory, TerritoryKind, review_due, sleeps_after
from safelight.images.imagehash import image_data_sha256
from safelight.keys.signing import SigningKey

START = datetime(2026, 11, 2, 9, 0, 0, tzinfo=UTC)
EEA = Territory(TerritoryKind.EEA)
CATALOGUE = shipped_rules().catalogue
NOTICE = b"We photograph you for the directory. You may say no.\n"
LD, SSH = "application/ld+json", "application/x-ssh-signature"
_CA = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
_dice = random.Random(7)


def new_uuid() -> str:
    return str(uuid.UUID(int=_dice.getrandbits(128), version=4))


def small_jpeg(shade: int) -> bytes:
    """A picture of one colour, another one for each ``shade`` below 65,536."""
    out = io.BytesIO()
    Image.new("RGB", (24, 16), (shade % 256, shade // 256, 90)).save(out, "JPEG", quality=90)
    return out.getvalue()


def country(*codes: str) -> Territory:
    return Territory(TerritoryKind.COUNTRY if len(codes) == 1 else TerritoryKind.LISTED, frozenset(map(Country, codes)))


@dataclass(frozen=True)
class Shot:
    """A photo: its bytes, and the people on it."""

    people: tuple[Person, ...]
    data: bytes
    media_type: str = "image/jpeg"
    ending: str = "jpg"
    guid: PhotoGuid = field(default_factory=lambda: PhotoGuid(new_uuid()))


@dataclass(frozen=True)
class Person:
    """Somebody on photos; the studio's pseudonym for them towards the agency stays the same."""

    pseudonym: SubjectId = field(default_factory=lambda: SubjectId(f"urn:uuid:{new_uuid()}"))


class StudioDouble:
    """A studio that signs, withdraws and delivers."""

    def __init__(self, name: str, recipient: Recipient) -> None:
        self.identity = Studio(StudioId(new_uuid()), name, Country("DE"), "hello@studio.example", "Hauptstr. 1")
        self.key = self.new_key()
        self.recipient = recipient
        self.ended: set[int] = set()
        self.further: dict[int, set[int]] = {}
        """What ended in each status list after the first, once there is one."""
        self.seen: Callable[[Shot, ConsentReceipt], Seen] | None = None
        """What its manifests state of a photo and a signing; None: nothing, as studios did before."""
        self._indexes = itertools.count(_dice.randrange(100_000))

    @staticmethod
    def new_key() -> SigningKey:
        return SigningKey(_dice.randbytes(32))

    def card(self, previous: SigningKey | None = None, at: datetime = START) -> bytes:
        own = self.identity
        card = IdentityCard(
            CardKind.STUDIO, own.id, own.name, own.country, own.contact, own.address, self.key.public_ssh, at, _CA,
            previous_ssh_public_key=previous.public_ssh if previous else None,
        )  # fmt: skip
        part = signed_part(card)
        signed = replace(card, signature=self.key.sign(part, "safelight-card"))
        if previous:
            signed = replace(signed, previous_signature=previous.sign(part, "safelight-card"))
        return card_bytes(signed)

    def receipt(
        self,
        scopes: Collection[str],
        at: datetime = START,
        term: Term = ONE_YEAR,
        territory: Territory = EEA,
        refused: Collection[str] = (),
        adult_on: date | None = None,
        minor: bool = False,
        status_list: int | None = None,
    ) -> ConsentReceipt:
        """One person's signing: yes to ``scopes`` for the agency, no to ``refused``; None is the first status list."""
        if status_list is not None:
            for number in range(2, status_list + 1):
                self.further.setdefault(number, set())
        grant = Grant(term, territory, (self.recipient.id,))
        digest = Sha256(hashlib.sha256(str(next(self._indexes)).encode()).hexdigest())
        signing = Signing(
            Method.DEMONSTRATION, SignatureKind.TYPED, at, at, "desk", Language("en"), digest, digest, (Role.SUBJECT,)
        )

        def record(scope: str, given: Grant | None) -> Record:
            rule = CATALOGUE.scope(scope)
            yearly = given is not None and reviewed_yearly(rule, given)
            return Record(
                RecordId(new_uuid()), ScopeId(scope), EventKind.GIVEN if given else EventKind.REFUSED, at, given,
                given.term.last_day(at.date(), rule.cap_months) if given else None,
                review_due(at.date()) if yearly else None, sleeps_after(at.date()) if yearly else None,
                next(self._indexes), _dice.randbytes(16).hex(), status_list=status_list,
            )  # fmt: skip

        return ConsentReceipt(
            ReceiptId(new_uuid()),
            at,
            self.identity,
            SubjectId(new_uuid()),
            SessionId(new_uuid()),
            Country("DE"),
            Language("en"),
            NoticeMark(NoticeId(new_uuid()), "1", Language("en"), Sha256(hashlib.sha256(NOTICE).hexdigest())),
            (self.recipient,) if scopes else (),
            (*(record(each, grant) for each in scopes), *(record(each, None) for each in refused)),
            Modifiers(),
            signing,
            (),
            "The authority",
            "https://example.org/withdraw",
            CATALOGUE.version,
            signed_as_minor=minor,
            adult_on=adult_on,
        )

    def end(self, receipt: ConsentReceipt, scope: str) -> None:
        """Withdraw one use: its bit is set in every list from now on."""
        record = receipt.record_for(ScopeId(scope))
        assert record is not None
        self.bits(record.status_position.list).add(record.status_index)

    def bits(self, number: int) -> set[int]:
        """What ended in one list."""
        return self.ended if number == 1 else self.further[number]

    def listed(self, number: int, at: datetime, until: datetime) -> bytes:
        """One status list as it is now."""
        return status_list_bytes(status_list(self.bits(number), self.identity.id, at, until, number=number))

    def deliver(
        self,
        destination: Path,
        sequence: int,
        shots: Sequence[tuple[Shot, Sequence[ConsentReceipt]]],
        uses: Sequence[str],
        at: datetime = START,
        valid_for: timedelta = timedelta(days=30),
        territory: Territory | None = None,
        to: Sequence[str] = (),
        former: tuple[SigningKey, ...] = (),
        **changes: Any,
    ) -> WrittenBundle:
        """Write a bundle; ``shots`` gives each photo with the receipts of everybody on it."""
        scopes = [ScopeId(each) for each in uses]
        receipts = {each.id: each for _, theirs in shots for each in theirs}
        small = [
            SmallMember(f"notices/{hashlib.sha256(NOTICE).hexdigest()}.txt", MemberRole.NOTICE, "text/plain", NOTICE),
        ]
        for number in (1, *self.further):
            path, listed = status_path(number), self.listed(number, at, at + valid_for)
            signature = self._sign(listed, "safelight-status")
            small.append(SmallMember(path, MemberRole.STATUS, "application/vc", listed))
            small.append(SmallMember(path + ".sig", MemberRole.STATUS_SIGNATURE, SSH, signature))
        for each in receipts.values():
            document = receipt_document(each, CATALOGUE)
            shown = disclose(document, [scope for scope in scopes if each.record_for(scope)])
            path = f"records/{each.id}.jsonld"
            signature = self._sign(statement_of(document), "safelight-record")
            small.append(SmallMember(path, MemberRole.RECORD, LD, document_bytes(shown)))
            small.append(SmallMember(path + ".sig", MemberRole.RECORD_SIGNATURE, SSH, signature))
            once = _once(statement_of(document))
            small.append(SmallMember(path + ".subject.sig", MemberRole.SUBJECT_SIGNATURE, SSH, once))
        photos, sources = [], []
        for shot, theirs in shots:
            path = f"photos/{shot.guid}.{shot.ending}"
            image = image_data_sha256(shot.data, shot.media_type)
            records = [one for scope in scopes for each in theirs if (one := each.record_for(scope))]
            allowed = [scope for scope in scopes if theirs and all(each.record_for(scope) for each in theirs)]
            policy = policy_bytes(policy_document(shot.guid, theirs, allowed, self.recipient, CATALOGUE))
            small.append(SmallMember(f"policies/{shot.guid}.jsonld", MemberRole.POLICY, LD, policy))
            photos.append(
                ManifestPhoto(
                    shot.guid, path, shot.media_type, image.kind, image.sha256,
                    tuple(each.pseudonym for each in shot.people), tuple(each.id for each in theirs),
                    tuple(dict.fromkeys(each.id for each in records)), f"policies/{shot.guid}.jsonld",
                    seen=self.seen and tuple(self.seen(shot, each) for each in theirs),
                )
            )  # fmt: skip
            prepared = PreparedPhoto((shot.data,), len(shot.data), Sha256(hashlib.sha256(shot.data).hexdigest()))
            sources.append(
                PhotoSource(shot.guid, path, shot.media_type, len(shot.data), lambda prepared=prepared: prepared)  # type: ignore[misc]
            )
        manifest = Manifest(
            id=BundleId(new_uuid()), sequence=sequence, created_at=at,
            studio=ManifestStudio(
                self.identity.id, self.identity.name, self.identity.country, self.identity.contact,
                self.key.public_ssh, key_fingerprint(self.key.public_ssh), tuple(each.public_ssh for each in former),
            ),
            recipient=ManifestRecipient(
                self.recipient.id, recipient_fingerprint(self.recipient.id), self.recipient.name, self.recipient.country
            ),
            uses=tuple(scopes), territory=territory, names_included=False, journal_head=Sha256("ab" * 32),
            rules=CATALOGUE.version, photos=tuple(photos),
        )  # fmt: skip
        alone = bool(changes.get("records_only"))
        plan = BundlePlan(replace(manifest, **changes), tuple(small), () if alone else tuple(sources))
        return write_bundle(plan, destination, recipients=[self.recipient.id, *to], signer=self.key)

    def _sign(self, message: bytes, namespace: Any) -> bytes:
        return self.key.sign(message, namespace).encode()


def _once(statement: bytes) -> bytes:
    """A signature as by a one-time key; here the key follows from the statement, so that bundles are repeatable."""
    return SigningKey(hashlib.sha256(statement).digest()).sign(statement, "safelight-receipt").encode()
