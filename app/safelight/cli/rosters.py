"""Commands about lists of people: look at one before it is taken in, take it in."""

from __future__ import annotations

import argparse

from safelight.cli.opening import opened
from safelight.cli.output import Output
from safelight.documents.plain import to_plain
from safelight.domain.errors import ExitCode, WrongUsage
from safelight.domain.people import Subject
from safelight.domain.plurals import counted
from safelight.studio.queries.lookup import find_session
from safelight.studio.rosters import ImportedRoster, RosterPreview, import_roster, preview_roster


def run_import(given: argparse.Namespace, output: Output) -> ExitCode:
    """``roster import``."""
    wrong = [each for each in given.map if "=" not in each]
    if wrong:
        raise WrongUsage(f"'{wrong[0][:60]}' does not say what a column means.", "Write --map COLUMN=FIELD.")
    mapping = dict(each.split("=", 1) for each in given.map) or None
    with opened(given, output) as studio:
        session = find_session(studio, given.session)
        roster, _ = import_roster(studio, session, given.file, mapping, given.dry_run)
        preview = preview_roster(studio, session, given.file, mapping) if given.dry_run else None
    document = _roster_document(roster) | (_preview_document(preview) if preview else {})
    output.result(document, *_roster_lines(roster))
    return ExitCode.MALFORMED if roster.bad else ExitCode.DONE


def _roster_document(roster: ImportedRoster) -> dict[str, object]:
    return {
        "mapping": dict(roster.mapping),
        "unused": list(roster.unused),
        "added": [to_plain(each) for each in roster.added],
        "known": [to_plain(each) for each in roster.known],
        "unread": [{"line": line, "column": column, "text": text} for line, column, text in roster.unread],
        "left_out": [{"line": each.line, "reason": each.reason} for each in roster.bad],
        "dry_run": roster.dry_run,
    }


def _preview_document(preview: RosterPreview) -> dict[str, object]:
    """What a screen asks before anything is taken in: every column with examples, every row with what becomes of it."""
    return {
        "columns": [to_plain(each) for each in preview.columns],
        "rows": [to_plain(each) for each in preview.rows],
        "sha256": preview.sha256,
    }


def _roster_lines(roster: ImportedRoster) -> list[str]:
    lines = [f"column '{column}' is read as {meaning}" for column, meaning in roster.mapping.items()]
    if roster.unused:
        lines.append("not kept: " + ", ".join(f"column '{each}'" for each in roster.unused))
    if roster.dry_run:
        pairs = zip(roster.lines, roster.added, strict=True)
        lines += [f"line {line}: {', '.join(_told(person))}" for line, person in pairs]
    lines += [f"line {line}: '{text}' in column '{column}' is not known, and left out"
              for line, column, text in roster.unread]  # fmt: skip
    for known in roster.known:
        differs = f", differs in: {', '.join(known.differs)} ('subject change' takes it over)" if known.differs else ""
        lines.append(f"line {known.line}: {known.name} is known already{differs}")
    lines += [f"line {each.line} was left out: {each.reason}" for each in roster.bad]
    added, out = counted(len(roster.added), "person", "people"), counted(len(roster.bad), "row")
    verb = "would be added" if roster.dry_run else "added"
    counts = f"{added} {verb}, {len(roster.known)} known already, {out} left out."
    return [*lines, counts]


def _told(person: Subject) -> list[str]:
    """What a list says of somebody, the name first."""
    told = [person.name, f"born {person.born}" if person.born else "", person.email, person.phone,
            f"number {person.reference}" if person.reference else "", person.department,
            f"lives in {person.country}", f"speaks {person.language}"]  # fmt: skip
    return [*filter(None, told), *(f"guardian {each.name}" for each in person.guardians)]
