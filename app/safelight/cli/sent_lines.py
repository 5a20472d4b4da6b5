"""Who has what of a person, in lines."""

from __future__ import annotations

from collections.abc import Iterable

from safelight.settings.zones import at_place
from safelight.studio.queries.ledger import Sent


def sent_lines(sent: Iterable[Sent], zone: str) -> list[str]:
    """One line a bundle: when, to whom, where and for what; then what allowed it, and which of the photos it holds.

    Days are those of the session, whose time zone is ``zone``.
    """
    lines: list[str] = []
    for each in sent:
        where = f" in {each.territory}" if each.territory else ""
        on = f"{at_place(zone, each.at):%Y-%m-%d}"
        lines.append(f"{on}: to {each.name or each.recipient}{where} for {', '.join(each.uses)}")
        if each.transfer is not None and each.transfer.mechanism != "inside":
            lines.append(f"  over the border: {each.transfer.ground}")
        for one in each.photos:
            under = f" under {', '.join(one.records)}" if one.records else ""
            lines.append(f"  {one.name or f'{one.photo} (removed here)'}{under}")
    return lines
