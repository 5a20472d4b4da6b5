"""Commands about people: add, find, change, merge, take out, and say that two entries are one person."""

from __future__ import annotations

import argparse

from safelight.cli.actors import actor
from safelight.cli.corrections import correction_lines
from safelight.cli.opening import country, day, opened, within
from safelight.cli.output import Output
from safelight.cli.people_fields import guardian, language
from safelight.cli.sent_lines import sent_lines
from safelight.documents.plain import to_plain
from safelight.domain.consent import ConsentState, Status
from safelight.domain.days import NO_ZONE
from safelight.domain.errors import ExitCode
from safelight.domain.ids import Country, SubjectId
from safelight.domain.people import Subject
from safelight.domain.plurals import counted
from safelight.domain.reads import Door, Looked
from safelight.settings.zones import at_place
from safelight.studio import subject_changes, subjects
from safelight.studio.open_studio import new_id
from safelight.studio.queries.lookup import find_session, find_subject
from safelight.studio.queries.people import SubjectRow, rows_of, search_subjects, subject_rows
from safelight.studio.queries.person import person_page
from safelight.studio.read_audit import count_read, reader_at


def run_add(given: argparse.Namespace, output: Output) -> ExitCode:
    """``subject add``."""
    with opened(given, output) as studio:
        session = find_session(studio, given.session)
        wanted = Subject(
            id=SubjectId(new_id()),
            name=given.name.strip(),
            language=language(given.language),
            country=country(given.country, session.country),
            born=day(given.born, studio.today()) if given.born else None,
            email=given.email,
            phone=given.phone,
            reference=given.reference,
            department=given.department,
            guardians=tuple(guardian(each) for each in given.guardian),
        )
        person, _ = subjects.add_subject(studio, session, wanted)
    output.result(to_plain(person), f"{person.id}  {person.name}")
    return ExitCode.DONE


def run_list(given: argparse.Namespace, output: Output) -> ExitCode:
    """``subject list``."""
    with opened(given, output) as studio:
        session = within(studio, given)
        lines = subject_rows(studio, session)
    document = [{"id": each.id, "name": each.name, "session": each.session} for each in lines]
    output.result(document, *([f"{each.id}  {each.name}" for each in lines] or ["Nobody yet."]))
    return ExitCode.DONE


def run_find(given: argparse.Namespace, output: Output) -> ExitCode:
    """``subject find``."""
    with opened(given, output) as studio:
        found = search_subjects(studio, given.text, within(studio, given))
    lines = _listed(found)
    document = [{"id": each.id, "name": each.name, "session": each.session} for each in found]
    output.result(document, *(lines or ["Nobody is found by that."]))
    return ExitCode.DONE if found else ExitCode.NO


def run_show(given: argparse.Namespace, output: Output) -> ExitCode:
    """``subject show``."""
    with opened(given, output) as studio:
        person = find_subject(studio, given.subject, within(studio, given))
        page = person_page(studio, person.id)
        count_read(studio, [person.id], Looked.PAGE, reader_at(Door.TERMINAL))
    lines = [f"{person.id}  {person.name}", *_told(person), f"session: {page.session.name}"]
    lines += [f"the same person: {line}" for line in _listed(page.same)]
    lines.append(counted(len(page.photos), "photo"))
    lines += [f"{scope}: {state.status.value}{_last_day(state)}" for scope, state in page.states.items()]
    zone = page.session.zone or NO_ZONE
    lines += sent_lines(page.sent, zone)
    lines += [
        f"{at_place(zone, each.at):%Y-%m-%d}: {counted(len(each.photos), 'photo')} given to them"
        for each in page.delivered
    ]
    lines += correction_lines(page.corrections, zone)
    document = {
        "subject": to_plain(person),
        "session": page.session.id,
        "same": [{"id": each.id, "session": each.session} for each in page.same],
        "photos": list(page.photos),
        "states": {scope: to_plain(state) for scope, state in page.states.items()},
        "disclosures": [to_plain(each) for each in page.sent],
        "delivered": [to_plain(each) for each in page.delivered],
        "corrections": [to_plain(each) for each in page.corrections],
    }
    output.result(document, *lines)
    return ExitCode.DONE


