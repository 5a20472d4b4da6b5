"""The main program of the process that packs one bundle; started by ``packing_process.PackingProcess`` only.

It holds the keys of the photos that leave, one after the other, and none that signs: for each signature it asks the
program. When the program is gone, its stdin ends; then it gives up at the next report and removes what it began.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import signal
import sys
import threading
import time
from collections.abc import Iterator
from typing import BinaryIO, Literal, cast

from safelight.domain.errors import Cancelled, SafelightError
from safelight.keys.messages import Nonsense, receive, send

from .credentials import CredentialSigner
from .originals import Original, sources_of
from .packing_messages import MOST_GIVEN, Given, Say, error_bytes
from .plan import BundlePlan, WrittenBundle
from .writer import write_bundle

_TELL_EVERY_S = 0.05
"""Progress is told no more often: each time a thread of the program takes the interpreter from its window."""
_SECONDS_TO_GIVE_UP = 10
"""After the program is gone so much time is left to remove what was begun; one photo may take a few seconds."""


def serve() -> None:
    """Pack what stdin says, asking for photos and signatures over stdout, and end this process."""
    _served()
    os._exit(0)  # at once: a thread still waits for what the program might say


def _served() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of a terminal, it is meant for the program, which ends this one
    program = _Program(sys.stdin.buffer, _own_stdout())
    try:
        _, body = receive(sys.stdin.buffer, MOST_GIVEN)
        given = cast(Given, pickle.loads(body))  # noqa: S301 - only this program writes to this process
        del body
        program.listen()
        written = _pack(given, program)
        program.tell(Say.DONE, {"size": written.size, "sha256": written.sha256})
    except (Cancelled, EOFError, Nonsense):
        return  # the program is gone, or wants nothing of this any more
    except SafelightError as error:
        program.tell(Say.FAILED, {}, error_bytes(error))
    except MemoryError:
        os._exit(1)  # as if the system had ended it, which is what the program then tells
    except BaseException as error:  # noqa: BLE001 - told to the program, which logs it
        program.tell(Say.BROKE, {"what": f"{type(error).__name__} at {_place(error)}"})


def _pack(given: Given, program: _Program) -> WrittenBundle:
    signer = CredentialSigner(_Documents(given.chain_pem, program))
    plan = BundlePlan(given.manifest, given.small, sources_of(program.originals(), signer))
    return write_bundle(
        plan,
        given.destination,
        recipients=given.recipients,
        signer=_Manifests(given.public_ssh, program),
        report=program.report,
        unfinished=given.unfinished,
    )


class _Program:
    """The program this process works for: asked by one thread at a time, and told how far things are."""

    def __init__(self, inbox: BinaryIO, outbox: BinaryIO) -> None:
        self._inbox, self._outbox = inbox, outbox
        self._answers: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._asking, self._telling = threading.Lock(), threading.Lock()
        self._gone = threading.Event()
        self._told: tuple[float, str] = (0.0, "")

    def listen(self) -> None:
        """Hear answers in a thread of its own, so that the end of the program is heard at once, whatever is done."""
        threading.Thread(target=self._hear, name="safelight-listening", daemon=True).start()

    def tell(self, what: Say, head: dict[str, object], body: bytes = b"") -> None:
        """Say something that needs no answer."""
        with self._telling, contextlib.suppress(BrokenPipeError):
            send(self._outbox, {"say": what, **head}, body)

    def report(self, done: int, total: int, what: str) -> None:
        """As :data:`~safelight.domain.progress.Report`; raises :class:`Cancelled` once the program is gone."""
        if self._gone.is_set():
            raise Cancelled
        now, (at, part) = time.monotonic(), self._told
        if part != what or done >= total or now >= at + _TELL_EVERY_S:
            self._told = now, what
            self.tell(Say.PROGRESS, {"done": done, "total": total, "what": what})

    def ask(self, what: Say, body: bytes = b"") -> bytes:
        """Its answer; raises :class:`Cancelled` when it gives none any more."""
        with self._asking:
            self.tell(what, {}, body)
            answer = None if self._gone.is_set() else self._answers.get()
        if answer is None:
            raise Cancelled
        return answer

    def originals(self) -> Iterator[Original]:
        """The photos, each when its turn comes."""
        while answer := self.ask(Say.PHOTO):
            yield cast(Original, pickle.loads(answer))  # noqa: S301 - only this program writes to this process

    def _hear(self) -> None:
        with contextlib.suppress(EOFError, Nonsense, OSError):
            while True:
                self._answers.put(receive(self._inbox, MOST_GIVEN)[1])
        self._gone.set()
        self._answers.put(None)
        time.sleep(_SECONDS_TO_GIVE_UP)
        os._exit(1)


class _Manifests:
    """Signs the manifest with the studio's key, where that is."""

    def __init__(self, public_ssh: str, program: _Program) -> None:
        self.public_ssh, self._program = public_ssh, program

    def sign(self, message: bytes, namespace: Literal["safelight-bundle"]) -> str:
        """The program knows what it signs, so ``namespace`` is not sent: it signs nothing else."""
        del namespace
        return self._program.ask(Say.SIGN_MANIFEST, message).decode("ascii")


class _Documents:
    """Signs content credentials with the studio's key, where that is."""

    def __init__(self, chain_pem: bytes, program: _Program) -> None:
        self.chain_pem, self._program = chain_pem, program

    def sign(self, data: bytes, algorithm: Literal["PS256", "RS256"]) -> bytes:
        """As :meth:`_Manifests.sign`: content credentials are always PS256."""
        del algorithm
        return self._program.ask(Say.SIGN_CREDENTIALS, data)


def _own_stdout() -> BinaryIO:
    """The pipe to the program; what a library prints goes nowhere instead of in between."""
    outbox = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
    return outbox


def _place(error: BaseException) -> str:
    """Where it happened, never what about."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace is not None else "an unknown place"
