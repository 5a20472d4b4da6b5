"""A slow second opinion on exports: a diary of what people did, read from the beginning for every single question.

It shares no code with the program: rules files are read raw, the diary is plain dictionaries, and whether one person
allows one use is left to ``slow_rules.py``, which shares none either. An entry of the diary is one of

- ``{"did": "asked", "who", "on", "session": [uses asked], "yes": {use: limits}, "born", "taken_by", "agreed",
  "shown": [photos put before them], "struck": [those struck out]}``
- ``{"did": "checked", "who", "on", "by"}``: everything of that person that still counted was looked at
- ``{"did": "culled", "guid", "how"}``: the photographer said ``pick``, ``reject``, ``clear``, ``hide`` or ``unhide``
- ``{"did": "doubted", "guid", "still"}``: whether it is still open who is on a photo
"""

from __future__ import annotations

import datetime as dt
import json

from support import slow_rules

_EU = json.loads((slow_rules.RULES / "adequacy.json").read_text())["views"]["EU"]
ADEQUATE = _EU["list"] if isinstance(_EU, dict) else _EU


def birthday(born: dt.date, years: int) -> dt.date:
    """The day somebody has lived so many years; who was born on a leap day waits for March."""
    day = born
    while True:
        day += dt.timedelta(days=1)
        reached = day.year - born.year - (1 if (day.month, day.day) < (born.month, born.day) else 0)
        if reached >= years:
            return day


def last_answer(diary: list[dict], who: str, use: str) -> int | None:
    """Where in the diary this person was last asked about this use."""
    found = None
    for place, entry in enumerate(diary):
        if entry["did"] == "asked" and entry["who"] == who and use in entry["session"]:
            found = place
    return found


def looked_at(diary: list[dict], who: str, place: int) -> bool:
    """Whether somebody else looked at the signing at ``place`` while it was the newest or something rested on it."""
    signing = diary[place]
    for later, entry in enumerate(diary):
        if later <= place or entry["did"] != "checked" or entry["who"] != who or entry["by"] == signing["taken_by"]:
            continue
        known = diary[:later]
        signings = [at for at, each in enumerate(known) if each["did"] == "asked" and each["who"] == who]
        newest = known[signings[-1]]
        if newest["taken_by"] == entry["by"]:
            continue  # who took the newest one is turned away
        rests = any(last_answer(known, who, use) == place for use in signing["yes"])
        if signings[-1] == place or rests:
            return True
    return False


def struck_out(diary: list[dict], guid: str) -> bool:
    """Whether anybody struck this photo out and did not, shown it again, let it stand."""
    for who in {entry["who"] for entry in diary if entry["did"] == "asked"}:
        no = False
        for entry in diary:
            if entry["did"] == "asked" and entry["who"] == who:
                if guid in entry["struck"]:
                    no = True
                elif guid in entry["shown"]:
                    no = False
        if no:
            return True
    return False


def kept_by_photographer(diary: list[dict], guid: str) -> str | None:
    """``hidden`` or ``rejected`` if the photographer's last word on it keeps this photo back."""
    words = [entry["how"] for entry in diary if entry["did"] == "culled" and entry["guid"] == guid]
    bin_words = [word for word in words if word in ("hide", "unhide")]
    marks = [word for word in words if word in ("pick", "reject", "clear")]
    if bin_words and bin_words[-1] == "hide":
        return "hidden"
    return "rejected" if marks and marks[-1] == "reject" else None


def in_doubt(diary: list[dict], guid: str) -> bool:
    """Whether it is still open who is on this photo."""
    said = [entry["still"] for entry in diary if entry["did"] == "doubted" and entry["guid"] == guid]
    return bool(said) and said[-1]


def may_cross(country: str, day: dt.date, cover: dict | None, agreed: list[str]) -> bool:
    """Whether a studio in Germany may send to ``country``."""
    if country in slow_rules.EEA:
        return True
    for entry in ADEQUATE:
        still = not entry.get("expires") or day <= dt.date.fromisoformat(entry["expires"])
        if entry["to"] == country and country != "US" and still:
            return True
    if cover is None:
        return False
    since = (day - cover["on"]).days
    if cover["kind"] == "DPF":
        return country == "US" and 0 <= since <= 31
    if cover["kind"] in ("SCC", "BCR"):
        return since >= 0
    if cover["kind"] == "consent-49-1-a":
        return since >= 0 and country in agreed
    return False


def person(diary: list[dict], who: str, use: str) -> dict:
    """One person as ``slow_rules`` wants them, with the only signing that says anything about ``use`` today."""
    place = last_answer(diary, who, use)
    events = []
    signing = diary[place] if place is not None else {"born": None, "on": None, "yes": {}}
    if place is not None:
        limits = signing["yes"].get(use)
        events = [{"kind": "given" if limits else "refused", "on": signing["on"], "grant": limits}]
    born = signing["born"]
    minor = born is not None and signing["on"] < birthday(born, 18)
    return {
        "events": {use: events},
        "minor": minor,
        "adult_on": birthday(born, 18) if minor else None,
        "fresh_until": None,
        "restricted": False,
        "vetoed": [],
        "withheld": [],
    }


def leaves(diary: list[dict], photo: dict, wish: dict, day: dt.date) -> bool:
    """Whether ``photo`` (its people by name) may go to ``wish``: recipient, its country, place, uses, cover."""
    if not photo["people"] or struck_out(diary, photo["guid"]):
        return False
    if kept_by_photographer(diary, photo["guid"]) or in_doubt(diary, photo["guid"]):
        return False
    for use in wish["uses"]:
        people = [person(diary, who, use) for who in photo["people"]]
        if not slow_rules.photo_allowed(people, use, wish["place"], day, wish["recipient"], photo["guid"]):
            return False
        for who in photo["people"]:
            place = last_answer(diary, who, use)
            if place is None:
                return False
            if slow_rules.SCOPES[use]["needs_validation"] and not looked_at(diary, who, place):
                return False
            if not may_cross(wish["country"], day, wish["cover"], diary[place]["agreed"]):
                return False
    return True