def _last_day(state: ConsentState) -> str:
    """The last day of a yes; what was refused or withdrawn has none."""
    ends = state.status in (Status.GIVEN, Status.EXPIRED) and state.last_day is not None
    return f", until {state.last_day}" if ends else ""


def run_change(given: argparse.Namespace, output: Output) -> ExitCode:
    """``subject change``."""
    with opened(given, output) as studio:
        person = find_subject(studio, given.subject, within(studio, given))
        change = subject_changes.SubjectChange(
            name=None if given.name is None else " ".join(given.name.split()),
            language=language(given.language) if given.language else None,
            country=country(given.country, Country(person.country)) if given.country else None,
            born=day(given.born, studio.today()) if given.born else None,
            email=given.email,
            phone=given.phone,
            reference=given.reference,
            department=given.department,
            guardians=tuple(guardian(each) for each in given.guardian),
            without_guardians=tuple(given.without_guardian),
        )
        by = actor(studio, given.by, person.id)
        (person, differing), _ = subject_changes.change_subject(studio, person.id, change, by, given.reason)
    told = f"changed: {', '.join(differing)}" if differing else "nothing was different"
    output.result(to_plain(person), f"{person.id}  {person.name}", told)
    return ExitCode.DONE


def run_merge(given: argparse.Namespace, output: Output) -> ExitCode:
    """``subject merge``."""
    with opened(given, output) as studio:
        session = within(studio, given)
        keep, gone = (find_subject(studio, each, session) for each in (given.keep, given.gone))
        by = actor(studio, given.by, keep.id)
        merged, _ = subject_changes.merge_subjects(studio, keep.id, gone.id, by, output.report)
    lines = [f"{merged.subject.id}  {merged.subject.name}", f"{counted(merged.photos, 'photo')} came over."]
    if merged.filled:
        lines.append(f"taken over, because it was empty: {', '.join(merged.filled)}")
    output.result(to_plain(merged) | {"gone": gone.id}, *lines)
    return ExitCode.DONE


def run_remove(given: argparse.Namespace, output: Output) -> ExitCode:
    """``subject remove``."""
    with opened(given, output) as studio:
        person = find_subject(studio, given.subject, within(studio, given))
        by = actor(studio, given.by, person.id)
        photos, _ = subject_changes.remove_subject(
            studio, person.id, by, with_photos=given.with_photos, report=output.report
        )
    told = f"{person.name} was removed" + (f", with {counted(photos, 'photo')}." if photos else ".")
    output.result({"id": person.id, "photos": photos}, told)
    return ExitCode.DONE


def run_same(given: argparse.Namespace, output: Output) -> ExitCode:
    """``subject same``."""
    with opened(given, output) as studio:
        one, other = (find_subject(studio, each) for each in (given.one, given.other))
        by = actor(studio, given.by, one.id)
        same, _ = subject_changes.link_subjects(studio, one.id, other.id, by, undo=given.undo)
        lines = _listed(rows_of(studio, same))
    document = {"id": one.id, "same": list(same)}
    output.result(document, f"{one.id}  {one.name}", *(lines or ["is the same as nobody else."]))
    return ExitCode.DONE


def _listed(rows: tuple[SubjectRow, ...]) -> list[str]:
    return [f"{each.short}  {each.name}  ({each.session_name})" for each in rows]


def _told(person: Subject) -> list[str]:
    told = [f"born {person.born}" if person.born else "", person.email, person.phone,
            f"number {person.reference}" if person.reference else "", person.department,
            f"lives in {person.country}", f"speaks {person.language}"]  # fmt: skip
    guardians = [f"guardian: {each.name}, {each.relationship}" for each in person.guardians]
    return [", ".join(filter(None, told)), *guardians]
