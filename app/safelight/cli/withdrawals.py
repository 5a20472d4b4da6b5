"""Commands about changing one's mind: take back, tell recipients, take in their answers, publish."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

from safelight.cli.opening import check_output, opened, read_input, uses, within, write_output
from safelight.cli.output import Output
from safelight.documents.acknowledgements import MOST_BYTES
from safelight.documents.times import rfc3339
from safelight.documents.withdrawal_mail import LARGEST, WithdrawalMail, read_withdrawal_mail
from safelight.domain.errors import ExitCode, Refused, WrongUsage
from safelight.domain.ids import PhotoGuid, RecipientId, ScopeId, SubjectId
from safelight.domain.people import Role
from safelight.domain.plurals import counted
from safelight.domain.withdrawal import Channel, Withdrawal
from safelight.studio.acknowledging import import_acknowledgement
from safelight.studio.consent_snapshots import standing_of
from safelight.studio.notice_papers import notice_papers
from safelight.studio.open_studio import OpenStudio
from safelight.studio.publishing import publish
from safelight.studio.queries.lookup import find_photo, find_subject
from safelight.studio.queries.notices import NoticeRow, issued_notice, notice_rows
from safelight.studio.rate_limiter import RECEIPT_CODE, RateLimiter
from safelight.studio.recipients import find_recipient
from safelight.studio.retired_uses import reading_catalogue
from safelight.studio.staff import find_staff
from safelight.studio.withdrawal_codes import receipt_of_code
from safelight.studio.withdrawal_papers import WithdrawalPapers, withdrawal_papers
from safelight.studio.withdrawing import Withdrawn, left_company, withdraw


def run_withdraw(given: argparse.Namespace, output: Output) -> ExitCode:
    """``withdraw``: by person, by a receipt's code, or by a mail."""
    ways = [each for each in (given.subject, given.code, given.mail) if each is not None]
    if not ways or (given.code is not None and len(ways) > 1):
        raise WrongUsage(
            "Who takes something back?", "Give a person, or --code, or --mail (with a person if it has no code)."
        )
    if given.photo and given.scopes:
        raise WrongUsage("A photo is struck out for every use.", "Nothing was changed. Leave out --scopes or --photo.")
    mail = read_withdrawal_mail(read_input(given.mail, LARGEST)) if given.mail is not None else None
    with opened(given, output) as studio:
        person = _person(studio, given, mail)
        wanted = Withdrawal(
            subject=person,
            by=Role(given.role),
            channel=_channel(given, mail),
            uses=_named(studio, given.scopes) if given.scopes else None,
            entered_by=find_staff(studio, given.by).id if given.by else None,
            photo=PhotoGuid(find_photo(studio, given.photo).guid) if given.photo else None,
        )
        if given.look:
            standing = [each for each, state in standing_of(studio, person).snapshot.states.items() if state.given]
            meant = sorted(each for each in standing if wanted.uses is None or each in wanted.uses)
            document = {"subject": person, "mail": _mail_document(mail), "would_end": meant}
            ends = f"Would end: {', '.join(meant) or 'nothing'}. Nothing was changed."
            output.result(document, *_mail_lines(mail), ends)
            return ExitCode.DONE
        done, _ = withdraw(studio, wanted)
        papers = withdrawal_papers(studio, done) if given.output is not None else None
        names = {each.recipient: each.name for each in notice_rows(studio)}
    written = [] if papers is None else _write_papers(given.output, papers)
    told = _document(done, mail) | {"papers": [str(each) for each in written]}
    output.result(told, *_mail_lines(mail), *_lines(done, names), *(f"{each} was written." for each in written))
    return ExitCode.DONE


def run_left(given: argparse.Namespace, output: Output) -> ExitCode:
    """``subject left``: what somebody allowed their employer ends."""
    with opened(given, output) as studio:
        person = find_subject(studio, given.subject)
        done, _ = left_company(studio, person.id, find_staff(studio, given.by).id if given.by else None)
        names = {each.recipient: each.name for each in notice_rows(studio)}
    output.result(_document(done, None), *_lines(done, names))
    return ExitCode.DONE


