"""``session releases``: what agencies' release forms would lack, while there is still time to ask for it."""

from __future__ import annotations

import argparse

from safelight.cli.opening import opened
from safelight.cli.output import Output, yes_or_no
from safelight.documents.plain import to_plain
from safelight.domain.errors import ExitCode
from safelight.domain.plurals import counted
from safelight.studio.queries.lookup import find_session
from safelight.studio.queries.releases import check_releases


def run_releases(given: argparse.Namespace, output: Output) -> ExitCode:
    """``session releases``; no (1) when a form lacks something."""
    with opened(given, output) as studio:
        found = check_releases(studio, find_session(studio, given.session), given.profile, given.language)
    agencies = dict(found.profiles)
    lacking = [each for each in found.rows if each.findings]
    lines = [
        f"{each.person.name} ({agencies[each.profile]}) lacks: {', '.join(one.title for one in each.findings)}"
        for each in lacking
    ]
    people = {each.person.id for each in found.rows}
    told = f"{counted(len(people), 'person', 'people')} with a yes for agencies, {counted(len(lacking), 'form')} lack"
    last = f"{told}{'s' if len(lacking) == 1 else ''} something. Forms as of {found.as_of}."
    output.result(to_plain(found) | {"complete": not lacking}, *lines, last)
    return yes_or_no(not lacking)
