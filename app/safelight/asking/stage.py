"""The stage of the signing screen: where it is, who sits here, and the scene that follows from both."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from safelight.domain.days import local_day
from safelight.domain.errors import SafelightError
from safelight.domain.ids import Language
from safelight.domain.people import Role
from safelight.settings.texts import texts

from .asking import Asking
from .listeners import Listeners
from .scene import Page, Scene
from .signing_point import SigningPoint
from .work import Work

T = TypeVar("T")


class Stage:
    """Emits a :class:`Scene` whenever something changed; what changes it is in ``Flow``."""

    def __init__(self, desk: SigningPoint, work: Work, mode: Callable[[], str]) -> None:
        self.shown = Listeners[Scene]()
        """A :class:`Scene` to paint."""
        self.left = Listeners[()]()
        """The team has given the PIN."""
        self.pin_refused = Listeners[()]()
        self.recognised = Listeners[()]()
        """Whoever sits here has shown their card again."""
        self.scale = 100
        self.reduced_motion = False
        self._desk, self._work, self._mode = desk, work, mode
        self._language = desk.languages[0]
        self._chosen: Language | None = None
        self._asking: Asking | None = None
        self._page = Page.WAITING
        self._until: datetime | None = None
        self._letting_in = self._putting_away = False
        self._turned_away = ""
        self._trouble: SafelightError | None = None
        self._again: Callable[[], None] | None = None
        self._thanked = ""
        self._camera = False

    @property
    def language(self) -> Language:
        """The language on the screen now."""
        return self._asking.language if self._asking else self._language

    @property
    def page(self) -> Page:
        """Where the screen is."""
        return Page.TROUBLE if self._trouble else self._page

    @property
    def asking(self) -> Asking | None:
        """The ceremony under way; None while nobody sits here."""
        return self._asking

    def again(self) -> None:
        """Try once more what failed; nothing was lost."""
        again, self._again, self._trouble = self._again, None, None
        self.show()
        if again is not None:
            again()

    def noted(self, note: str) -> None:
        """Say below the receipt what became of printing or sending."""
        if self._asking is not None:
            self._asking.note = note
            self.show()

    def offer_camera(self, on: bool) -> None:
        """Whether a camera looks for cards now: said on the page that waits for them."""
        self._camera = on
        if self.page is Page.WAITING:
            self.show()

    def resize_text(self, scale: int) -> None:
        """Text at so many percent."""
        self.scale = scale
        self.show()

    def fail(self, error: SafelightError, again: Callable[[], None]) -> None:
        self._trouble, self._again = error, again
        self.show()

    def run(self, work: Callable[[], T], succeeded: Callable[[T], None]) -> None:
        def lost(error: SafelightError) -> None:
            self._letting_in = False
            self.fail(error, self.show)

        self._work.run(work, succeeded, lost)

    def go(self, page: Page) -> None:
        self._page = page
        self.show()

    def forget(self) -> None:
        if self._asking is not None:
            self._asking.forget()
        self._asking = self._until = self._trouble = self._again = self._chosen = None
        self._thanked = self._turned_away = ""
        self._putting_away = False

    def show(self) -> None:
        self.shown.emit(self.scene())

    def scene(self) -> Scene:
        """What is to be painted now."""
        asking, error = self._asking, self._trouble
        person = asking.person if asking else None
        return Scene(
            page=self.page,
            texts=texts(self.language),
            languages=self._desk.languages,
            session=self._desk.session_name,
            name=self._name(),
            minor=person.minor if person else False,
            role=asking.ceremony.whose_turn if asking else Role.SUBJECT,
            minor_first=asking is not None and person is not None and person.minor and asking.alone,
            state=asking.state(self.scale, self.reduced_motion) if asking else None,
            step=asking.step if asking else None,
            until=local_day(self._until, asking.ceremony.utc_offset_minutes) if asking and self._until else None,
            title=error.title if error else "",
            hint=error.hint if error else "",
            turned_away=self._turned_away,
            of_age=self._desk.of_age,
            busy=self._letting_in,
            camera=self._camera,
            country=person.country if person else "",
        )

    def _name(self) -> str:
        if self._asking is None:
            return self._thanked
        return self._asking.turn_name() if self._page is Page.HANDOVER else self._asking.person.name
