"""Commands about the organisations that may get pictures; apart from exports, which take a second to load."""

from __future__ import annotations

import argparse

from safelight.cli.opening import country, day, opened, read_input
from safelight.cli.output import Output
from safelight.documents.times import rfc3339
from safelight.domain.errors import ExitCode, WrongUsage
from safelight.domain.plurals import counted
from safelight.studio import recipients
from safelight.studio.queries.recipients import recipient_rows

CARD_LIMIT = 256 * 1024


def run_recipient_add(given: argparse.Namespace, output: Output) -> ExitCode:
    """``recipient add``: from a card, or by name without one."""
    if (given.card is None) == (given.name is None):
        raise WrongUsage("A recipient is added by its card or by its name.", "Give CARD, or --name, --country, --role.")
    if given.name is not None and not (given.country and given.role):
        raise WrongUsage("A recipient without a card needs a country and a role.", "Give --country and --role too.")
    if given.card is not None and (given.country or given.contact):
        raise WrongUsage("What a card says is not said again.", "Leave out --country and --contact.")
    if given.look and given.card is None:
        raise WrongUsage("Only a card can be looked at.", "Give CARD.")
    with opened(given, output) as studio:
        if given.look:
            seen = recipients.look_at_card(studio, read_input(given.card, CARD_LIMIT))
            document = {"id": seen.recipient.id, "name": seen.recipient.name, "words": seen.words, "added": False}
            told = f"{seen.recipient.name} ({recipients.told_apart(seen.recipient)}); nothing was added."
            output.result(document, told, f"Call them and compare six words: {' '.join(seen.words)}")
            return ExitCode.DONE
        cover = recipients.read_cover(given.cover, day(given.checked, studio.today())) if given.cover else None
        if given.card is not None:
            added, _ = recipients.add_recipient(studio, read_input(given.card, CARD_LIMIT), cover, given.role)
        else:
            where = country(given.country, studio.identity.country)
            added, _ = recipients.add_keyless(studio, given.name, where, given.role, given.contact, cover)
    document = {"id": added.recipient.id, "name": added.recipient.name, "words": added.words}
    output.result(document | {"same_name": [each.id for each in added.same_name]}, *_told(added))
    return ExitCode.DONE


def _told(added: recipients.AddedRecipient) -> list[str]:
    who = added.recipient
    lines = [f"{who.name} ({recipients.told_apart(who)}) was added."]
    if who.keyless:
        lines.append("People can say yes to it. Only an export needs its card: 'recipient add CARD', when you have it.")
    else:
        lines.append(f"Call them and compare six words: {' '.join(added.words)}")
    for each in added.same_name:
        lines.append(f"There is another one of that name: {recipients.told_apart(each)}.")
        if each.keyless:
            lines.append(
                "  A yes that named the one without a card does not count for the one with a card: ask people again, "
                "naming the new one by its id or its six words."
            )
        else:
            lines.append("  Name either by its id or its six words.")
    return lines


def run_recipient_list(given: argparse.Namespace, output: Output) -> ExitCode:
    """``recipient list``."""
    with opened(given, output) as studio:
        rows = recipient_rows(studio)
    document = [
        {
            "id": each.recipient.id,
            "name": each.recipient.name,
            "country": each.recipient.country,
            "role": each.recipient.role,
            "card": each.card,
            "words": each.words,
            "cover": each.cover.value if each.cover else None,
            "bundles": each.bundles,
            "last_bundle_at": rfc3339(each.last_at) if each.last_at else None,
        }
        for each in rows
    ]
    lines = [
        f"{each.recipient.name} ({each.recipient.role}, {each.recipient.country})  {each.recipient.id}"
        + ("" if each.card else "  no card: it can be named, not exported to")
        + (f"  {counted(each.bundles, 'bundle')}, the last on {each.last_at:%Y-%m-%d}" if each.last_at else "")
        for each in rows
    ]
    output.result(document, *(lines or ["No recipient yet: safelight recipient add CARD.json"]))
    return ExitCode.DONE
