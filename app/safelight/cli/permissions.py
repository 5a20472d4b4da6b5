"""The command that tells who allows a use."""

from __future__ import annotations

import argparse
from collections import Counter

from safelight.cli.opening import country, day, opened, within
from safelight.cli.output import Output, yes_or_no
from safelight.documents.plain import to_plain
from safelight.domain.errors import ExitCode
from safelight.domain.ids import PhotoGuid
from safelight.domain.plurals import counted
from safelight.domain.usage import Question
from safelight.studio.open_studio import OpenStudio
from safelight.studio.queries.group import group_answers
from safelight.studio.queries.lookup import find_subject
from safelight.studio.queries.permissions import today_of, who_allows
from safelight.studio.queries.sessions import session_of
from safelight.studio.recipients import find_recipient
from safelight.studio.retired_uses import known_use
from safelight.studio.staying import BLOCKER_WORDS


def run_may(given: argparse.Namespace, output: Output) -> ExitCode:
    """``who may``: people, not pictures; whether a photo may leave, the export tells."""
    with opened(given, output) as studio:
        use = known_use(studio, given.use)
        place = country(given.place, studio.identity.country)
        recipient = find_recipient(studio, given.to)[0] if given.to else None
        session = within(studio, given)
        on = day(given.on, today_of(studio, session))
        if given.together:
            asked = Question(PhotoGuid(""), use, place, on, recipient.id if recipient else None)
            return _together(studio, given, output, asked)
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


def _together(studio: OpenStudio, given: argparse.Namespace, output: Output, asked: Question) -> ExitCode:
    """``who may --together``: whether all of them allow it on one picture, or who does not."""
    session = within(studio, given)
    people = [find_subject(studio, each, session) for each in given.together]
    session = session or session_of(studio, people[0].id)
    names = {each.id: each.name for each in people}
    (answer,) = group_answers(studio, session, tuple(names), asked.place, asked.recipient, asked.day, (asked.use,))
    lines = [f"{names[each.subject]}: {BLOCKER_WORDS[each.why]}" for each in answer.blocked_by]
    told = f"All {len(names)} allow {asked.use} until {answer.until}."
    output.result(to_plain(answer), *lines, told if answer.allowed else f"Not all allow {asked.use}.")
    return yes_or_no(answer.allowed)
