"""Days, times and lists as people write them in their language, at the place."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from safelight.settings.countries import codes
from safelight.settings.locales import (
    country_name,
    country_names,
    day_words,
    listed,
    moment_words,
    offset_words,
    time_words,
)
from safelight.settings.texts import LANGUAGES

DAY = date(2027, 11, 27)
EVENING = datetime(2026, 11, 27, 18, 30, 5, tzinfo=timezone(timedelta(hours=-8)))
WRITTEN = {
    "en": "27 November 2027", "de": "27. November 2027", "fr": "27 novembre 2027", "es": "27 de noviembre de 2027",
    "it": "27 novembre 2027", "pt": "27 de novembro de 2027", "nl": "27 november 2027", "pl": "27 listopada 2027",
    "uk": "27 листопада 2027 року", "tr": "27 Kasım 2027", "ar": "27 نوفمبر 2027", "hi": "27 नवंबर 2027",
    "ja": "2027年11月27日", "zh-Hans": "2027年11月27日",
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_days_as_the_language_writes_them(language: str) -> None:
    assert day_words(language, "DE", DAY) == WRITTEN[language]
    for country in sorted(codes()):
        written = day_words(language, country, DAY)
        assert "2027" in written and "27" in written, (country, "one kind of digits, as everywhere else in the texts")
        assert not any(unicodedata.category(each) == "Cf" for each in written), country
        assert not written.endswith("."), "a full stop follows where the sentence ends"


def test_english_puts_the_month_first_only_where_people_do() -> None:
    assert day_words("en", "US", DAY) == "November 27, 2027"
    assert day_words("en", "GB", DAY) == day_words("en", "UY", DAY) == "27 November 2027"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_moment_has_its_day_its_clock_and_its_distance(language: str) -> None:
    told = moment_words(language, "DE", EVENING)
    assert day_words(language, "DE", EVENING.date()) in told and time_words(language, "DE", EVENING) in told
    assert "30:05" in told and "{" not in told and "'" not in told
    assert "08:00" in offset_words(language, EVENING)
    assert "\u202f" not in time_words(language, "US", EVENING)


def test_utc_is_said_too() -> None:
    assert offset_words("en", EVENING.astimezone(UTC)) in ("GMT", "GMT+00:00")
    assert moment_words("de", "DE", EVENING) == "27. November 2026, 18:30:05"
    assert moment_words("en", "US", EVENING).replace("\u00a0", " ") == "November 27, 2026, 6:30:05 PM"


def test_lists_end_as_the_language_ends_them() -> None:
    assert listed("en", "GB", ["A", "B", "C"]) == "A, B and C"
    assert listed("de", "DE", ["A", "B", "C"], "or") == "A, B oder C"
    assert listed("ja", "JP", ["A", "B"]) == "A、B"
    assert listed("ar", "EG", ["A", "B"]) == "A وB"
    assert listed("en", "GB", ["A"]) == "A" and listed("en", "GB", []) == ""


def test_countries_have_names() -> None:
    assert country_name("fr", "UY") == "Uruguay" and country_name("de", "EU") == "Europäische Union"
    assert country_name("de", "QQ") is None
    assert country_names("nb")["DE"] == "Tyskland" and country_names("tlh") == {} and country_names("") == {}
