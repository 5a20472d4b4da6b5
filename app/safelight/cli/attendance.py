"""The command that says who came, who is absent and who is not photographed."""

from __future__ import annotations

import argparse

from safelight.cli.opening import opened
from safelight.cli.output import Output
from safelight.documents.plain import to_plain
from safelight.domain.attendance import Presence
from safelight.domain.errors import ExitCode
from safelight.studio.arrivals import mark_arrived
from safelight.studio.attendance import mark_attendance
from safelight.studio.queries.lookup import find_session, find_subject
from safelight.studio.staff import find_staff

HERE = "here"
_TOLD = {
    Presence.ABSENT.value: "is absent",
    Presence.NOT_PHOTOGRAPHED.value: "is not photographed",
    HERE: "is here",
    "expected": "is expected",
}


def run_attendance(given: argparse.Namespace, output: Output) -> ExitCode:
    """``subject attendance``."""
    with opened(given, output) as studio:
        session = find_session(studio, given.session)
        person = find_subject(studio, given.subject, session)
        by = find_staff(studio, given.by).id if given.by else session.photographer
        if given.state == HERE:
            known, _ = mark_arrived(studio, session, person.id)
        else:
            state = Presence.EXPECTED if given.state == "expected" else Presence(given.state)
            known, _ = mark_attendance(studio, session, person.id, state, by)
    output.result({"id": person.id, **to_plain(known)}, f"{person.name} {_TOLD[given.state]}.")
    return ExitCode.DONE
