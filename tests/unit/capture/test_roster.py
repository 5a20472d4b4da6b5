"""Rosters: whatever an office sends, every row ends in the list of people or in the list of bad rows."""

from __future__ import annotations

import contextlib
import csv
import io
import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safelight.capture.roster import Field, Roster, read_columns, read_roster
from safelight.capture.roster_faults import Unclear
from safelight.capture.roster_values import (
    Order,
    birth_date,
    clean,
    country,
    full_name,
    key,
    language,
    order_of,
)
from safelight.domain.errors import Malformed, SafelightError, WrongUsage
from safelight.settings.resources import read_json
from support.sampling import examples


def read(text: str, encoding: str = "utf-8", **more: Any) -> Roster:
    return read_roster(text.encode(encoding), **more)


GERMAN = (
    "Nachname;Vorname;E-Mail-Adresse;Geburtsdatum;Sprache;Personalnummer;Abteilung\r\n"
    'Müller;Änne;aenne@example.org;03.04.2001;Deutsch;0042;"Vertrieb; Süd"\r\n'
    "Groß;Jürgen;;1.12.1980;en;7;\r\n"
)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "mac-roman", "latin-1"]
)
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_every_encoding_and_delimiter(encoding, delimiter):
    text = GERMAN.replace("Vertrieb; Süd", "Vertrieb Süd").replace(";", delimiter)
    roster = read(text, encoding)
    assert roster.delimiter == delimiter
    assert roster.encoding == {"latin-1": "cp1252"}.get(encoding, encoding)
    assert [row.name for row in roster.rows] == ["Änne Müller", "Jürgen Groß"]
    first = roster.rows[0]
    assert (first.email, first.birth_date, first.language) == ("aenne@example.org", date(2001, 4, 3), "de")
    assert (first.number, first.department, first.other, first.line) == ("0042", "Vertrieb Süd", (), 2)
    assert roster.bad == ()


def test_polish_in_its_old_encoding():
    roster = read("Imię,Nazwisko,Język\nŁucja,Wiśniewska,polski\nStanisław,Żółć,ukraiński\n", "cp1250")
    assert [row.name for row in roster.rows] == ["Łucja Wiśniewska", "Stanisław Żółć"]
    assert roster.encoding == "cp1250"


@pytest.mark.parametrize(
    ("header", "fields"),
    [
        ("First Name,Last Name,Email,DOB", ["first_name", "last_name", "email", "birth_date"]),
        ("Student first name (required),Student surname,Parent email", ["first_name", "last_name", "guardian_email"]),
        ("Prénom;NOM;Courriel;Date de naissance", ["first_name", "last_name", "email", "birth_date"]),
        ("Nombre;Apellidos;Correo electrónico;Fecha de nacimiento", ["first_name", "last_name", "email", "birth_date"]),
        ("Nome;Cognome;E-mail;Data di nascita", ["first_name", "last_name", "email", "birth_date"]),
        ("Nome completo;E-mail;Data de nascimento;Responsável", ["full_name", "email", "birth_date", "guardian"]),
        (
            "Voornaam;Achternaam;E-mailadres;Geboortedatum;Taal",
            ["first_name", "last_name", "email", "birth_date", "language"],
        ),
        ("Imię i nazwisko;E-mail;Data urodzenia;Uwagi", ["full_name", "email", "birth_date", "note"]),
        ("name_vorname;Erziehungsberechtigte/r;Schülernummer", ["full_name", "guardian", "number"]),
        ("Name,Vorname", ["last_name", "first_name"]),
        ("氏名,メールアドレス,生年月日", ["full_name", "email", "birth_date"]),
        ("ФИО;Дата рождения;Примечание", ["full_name", "birth_date", "note"]),
        ("الاسم الكامل,البريد الإلكتروني", ["full_name", "email"]),
    ],
)
def test_headers_of_many_offices(header, fields):
    width = len(fields)
    delimiter = ";" if ";" in header else ","
    roster = read(header + "\n" + delimiter.join(["Anna"] + [""] * (width - 1)) + "\n")
    assert [field.value for field in roster.mapping.values()] == fields
    assert len(roster.rows) == 1


