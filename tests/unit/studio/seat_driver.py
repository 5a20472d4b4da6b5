"""One of several programs on one studio, for tests: reads a command a line, answers with a JSON line each.

``admit CODE`` seats somebody and answers and signs in memory, ``keep`` and ``finish`` try to write.
"""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from safelight.domain.errors import SafelightError
from safelight.studio.founding import open_studio
from safelight.studio.queries.lookup import find_session
from safelight.studio.signing_point import StudioSigningPoint
from support.typed_through import typed_through


def main(folder, passphrase, at, use):
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
                    ceremony, left = typed_through(sitting, use)
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


if __name__ == "__main__":
    main(*sys.argv[1:])
