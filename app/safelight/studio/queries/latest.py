"""What a door holds in its hands for long (the studio, the session that is worked on), as other programs left it."""

from __future__ import annotations

from safelight.domain.session import Session
from safelight.studio.open_studio import OpenStudio
from safelight.studio.rules import by_rules_at_work


def written_by_others(studio: OpenStudio) -> int:
    """A number that is another one as soon as another program wrote; asking it costs some microseconds."""
    return studio.archive.written_by_others()


def latest_of(studio: OpenStudio, session: Session | None) -> tuple[OpenStudio, Session | None]:
    """The studio by the rules it works by now, and ``session`` as it is now."""
    return by_rules_at_work(studio), None if session is None else studio.archive.sessions.get(session.id)
