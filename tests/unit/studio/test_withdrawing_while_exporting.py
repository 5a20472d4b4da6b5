"""Somebody takes back what they allowed while their picture is being packed: it stays, or whoever got it is told.

Two programs on one studio, the withdrawal at another moment of the export each time; a thousand times with ``--long``.
"""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from typing import Any

from safelight.documents.withdrawal_notices import read_notice
from safelight.domain.people import Role
from safelight.domain.withdrawal import Channel, Withdrawal
from safelight.studio.exports import export_bundle
from safelight.studio.founding import open_studio
from safelight.studio.upkeep import check_studio
from safelight.studio.withdrawing import withdraw
from support.sampling import LONG, examples
from support.shoot import PASSPHRASE, Shoot, said_yes

TO, USE = "Prenzel", "use.portfolio"
ROUNDS = examples(12, 1000)


def test_no_photo_leaves_of_which_nobody_is_told(shoot: Shoot) -> None:
    dice, seen, took = random.Random(11), Counter[str](), 0.3
    with open_studio(shoot.folder, PASSPHRASE, clock=shoot.clock) as other:
        for number in range(ROUNDS):
            shoot.clock.on(minutes=1)
            session = shoot.new_session(USE)
            ada, bo = (shoot.person(name, session=session) for name in ("Ada Falk", "Bo Lind"))
            for person in (ada, bo):
                shoot.ask(person, said_yes(USE, shoot.agencies[TO]), session=session)
                shoot.check(person)
            photo, his = (shoot.photo(each, session=session) for each in (ada, bo))
            wait, done = dice.uniform(0, 1.2 * took), list[Any]()

            def take_back(person: Any = ada, wait: float = wait, done: list[Any] = done) -> None:
                time.sleep(wait)
                done.append(withdraw(other, Withdrawal(person.id, Role.SUBJECT, Channel.MAIL))[0])

            meanwhile = threading.Thread(target=take_back)
            meanwhile.start()
            began = time.monotonic()
            exported, _ = export_bundle(
                shoot.studio, session, shoot.wish(TO, USE), shoot.scratch / f"{number}.age"
            )
            took = time.monotonic() - began
            meanwhile.join()
            (withdrawn,) = done
            (ended,) = withdrawn.ended
            left = {each.guid for each in exported.bundle.manifest.photos}
            assert his.guid in left and left <= {photo.guid, his.guid}
            ledger = [one.guid for each in shoot.studio.archive.disclosures.of_photo(photo.guid) for one in each.photos]
            assert (photo.guid in ledger) == (photo.guid in left), "what left is in the ledger, and nothing else"
            told = [item for each in withdrawn.notices for item in read_notice(each.text.encode()).items]
            named = [(item.record, [each.guid for each in item.photos]) for item in told]
            assert named == ([(ended.record, [photo.guid])] if photo.guid in left else []), (number, wait)
            seen["left, and the recipient was told" if photo.guid in left else "stayed"] += 1
    assert len(seen) == 2 or not LONG, seen
    assert check_studio(shoot.studio)[0].problems == ()
    print(seen)
