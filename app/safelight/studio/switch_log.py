"""The switch log: who was put on set when, read out of the journal, where it is durable and cannot be changed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from safelight.documents.jcs import canonical
from safelight.domain.binding import CameraClock, FrameTime, People, Switch, slate_switch
from safelight.domain.ids import PersonId, SessionId, SubjectId
from safelight.storage.transaction import Transaction
from safelight.studio.open_studio import OpenStudio

PUT_ON_SET = "put-on-set"


class How(StrEnum):
    """By what somebody was put on set."""

    ENTER = "enter"
    FIND = "find"
    SCAN = "scan"
    SLATE = "slate"
    NOBODY = "nobody"
    BACK = "back"
    """The switch before was a mistake."""
    REMOVED = "removed"
    """Somebody who was on set was taken out of the session, or became one entry with somebody else."""


@dataclass(frozen=True, slots=True)
class LoggedSwitch:
    """One entry of the log, as it was written: ``at_ms`` when, ``slate`` the frame that switched if it was one."""

    number: int
    at_ms: int
    before: People
    subjects: People
    by: PersonId
    how: How
    slate: FrameTime | None = None

    def switch(self, clocks: Mapping[str, CameraClock | None]) -> Switch:
        """The switch as it counts now: a slate by what is known today of the camera that photographed it."""
        if self.slate is None:
            return Switch(self.at_ms, self.subjects)
        return slate_switch(self.slate, self.subjects, clocks.get(self.slate.camera))


def read_switches(studio: OpenStudio, session: SessionId, after: int = 0) -> tuple[LoggedSwitch, ...]:
    """Every switch of a session in the order they were written; ``after`` leaves those with a higher number."""
    told = studio.archive.journal.told_about(PUT_ON_SET, session, after)
    return tuple(_read(entry.number, json.loads(said)) for entry, said in told)


def write_switch(
    studio: OpenStudio,
    writing: Transaction,
    session: SessionId,
    subjects: People,
    by: PersonId,
    how: How,
    slate: FrameTime | None = None,
) -> tuple[LoggedSwitch, str]:
    """The next entry, within a transaction, and its hash. Switches somebody makes never run backwards in time."""
    log = read_switches(studio, session)
    newest = max((each.at_ms + 1 for each in log if each.slate is None), default=0)
    at_ms = max(studio.now_ms(), newest)
    before = on_set_of(log, clocks_of(studio, session))
    told: dict[str, Any] = {"at": at_ms, "by": by, "from": list(before), "how": how.value, "to": list(subjects)}
    if slate is not None:
        told["slate"] = [slate.camera, slate.camera_ms, slate.first_seen_ms]
    # Ids alone, under the studio's own key: it stays readable when one of the people is erased, and names nobody.
    entry = studio.archive.journal.append(writing, PUT_ON_SET, session, canonical(told))
    return LoggedSwitch(entry.number, at_ms, before, subjects, by, how, slate), entry.hash


def on_set_of(log: Iterable[LoggedSwitch], clocks: Mapping[str, CameraClock | None]) -> People:
    """Who is on set after these switches: a slate that arrived late does not take back what came after it."""
    newest = max(((each.switch(clocks).at_ms, each.number, each.subjects) for each in log), default=None)
    return () if newest is None else newest[2]


def clocks_of(studio: OpenStudio, session: SessionId) -> dict[str, CameraClock | None]:
    """The clock of every camera that was seen in a session, as far as it is known."""
    return {tag: each.clock for tag, each in studio.archive.cameras.all(session).items()}


def successors(studio: OpenStudio, gone: Sequence[SubjectId]) -> dict[SubjectId, SubjectId | None]:
    """Into whose entry each of these people was merged; None for somebody who was taken out."""
    found: dict[SubjectId, SubjectId | None] = {}
    for each in gone:
        told = studio.archive.journal.told_about("subject-removed", each)
        into = json.loads(told[-1][1]).get("into") if told else None
        found[each] = SubjectId(into) if into else None
    return found


def _read(number: int, told: dict[str, Any]) -> LoggedSwitch:
    slate = told.get("slate")
    return LoggedSwitch(
        number, told["at"], tuple(map(SubjectId, told["from"])), tuple(map(SubjectId, told["to"])),
        PersonId(told["by"]), How(told["how"]), None if slate is None else FrameTime(*slate),
    )  # fmt: skip
