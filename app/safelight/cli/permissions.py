"""The command that tells who allows a use."""

from __future__ import annotations

import argparse
from collections import Counter

from safelight.cli.opening import country, day, opened, within
from safelight.cli.output import Output, yes_or_no
from safelight.documents.plain import to_plain
from safelight.domain.errors import ExitCode
from safelight.domain.plurals import counted
from safelight.studio.queries.permissions import today_of, who_allows
from safelight.studio.recipients import find_recipient


def run_may(given: argparse.Namespace, output: Output) -> ExitCode:
    """``who may``: people, not pictures; whether a photo may leave, the export tells."""
    with opened(given, output) as studio:
        use = studio.rules.catalogue.scope(given.use).id
        place = country(given.place, studio.identity.country)
        recipient = find_recipient(studio, given.to)[0] if given.to else None
        session = within(studio, given)
        on = day(given.on, today_of(studio, session))
        rows = who_allows(studio, use, place, recipient.id if recipient else None, session, on)
    allowing, others = [each for each in rows if each.allowed], [each for each in rows if not each.allowed]
    lines = [f"{each.short}  {each.name}  ({each.session_name})  until {each.until}" for each in allowing]
    lines += [f"{why}: {count}" for why, count in Counter(each.why for each in others).most_common()]
    whom = recipient.name if recipient else studio.identity.name
    people = counted(len(rows), "person", "people")
    verb = "allows" if len(allowing) == 1 else "allow"
    told = f"{len(allowing)} of {people} {verb} {use} in {place} on {on} to {whom}."
    document = {
        "use": use,
        "territory": place,
        "on": on.isoformat(),
        "recipient": recipient.id if recipient else None,
        "allowed": [to_plain(each) for each in allowing],
        "not_allowed": [to_plain(each) for each in others],
    }
    output.result(document, *lines, told)
    return yes_or_no(bool(allowing))
