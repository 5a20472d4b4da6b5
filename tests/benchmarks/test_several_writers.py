"""Four programs write to one studio at once: none waits long for its commit, and together they do as much as one.

Both in the same run, taking turns: a ratio holds on a busy machine as well. How long a commit waits is of this machine.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

from safelight.domain.ids import SubjectId
from support import studio_maker as maker

WRITERS = 4
_FAIR = 6
WRITER = textwrap.dedent(
    """
    import json, sys, time
    from pathlib import Path
    from support import studio_maker as maker
    made = maker.Made(Path(sys.argv[1]), sys.argv[2]).open()
    archive, person, count, waits = made.archive, sys.argv[3], int(sys.argv[4]), []
    print("open", flush=True)
    sys.stdin.readline()
    for number in range(count):
        begun = time.monotonic()
        with archive.transaction(made.now) as t:
            archive.subjects.set_state(t, person, f"state {number}")
            archive.journal.append(t, "subject-changed", person, b"", person)
        waits.append(time.monotonic() - begun)
    print(json.dumps(waits), flush=True)
    archive.close()
    """
)


def commits(made: maker.Made, people: list[SubjectId], each: int) -> tuple[float, list[float]]:
    """Commits a second of one writer a person, and how long each commit took from asking for it."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(made.path), made.id, person, str(each)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment,
        )
        for person in people
    ]  # fmt: skip
    try:
        for one in writers:
            assert one.stdout is not None and one.stdout.readline() == "open\n"
        begun = time.monotonic()
        for one in writers:
            assert one.stdin is not None
            one.stdin.write("go\n")
            one.stdin.flush()
        waits = [wait for one in writers if one.stdout is not None for wait in json.loads(one.stdout.readline())]
        seconds = time.monotonic() - begun
        for one in writers:
            one.communicate(timeout=60)
    finally:
        for one in writers:
            one.kill()
            one.communicate()
    return each * len(people) / seconds, waits


def test_four_writers_commit_as_much_as_one_and_nobody_waits_long(
    full_size: bool, tmp_path: Path, keep_figure: Callable[[str, float, str, str], None]
) -> None:
    rounds, each = (5, 200) if full_size else (2, 25)
    made = maker.Made(tmp_path / "studio").create()
    shoot = made.session()
    people = [made.subject(shoot, f"Person {number}").id for number in range(WRITERS)]
    made.archive.close()
    alone, together, waits = [], [], []
    for _ in range(rounds):
        alone.append(commits(made, people[:1], each)[0])
        done, waited = commits(made, people, each)
        together.append(done)
        waits += waited
    archive = made.open().archive
    journal = [entry.number for entry in archive.journal.entries()]
    archive.close()
    assert journal == list(range(1, len(journal) + 1)) and len(journal) > rounds * each * (WRITERS + 1)
    slowest = sorted(waits)[int(len(waits) * 0.99)] * 1000
    ratio = max(together) / max(alone)
    keep_figure("four writers: a commit, 99 of 100", slowest, "ms", "< 500")
    keep_figure("four writers: commits beside those of one", ratio, "x", ">= 1")
    print(f"{max(alone):.0f} commits/s alone, {max(together):.0f} together; p99 {slowest:.0f} ms, ratio {ratio:.2f}")
    # Where others use the same cores a commit takes longer; then nobody waits for more than a few times all the others.
    assert slowest < max(500, _FAIR * WRITERS * 1000 / max(alone))
    assert ratio >= 0.8  # it is above 1; a machine that others use as well is not the same in both halves
