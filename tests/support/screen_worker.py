"""A signing screen as a program of its own, for tests: people without an appointment sit down and sign, one by one.

``screen_worker.py STUDIO PASSPHRASE NAME``: says ``BEGIN PERSON`` before each and ``SIGNED PERSON RECEIPT`` once it is
told to them, until it reads a line (or is killed); then ``END``.
"""

from __future__ import annotations

import sys
import threading
from itertools import count
from pathlib import Path

from safelight.domain.ids import Language, ScopeId
from safelight.studio.founding import open_studio
from safelight.studio.queries.lookup import find_session
from safelight.studio.signing_point import StudioSigningPoint
from support.typed_through import typed_through


def main(folder: str, passphrase: str, name: str) -> None:
    ended = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.readline(), ended.set()), daemon=True).start()
    with open_studio(Path(folder), passphrase) as studio:
        point = StudioSigningPoint(studio, find_session(studio, "Spring"), name)
        for number in count(1):
            person = f"{name} Guest {number}"
            print(f"BEGIN {person}", flush=True)
            sitting = point.walk_in(person, "", Language("en"))
            ceremony, left = typed_through(sitting, ScopeId("use.portfolio"))
            sitting.keep(ceremony)
            sitting.finish(ceremony, [left])
            print(f"SIGNED {person}", flush=True)
            if ended.wait(0.1):
                break
    print("END", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
