"""The queue before writing: in order of coming, over processes and threads; nobody waits for the dead, nor for ever."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from safelight.domain.errors import CannotOpen
from safelight.storage.database import Database
from safelight.storage.engine import file_queue
from safelight.storage.engine.file_queue import FileQueue

WAITER = textwrap.dedent(
    """
    import sys, time
    from pathlib import Path
    from safelight.storage.engine.file_queue import FileQueue
    queue = FileQueue(Path(sys.argv[1]))
    for line in sys.stdin:
        if line == "take\\n":
            print("waits", flush=True)
            print("took" if queue.take(60) else "gave up", flush=True)
        else:
            queue.give_back()
            print("gave back", flush=True)
    """
)


class Other:
    """Another process at the queue."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def says(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def told(self, what: str) -> str:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{what}\n")
        self.process.stdin.flush()
        return self.says()


@contextmanager
def others(path: Path, count: int) -> Iterator[list[Other]]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    argv = [sys.executable, "-c", WAITER, str(path)]
    started = [
        subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
        for _ in range(count)
    ]
    try:
        yield [Other(each) for each in started]
    finally:
        for each in started:
            each.kill()
            each.communicate()


def numbers_drawn(path: Path) -> int:
    return int.from_bytes(path.read_bytes()[:8], "big")


def in_the_queue(path: Path, number: int) -> None:
    until = time.monotonic() + 60
    while numbers_drawn(path) < number:
        assert time.monotonic() < until
        time.sleep(0.01)


def test_whoever_came_first_writes_first_and_the_dead_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "queue"
    queue = FileQueue(path)
    assert queue.take(1)
    with others(path, 4) as waiting:
        for place, each in enumerate(waiting):
            assert each.told("take") == "waits"
            in_the_queue(path, 2 + place)
        waiting[0].process.kill()
        waiting[2].process.kill()
        waiting[0].process.wait()
        waiting[2].process.wait()
        time.sleep(0.05)
        queue.give_back()
        assert waiting[1].says() == "took"
        assert not queue.take(0.05)  # the third is dead, the fourth waits
        assert waiting[1].told("give back") == "gave back"
        assert waiting[3].says() == "took"
        assert not queue.take(0.05)
        waiting[3].process.kill()
        waiting[3].process.wait()
        assert queue.take(1)
    queue.give_back()
    queue.close()


def test_who_was_let_in_goes_on_for_a_moment_and_not_longer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "queue"
    one, two = FileQueue(path), FileQueue(path)
    monkeypatch.setattr(file_queue, "GOES_ON", 60)
    with others(path, 1) as (other,):
        for queue in (one, one, two):  # a process does, not one object in it
            assert queue.take(60)
            queue.give_back()
        assert numbers_drawn(path) == 1
        assert one.take(60)
        assert other.told("take") == "waits"
        in_the_queue(path, 2)
        one.give_back()
        assert other.says() == "took"  # nobody waits for one that does not go on
        assert not one.take(0.02)  # which does not go on where another is
    monkeypatch.setattr(file_queue, "GOES_ON", 0.01)
    path = tmp_path / "another"
    late = FileQueue(path)
    with others(path, 1) as (other,):
        for drawn in (1, 2):
            assert late.take(60)
            assert numbers_drawn(path) == drawn
            time.sleep(0.02)
            late.give_back()
        assert late.take(60)
        assert other.told("take") == "waits"
        in_the_queue(path, 4)
        time.sleep(0.02)
        late.give_back()
        assert not late.take(0.02)  # however soon it asks
        assert other.says() == "took"
    for queue in (one, two, late):
        queue.close()


def test_threads_and_objects_of_one_process_wait_as_well(tmp_path: Path) -> None:
    one, two = FileQueue(tmp_path / "queue"), FileQueue(tmp_path / "queue")
    assert one.take(1) and not two.take(0.02)
    order = []

    def write(queue: FileQueue, name: str) -> None:
        assert queue.take(60)
        order.append(name)
        queue.give_back()

    threads = [threading.Thread(target=write, args=each) for each in ((one, "same"), (two, "other"))]
    for each in threads:
        each.start()
    time.sleep(0.05)
    assert order == []
    one.give_back()
    for each in threads:
        each.join()
    assert sorted(order) == ["other", "same"]
    one.close()
    with others(tmp_path / "queue", 1) as (other,):
        assert two.take(1)
        assert other.told("take") == "waits"
        two.give_back()
        assert other.says() == "took"
    two.close()


@pytest.mark.parametrize("content", [b"", b"\xff" * 8, b"\x00" * 8, b"\x00\x00"])
def test_what_is_noted_in_the_file_is_not_relied_on(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "queue"
    queue = FileQueue(path)
    with others(path, 2) as (first, second):
        assert first.told("take") == "waits" and first.says() == "took"
        path.write_bytes(content)
        assert not queue.take(0.05) or content  # who finds a lower number goes first: the database keeps them apart
        assert first.told("give back") == "gave back"
        assert second.told("take") == "waits" and second.says() == "took"
    queue.close()


def test_who_waited_in_vain_is_told_so_and_nothing_is_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("safelight.storage.database.PATIENCE", 0.05)
    database = Database(tmp_path / "a.sqlite", create=True)
    with others(tmp_path / "a.sqlite-queue", 1) as (other,):
        assert other.told("take") == "waits" and other.says() == "took"
        for waiting in (database.writing, database.still):
            with pytest.raises(CannotOpen, match=r"Another Safelight has been writing to “a\.sqlite”"), waiting():
                pass
        other.process.kill()
        other.process.wait()
        with database.writing() as connection:
            connection.exec_driver_sql("CREATE TABLE a (b)")
    database.close()
