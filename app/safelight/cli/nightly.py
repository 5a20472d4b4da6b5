"""The command for every night: what time has ended, what is due, what nobody answered."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from safelight.cli.opening import opened, write_output
from safelight.cli.output import Output
from safelight.domain.errors import ExitCode
from safelight.domain.nightly import DueLetter
from safelight.domain.plurals import counted
from safelight.studio.nightly import Nightly, nightly, note_letters
from safelight.studio.open_studio import OpenStudio
from safelight.studio.publishing import publish
from safelight.studio.time_letters import write_letter


def run_nightly(given: argparse.Namespace, output: Output) -> ExitCode:
    """``studio nightly``."""
    with opened(given, output) as studio:
        done, _ = nightly(studio, output.report)
        letters = _write_letters(studio, given.letters, done.letters) if given.letters is not None else []
        feed = publish(studio, given.publish, output.report)[0] if given.publish is not None else None
    document = {
        "day": done.day.isoformat(),
        "ended": [{"subject": each.subject, "use": each.scope, "record": each.record} for each in done.ended],
        "notices": [{"recipient": each.recipient, "number": each.number} for each in done.notices],
        "erased": list(done.erased),
        "announced": [
            {"subject": each.subject, "until": each.day.isoformat(), "held": each.held} for each in done.announced
        ],
        "keys": [each.id for each in done.keys],
        "letters": [
            {"subject": each.subject, "kind": each.kind.value, "day": each.day.isoformat(), "uses": list(each.uses)}
            for each in done.letters
        ],
        "written": [str(each) for each in letters],
        "overdue": [{"recipient": each.recipient, "number": each.number, "open": each.open} for each in done.overdue],
        "skipped": list(done.skipped),
        "feed": None if feed is None else feed.number,
    }
    output.result(document, *_lines(done), *([] if feed is None else [f"{given.publish}: feed {feed.number}."]))
    return ExitCode.DONE if not done.skipped else ExitCode.NO


def _write_letters(studio: OpenStudio, folder: Path, due: Sequence[DueLetter]) -> list[Path]:
    """Each letter as a file of its own; it counts as written once it is on the disk."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for each in due:
        made = write_letter(studio, each)
        stem = made.name.removesuffix(".eml")
        names = (stem, *(f"{stem} {number}" for number in range(2, 1000)))
        path = next(folder / f"{name}.eml" for name in names if not (folder / f"{name}.eml").exists())
        write_output(path, made.letter)
        note_letters(studio, [each])
        written.append(path)
    return written


def _lines(done: Nightly) -> list[str]:
    lines = [f"{done.day}: {counted(len(done.ended), 'yes', 'yeses')} ended, "
             f"{counted(len(done.notices), 'notice')} issued."]  # fmt: skip
    lines += [f"{each}: their pictures' time was up; they are gone." for each in done.erased]
    for each in done.announced:
        kept = " A hold keeps them." if each.held else " 'hold add' keeps them."
        lines.append(f"{each.subject}: their pictures are kept until {each.day}.{kept}")
    lines += [f"Erasure {each.id}: a key that was due is destroyed." for each in done.keys]
    for letter in done.letters:
        lines.append(f"Letter due ({letter.kind.value}): {letter.subject}, {letter.day}, {', '.join(letter.uses)}")
    lines += [f"{each.name} has not answered notice {each.number}, due {each.due}." for each in done.overdue]
    changed = "not decided, their rows were changed by another program ('studio check')"
    return [*lines, *(f"{each}: {changed}." for each in done.skipped)]
