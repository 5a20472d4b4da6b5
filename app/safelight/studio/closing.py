"""Closes a day: everybody and every frame accounted for, what is open named, and a signed statement of it kept."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from safelight.documents.jcs import canonical, sha256_hex
from safelight.documents.plain import dump
from safelight.domain.changes import Changes
from safelight.domain.closing import CLOSING_FORMAT, ClosingStatement, JournalEnd
from safelight.domain.days import NO_ZONE
from safelight.domain.errors import Refused, WrongUsage
from safelight.domain.ids import PersonId, Sha256
from safelight.domain.progress import Report, silent
from safelight.domain.session import Session, SessionState
from safelight.keys.signing import fingerprint_words, ssh_fingerprint
from safelight.receipt.closing import ClosingContent, render_closing
from safelight.settings.locales import day_words, moment_words, offset_words
from safelight.settings.texts import main_language
from safelight.settings.zones import at_place
from safelight.storage.rows import FileId
from safelight.studio.open_studio import OpenStudio
from safelight.studio.queries.reconciling import Reconciled
from safelight.studio.queries.reconciling import reconcile as reconcile
from safelight.studio.staff import working_member

CLOSED = "session-closed"
_KEPT = "closing-report:"
"""Beginning of the setting that names the sealed report of a session."""
_TRIES = 5


@dataclass(frozen=True, slots=True)
class ClosingReport:
    """The drawn report, the exact bytes that were signed, and the signature (SSHSIG, namespace safelight-closing)."""

    pdf: bytes = field(repr=False)
    statement: bytes = field(repr=False)
    signature: str = field(repr=False)


class OutOfDateError(Exception):
    """Something was written between the counting and the closing."""


def close_with_report(
    studio: OpenStudio,
    session: Session,
    by: PersonId,
    anyway: bool = False,
    findings: Sequence[str] = (),
    language: str = "",
    report: Report = silent,
) -> tuple[ClosingReport, Changes]:
    """Close a session with a report of what it holds, drawn in ``language`` (default: the country's), and keep both.

    Raises :class:`Refused` while anything is open, unless it is to be closed ``anyway``: the statement says so then.
    Nothing the law asks for depends on it: answers can be given, changed and withdrawn as before.
    """
    working_member(studio, by)
    for _ in range(_TRIES):
        known = _known(studio)
        counts = reconcile(studio, session, findings, report)
        if counts.points and not anyway:
            told = ", ".join(f"{each.what.value.replace('-', ' ')}: {each.count}" for each in counts.points)
            raise Refused(f"Still open: {told}.", "Nothing was changed. Do that first, or close the session anyway.")
        now = studio.now()
        drawn = _drawn(studio, session, by, counts, known[1], now, language or main_language(session.country))
        try:
            return _closed(studio, session, by, counts, drawn, known, now)
        except OutOfDateError:
            continue
    raise Refused("Pictures keep coming in.", "Nothing was changed. Stop the intake, then close the session.")


def closing_report(studio: OpenStudio, session: Session) -> ClosingReport | None:
    """The report of a session as it was closed last, None for one that was never closed with a report."""
    kept = studio.archive.studio.setting(_KEPT + session.id)
    if kept is None:
        return None
    told = json.loads(kept)
    pdf = studio.archive.files.read_bytes(FileId(told["file"]))
    return ClosingReport(pdf, told["statement"].encode(), told["signature"])


def _known(studio: OpenStudio) -> tuple[int, JournalEnd]:
    """What moves on with every write that the counts rest on."""
    end = studio.archive.journal.head()
    if end is None:
        raise WrongUsage("This studio has no journal.", "Nothing was changed; run 'safelight studio check'.")
    return studio.archive.changes(), JournalEnd(end.number, end.hash)


def _drawn(
    studio: OpenStudio,
    session: Session,
    by: PersonId,
    counts: Reconciled,
    end: JournalEnd,
    now: datetime,
    language: str,
) -> bytes:
    at = at_place(session.zone or NO_ZONE, now)
    key = studio.signer.public_ssh
    return render_closing(
        ClosingContent(
            language=language,
            studio=studio.identity.id,
            studio_name=studio.identity.name,
            session_name=session.name,
            client=session.client,
            place=session.place,
            day=_days(session, language),
            closed_at=f"{moment_words(language, session.country, at)} · {offset_words(language, at)}",
            closed_by=working_member(studio, by).name,
            people=counts.people,
            frames=counts.frames,
            cameras=counts.cameras,
            left=counts.left,
            originals_sha256=counts.originals_sha256,
            journal=end,
            key_fingerprint=ssh_fingerprint(key),
            key_words=fingerprint_words(key),
            at=at,
        )
    )


def _days(session: Session, language: str) -> str:
    """The day of a session, or the first and the last of several."""
    days = dict.fromkeys((session.days[0], session.days[-1]))
    return " – ".join(day_words(language, session.country, each) for each in days)


def _closed(
    studio: OpenStudio,
    session: Session,
    by: PersonId,
    counts: Reconciled,
    pdf: bytes,
    known: tuple[int, JournalEnd],
    now: datetime,
) -> tuple[ClosingReport, Changes]:
    place = studio.place_time(now, session)
    statement = dump(
        ClosingStatement(
            CLOSING_FORMAT, studio.identity.id, session.id, by, now.replace(microsecond=0), place.zone,
            place.offset_minutes, counts.people, counts.frames, counts.cameras, counts.left, bool(counts.points),
            counts.originals_sha256, known[1], Sha256(sha256_hex(pdf)),
        )
    )  # fmt: skip
    made = ClosingReport(pdf, statement, studio.signer.sign(statement, "safelight-closing"))
    file = studio.archive.files.store_bytes(None, pdf, "other", evidence=True)
    try:
        with studio.archive.transaction(now) as writing:
            # Two places for each file, what was handed out, and which list of before may go: all of it is stated.
            people = studio.archive.subjects.ids(session.id)
            studio.archive.rely_on((session.id, *people), ("disclosure", "file", "second_copy", "setting"))
            if _known(studio) != known:
                raise OutOfDateError
            current = studio.archive.sessions.get(session.id)
            if current.state is SessionState.CLOSED:
                raise WrongUsage(f"The session '{current.name}' is closed already.", "Its report is kept as it was.")
            studio.archive.sessions.put(writing, replace(current, state=SessionState.CLOSED))
            before = studio.archive.studio.setting(_KEPT + session.id)
            studio.archive.files.register(writing, file)
            kept = {"file": file, "statement": statement.decode(), "signature": made.signature}
            studio.archive.studio.set_setting(writing, _KEPT + session.id, json.dumps(kept))
            if before is not None:  # it was reopened since
                studio.archive.files.remove(writing, FileId(json.loads(before)["file"]))
            said = {"by": by, "open": sum(each.count for each in counts.left), "report_sha256": sha256_hex(pdf),
                    "statement_sha256": sha256_hex(statement)}  # fmt: skip
            entry = studio.archive.journal.append(writing, CLOSED, session.id, canonical(said))
    except BaseException:
        studio.archive.files.discard(file)
        raise
    studio.acknowledge(session.id, entry.hash)
    return made, Changes.SESSIONS | Changes.JOURNAL

