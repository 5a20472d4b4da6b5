"""The stored order of countries is the one Qt would sort their names in, in every language."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtCore import QCollator, QLocale

from safelight.settings.countries import codes
from safelight.settings.texts import LANGUAGES, texts


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere Qt asks the system, which may sort by other rules")
@pytest.mark.parametrize("language", LANGUAGES)
def test_countries_are_stored_in_the_order_of_their_names(language: str) -> None:
    words, collator = texts(language), QCollator(QLocale(language))
    sorted_by_qt = sorted(codes(), key=lambda code: collator.sortKey(words.country(code)))
    assert words.in_order(codes()) == sorted_by_qt, "put into country_order.json: " + " ".join(sorted_by_qt)


def test_what_is_no_country_comes_last() -> None:
    assert texts("de").in_order(["XX", "AT", "EG", "AF"]) == ["AF", "EG", "AT", "XX"]