def test_a_mapping_of_ones_own():
    text = "Spalte A;Spalte B;Spalte C\nKim;x;2001-02-03\n"
    with pytest.raises(Malformed, match="None of the 3 columns"):
        read(text)
    roster = read(text, mapping={"Spalte A": "full_name", "spalte c": Field.BIRTH_DATE})
    assert (roster.rows[0].name, roster.rows[0].birth_date) == ("Kim", date(2001, 2, 3))
    assert roster.rows[0].other == (("Spalte B", "x"),)
    with pytest.raises(WrongUsage, match="no column"):
        read(text, mapping={"Spalte A": "full_name", "Spalte Z": "email"})
    with pytest.raises(WrongUsage, match="no field"):
        read(text, mapping={"Spalte A": "shoe_size"})


def test_a_title_above_the_header_and_sep_line():
    roster = read('sep=|\nClass 5b, 2026\n\nName|E-mail\n"Ana|Bea"|a@example.org\n')
    assert roster.delimiter == "|"
    assert roster.rows[0].name == "Ana|Bea"
    assert [(bad.line, bad.raw) for bad in roster.bad] == [(2, "Class 5b, 2026")]


def test_quotes_and_lines_inside_cells():
    roster = read('Name,Note\r\n"Smith, Ann","said ""yes""\r\nand came"\r\n"O""Hara" ,x\r\n Bo ,y\r\n')
    assert [(row.name, row.note, row.line) for row in roster.rows] == [
        *(("Ann Smith", 'said "yes" and came', 2), ('O"Hara', "x", 4), ("Bo", "y", 5)),
    ]


def test_an_open_quote_costs_its_line_only():
    roster = read('Name,Note\nAna,"open\nBea,b\nChi,c\n')
    assert [row.name for row in roster.rows] == ["Bea", "Chi"]
    assert [(bad.line, bad.raw) for bad in roster.bad] == [(2, 'Ana,"open')]


def test_bad_rows_say_why():
    rows = [
        *(",x@example.org,", "Ana,not an address,", "Bea,,31.02.2001", "Chi,,03/04/2010", "Dan,,1.2.99"),
        *("Eve,,a,b,c", "Fay" + "y" * 300 + ",,", "Gus\ufffd,,", "1234,,", "Hal,," + "9" * 1001, "Ida,,44000", "Jo,,"),
    ]
    roster = read("Name,Email,Birthday\n" + "\n".join(rows) + "\n")
    assert [row.name for row in roster.rows] == ["Jo"]
    reasons = [bad.reason for bad in roster.bad]
    wanted = "name,e-mail,calendar,could be,cannot be read,cells,name has more,lost,no name,more than,cannot be read"
    assert len(reasons) == len(rows) - 1
    for reason, part in zip(reasons, wanted.split(","), strict=True):
        assert part in reason
    assert [bad.line for bad in roster.bad] == list(range(2, 13))


def test_dates_are_read_one_way_or_not_at_all():
    ways = {
        "2010-04-03": (2010, 4, 3), "2010/4/3": (2010, 4, 3), "20100403": (2010, 4, 3), "3.4.2010": (2010, 4, 3),
        "25/04/2010": (2010, 4, 25), "04/25/2010": (2010, 4, 25), "04-04-2010": (2010, 4, 4),
        "3 April 2010": (2010, 4, 3),
        "3. März 2010": (2010, 3, 3), "3 de marzo de 2010": (2010, 3, 3), "1er mars 2010": (2010, 3, 1),
        "March 3rd, 2010": (2010, 3, 3), "3-Mar-2010": (2010, 3, 3), "2010年4月3日": (2010, 4, 3),
        "2010-04-03 00:00:00": (2010, 4, 3), "2010-04-03T00:00:00": (2010, 4, 3),
    }  # fmt: skip
    for text, parts in ways.items():
        assert birth_date(text, Order.UNKNOWN) == date(*parts), text
    assert birth_date(" ", Order.UNKNOWN) is None
    for text in (
        "03/04/2010",
        "3-4-2010",
        "3.4.10",
        "40271",
        "soon",
        "2010-13-01",
        "1810-01-01",
        "3 Foo 2010",
        "٣/٤/٢٠١٠x",
    ):
        with pytest.raises(Unclear):
            birth_date(text, Order.UNKNOWN)


