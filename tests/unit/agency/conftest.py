"""An agency on a clock that tests turn, and studios that deliver to it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from safelight.agency.founding import Founding, agency_card, found_agency, open_agency
from safelight.agency.open_agency import OpenAgency
from safelight.agency.trust import trust_studio
from safelight.documents.identity_cards import read_card
from safelight.keys.passphrases import FLOOR_COST
from support import deliveries

PASSPHRASE = "four unrelated words here"
WANTED = Founding("Agence Lumière", "FR", "rights@lumiere.example", "2 rue des Images")


class Clock:
    """A clock that shows what it is set to."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **by: int) -> None:
        self.at += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock(deliveries.START + timedelta(hours=1))


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An agency that was just founded, to be copied."""
    folder = tmp_path_factory.mktemp("founded") / "agency"
    found_agency(folder, WANTED, PASSPHRASE, clock=Clock(deliveries.START), cost=FLOOR_COST).catalogue.close()
    return folder


@pytest.fixture
def agency(tmp_path: Path, clock: Clock, founded: Path) -> Iterator[OpenAgency]:
    shutil.copytree(founded, tmp_path / "agency")
    with open_agency(tmp_path / "agency", PASSPHRASE, clock=clock) as opened:
        yield opened


@pytest.fixture(scope="session")
def other_founded(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The card of another agency."""
    wanted = Founding("Beta Casting", "AT", "b@beta.example")
    folder = tmp_path_factory.mktemp("other") / "agency"
    with found_agency(folder, wanted, PASSPHRASE, clock=Clock(deliveries.START), cost=FLOOR_COST) as opened:
        return agency_card(opened)


@pytest.fixture
def new_studio(agency: OpenAgency) -> Callable[..., Any]:
    """``new_studio(name, trusted=True)``: a studio that knows the agency and, if asked, is trusted by it."""

    def make(name: str = "Atelier Ümlaut & Söhne", trusted: bool = True) -> Any:
        double = deliveries.StudioDouble(name, read_card(agency_card(agency)).as_recipient())
        if trusted:
            trust_studio(agency, double.card())
        return double

    return make


@pytest.fixture
def studio(new_studio: Callable[..., Any]) -> Any:
    return new_studio()


@pytest.fixture
def shot() -> Callable[..., Any]:
    """``shot(*people)``: a photo no other looks like, of one new person unless told otherwise."""
    shades = iter(range(65_536))

    def make(*people: Any, **fields: Any) -> Any:
        data = fields.pop("data", None) or deliveries.small_jpeg(next(shades))
        return deliveries.Shot(people or (deliveries.Person(),), data, **fields)

    return make
