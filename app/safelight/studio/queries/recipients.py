"""The organisations that may get pictures, and how much each got."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from safelight.domain.jurisdiction import Mechanism
from safelight.domain.people import Recipient
from safelight.studio.open_studio import OpenStudio
from safelight.studio.queries.ledger import export_rows
from safelight.studio.recipients import words_of


@dataclass(frozen=True, slots=True)
class ListedRecipient:
    """A recipient; without a ``card`` it can be named, not exported to, and has no ``words`` to compare.

    ``bundles`` left for it so far, the newest at ``last_at``.
    """

    recipient: Recipient
    card: bool
    words: tuple[str, ...]
    cover: Mechanism | None
    bundles: int
    last_at: datetime | None


def recipient_rows(studio: OpenStudio) -> tuple[ListedRecipient, ...]:
    """All of them, in the order they were added."""
    left = export_rows(studio)
    rows = []
    for each in studio.archive.recipients.list():
        times = [one.at for one in left if one.recipient == each.recipient.id]
        rows.append(
            ListedRecipient(
                recipient=each.recipient,
                card=bool(each.card),
                words=words_of(each),
                cover=each.cover.mechanism if each.cover else None,
                bundles=len(times),
                last_at=max(times, default=None),
            )
        )
    return tuple(rows)
