"""Finding people while their name is typed: any spelling, any word, any script, the best match first."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safelight.domain.searching import NameIndex, folded
from support.sampling import examples

NAMES = (
    "Ayşe Öztürk", "Łukasz Wójcik", "Kari Ødegård", "Đorđe Đurić", "Björk Guðmundsdóttir", "Þór Æsirsson",
    "Işıl Yılmaz", "Zoë Müller-Groß", "Seán O’Brien", "محمد عبد الله", "إِبْرَاهِيم حسن", "שרה כהן", "山田太郎", "김민준",
    "Nguyễn Thị Ánh", "अनिता शर्मा", "Œuvrard Cécile", "İbrahim Özil", "Мария Ёлкина", "José María Núñez",
    "Ozan Demir", "Rozalia Nowak",
)  # fmt: skip
INDEX = NameIndex.of((name, name, f"A-{place:03}") for place, name in enumerate(NAMES))


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("oz", "Ayşe Öztürk"), ("ozturk", "Ayşe Öztürk"), ("Oeztuerk", "Ayşe Öztürk"), ("wojcik", "Łukasz Wójcik"),
        ("lukasz", "Łukasz Wójcik"), ("odegard", "Kari Ødegård"), ("oedegaard", "Kari Ødegård"),
        ("dur", "Đorđe Đurić"), ("gudmund", "Björk Guðmundsdóttir"), ("thor", "Þór Æsirsson"),
        ("aesir", "Þór Æsirsson"), ("isil", "Işıl Yılmaz"), ("YILMAZ", "Işıl Yılmaz"), ("zoe m", "Zoë Müller-Groß"),
        ("gross", "Zoë Müller-Groß"), ("mueller", "Zoë Müller-Groß"), ("muller-gro", "Zoë Müller-Groß"),
        ("obrien", "Seán O’Brien"), ("o'brien", "Seán O’Brien"), ("محم", "محمد عبد الله"), ("ابراهيم", "إِبْرَاهِيم حسن"),
        ("إبراهيم", "إِبْرَاهِيم حسن"), ("כהן", "שרה כהן"), ("山田", "山田太郎"), ("太郎", "山田太郎"), ("김민", "김민준"),
        ("anh nguyen", "Nguyễn Thị Ánh"), ("शर्मा", "अनिता शर्मा"), ("oeuvrard", "Œuvrard Cécile"),
        ("ibrahim", "İbrahim Özil"), ("елкина", "Мария Ёлкина"), ("nunez jose", "José María Núñez"),
    ],
)  # fmt: skip
def test_a_name_is_found_by_how_anybody_types_it(typed, found):
    assert found in INDEX.find(typed)


def test_what_begins_so_comes_before_what_has_it_inside():
    assert INDEX.find("oz") == ("Ozan Demir", "Ayşe Öztürk", "İbrahim Özil", "Rozalia Nowak")


def test_a_number_finds_its_person_first():
    index = NameIndex.of([(1, "Ada 17", "4"), (2, "Ben", "17"), (3, "Cho", "A-17"), (4, "Dan", "2017")])
    assert index.find("17") == (2, 1, 3, 4)
    assert index.find("a17") == (3,) and index.find("A-17")[0] == 3


def test_every_word_must_be_there():
    assert INDEX.find("jose nunez") == ("José María Núñez",)
    assert INDEX.find("jose wojcik") == ()


@pytest.mark.parametrize("typed", ["", "   ", "--", "’", "\u200f", "\u0301"])
def test_nothing_finds_nobody(typed):
    assert INDEX.find(typed) == ()


def test_a_direction_mark_hides_nobody():
    index = NameIndex.of([(1, "\u200fדוד\u200e לוי", ""), (2, "Mei\u200bLin", "")])
    assert index.find("דוד") == (1,) and index.find("meilin") == (2,)


def test_no_more_are_listed_than_asked_for():
    index = NameIndex.of((place, f"Ann {place}", "") for place in range(500))
    assert len(index.find("ann")) == 50 and len(index.find("nn", 3)) == 3


@settings(max_examples=examples(200, 5000), deadline=None)
@given(st.lists(st.text(min_size=1, max_size=30), min_size=1, max_size=8), st.data())
def test_every_name_is_found_by_itself_and_by_two_letters_of_any_word(names, data):
    index = NameIndex.of((place, name, "") for place, name in enumerate(names))
    place = data.draw(st.sampled_from(range(len(names))))
    if words := folded(names[place]).split():
        assert place in index.find(names[place])
        assert place in index.find(data.draw(st.sampled_from(words))[:2])


@settings(max_examples=examples(200, 5000), deadline=None)
@given(st.text(max_size=40))
def test_folding_twice_changes_nothing(text):
    assert folded(folded(text)) == folded(text)