def _write_papers(folder: Path, papers: WithdrawalPapers) -> list[Path]:
    """The receipt, and the letter beside it; a name that is taken gets a number."""
    folder.mkdir(parents=True, exist_ok=True)
    stem = papers.name.removesuffix(".pdf")
    names = (stem, *(f"{stem} {number}" for number in range(2, 1000)))
    free = next(each for each in names if not any((folder / f"{each}{end}").exists() for end in (".pdf", ".eml")))
    written = [folder / f"{free}.pdf", folder / f"{free}.eml"]
    for path, data in zip(written, (papers.pdf, papers.letter), strict=True):
        write_output(path, data)
    return written


def _person(studio: OpenStudio, given: argparse.Namespace, mail: WithdrawalMail | None) -> SubjectId:
    if given.subject is not None:
        return find_subject(studio, given.subject, within(studio, given)).id
    code = given.code if given.code is not None else (mail.code if mail else "")
    if not code:
        said = "\n".join(_mail_lines(mail))
        raise WrongUsage(
            f"This mail names no code, so it does not say who wrote it.\n{said}\n",
            "Nothing was changed. Name the person it is from as well: withdraw PERSON --mail FILE.",
        )
    found: list[SubjectId] = []

    def right() -> bool:
        holder = receipt_of_code(studio, code)
        found.extend([holder[1]] if holder else [])
        return bool(found)

    if not RateLimiter(studio, RECEIPT_CODE, "terminal").judged(right):
        raise Refused("No receipt of this studio has that code.", "Nothing was changed. Read it off the receipt again.")
    return found[0]


def _channel(given: argparse.Namespace, mail: WithdrawalMail | None) -> Channel:
    if mail is not None:
        return Channel.MAIL
    return Channel.CODE if given.code is not None else Channel.IN_PERSON


def _named(studio: OpenStudio, text: str) -> frozenset[ScopeId]:
    named = frozenset(map(ScopeId, uses(text)))
    for each in named:
        reading_catalogue(studio, each).scope(each)  # raises for a use nobody knows
    return named


def _mail_lines(mail: WithdrawalMail | None) -> list[str]:
    if mail is None:
        return []
    written = f" ({rfc3339(mail.sent_at)})" if mail.sent_at else ""
    words = [f"  {each}" for each in mail.text.split("\n")]
    return [f"From: {mail.sender or '?'}{written}", f"Subject: {mail.subject}", *words]


def _mail_document(mail: WithdrawalMail | None) -> dict[str, object] | None:
    if mail is None:
        return None
    at = rfc3339(mail.sent_at) if mail.sent_at else None
    return {"from": mail.sender, "subject": mail.subject, "sent_at": at, "text": mail.text, "code": mail.code}


def _document(done: Withdrawn, mail: WithdrawalMail | None) -> dict[str, object]:
    return {
        "id": done.id,
        "subject": done.withdrawal.subject,
        "people": list(done.people),
        "ended": [{"use": each.scope, "record": each.record, "subject": each.subject} for each in done.ended],
        "struck_out": list(done.struck_out),
        "notices": [
            {"recipient": each.recipient, "number": each.number, "sha256": each.sha256} for each in done.notices
        ],
        "mail": _mail_document(mail),
    }


def _lines(done: Withdrawn, names: Mapping[RecipientId, str]) -> list[str]:
    lines = [f"{each.scope} has ended." for each in done.ended]
    lines += [f"Photo {each} is struck out." for each in done.struck_out]
    if not lines:
        return ["Nothing of it was allowed any more, so nothing had to end."]
    for each in done.notices:
        lines.append(f"Notice {each.number} to {names.get(each.recipient, each.recipient)}: send it, or 'publish'.")
    if not done.notices:
        lines.append("Nobody was sent pictures under it, so nobody has to be told.")
    return lines


