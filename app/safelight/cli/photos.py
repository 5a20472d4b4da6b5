"""Commands that take photos in and write slates."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from safelight.capture.decoder_pool import DecoderPool
from safelight.capture.slates import slate_png, slate_text
from safelight.cli.opening import opened, write_output
from safelight.cli.output import Output
from safelight.documents.plain import to_plain
from safelight.domain.changes import Changes
from safelight.domain.errors import ExitCode
from safelight.domain.plurals import counted
from safelight.domain.session import Session
from safelight.studio import hot_intake, intake, subjects
from safelight.studio.badges import badge_code
from safelight.studio.frame_binding import ByArrival, BySwitchLog, FrameBinder
from safelight.studio.on_set import How, put_on_set
from safelight.studio.open_studio import OpenStudio
from safelight.studio.queries.lookup import find_session, photo_ids
from safelight.studio.queries.on_set import on_set
from safelight.studio.queries.people import subject_names
from safelight.studio.queries.sessions import session_by_id


def run_add(given: argparse.Namespace, output: Output) -> ExitCode:
    """``capture add``."""
    with opened(given, output) as studio, DecoderPool() as decoders:
        session = find_session(studio, given.session)
        active = subjects.find_subject(studio, given.subject, session).id if given.subject else None
        log = BySwitchLog(studio, session, session.photographer)
        binder = log if log.is_used and active is None else None
        taken, _ = intake.capture_photos(
            studio, session, given.paths, active, decoders, output.report, given.made, binder
        )
        lines = _lines(studio, session, taken)
    output.result(_document(taken), *lines)
    return ExitCode.MALFORMED if taken.left_out else ExitCode.DONE


def run_watch(given: argparse.Namespace, output: Output) -> ExitCode:
    """``capture watch``."""
    until = time.monotonic() + given.seconds if given.seconds else None
    seen: list[intake.Intake] = []

    with opened(given, output) as studio, DecoderPool() as decoders:
        session = find_session(studio, given.session)
        active = subjects.find_subject(studio, given.subject, session).id if given.subject else None
        log = BySwitchLog(studio, session, session.photographer)
        binder: BySwitchLog | ByArrival = log if log.is_used else ByArrival(studio, session, active)
        if log.is_used and active is not None:
            put_on_set(studio, session, [active], session.photographer, How.FIND)
        output.note(f"watching {given.folder} for {session.name}; {_on_set(studio, session, binder)}. Ctrl-C ends it.")

        class Telling(hot_intake.IntakeListener):
            def took_in(self, taken: intake.Intake, _changes: Changes) -> None:
                seen.append(taken)
                for line in _watched(studio, session, taken, binder):
                    output.note(line)

            def waits(self, path: Path, why: str) -> None:
                output.note(f"{path.name} waits: {why} Waiting for the rest of it.")

            def aside(self, _path: Path, why: str) -> None:
                output.note(f"{why} Not waiting for it; it is looked at if it changes.")

            def gone(self) -> None:
                output.note(f"{given.folder} is gone. What was taken in is kept; bring it back, it goes on then.")

            def back(self) -> None:
                output.note(f"{given.folder} is there again.")

            def waiting(self, names: tuple[str, ...], why: str) -> None:
                output.note(f"{counted(len(names), 'file')} waiting: {why}" if names else "nothing is waiting any more")

        hot_intake.watch_folder(
            studio, session, given.folder, decoders, binder,
            lambda: until is not None and time.monotonic() > until, Telling(),
        )  # fmt: skip
    total = sum(len(each.added) for each in seen)
    output.result([_document(each) for each in seen], f"{counted(total, 'photo')} taken in.")
    return ExitCode.DONE


def run_slate(given: argparse.Namespace, output: Output) -> ExitCode:
    """``capture slate``."""
    with opened(given, output) as studio:
        session = find_session(studio, given.session)
        person = subjects.find_subject(studio, given.subject, session)
        code = badge_code(studio, session.id, person.id)
    write_output(given.output, slate_png(slate_text(session.id, person.id), caption=code))
    told = f"{given.output} is the slate of {person.name}; the code to type is {code}."
    output.result({"slate": str(given.output), "code": code}, told)
    return ExitCode.DONE


def _watched(studio: OpenStudio, session: Session, taken: intake.Intake, binder: FrameBinder) -> list[str]:
    """One line for every file that came in, slates included."""
    lines = [f"{name} was left out: {why}" for name, why in taken.left_out]
    lines += [_known_line(studio, session, each) for each in taken.known]
    for each in taken.added:
        names = ", ".join(subject_names(studio, each.subjects))
        look = "; taken close to a change of person, look at it" if each.flagged else ""
        waits = "; it waits for 'photo assign', the next ones for a slate"
        whose = f"given to {names}" if names else f"nobody's{'' if isinstance(binder, BySwitchLog) else waits}"
        lines.append(f"{each.name}: {whose}{look}")
    lines += [f"{name} is the clock code: it is no frame" for name in taken.clocks]
    return [*lines, *(f"{name} is a slate: {_on_set(studio, session, binder)}" for name in taken.slates)]


def _on_set(studio: OpenStudio, session: Session, binder: FrameBinder) -> str:
    there = on_set(studio, session)
    if isinstance(binder, ByArrival):
        there = tuple(each for each in (binder.on_set,) if each)
    if not there:
        return "photos are nobody's until a slate of the session is photographed"
    return f"photos are given to {', '.join(subject_names(studio, there))} until a slate says otherwise"


def _document(taken: intake.Intake) -> dict[str, object]:
    return {
        "added": [
            {"guid": each.guid, "name": each.name, "subjects": each.subjects, "flagged": each.flagged,
             "removable": each.removable, "unwritable": each.unwritable}
            for each in taken.added
        ],
        "slates": taken.slates,
        "clocks": taken.clocks,
        "known": [to_plain(each) for each in taken.known],
        "left_out": [{"name": name, "why": why} for name, why in taken.left_out],
    }  # fmt: skip


def _lines(studio: OpenStudio, session: Session, taken: intake.Intake) -> list[str]:
    lines = [f"{name} was left out: {why}" for name, why in taken.left_out]
    lines += [f"{each.name}: taken close to a change of person, look at it" for each in taken.added if each.flagged]
    lines += [
        f"{each.name} was taken in, but stays at every export: {each.unwritable}"
        for each in taken.added
        if each.unwritable
    ]
    lines += [_known_line(studio, session, each) for each in taken.known]
    nobody = sum(1 for each in taken.added if not each.subjects)
    if nobody:
        whose = "belongs to nobody yet" if nobody == 1 else "belong to nobody yet"
        hint = f"'photo list {session.name} --unassigned', 'photo assign'"
        lines.append(f"{counted(nobody, 'photo')} {whose}: {hint}.")
    added, slates = counted(len(taken.added), "photo"), counted(len(taken.slates), "slate")
    counts = f"{added} taken in, {slates} read, {len(taken.known)} known already"
    return [*lines, f"{counts}, {len(taken.left_out)} left out."]


def _known_line(studio: OpenStudio, session: Session, known: intake.KnownPhoto) -> str:
    """What became of a file that was there already, and the command that changes it."""
    short = photo_ids(studio)[known.guid]
    names = ", ".join(subject_names(studio, known.subjects)) or "nobody"
    if known.edited and known.session == session.id:
        return f"{known.name} is photo {short} ({names}) with other metadata: the original stays as it came in."
    if known.assigned:
        return f"{known.name} was nobody's (photo {short}); now it is given to {names}."
    if known.session != session.id:
        where = session_by_id(studio, known.session).name
        return f"{known.name} is in the archive already, in the session '{where}' (photo {short}, {names})."
    change = f"'photo assign {short} --to SUBJECT' changes that"
    return f"{known.name} is in the archive already (photo {short}, {names}): {change}."
