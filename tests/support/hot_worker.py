"""A small program that takes in a hot folder until nothing more comes, for tests that kill it on the way.

``hot_worker.py STUDIO FOLDER``: prints ``ACK id sha256`` for each frame that is durable and ``DONE`` at its end.
"""

from __future__ import annotations

import sys
from pathlib import Path

from safelight.capture.decoder_pool import DecoderPool
from safelight.capture.hot_folder import CALM
from safelight.studio.founding import open_studio
from safelight.studio.frame_binding import BySwitchLog
from safelight.studio.hot_intake import HotIntake, IntakeListener
from support.found_studio import PASSPHRASE


def main() -> None:
    def told(id: str, sha256: str) -> None:
        print(f"ACK {id} {sha256}", flush=True)

    with open_studio(Path(sys.argv[1]), PASSPHRASE, acknowledge=told) as studio, DecoderPool() as decoders:
        (session,) = studio.archive.sessions.list()
        binder = BySwitchLog(studio, session, session.photographer)
        hot = HotIntake(studio, session, Path(sys.argv[2]), decoders, binder, IntakeListener(), try_again=0.3)
        hot.run(lambda: hot.folder.looks >= 4 and hot.behind == 0 and hot.folder.pause == CALM)
    print("DONE", flush=True)


if __name__ == "__main__":
    main()