def test_a_column_may_tell_the_order_of_its_days():
    assert order_of(["03/04/2010", "25/04/2010"]) is Order.DAY_FIRST
    assert order_of(["03/04/2010", "04/25/2010"]) is Order.MONTH_FIRST
    assert order_of(["25/04/2010", "04/25/2010"]) is Order.UNKNOWN
    assert order_of(["25.04.2010"]) is Order.UNKNOWN
    roster = read("Name,DOB\nAna,03/04/2010\nBea,25/04/2010\n")
    assert [row.birth_date for row in roster.rows] == [date(2010, 4, 3), date(2010, 4, 25)]
    roster = read("Name,DOB\nAna,03/04/2010\nBea,25/04/2010\nChi,04/25/2010\n")
    assert [bad.line for bad in roster.bad] == [2]


def test_languages():
    known = {
        "Deutsch": "de",
        "GERMAN": "de",
        "de-AT": "de",
        "pt_BR": "pt",
        "zh": "zh-Hans",
        "zh-TW": "zh-Hant",
        "no": "nb",
    }
    assert {text: language(text) for text in known} == known
    assert language("Klingon") == language("") == language("x") == ""
    roster = read("Name,Language\nAna,Klingon\n")
    assert roster.rows[0].language == "" and roster.rows[0].other == (("Language", "Klingon"),)


def test_text_is_data():
    hostile = [
        "=HYPERLINK(1)A",
        "<img src=/etc/passwd>",
        "a\u202eb\u200bc",
        "e\u0301",
        "x\u0000y\tz",
        "می\u200cخواهم",
        "{0.x} %s",
    ]
    buffer = io.StringIO()
    csv.writer(buffer).writerows([["Name", "Note"], *[[text, text] for text in hostile]])
    roster = read(buffer.getvalue())
    assert [row.name for row in roster.rows] == [
        *("=HYPERLINK(1)A", "<img src=/etc/passwd>", "abc", "é", "x y z", "می\u200cخواهم", "{0.x} %s"),
    ]


def test_no_list_at_all():
    for data in (
        b"",
        b"\n\n",
        b"PK\x03\x04rest",
        b"\xd0\xcf\x11\xe0rest",
        bytes(500),
        b"\xff\xd8\xff\xe0\0\x10JFIF",
        b"a,b\n1,2\n",
    ):
        with pytest.raises(Malformed):
            read_roster(data)
    with pytest.raises(Malformed, match="larger than 5 MiB"):
        read_roster(b"Name\n" + b"x" * (5 << 20))
    with pytest.raises(Malformed, match="50,000 rows"):
        read_roster(b"Name\n" + b"a\n" * 50_001)
    assert len(read_roster(b"Name\n" + b"a\n" * 50_000).rows) == 50_000


def test_hostile_quotes_cost_little():
    roster = read_roster(b"Name;x\n" + b'"a\n' * 20_000)
    assert len(roster.rows) == 0 or len(roster.rows) + len(roster.bad) <= 20_000
    assert sum(bad.raw.count('"') for bad in roster.bad) + sum(row.name.count("a") for row in roster.rows) > 0


def test_columns_that_repeat_or_have_no_name():
    roster = read("Name,Name,,Mail,E-Mail\nAna,Bea,c,a@example.org,b@example.org\n")
    assert roster.header == ("Name", "Name (2)", "column 3", "Mail", "E-Mail")
    assert roster.rows[0].other == (("Name (2)", "Bea"), ("column 3", "c"), ("E-Mail", "b@example.org"))


