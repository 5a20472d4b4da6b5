"""Many questions at once, as lines of JSON: each line is answered or told what is wrong with it, in its own place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from safelight.agency.open_agency import OpenAgency
from safelight.agency.questions import UsageAnswer, Wanted, check, may_all
from safelight.documents.reading import Faults, parse_json
from safelight.documents.times import parse_day
from safelight.domain.changes import Changes
from safelight.domain.errors import Malformed, SafelightError, WrongUsage

MOST_QUESTIONS = 1_000_000
"""So many questions one batch may have."""
_LONGEST = 4096
_KEYS = ("photo", "use", "territory", "on")


def may_batch(agency: OpenAgency, untrusted: bytes) -> tuple[tuple[UsageAnswer | SafelightError, ...], Changes]:
    """The answers to lines of ``{"photo", "use", "territory", "on"}`` in their order (``on`` may be left out: today).

    A line that is no such question, or asks for what makes no sense, has its error in the place of its answer; the
    others are answered all the same. Empty lines are passed over. All of it is one entry in the journal. Raises
    :class:`WrongUsage` for more than :data:`MOST_QUESTIONS` lines.
    """
    lines = [line for line in untrusted.removeprefix(b"\xef\xbb\xbf").splitlines() if line.strip()]
    if len(lines) > MOST_QUESTIONS:
        raise WrongUsage(f"There are more than {MOST_QUESTIONS} questions.", "Nothing was asked. Ask in several parts.")
    read = [_question(agency, line) for line in lines]
    wanted = [each for each in read if isinstance(each, Wanted)]
    found, changes = may_all(agency, wanted) if wanted else ((), Changes.NONE)
    answers = iter(found)
    return tuple(next(answers) if isinstance(each, Wanted) else each for each in read), changes


def _question(agency: OpenAgency, untrusted: bytes) -> Wanted | SafelightError:
    try:
        wanted = _wanted(parse_json(untrusted, "question", _LONGEST))
        check(agency, wanted)
    except (Malformed, WrongUsage) as error:
        return error
    return wanted


def _wanted(raw: Any) -> Wanted:
    faults = Faults("question")
    if not isinstance(raw, Mapping):
        faults.add("", "must be an object")
        faults.raise_any()
    for name in raw:
        if name not in _KEYS:
            faults.add(f"/{name}", "is not known here")
    for name in _KEYS:
        if name in raw:
            if not isinstance(raw[name], str) and (name, raw[name]) != ("on", None):
                faults.add(f"/{name}", "must be text")
        elif name != "on":
            faults.add(f"/{name}", "is missing")
    faults.raise_any()
    return Wanted(raw["photo"], raw["use"], raw["territory"], parse_day(raw["on"]) if raw.get("on") else None)