def run_notices(given: argparse.Namespace, output: Output) -> ExitCode:
    """``notice list``."""
    with opened(given, output) as studio:
        whose = find_recipient(studio, given.recipient)[0].id if given.recipient else None
        rows = notice_rows(studio, whose)
    output.result([_row(each) for each in rows], *([_told(each) for each in rows] or ["No notice was issued yet."]))
    return ExitCode.DONE


def _row(each: NoticeRow) -> dict[str, object]:
    return {
        "id": each.id, "recipient": each.recipient, "name": each.name, "number": each.number,
        "issued_at": rfc3339(each.issued_at), "due": each.due.isoformat(), "records": each.records,
        "asked": each.asked, "open": each.open, "kept": each.kept, "overdue": each.overdue, "sha256": each.sha256,
    }  # fmt: skip


def _told(each: NoticeRow) -> str:
    state = "answered" if not each.open else f"{each.open} of {each.asked} not answered"
    kept = f", {each.kept} kept" if each.kept else ""
    due = f"{each.due}{' OVERDUE' if each.overdue else ''}"
    return f"{each.name} {each.number}  {each.issued_at.date()}  {state}{kept}  due {due}"


def run_notice_export(given: argparse.Namespace, output: Output) -> ExitCode:
    """``notice export``."""
    if given.language and not given.letter:
        raise WrongUsage("--language is that of the letter.", "Nothing was written. Add --letter, or leave it out.")
    signature = Path(f"{given.output}.sig")
    beside = (given.output.with_suffix(".pdf"), given.output.with_suffix(".eml")) if given.letter else ()
    for each in (given.output, signature, *beside):
        check_output(each)
    with opened(given, output) as studio:
        to = find_recipient(studio, given.recipient)[0]
        sent = issued_notice(studio, to.id, given.number)
        papers = notice_papers(studio, to, sent, given.language) if given.letter else None
    write_output(given.output, sent.text.encode())
    write_output(signature, sent.signature.encode())
    for path, data in zip(beside, (papers.pdf, papers.mail) if papers else (), strict=True):
        write_output(path, data)
    letter = [str(each) for each in beside]
    document = {"file": str(given.output), "number": sent.number, "sha256": sent.sha256, "letter": letter}
    told = f"{given.output} and {signature.name}: notice {sent.number} to {to.name}."
    output.result(document, told, *(f"{each} was written." for each in letter))
    return ExitCode.DONE


def run_ack_import(given: argparse.Namespace, output: Output) -> ExitCode:
    """``ack import``."""
    content = read_input(given.file, MOST_BYTES)
    signature = read_input(Path(f"{given.file}.sig"), 64 * 1024).decode("ascii", "replace")
    with opened(given, output) as studio:
        taken, _ = import_acknowledgement(studio, content, signature)
    open_ones = [each for each in taken.notices if each.open]
    document = {"id": taken.ack.id, "number": taken.ack.number, "recipient": taken.ack.recipient,
                "already": taken.already, "notices": [_row(each) for each in taken.notices]}  # fmt: skip
    known = "was taken in before" if taken.already else "taken in"
    first = f"{taken.name}: acknowledgement {taken.ack.number} {known}."
    rest = [_told(each) for each in open_ones] or ["Nothing is open with them."]
    kept = [f"kept: {each.photo}  {each.why}" for each in taken.ack.reactions if each.why]
    kept += [f"kept: {each.photo} in {each.name}  {each.why}" for each in taken.ack.uses if each.why]
    output.result(document, first, *rest, *kept)
    return ExitCode.DONE


def run_publish(given: argparse.Namespace, output: Output) -> ExitCode:
    """``publish``."""
    with opened(given, output) as studio:
        done, _ = publish(studio, given.folder, output.report)
    document = {"folder": str(given.folder), "number": done.number, "valid_until": rfc3339(done.valid_until),
                "lists": done.lists, "notices": done.notices, "recipients": done.recipients}  # fmt: skip
    output.result(
        document,
        f"{given.folder}: feed {done.number}, {counted(done.lists, 'status list')}, {counted(done.notices, 'notice')}.",
        f"It vouches until {done.valid_until.date()}; publish again before. Agencies: agency refresh FOLDER or URL.",
    )
    return ExitCode.DONE