def test_the_words_of_offices_mean_one_thing_each():
    listed = read_json("rules/roster_headers.json")
    words = [word for names in listed["fields"].values() for word in names]
    assert len(words) == len(set(words)) and all(word == key(word) for word in words)
    assert set(listed["fields"]) == {field.value for field in Field}
    assert set(listed["months"].values()) == set(range(1, 13))
    assert all(name == key(name) for name in [*listed["languages"], *listed["months"], *listed["people"]])
    json.dumps(listed)


names = st.text(alphabet=st.characters(codec="utf-8", categories=["L", "M", "Nd", "P", "Zs"]), min_size=1, max_size=40)


@given(
    st.lists(st.tuples(names, names), min_size=1, max_size=12),
    st.sampled_from(",;\t|"),
    st.sampled_from(["utf-8", "utf-16", "utf-8-sig"]),
)
def test_what_a_spreadsheet_writes_is_accounted_for(people, delimiter, encoding):
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter)
    writer.writerow(["Name", "Note"])
    writer.writerows(people)
    roster = read(buffer.getvalue(), encoding)
    assert roster.delimiter == delimiter
    seen = len(roster.rows) + len(roster.bad)
    blank = sum(not (name.strip() or note.strip()) for name, note in people)
    assert seen == len(people) - blank
    wanted = {(full_name(clean(name)), clean(note)) for name, note in people}
    assert all((row.name, row.note) in wanted for row in roster.rows)


@settings(max_examples=examples(100, 2000))
@given(
    st.one_of(
        st.binary(max_size=300), st.text(max_size=300).map(lambda text: ("Name;E-Mail;Geburtstag\n" + text).encode())
    )
)
def test_noise_never_escapes(data):
    with contextlib.suppress(SafelightError):
        roster = read_roster(data)
        assert all(row.name for row in roster.rows)
        assert all(bad.reason and bad.line >= 1 for bad in roster.bad)


def test_a_surname_before_a_comma_goes_last():
    text = 'Name;Phone;Country;Department\n"Müller, Änne";+49 40 1234;Deutschland;Vertrieb\nKing, Jr.;;XX1;\n'
    first, second = read(text).rows
    assert (first.name, first.phone, first.country) == ("Änne Müller", "+49 40 1234", "DE")
    assert first.department == "Vertrieb"
    assert (second.name, second.country, second.other) == ("King, Jr.", "", (("Country", "XX1"),))
    for same in ("Ada", "a, b, c", "Falk,", ", Ada", "Falk, PhD", "12, 13"):
        assert full_name(same) == same
    assert full_name("Falk،Ada") == "Ada Falk"


def test_countries_are_codes_or_names_in_any_language_of_the_program():
    for told in ("DE", "de", "Germany", "Deutschland", "allemagne", "Duitsland", "ドイツ"):
        assert country(told) == "DE", told
    assert country("UK") == "GB" and country("usa") == "US" and country("JP") == "JP"
    assert country("Norwegen") == "NO" and country("ウルグアイ") == "UY"
    assert country("ZZ") == country("XX") == country("EU") == "", "a code is a country's"
    assert country("Atlantis") == country("D") == country("D3") == ""


def test_columns_of_which_nothing_is_kept_are_named():
    assert read("Name,Shoe size,Notes,Email\nAda,39,late,\n").unused == ("Shoe size", "Notes")


def test_birth_dates_lie_between_today_and_120_years_ago():
    text = "Name,Born\nA,2031-01-01\nB,2026-11-28\nC,2026-11-27\nD,1906-11-28\nE,1905-11-27\n"
    roster = read(text, mapping={"Name": "full_name", "Born": "birth_date"}, today=date(2026, 11, 27))
    assert [row.name for row in roster.rows] == ["C", "D"]
    assert [(bad.line, "in the future" in bad.reason) for bad in roster.bad] == [(2, True), (3, True), (6, False)]


@pytest.mark.parametrize(
    "noise",
    [
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9,
        b"\x89PNG\r\n\x1a\n" + bytes(400),
        b"\xff\xd8\xff\xe0\0\x10JFIF\0" + bytes(range(1, 256)) * 9,
    ],
)
def test_a_picture_is_no_list(noise: bytes) -> None:
    with pytest.raises(Malformed, match="no list as text"):
        read_columns(noise)
