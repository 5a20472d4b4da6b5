"""A whole headshot day without a screen: everything a studio and an agency do with each other, left to be looked at."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from safelight.agency.imports import import_bundle
from safelight.agency.open_agency import OpenAgency
from safelight.agency.questions import may
from safelight.capture.ink import inkml
from safelight.demo.afterwards import Afterwards, change_minds, ten_years
from safelight.demo.camera import photograph
from safelight.demo.cast import AGENCY_USES, STUDIO_USES, Guest, cast
from safelight.demo.drawn.signature import drawn_signature
from safelight.demo.preparing import found, introduce, prepare
from safelight.demo.story import CHECKED_USE, MAIN_USE, told
from safelight.demo.walk import walk_through
from safelight.documents.jcs import sha256_hex
from safelight.documents.plain import dump
from safelight.domain.clearance import CHECK_POINTS
from safelight.domain.ids import Country, PhotoGuid, RecipientId
from safelight.domain.people import Guardian, Subject
from safelight.domain.progress import Report, silent
from safelight.domain.record import Method, SignatureKind
from safelight.domain.session import Session
from safelight.keys.durable import durable_write
from safelight.studio import exports, receipts, recipients, validations
from safelight.studio.consents import Evidence
from safelight.studio.open_studio import OpenStudio
from safelight.studio.packing import ExportRequest
from safelight.studio.signing_point import Present, finish_ceremony, open_ceremony
from safelight.studio.staying import words_for


@dataclass(slots=True)
class _Day:
    """What the summary will say; filled as the day goes on."""

    out: Path
    report: Report
    timings: dict[str, float] = field(default_factory=dict)
    people: list[dict[str, Any]] = field(default_factory=list)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time one part of the day (seconds, wall clock) and report that it is done."""
        started = time.perf_counter()
        yield
        self.timings[name] = round(time.perf_counter() - started, 3)
        self.report(len(self.timings), 12, name)


def play_day(
    out: Path, people: int, photos: Path | None, seed: int, report: Report = silent
) -> tuple[dict[str, Any], Iterator[str]]:
    """Leave a whole day in ``out`` (a new or empty folder): its summary, and the lines that say what to look at.

    ``people`` come; ``photos`` is a folder with portraits to be used instead of drawn ones; another ``seed`` gives
    other people and answers.
    """
    for folder in (out, out / "keys", out / "photos-in", out / "receipts"):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    summary = _run(_Day(out, report), cast(people, seed), photos, seed)
    durable_write(out / "summary.json", _json(summary))
    return summary, told(out, summary)


def _run(day: _Day, guests: tuple[Guest, ...], photos: Path | None, seed: int) -> dict[str, Any]:
    out = day.out
    with day.step("found studio and agency"):
        studio, agency = found(out)
    with studio, agency:
        with day.step("trust each other"):
            introduce(out, studio, agency)
        with day.step("session and roster"):
            session, reviewer, people = prepare(out, studio, guests)
        with day.step("photos"):
            taken = photograph(out, studio, session, people, photos, seed)
        with day.step("ceremonies"):
            for guest, person in zip(guests, people, strict=True):
                day.people.append(_ask(studio, session, guest, person, seed))
        with day.step("receipts"):
            for number, (person, told) in enumerate(zip(people, day.people, strict=True), 1):
                told["receipt_file"] = _receipt(out, studio, person, number)
        with day.step("second human"):
            for guest, person in zip(guests, people, strict=True):
                if guest.checked:
                    pin = (out / "keys" / "reviewer-pin.txt").read_text().strip()
                    validations.validate_consent(studio, person.id, reviewer, pin, CHECK_POINTS)
        with day.step("export"):
            bundles = [
                _export(out, studio, session, MAIN_USE, "bundle.age"),
                _export(out, studio, session, CHECKED_USE, "bundle-ai.age"),
            ]
        with day.step("agency"):
            answers = _receive(out, agency, [each for each in bundles if each["file"]])
        with day.step("changing one's mind"):
            chosen = _chosen(studio, people, day.people, bundles[0]["in"])
            afterwards = change_minds(out, studio, agency, chosen)
        with day.step("signing again"):
            afterwards["renewal"] = _renewal(studio, session, guests, people, chosen, seed)
        with day.step("ten years of nights"):
            afterwards["ten_years"] = _later(guests)
        return {
            "format": "safelight-demo/1",
            "studio": {"id": studio.identity.id, "name": studio.identity.name},
            "session": {"id": session.id, "name": session.name, "asked": session.offered},
            "people": day.people,
            "photos": taken,
            "bundles": bundles,
            "answers": answers,
            "afterwards": afterwards,
            "seconds": day.timings,
        }


