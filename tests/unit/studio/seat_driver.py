"""One of several programs on one studio, for tests: reads a command a line, answers with a JSON line each.

``admit CODE`` seats somebody and answers and signs in memory, ``keep`` and ``finish`` try to write. The lock that keeps
a second program out of a studio's folder is not taken here: what is tested must hold without it.
"""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import safelight.storage.vault
from safelight.documents.jcs import sha256_hex
from safelight.domain import ceremony as steps
from safelight.domain.ceremony import Moment, Step
from safelight.domain.errors import SafelightError
from safelight.domain.ids import Language
from safelight.domain.record import SignatureKind
from safelight.domain.sitting import Evidence
from safelight.studio.founding import open_studio
from safelight.studio.queries.lookup import find_session
from safelight.studio.signing_point import StudioSigningPoint


class NoLock:
    """Lets everybody in."""

    def __init__(self, *_):
        pass

    def release(self):
        pass


def main(folder, passphrase, at, use):
    setattr(safelight.storage.vault, "FolderLock", NoLock)  # noqa: B010  mypy would want another lock
    when = datetime.fromisoformat(at).astimezone(UTC)
    with open_studio(Path(folder), passphrase, clock=lambda: when) as studio:
        point = StudioSigningPoint(studio, find_session(studio, "Spring"), f"screen for {use}")
        sitting: Any = None
        ceremony: Any = None
        left: Any = None
        print(json.dumps("ready"), flush=True)
        for line in sys.stdin:
            what, *rest = line.split()
            try:
                if what == "admit":
                    sitting = point.admit(rest[0])
                    ceremony, left = walked(sitting, use)
                    told = "seated"
                elif what == "keep":
                    sitting.keep(ceremony)
                    told = "kept"
                elif what == "finish":
                    told = "signed " + sitting.finish(ceremony, [left]).withdrawal_code
                else:
                    told = str(point.leave(rest[0]))
            except SafelightError as error:
                told = f"{type(error).__name__} {getattr(error, 'why', '')}".strip()
            print(json.dumps(told), flush=True)


def walked(sitting, use):
    person = sitting.person()

    def moment():
        return Moment(sitting.now(), person.ceremony.whose_turn, "touch")

    now = steps.choose_language(person.ceremony, Language("en"), moment())
    while now.step is Step.NOTICE:
        now = steps.read_card(now, moment())
    now = steps.answer(now, use, person.grants[use], moment())
    while now.step is not Step.REVIEW:
        now = steps.go_on(now, moment())
    now = steps.go_on(steps.show_page(now, sitting.page(now)[1], moment()), moment())
    left = Evidence(SignatureKind.TYPED, person.name.encode())
    return steps.sign(now, left.kind, sha256_hex(left.data), moment()), left


if __name__ == "__main__":
    main(*sys.argv[1:])
