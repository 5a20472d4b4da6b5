"""The stage of the signing screen: where it is, who sits here, and the scene that follows from both."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from safelight.domain.days import local_day
from safelight.domain.errors import SafelightError
from safelight.domain.ids import Language
from safelight.domain.people import Role
from safelight.domain.sitting import TakenBack, TooManyGuesses
from safelight.settings.texts import texts

from .asking import Asking
from .listeners import Listeners
from .mind import Mind
from .scene import READS_CARDS, Page, Scene
from .signing_point import SigningPoint


class Stage:
    """Emits a :class:`Scene` whenever something changed; what changes it is in ``Flow``."""

    def __init__(self, point: SigningPoint) -> None:
        self.shown = Listeners[Scene]()
        """A :class:`Scene` to paint."""
        self.confirmed = Listeners[TakenBack]()
        """Somebody took something back, and the letter to them is there to be saved."""
        self.asking: Asking | None = None
        """The ceremony under way; None while nobody sits here."""
        self.mind: Mind | None = None
        """Somebody takes back what they allowed; nobody sits here then."""
        self.below = Page.WAITING
        """The page, also while a trouble lies above it."""
        self.spoken: Language = point.languages[0]
        """The language while nobody sits here."""
        self.until: datetime | None = None
        self.letting_in = False
        self.turned_away = ""
        self.thanked = ""
        self.scale = 100
        self.reduced_motion = False
        self._point = point
        self._camera = False
        self._trouble: SafelightError | None = None
        self._again: Callable[[], None] | None = None

    @property
    def language(self) -> Language:
        """The language on the screen now."""
        return self.asking.language if self.asking else self.spoken

    @property
    def page(self) -> Page:
        """What is on the screen."""
        return Page.TROUBLE if self._trouble else self.below

    def seat(self, asking: Asking) -> None:
        """Show the ceremony of whoever sits here from now on."""
        self.asking = asking
        asking.changed.connect(self.show)
        asking.turned.connect(lambda: self.go(Page.HANDOVER))
        asking.held.connect(self._hold)
        asking.finished.connect(lambda: self.go(Page.STEP))

    def change_mind(self, mind: Mind) -> None:
        """Show the way of somebody who takes back what they allowed."""
        self.mind = mind
        mind.changed.connect(lambda: self.go(mind.page))
        mind.failed.connect(self.fail)
        mind.confirmed.connect(self.confirmed.emit)
        self.go(mind.page)

    def go(self, page: Page) -> None:
        """Turn to ``page``."""
        self.below = page
        self.show()

    def show(self) -> None:
        """Paint it (again)."""
        self.shown.emit(self.scene())

    def fail(self, error: SafelightError, again: Callable[[], None]) -> None:
        """Say what happened above the page, with what tries the same again."""
        self._trouble, self._again = error, again
        self.show()

    def again(self) -> None:
        """Try once more what failed; nothing was lost."""
        again, self._again, self._trouble = self._again, None, None
        self.show()
        if again is not None:
            again()

    def turn_away(self, why: str) -> None:
        """Wait again, with the sentence under this key for whoever was not let in."""
        self.turned_away = why
        self.go(Page.WAITING)

    def read(self, untrusted_text: str) -> None:
        """A card or a receipt was held up; only somebody who takes back is meant."""
        if self.mind is not None:
            self.mind.read(untrusted_text)

    def noted(self, note: str) -> None:
        """Say below the receipt what became of printing or sending."""
        if self.asking is not None:
            self.asking.note = note
            self.show()

    def offer_camera(self, on: bool) -> None:
        """Whether a camera looks for cards now: said on the page that waits for them."""
        self._camera = on
        if self.page in READS_CARDS:
            self.show()

    def resize_text(self, scale: int) -> None:
        """Text at so many percent."""
        self.scale = scale
        self.show()

    def forget(self) -> None:
        """Nobody sits here, and nothing of whoever did is left."""
        for each in (self.asking, self.mind):
            if each is not None:
                each.forget()
        self.asking = self.mind = self.until = self._trouble = self._again = None
        self.thanked = self.turned_away = ""

    @property
    def name(self) -> str:
        """Whoever is spoken to."""
        if self.asking is None:
            return self.thanked
        return self.asking.turn_name() if self.below is Page.HANDOVER else self.asking.person.name

    def scene(self) -> Scene:
        """What is to be painted now."""
        asking, error = self.asking, self._trouble
        person = asking.person if asking else None
        title, hint = (error.title, error.hint) if error else ("", "")
        if isinstance(error, TooManyGuesses):  # not a fault of the studio's but of what was typed: in their own words
            title, hint = texts(self.language).ceremony["pin_wait"], ""
        return Scene(
            page=self.page,
            texts=texts(self.language),
            languages=self._point.languages,
            session=self._point.session_name,
            name=self.name,
            minor=person.minor if person else False,
            role=asking.ceremony.whose_turn if asking else Role.SUBJECT,
            minor_first=asking is not None and person is not None and person.minor and asking.alone,
            state=asking.state(self.scale, self.reduced_motion) if asking else None,
            step=asking.step if asking else None,
            until=local_day(self.until, asking.ceremony.utc_offset_minutes) if asking and self.until else None,
            title=title,
            hint=hint,
            turned_away=self.turned_away,
            of_age=self._point.of_age,
            busy=self.letting_in,
            camera=self._camera,
            country=person.country if person else "",
            mind=self.mind.state() if self.mind else None,
        )

    def _hold(self, until: datetime) -> None:
        self.until = until
        self.go(Page.HELD)
