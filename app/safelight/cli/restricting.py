"""Commands that stop use without ending a yes: restrict a person, or hold photos back that they object to."""

from __future__ import annotations

import argparse

from safelight.cli.actors import actor
from safelight.cli.opening import opened, within
from safelight.cli.output import Output
from safelight.domain.errors import ExitCode
from safelight.domain.plurals import counted
from safelight.studio.queries.lookup import find_photo, find_subject
from safelight.studio.restricting import Stopped, lift_restriction, object_to, restrict


def run_restrict(given: argparse.Namespace, output: Output) -> ExitCode:
    """``restrict``."""
    with opened(given, output) as studio:
        person = find_subject(studio, given.subject, within(studio, given))
        by = actor(studio, given.by, person.id)
        act = lift_restriction if given.lift else restrict
        done, _ = act(studio, person.id, given.reason, by)
    told = "what is allowed may be used again" if given.lift else "nothing is used from now on"
    return _told(output, done, f"{person.name}: {told}.")


def run_object(given: argparse.Namespace, output: Output) -> ExitCode:
    """``object``."""
    with opened(given, output) as studio:
        session = within(studio, given)
        person = find_subject(studio, given.subject, session)
        photo = find_photo(studio, given.photo, session).guid if given.photo else None
        done, _ = object_to(studio, person.id, photo, given.reason, actor(studio, given.by, person.id))
    return _told(output, done, f"{person.name}: {counted(len(done.photos), 'photo')} held back from every use.")


def _told(output: Output, done: Stopped, line: str) -> ExitCode:
    lines = [line]
    if done.notices:
        lines.append(f"{counted(len(done.notices), 'notice')} to send: 'notice export RECIPIENT -o F'.")
    if done.answered:
        lines.append(f"Answered: {', '.join(done.answered)}.")
    document = {"people": list(done.people), "photos": list(done.photos), "answered": list(done.answered),
                "notices": [{"recipient": each.recipient, "number": each.number} for each in done.notices]}  # fmt: skip
    output.result(document, *lines)
    return ExitCode.DONE
