"""What happens after the day: somebody changes their mind, the agency answers, one is asked again, one is erased."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from safelight.agency.answering import answer_notices
from safelight.agency.open_agency import OpenAgency
from safelight.agency.published import refresh_published
from safelight.agency.questions import may
from safelight.agency.sweeping import sweep_folders
from safelight.demo.story import MAIN_USE
from safelight.documents.withdrawal_mail import read_withdrawal_mail
from safelight.domain.ids import PhotoGuid, SubjectId
from safelight.domain.people import Role
from safelight.domain.withdrawal import Channel, Withdrawal
from safelight.keys.durable import durable_write
from safelight.studio.acknowledging import import_acknowledgement
from safelight.studio.erasing import erase
from safelight.studio.nightly import nightly, note_letters
from safelight.studio.open_studio import OpenStudio
from safelight.studio.publishing import publish
from safelight.studio.withdrawal_codes import receipt_of_code
from safelight.studio.withdrawal_papers import withdrawal_papers
from safelight.studio.withdrawing import withdraw

TEN_YEARS, A_STEP = timedelta(days=3653), timedelta(days=50)
"""How far the nights go, and how often they are run on the way: seldom, which changes nothing but when letters come."""


@dataclass(frozen=True, slots=True)
class Afterwards:
    """The people of the day: who changes their mind (with a photo at the agency), who is erased; None for nobody."""

    withdraws: SubjectId | None
    code: str
    photo: PhotoGuid | None
    erased: SubjectId | None


def change_minds(out: Path, studio: OpenStudio, agency: OpenAgency, who: Afterwards) -> dict[str, Any]:
    """The withdrawal by mail, the loop through the agency and back, and an erasure; returns what happened."""
    told: dict[str, Any] = {"withdrawal": None, "erasure": None}
    if who.withdraws is not None and who.photo is not None:
        told["withdrawal"] = _withdrawal(out, studio, agency, who.code, who.photo)
    if who.erased is not None:
        done, _ = erase(studio, [who.erased])
        told["erasure"] = {"person": who.erased, "notices": len(done.notices), "id": done.people[0].row.id}
    publish(studio, out / "published")
    refresh_published(agency, out / "published")
    return told


def _withdrawal(out: Path, studio: OpenStudio, agency: OpenAgency, code: str, photo: PhotoGuid) -> dict[str, Any]:
    mail = _mail(out, studio, code)
    read = read_withdrawal_mail(mail)
    holder = receipt_of_code(studio, read.code)
    if holder is None:
        raise AssertionError("the code of the receipt is in the mail")
    done, _ = withdraw(studio, Withdrawal(holder[1], Role.SUBJECT, Channel.MAIL))
    papers = withdrawal_papers(studio, done)
    (out / "withdrawal").mkdir(exist_ok=True)
    durable_write(out / "withdrawal" / papers.name, papers.pdf)
    durable_write(out / "withdrawal" / "letter.eml", papers.letter)
    (sent,) = done.notices
    durable_write(out / "notice.json", sent.text.encode())
    durable_write(out / "notice.json.sig", sent.signature.encode())
    before, _ = may(agency, photo, MAIN_USE, "FR", agency.today())
    publish(studio, out / "published")
    refreshed, _ = refresh_published(agency, out / "published", delete=True)
    after, _ = may(agency, photo, MAIN_USE, "FR", agency.today())
    swept, _ = sweep_folders(agency, [_forgotten_copy(out, studio, photo)])
    answer, _ = answer_notices(agency)
    durable_write(out / "ack.json", answer.content)
    durable_write(out / "ack.json.sig", answer.signature.encode())
    taken, _ = import_acknowledgement(studio, answer.content, answer.signature)
    return {
        "mail": "mail/withdraw.eml",
        "ended": [each.scope for each in done.ended],
        "notice": {"number": sent.number, "sha256": sent.sha256},
        "feed": refreshed.number,
        "before": before.decision.allowed,
        "after": {"allowed": after.decision.allowed, "blocker": after.decision.blocker},
        "copies_found": len(swept.copies),
        "answers": [each.reply for each in taken.ack.reactions],
        "open": sum(each.open for each in taken.notices),
    }


def _forgotten_copy(out: Path, studio: OpenStudio, photo: PhotoGuid) -> Path:
    """A folder at the agency where somebody had put the picture away under another name, with other metadata."""
    folder = out / "agency-disk"
    folder.mkdir(exist_ok=True)
    name = studio.archive.photos.get(photo).name
    durable_write(folder / "final_v2.jpg", next((out / "photos-in").rglob(name)).read_bytes())
    return folder


def _mail(out: Path, studio: OpenStudio, code: str) -> bytes:
    """What a telephone writes when it scans the code on a receipt; the words are the person's own."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = "anna@lindqvist.example"
    mail["To"] = studio.identity.contact.removeprefix("mailto:")
    mail["Subject"] = f"Withdraw {code}"
    mail["Date"] = format_datetime(studio.now())
    mail.set_content("Hello, I have changed my mind about my pictures. Thank you for the nice day, Anna\n")
    (out / "mail").mkdir(exist_ok=True)
    durable_write(out / "mail" / "withdraw.eml", mail.as_bytes())
    return mail.as_bytes()


def ten_years(studio: OpenStudio) -> dict[str, Any]:
    """Ten years of nights at a studio that nobody opens afterwards: its time is years ahead then."""
    clock = Clock(studio.now())
    later, until = replace(studio, clock=clock), studio.now() + TEN_YEARS
    nights = ended = letters = 0
    while clock.at < until:
        clock.at += A_STEP
        done, _ = nightly(later)
        note_letters(later, done.letters)
        nights += 1
        ended, letters = ended + len(done.ended), letters + len(done.letters)
    return {"nights": nights, "ended": ended, "letters": letters}


@dataclass(slots=True)
class Clock:
    """A clock that is moved by hand."""

    at: datetime

    def __call__(self) -> datetime:
        return self.at
