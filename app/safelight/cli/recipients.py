"""Commands about the organisations that may get pictures; apart from exports, which take a second to load."""

from __future__ import annotations

import argparse

from safelight.cli.opening import day, opened, read_input
from safelight.cli.voice import Voice
from safelight.domain.errors import ExitCode
from safelight.studio import recipients

CARD_LIMIT = 256 * 1024


def run_recipient_add(given: argparse.Namespace, voice: Voice) -> ExitCode:
    """``recipient add``."""
    with opened(given, voice) as studio:
        cover = recipients.read_cover(given.cover, day(given.checked, studio.today())) if given.cover else None
        added, _ = recipients.add_recipient(studio, read_input(given.card, CARD_LIMIT), cover)
    voice.result(
        {"id": added.recipient.id, "name": added.recipient.name, "words": added.words},
        f"{added.recipient.name} ({added.recipient.country}) was added.",
        f"Call them and compare six words: {' '.join(added.words)}",
    )
    return ExitCode.DONE


def run_recipient_list(given: argparse.Namespace, voice: Voice) -> ExitCode:
    """``recipient list``."""
    with opened(given, voice) as studio:
        rows = studio.archive.recipients.list()
    document = [
        {
            "id": each.recipient.id,
            "name": each.recipient.name,
            "country": each.recipient.country,
            "cover": each.cover.mechanism.value if each.cover else None,
        }
        for each in rows
    ]
    lines = [f"{each.recipient.name} ({each.recipient.country})  {each.recipient.id}" for each in rows]
    voice.result(document, *(lines or ["No recipient yet: safelight recipient add CARD.json"]))
    return ExitCode.DONE
