"""What is printed before a shoot: every code is read back by our own readers, every name stands on its card."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

import pypdfium2 as pdfium
import pytest
from PIL import Image

from safelight.capture.badge_frames import read_badges
from safelight.capture.clock_codes import read_clock_text
from safelight.capture.slates import SlateRef, read_slate_text
from safelight.domain.changes import Changes
from safelight.domain.errors import WrongUsage
from safelight.domain.ids import Country, Language, SubjectId
from safelight.domain.people import Subject
from safelight.domain.sheets import Paper, SheetKind
from safelight.images.media_type import MediaType
from safelight.studio.arrivals import mark_arrived
from safelight.studio.badges import badge_code, whose_badge
from safelight.studio.card_sheets import (
    card_sheet,
    clock_code,
    drop_spares,
    make_spares,
    recovery_sheets,
    spares_of,
)
from safelight.studio.founding import open_with_shares, recovery_shares
from safelight.studio.open_studio import new_id
from safelight.studio.sessions import close_session
from safelight.studio.subject_changes import SubjectChange, change_subject, merge_subjects
from safelight.studio.subjects import add_subject
from support.shoot import PASSPHRASE, START, Shoot

NAMES = (
    "Ayşe Öztürk", "Łukasz Wójcik", "محمد عبد الله", "שרה כהן", "山田太郎", "김민준", "अनिता शर्मा", "Мария Ёлкина",
    "<b>O'Brien</b> & Co", "🙂 Zed",
)  # fmt: skip


def people(shoot: Shoot, names: tuple[str, ...] = NAMES) -> list[Subject]:
    found = []
    for number, each in enumerate(names):
        wanted = Subject(
            SubjectId(new_id()), each, Language("en"), Country("DE"), reference=f"N-{number}" if number % 2 else ""
        )
        found.append(add_subject(shoot.studio, shoot.session, wanted)[0])
    return found


def pages(pdf: bytes) -> list[tuple[Image.Image, str]]:
    """Each page as a printer at 200 dots an inch would show it, and its text."""
    document = pdfium.PdfDocument(pdf)
    try:
        return [(page.render(scale=200 / 72).to_pil().convert("L"), page.get_textpage().get_text_range())
                for page in document]  # fmt: skip
    finally:
        document.close()


def codes(picture: Image.Image) -> tuple[str, ...]:
    return read_badges(picture.tobytes(), *picture.size)


def letters(text: str) -> Iterator[str]:
    """The codes to type on a page."""
    return (found.replace("\xa0", "").replace(" ", "") for found in re.findall(r"\b\w{3}[\xa0 ]\w{3}\b", text))


@pytest.mark.parametrize("paper", Paper)
@pytest.mark.parametrize("kind", [SheetKind.BADGES, SheetKind.SLATES, SheetKind.HALF_SLATES])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_code_is_read_back_and_belongs_to_whom_it_names(
    shoot: Shoot, kind: SheetKind, paper: Paper, language: str
) -> None:
    wanted = people(shoot, NAMES if kind is SheetKind.BADGES else NAMES[:3])
    pdf = card_sheet(shoot.studio, shoot.session, kind, paper, language=language)
    drawn = pages(pdf)
    read = [read_slate_text(code) for picture, _ in drawn for code in codes(picture)]
    assert sorted(read, key=str) == sorted((SlateRef(shoot.session.id, each.id) for each in wanted), key=str)
    typed = {code for _, text in drawn for code in letters(text)}
    assert {badge_code(shoot.studio, shoot.session.id, each.id) for each in wanted} <= typed
    assert {picture.size for picture, _ in drawn} == {tuple(round(side * 200 / 72 + 0.49) for side in paper.points)}


def test_the_slate_of_a_page_is_read_from_a_photograph_of_it(shoot: Shoot) -> None:
    (person,) = people(shoot, ("Ada Falk",))
    ((page, _),) = pages(card_sheet(shoot.studio, shoot.session, SheetKind.SLATES))
    scene = Image.new("RGB", (6000, 4000), (70, 74, 80))
    scene.paste(page.convert("RGB").resize((500, 707)).rotate(7, expand=True, fillcolor=(70, 74, 80)), (3100, 1500))
    path = shoot.scratch / "slate.jpg"
    scene.save(path, "JPEG", quality=85)
    seen = shoot.decoders.develop(path.read_bytes(), MediaType.JPEG)
    assert seen.slate is not None and read_slate_text(seen.slate) == SlateRef(shoot.session.id, person.id)


def test_names_stand_on_their_cards_in_the_order_of_the_alphabet(shoot: Shoot) -> None:
    people(shoot)
    ((_, text),) = pages(card_sheet(shoot.studio, shoot.session, SheetKind.BADGES, language="en"))
    plain = " ".join(text.split())
    for each in ("Ayşe Öztürk", "Łukasz Wójcik", "山田太郎", "김민준", "Мария Ёлкина", "<b>O'Brien</b> & Co"):
        assert each.replace(" ", "") in plain.replace(" ", ""), each
    places = [plain.replace(" ", "").index(each) for each in ("AyşeÖztürk", "<b>O'Brien", "ŁukaszWójcik")]
    assert places == sorted(places)
    assert "No. N-1" in plain


@pytest.mark.parametrize(
    ("count", "kind", "expected"),
    [(10, SheetKind.BADGES, 1), (11, SheetKind.BADGES, 2), (3, SheetKind.SLATES, 3), (3, SheetKind.HALF_SLATES, 2)],
)
def test_pages_break_where_they_are_full_and_none_is_empty(
    shoot: Shoot, count: int, kind: SheetKind, expected: int
) -> None:
    people(shoot, tuple(f"Person {number}" for number in range(count)))
    drawn = pages(card_sheet(shoot.studio, shoot.session, kind))
    assert len(drawn) == expected
    assert all(codes(picture) for picture, _ in drawn)


def test_a_name_of_five_hundred_letters_ends_in_an_ellipsis_and_leaves_the_rest_of_the_card_alone(shoot: Shoot) -> None:
    long = "Wolfeschlegelsteinhausenbergerdorff " * 14
    person, *_ = people(shoot, (long[:500], "ا" * 500))
    for kind in (SheetKind.BADGES, SheetKind.HALF_SLATES, SheetKind.SLATES):
        drawn = pages(card_sheet(shoot.studio, shoot.session, kind))
        told = " ".join(text for _, text in drawn)
        assert "…" in told and badge_code(shoot.studio, shoot.session.id, person.id) in set(letters(told))
        assert sum(len(codes(picture)) for picture, _ in drawn) == 2


def test_only_some_are_printed_and_nobody_is_no_page(shoot: Shoot) -> None:
    with pytest.raises(WrongUsage):
        card_sheet(shoot.studio, shoot.session, SheetKind.BADGES)
    one, *_ = people(shoot)
    ((picture, _),) = pages(card_sheet(shoot.studio, shoot.session, SheetKind.BADGES, people=[one.id]))
    assert len(codes(picture)) == 1
    with pytest.raises(WrongUsage):
        card_sheet(shoot.studio, shoot.session, SheetKind.SPARES)


def test_spare_cards_are_people_made_beforehand(shoot: Shoot) -> None:
    spares, changes = make_spares(shoot.studio, shoot.session, 2)
    assert changes == Changes.SUBJECTS | Changes.JOURNAL
    more, _ = make_spares(shoot.studio, shoot.session, 1)
    assert [each.name for each in (*spares, *more)] == ["W-01", "W-02", "W-03"]
    ((picture, text),) = pages(card_sheet(shoot.studio, shoot.session, SheetKind.SPARES, language="en"))
    assert len(codes(picture)) == 3 and "W-01" in text and "Name" in text
    assert whose_badge(shoot.studio, shoot.session, codes(picture)[0]) in {each.id for each in (*spares, *more)}
    people(shoot, ("Ada Falk",))
    ((picture, text),) = pages(card_sheet(shoot.studio, shoot.session, SheetKind.BADGES))
    assert len(codes(picture)) == 1 and "W-0" not in text
    for wrong in (0, 201):
        with pytest.raises(WrongUsage):
            make_spares(shoot.studio, shoot.session, wrong)
    close_session(shoot.studio, shoot.session)
    with pytest.raises(WrongUsage):
        make_spares(shoot.studio, shoot.session, 1)


def test_a_card_that_was_taken_keeps_its_person_and_the_unused_ones_go(shoot: Shoot) -> None:
    spares, _ = make_spares(shoot.studio, shoot.session, 6)
    by = shoot.staff["Kim"].id
    shoot.photo(spares[0])
    shoot.ask(spares[1])
    change_subject(shoot.studio, spares[2].id, SubjectChange(name="Ben Okri"), by)
    mark_arrived(shoot.studio, shoot.session, spares[5].id)
    (listed,) = people(shoot, ("Ada Falk",))
    merge_subjects(shoot.studio, listed.id, spares[0].id, by)
    dropped, changes = drop_spares(shoot.studio, shoot.session, by)
    assert dropped == ("W-04", "W-05") and changes & Changes.SUBJECTS
    assert [each.name for each in spares_of(shoot.studio, shoot.session)] == ["W-02", "W-06"]
    assert drop_spares(shoot.studio, shoot.session, by) == ((), Changes.NONE)


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "ar", "pl"])
@pytest.mark.parametrize("paper", Paper)
def test_any_two_recovery_sheets_as_printed_open_the_studio(shoot: Shoot, language: str, paper: Paper) -> None:
    shares = recovery_shares(shoot.folder, PASSPHRASE)
    drawn = [text for _, text in pages(recovery_sheets(shares, "Lampe & Söhne", language, paper, lambda: START))]
    assert len(drawn) == 3
    for text, share in zip(drawn, shares, strict=True):
        words = share.split()
        numbers = [int(found) for found in re.findall(r"\b(\d{1,2})\b", text)]
        assert {*range(1, len(words) + 1)} <= {*numbers}
        places = [re.search(rf"\b{word}\b", text) for word in words]
        assert all(places), [word for word, at in zip(words, places, strict=True) if at is None]
        assert "Lampe & Söhne" in text and "2026" in text


def test_two_sheets_typed_from_paper_open_the_studio(shoot: Shoot) -> None:
    shares = recovery_shares(shoot.folder, PASSPHRASE)
    drawn = [text for _, text in pages(recovery_sheets(shares, "Lampe", "en", Paper.A4, lambda: START))]
    shoot.studio.archive.close()
    for one, other in itertools.combinations(drawn, 2):
        typed = [" ".join(word for _, word in sorted(numbered(text))) for text in (one, other)]
        with open_with_shares(shoot.folder, typed, PASSPHRASE) as studio:
            assert studio.identity.name


def numbered(text: str) -> list[tuple[int, str]]:
    return [(int(number), word) for number, word in re.findall(r"\b(\d{1,2})\.\s+([a-z]+)\b", text)]


def test_the_clock_code_is_read_from_a_screen(shoot: Shoot) -> None:
    shown_at = START.replace(microsecond=417_000)
    matrix = clock_code(shown_at)
    quiet = [[False] * (len(matrix) + 8)] * 4
    rows = [*quiet, *([*[False] * 4, *row, *[False] * 4] for row in matrix), *quiet]
    screen = Image.new("L", (len(rows), len(rows)))
    screen.putdata([0 if dark else 255 for row in rows for dark in row])
    scene = Image.new("RGB", (3000, 2000), (40, 40, 40))
    scene.paste(screen.resize((400, 400), Image.Resampling.NEAREST).convert("RGB").rotate(4, expand=True), (900, 700))
    path = shoot.scratch / "clock.jpg"
    scene.save(path, "JPEG", quality=85)
    seen = shoot.decoders.develop(path.read_bytes(), MediaType.JPEG)
    assert seen.clock == shown_at and seen.slate is None
    assert read_clock_text("") is None
