"""An independent, slow reading of the rules of use: one question, every day and every sentence spelled out.

It shares no code with ``safelight.domain.usage``: it reads the raw rules file and plain dictionaries, walks day by day,
and answers only yes or no. Where it and ``may`` disagree, one of them is wrong.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

RULES = Path(__file__).parents[2] / "resources" / "rules"
SCOPES = {each["id"]: each for each in json.loads((RULES / "scopes.json").read_text())["scopes"]}
EEA = set(json.loads((RULES / "adequacy.json").read_text())["eea_members"])


def months_later(day: dt.date, months: int) -> dt.date:
    """Count months one at a time; a missing 29th, 30th or 31st falls back to the last day there is."""
    year, month = day.year, day.month
    for _ in range(months):
        month += 1
        if month == 13:
            year, month = year + 1, 1
    wanted = day.day
    while True:
        try:
            return dt.date(year, month, wanted)
        except ValueError:
            wanted -= 1


def ends(given: dt.date, scope: dict, grant: dict) -> dt.date | None:
    """The last day of a yes: chosen end, cap, and for yearly reviewed uses 12 months and 30 days."""
    days = []
    if grant["term"] == "months":
        days.append(months_later(given, grant["months"]))
    elif grant["term"] == "until":
        days.append(grant["until"])
    cap = scope.get("hard_cap_months") or scope["max_term_months"]
    if cap:
        days.append(months_later(given, cap))
    if not days:
        return None
    if scope["ai"] or grant["term"] == "until-withdrawn":
        days.append(months_later(given, 12) + dt.timedelta(days=30))
    return min(days)


def allows(person: dict, use: str, place: str, day: dt.date, recipient: str | None, photo: str) -> bool:
    """Whether this one person's history allows it; ``person`` is plain data (see ``test_usage``)."""
    scope = SCOPES[use]
    if scope["kind"] == "notice" or person["restricted"] or photo in person["vetoed"] + person["withheld"]:
        return False
    latest = None
    given_on = None
    for event in person["events"].get(use, ()):
        latest = event
        if event["kind"] in ("given", "renewed", "changed"):
            given_on = event
    if latest is None or latest["kind"] not in ("given", "renewed", "changed") or given_on is None:
        return False
    grant = given_on["grant"]
    first = given_on["on"]
    last = ends(first, scope, grant)
    if last is None or not (first <= day <= last):
        return False
    if person["minor"]:
        if scope["minors_rule"] == "blocked":
            return False
        if person["adult_on"] is None or day >= person["adult_on"]:
            return False
    where = grant["territory"]
    if where == "EEA" and place not in EEA:
        return False
    if isinstance(where, list) and place not in where:
        return False
    if recipient is None:
        if scope["needs_recipient"] and not grant["recipients"]:
            return False
    elif recipient not in grant["recipients"]:
        return False
    return person["fresh_until"] is None or day <= person["fresh_until"]


def photo_allowed(people: list[dict], use: str, place: str, day: dt.date, recipient: str | None, photo: str) -> bool:
    """Everybody on the picture must allow it; a picture of nobody known is not allowed."""
    return bool(people) and all(allows(each, use, place, day, recipient, photo) for each in people)