def _ask(studio: OpenStudio, session: Session, guest: Guest, person: Subject, seed: int) -> dict[str, Any]:
    """One person's ceremony, act by act, through the same step machine the signing screen uses."""
    started = time.perf_counter()
    if guest.guardian:
        person = replace(person, guardians=(Guardian(guest.guardian, "mother", sole=True),))
    strokes = drawn_signature(seed, guest.name)
    evidence = Evidence(SignatureKind.INK, inkml(strokes))
    named = {use: _agency(studio) for use in AGENCY_USES} | {use: _own(studio) for use in STUDIO_USES}
    ceremony = walk_through(
        open_ceremony(studio, session, person), guest, named, studio.rules.catalogue, studio.now(),
        sha256_hex(evidence.data),
        # There is no screen: the answers themselves stand for the page that shows them.
        lambda shown: sha256_hex(dump(shown.choices)),
    )  # fmt: skip
    recorded, _ = finish_ceremony(
        studio, session, person, ceremony, evidence, Present(modifiers=guest.modifiers),
        method=Method.DEMONSTRATION, taken_by=session.photographer, device="demonstration, no screen",
    )  # fmt: skip
    return {
        "id": person.id,
        "name": guest.name,
        "receipt": recorded.receipt.id,
        "statement_sha256": recorded.statement_sha256,
        "withdrawal_code": recorded.withdrawal_code,
        "yes": [each.scope for each in recorded.receipt.records if each.grant],
        "no": [each.scope for each in recorded.receipt.records if not each.grant],
        "acts": len(ceremony.acts),
        "seconds": round(time.perf_counter() - started, 3),
    }


def _agency(studio: OpenStudio) -> tuple[RecipientId, ...]:
    return tuple(each.recipient.id for each in studio.archive.recipients.list())


def _own(studio: OpenStudio) -> tuple[RecipientId, ...]:
    return (recipients.studio_as_recipient(studio).id,)


def _receipt(out: Path, studio: OpenStudio, person: Subject, number: int) -> str:
    pdf, _ = receipts.issue_receipt(studio, person.id)
    name = f"receipts/{number:02d}.pdf"
    durable_write(out / name, pdf)
    return name


def _export(out: Path, studio: OpenStudio, session: Session, use: str, file: str) -> dict[str, Any]:
    recipient, cover = recipients.find_recipient(studio, "Agence Lumière")
    scope = studio.rules.catalogue.scope(use).id
    request = ExportRequest(recipient, cover, (scope,), Country("FR"), names=use == MAIN_USE)
    preview = exports.preview_export(studio, session, request)
    told: dict[str, Any] = {
        "use": use,
        "file": None,
        "in": preview.cleared,
        "out": [{"photo": each.photo, "hold": each.hold, "why": words_for(each)} for each in preview.held],
    }
    if preview.cleared:
        done, _ = exports.export_bundle(studio, session, request, out / file)
        told |= {"file": file, "id": done.bundle.manifest.id, "sha256": done.bundle.sha256, "size": done.bundle.size}
    return told


def _receive(out: Path, agency: OpenAgency, bundles: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The agency imports and asks; the same questions can be asked again with ``safelight agency may``."""
    answers = []
    for bundle in bundles:
        import_bundle(agency, out / bundle["file"])
    for photo in dict.fromkeys(each for bundle in bundles for each in bundle["in"]):
        for use, place in ((MAIN_USE, "FR"), (MAIN_USE, "US"), (CHECKED_USE, "FR"), ("use.advertising", "FR")):
            answer, _ = may(agency, photo, use, place, agency.today())
            decision = answer.decision
            answers.append(
                {
                    "photo": photo,
                    "use": use,
                    "place": place,
                    "allowed": decision.allowed,
                    "clause": decision.clause,
                    "blocker": decision.blocker,
                    "expires": decision.expires.isoformat() if decision.expires else None,
                }
            )
    return answers


def _chosen(
    studio: OpenStudio, people: Sequence[Subject], told: Sequence[dict[str, Any]], left: Sequence[PhotoGuid]
) -> Afterwards:
    """The first person with a photo at the agency changes their mind; the last one of the others is erased."""
    owners = {guid: studio.archive.photos.get(guid).subjects for guid in left}
    for person, answers in zip(people, told, strict=True):
        photo = next((guid for guid, on in owners.items() if on == (person.id,)), None)
        if photo is not None:
            others = [each.id for each in people if each.id != person.id]
            return Afterwards(person.id, answers["withdrawal_code"], photo, others[-1] if others else None)
    return Afterwards(None, "", None, people[-1].id if len(people) > 1 else None)


def _renewal(
    studio: OpenStudio, session: Session, guests: Sequence[Guest], people: Sequence[Subject], who: Afterwards, seed: int
) -> dict[str, Any] | None:
    """Who took everything back allows one use again, months later or at once: by signing anew, never by a code."""
    for guest, person in zip(guests, people, strict=True):
        if person.id == who.withdraws:
            again = replace(guest, yes=("use.portfolio",))
            return _ask(studio, session, again, studio.archive.subjects.get(person.id), seed)
    return None


def _later(guests: Sequence[Guest]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        (out / "keys").mkdir()
        studio, agency = found(out)
        with studio, agency:
            introduce(out, studio, agency)
            session, _, people = prepare(out, studio, tuple(guests[:3]))
            for guest, person in zip(guests, people, strict=False):
                _ask(studio, session, guest, person, 1)
            return ten_years(studio)


def _json(document: Any) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
