"""The commands about sessions: open on several days, change, duplicate, count, and plan the signing places."""

from __future__ import annotations


def test_a_session_is_changed_and_opened_again_like_it(desk) -> None:
    new = desk("--json", "session", "new", "Autumn", "--day", "2026-10-02", "--day", "2026-10-01", "--frames", "5",
               "--photographer", "Kim", "--recipient", "Prenzel").document  # fmt: skip
    assert (new["day"], new["days"], new["frames_per_subject"]) == ("2026-10-01", ["2026-10-01", "2026-10-02"], 5)
    said = desk("--json", "session", "change", "Autumn", "--name", "Winter", "--place", "Kiel", "--offer",
                "use.social,use.portfolio", "--no-recipients", "--frames", "0", "--by", "Sam")  # fmt: skip
    after = said.document
    assert set(after["changed"]) == {"name", "place", "offered", "recipients", "frames_per_subject"}
    assert (after["name"], after["recipients"], after["frames_per_subject"]) == ("Winter", [], None)
    assert "nothing was different" in desk("session", "change", "Winter", "--place", "Kiel").out
    like = desk("--json", "session", "duplicate", "Winter", "Next winter", "--day", "2027-10-01").document
    assert like["days"] == ["2027-10-01", "2027-10-02"] and like["offered"] == after["offered"]
    assert desk("session", "change", "Winter", "--offer", "use.nothing").code == 2


def test_a_list_counts_and_a_session_is_planned(desk) -> None:
    roster = desk.file("list.csv", "Name\n" + "".join(f"Person {number}\n" for number in range(120)))
    desk("session", "new", "Day", "--photographer", "Kim")
    desk("roster", "import", "Day", roster)
    (row,) = [each for each in desk("--json", "session", "list").document if each["name"] == "Day"]
    counts = {key: row[key] for key in ("people", "ready", "waiting", "photographed", "shots")}
    assert counts == {"people": 120, "ready": 0, "waiting": 0, "photographed": 0, "shots": 0}
    plan = desk("--json", "session", "show", "Day").document["plan"]
    assert plan == {"per_hour": 17.14, "pre_signed": 0.0, "minutes": 4.0, "places": 2, "advised": 3}
    slower = desk("--json", "session", "show", "Day", "--hours", "4", "--minutes", "6").document["plan"]
    assert slower["places"] == 4
    assert "2 signing places will do, 3 are wise" in desk("session", "show", "Day").out
    assert desk("session", "show", "Day", "--hours", "0").code == 2


def test_a_dry_run_shows_columns_and_rows(desk) -> None:
    roster = desk.file("list.csv", "Name,Number\nAda Falk,7\n,8\n")
    seen = desk("--json", "roster", "import", "Spring", roster, "--dry-run").document
    assert seen["columns"][1] == {"name": "Number", "field": "number", "examples": ["7", "8"]}
    assert [(row["line"], row["outcome"], row["reason"]) for row in seen["rows"]] == [
        (2, "added", ""), (3, "left-out", "it has no name"),
    ]  # fmt: skip
    assert "rows" not in desk("--json", "roster", "import", "Spring", roster).document


def test_cards_are_printed_and_spares_made(desk) -> None:
    roster = desk.file("list.csv", "Name,Number\nAda Falk,7\nBen Okri,8\n")
    desk("roster", "import", "Spring", roster)
    out = desk.work / "badges.pdf"
    said = desk("--json", "roster", "cards", "Spring", "-o", out).document
    assert said == {"cards": str(out), "kind": "badges", "made": []} and out.read_bytes().startswith(b"%PDF")
    for kind in ("slates", "half-slates"):
        page = desk.work / f"{kind}.pdf"
        said = desk("roster", "cards", "Spring", "--kind", kind, "--paper", "letter", "--subject", "Ada", "-o", page)
        assert said.code == 0 and page.stat().st_size > 5000
    spares = desk.work / "spares.pdf"
    said = desk("--json", "roster", "cards", "Spring", "--kind", "spares", "--new", "3", "-o", spares).document
    assert said["made"] == ["W-01", "W-02", "W-03"]
    assert desk("roster", "cards", "Spring", "--new", "3", "-o", desk.work / "no.pdf").code == 2
    assert desk("roster", "cards", "Spring", "-o", out).code == 2, "a file is never overwritten"
    assert desk("--json", "roster", "drop", "Spring").document == {"dropped": ["W-01", "W-02", "W-03"]}


def test_recovery_shares_are_printed_as_three_sheets(desk) -> None:
    out = desk.work / "sheets.pdf"
    assert desk("--json", "studio", "shares", "--pdf", out).document == {"pdf": str(out), "written": 3}
    assert out.stat().st_mode & 0o077 == 0 and out.read_bytes().startswith(b"%PDF")
    assert desk("studio", "shares", "--pdf", out).code == 2
    assert desk("studio", "shares", "--pdf", desk.work / "b.pdf", "-o", desk.work).code == 2


def test_the_clock_code_is_shown_until_it_is_time(desk) -> None:
    said = desk("--json", "capture", "clock", "--seconds", "0.3")
    assert said.document["last"].startswith("CLOCK1:") and said.document["at"].endswith("Z")
    assert "█" in said.err and desk("capture", "clock", "--seconds", "0").code == 2
