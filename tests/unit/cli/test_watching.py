"""What ``capture watch`` and ``capture add`` do in a session in which people are put on set."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path

from safelight.domain.ids import SubjectId
from safelight.studio.founding import open_studio
from safelight.studio.on_set import How, put_on_set
from safelight.studio.queries.lookup import find_session
from support.shoot import PASSPHRASE


def put(folder: Path, *people: str) -> None:
    with open_studio(folder, PASSPHRASE) as studio:
        session = find_session(studio, "Spring")
        put_on_set(studio, session, [SubjectId(each) for each in people], session.photographer, How.ENTER)


def test_frames_go_to_whoever_is_on_set_by_the_log(desk, ada: str, picture: Callable[[str], Path]) -> None:
    put(desk.folder, ada)
    hot = desk.work / "hot"
    hot.mkdir()
    source = picture("one.jpg")

    def arrive() -> None:
        time.sleep(2.5)
        shutil.copyfile(source, hot / "1.jpg")

    arriving = threading.Thread(target=arrive)
    arriving.start()
    said = desk("--json", "capture", "watch", "Spring", hot, "--seconds", "6")
    arriving.join()
    assert "photos are given to Ada Falk until a slate says otherwise" in said.err
    (added,) = [each for taken in said.document for each in taken["added"]]
    assert added["subjects"] == [ada], said.err


def test_a_subject_that_is_named_is_put_on_set(desk, ada: str) -> None:
    other = desk("--json", "subject", "add", "Spring", "Ben Moor").document["id"]
    put(desk.folder, ada)
    hot = desk.work / "hot"
    hot.mkdir()
    said = desk("capture", "watch", "Spring", hot, "--subject", other, "--seconds", "0.5")
    assert "photos are given to Ben Moor" in said.err
    with open_studio(desk.folder, PASSPHRASE) as studio:
        log = studio.archive.journal.told_about("put-on-set", find_session(studio, "Spring").id)
    assert len(log) == 2


def test_a_card_is_bound_by_the_log_and_what_it_cannot_say_is_asked(
    desk, ada: str, picture: Callable[[str], Path]
) -> None:
    put(desk.folder, ada)
    said = desk("--json", "capture", "add", "Spring", picture("card.jpg"))
    (added,) = said.document["added"]
    assert added["flagged"], "nobody saw it arrive, and it has no time"
    named = desk("--json", "capture", "add", "Spring", picture("again.jpg"), "--subject", ada)
    assert [each["name"] for each in named.document["known"]] == ["again.jpg"]
