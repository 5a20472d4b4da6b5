"""What is printed before a shoot: badges, slates and spare cards of a session, the studio's recovery sheets."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from safelight.capture.clock_codes import clock_matrix
from safelight.capture.slates import slate_matrix, slate_text
from safelight.domain.changes import Changes
from safelight.domain.errors import Refused, WrongUsage
from safelight.domain.ids import Language, PersonId, SubjectId
from safelight.domain.people import Subject
from safelight.domain.progress import Report, silent
from safelight.domain.searching import folded
from safelight.domain.session import Session
from safelight.domain.sheets import Paper, SheetKind
from safelight.receipt.cards import Card, CardSheet, render_cards
from safelight.receipt.recovery_sheets import render_recovery_sheets
from safelight.settings.texts import main_language
from safelight.storage.clock import Clock, system_clock
from safelight.studio.badges import badge_code
from safelight.studio.open_studio import OpenStudio, new_id
from safelight.studio.sessions import still_open
from safelight.studio.subject_changes import remove_subject
from safelight.studio.subjects import REGISTERED

MOST_SPARES = 200
_SPARE = re.compile(r"W-(\d{2,4})")


def make_spares(studio: OpenStudio, session: Session, count: int) -> tuple[tuple[Subject, ...], Changes]:
    """Add ``count`` people called ``W-01``, ``W-02`` …, whose cards are printed for whoever comes unannounced.

    The numbers go on after the last one of the session. Whoever takes a card is asked and photographed under it;
    ``change_subject`` gives them their name, ``merge_subjects`` makes them one with somebody of the list. Raises
    WrongUsage for none, or more than 200.
    """
    if not 1 <= count <= MOST_SPARES:
        raise WrongUsage(f"Spare cards are made by 1 to {MOST_SPARES}.", "Nobody was added.")
    with studio.archive.transaction(studio.now()) as writing:
        still_open(studio, session.id)
        lines = studio.archive.subjects.names(session=session.id)
        last = max((int(found[1]) for each in lines if (found := _SPARE.fullmatch(each.name))), default=0)
        spares = tuple(
            Subject(SubjectId(new_id()), f"W-{number:02}", Language("en"), session.country)
            for number in range(last + 1, last + count + 1)
        )
        studio.archive.subjects.add_many(writing, spares, session.id, REGISTERED)
        entry = studio.archive.journal.append(writing, "spares-made", session.id, b"")
    for each in spares:
        studio.acknowledge(each.id, entry.hash)
    return spares, Changes.SUBJECTS | Changes.JOURNAL


def drop_spares(
    studio: OpenStudio, session: Session, by: PersonId, report: Report = silent
) -> tuple[tuple[str, ...], Changes]:
    """Take out the spare cards nobody used, so that a day that ends knows everybody; returns what they were called.

    Used is a card somebody arrived, signed or was photographed with, or has answers under way with; it stays.
    """
    used = studio.archive.shots.people().get(session.id, frozenset())
    used |= studio.archive.consents.people().get(session.id, frozenset())
    used |= studio.archive.held.people(session.id, studio.now())
    came = studio.archive.attendance.all(session.id)
    used |= {id for id, known in came.items() if known.arrived_at is not None}
    unused = [each for each in spares_of(studio, session) if each.id not in used]
    dropped, changes = [], Changes.NONE
    for number, each in enumerate(unused, 1):
        with contextlib.suppress(Refused):  # somebody took the card a moment ago
            _, one = remove_subject(studio, each.id, by)
            dropped.append(each.name)
            changes |= one
        report(number, len(unused), each.name)
    return tuple(dropped), changes


def spares_of(studio: OpenStudio, session: Session) -> tuple[Subject, ...]:
    """The spare cards of a session that have no other name yet, in order."""
    known = studio.archive.subjects.opened(session.id)
    return tuple(sorted((each for each in known if is_spare(each)), key=lambda each: (len(each.name), each.name)))


def is_spare(person: Subject) -> bool:
    """Whether somebody is still called as the spare card they were made for."""
    return _SPARE.fullmatch(person.name) is not None


def card_sheet(
    studio: OpenStudio,
    session: Session,
    kind: SheetKind,
    paper: Paper = Paper.A4,
    people: Iterable[SubjectId] | None = None,
    language: str = "",
) -> bytes:
    """The cards of a session as PDF, in the order of the names.

    Badges and slates are for ``people``, None for everybody who is no spare card; spare cards are those that have no
    name yet. ``language`` of the wording is the one of the studio's country unless named. Raises WrongUsage where
    nobody is left to print.
    """
    wanted = None if people is None else frozenset(people)
    known = spares_of(studio, session) if kind is SheetKind.SPARES else studio.archive.subjects.opened(session.id)
    chosen = [
        each
        for each in known
        if (each.id in wanted if wanted is not None else kind is SheetKind.SPARES or not is_spare(each))
    ]
    if not chosen:
        hint = "Make some first." if kind is SheetKind.SPARES else "Import a list, or add somebody."
        raise WrongUsage(f"There is nobody in '{session.name}' to print a card for.", f"Nothing was written. {hint}")
    if kind is not SheetKind.SPARES:
        chosen.sort(key=lambda each: (folded(each.name), each.name, each.id))
    return render_cards(
        CardSheet(
            kind=kind,
            paper=paper,
            cards=tuple(_card(studio, session, each) for each in chosen),
            studio_name=studio.identity.name,
            session_name=session.name,
            language=language or main_language(studio.identity.country),
            made_at=studio.now(),
        )
    )


def _card(studio: OpenStudio, session: Session, person: Subject) -> Card:
    return Card(
        name=person.name,
        number=person.reference,
        typed=badge_code(studio, session.id, person.id),
        code=slate_matrix(slate_text(session.id, person.id)),
        spare=is_spare(person),
    )


def recovery_sheets(
    shares: Sequence[str], studio_name: str, language: str, paper: Paper = Paper.A4, clock: Clock = system_clock
) -> bytes:
    """The three recovery sheets as PDF: a page each, the words numbered, what they are for and how they are used.

    Needs no open studio: they are printed while one is founded. Whoever has the PDF has the studio.
    """
    return render_recovery_sheets(shares, studio_name, language, paper, clock())


def clock_code(shown_at: datetime) -> tuple[tuple[bool, ...], ...]:
    """What a camera photographs so that its clock is known: the QR code of the time ``shown_at`` (aware), as modules.

    Whoever shows it draws it anew before it is half a second old, with four light modules around.
    """
    return clock_matrix(shown_at)
