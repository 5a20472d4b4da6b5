"""Draws the page a person is about to sign: the receipt these answers would give, before anybody signed it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import version

from safelight.domain.ids import Language, Sha256
from safelight.domain.people import Role
from safelight.domain.photo import Photo
from safelight.domain.record import FIRST_LIST, Method, SignatureKind, Signing, StatusPosition
from safelight.keys.signing import fingerprint_words, ssh_fingerprint
from safelight.receipt.issue import render_receipt
from safelight.receipt.page import ReceiptContent
from safelight.settings.texts import texts
from safelight.studio.open_studio import OpenStudio
from safelight.studio.receipts import all_recipients, staff_name
from safelight.studio.retired_uses import readable
from safelight.studio.stating import Said, state_receipt

_NO_ID = "00000000-0000-4000-8000-000000000000"
_NO_HASH = Sha256("0" * 64)
_NO_CODE = "····-····-····-····"


def draw_page(studio: OpenStudio, said: Said, device: str) -> bytes:
    """The PDF of what ``said`` would state if it were signed today; equal for equal answers on one day."""
    # Midnight, so that two pages of the same answers are the same bytes however long the reading takes.
    here = studio.now_at(said.session).settled()
    today = here.at
    answers = said.answers
    signing = Signing(
        method=Method.SCREEN,
        kind=SignatureKind.INK,
        started_at=today,
        signed_at=today,
        device=device,
        language=answers.language,
        evidence_sha256=_NO_HASH,
        acts_sha256=_NO_HASH,
        signed_by=(Role.SUBJECT,),
        witnessed=bool(answers.witness),
        interpreted=bool(answers.interpreter),
        zone=here.zone,
        utc_offset_minutes=here.offset_minutes,
    )
    nowhere = [StatusPosition(FIRST_LIST, index) for index in range(len(said.choices))]
    receipt = state_receipt(studio, said, signing, nowhere, here, lambda: _NO_ID, lambda: "00" * 16)
    language = Language(texts(answers.language).language)
    content = ReceiptContent(
        receipt=receipt,
        subject_name=said.subject.name,
        studio=studio.identity,
        catalogue=readable(studio.rules.catalogue, reversed(studio.archive.consents.receipts_of(said.subject.id))),
        language=language,
        notice_title=texts(language).notice_title,
        withdrawal_code=_NO_CODE,
        withdrawal_uri="",
        qr=(),
        journal_head="",
        record_sha256=_NO_HASH,
        notice_sha256=said.notice.sha256,
        subject_key_fingerprint="",
        studio_key_fingerprint=ssh_fingerprint(studio.signer.public_ssh),
        studio_key_words=fingerprint_words(studio.signer.public_ssh),
        app_version=version("safelight"),
        guardian_names=tuple(each.name for each in said.subject.guardians) if receipt.signed_as_minor else (),
        photographer_name=staff_name(studio.archive.staff.list(), said.session.photographer),
        witness_name=answers.witness,
        interpreter_name=answers.interpreter,
        recipients=all_recipients(studio),
        draft=True,
    )
    return render_receipt(content, None)


def standing_photos(photos: Sequence[Photo], said: Said, vetoed: frozenset[str], shown: Sequence[str]) -> Said:
    """``said`` with the photos a receipt would name: those neither this person nor anybody else on them struck out."""
    me = said.subject.id
    kept = tuple(
        each
        for each in photos
        if each.guid not in vetoed and not {who for who in each.vetoed_by if who != me or each.guid not in shown}
    )
    return replace(said, photos=kept)
