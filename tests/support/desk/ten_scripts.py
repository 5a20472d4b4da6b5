"""As many people as a day needs, with names from ten scripts, no two of them alike."""

from __future__ import annotations

_NAMES = (
    (("Amélie", "Jonas", "Zoë", "Łucja", "Søren"), ("Béranger", "Ångström", "Wójcik", "Öztürk", "O’Brien")),
    (("Анна", "Олег", "Юлія", "Борис", "Вера"), ("Соколова", "Петренко", "Жуков", "Шевченко", "Ильин")),
    (("Ελένη", "Νίκος", "Μαρία", "Γιώργος", "Ίρις"), ("Παππά", "Ωνάση", "Δήμου", "Λάμπρου", "Ξένου")),
    (("أمينة", "يوسف", "ليلى", "عمر", "سارة"), ("الحداد", "بن علي", "النجار", "منصور", "العربي")),
    (("נועה", "דוד", "מרים", "אלי", "תמר"), ("כהן", "לוי", "פרץ", "ביטון", "שלום")),
    (("प्रिया", "अर्जुन", "मीरा", "राहुल", "सीता"), ("शर्मा", "वर्मा", "गुप्ता", "सिंह", "जोशी")),
    (("王", "李", "张", "刘", "陈"), ("芳", "伟", "秀英", "娜", "敏")),
    (("さくら", "ゆうき", "はると", "あおい", "ひなた"), ("タナカ", "サトウ", "スズキ", "ヤマダ", "イトウ")),
    (("민준", "서연", "지우", "하은", "도윤"), ("김", "이", "박", "최", "정")),
    (("สมชาย", "มาลี", "อรุณ", "นภา", "ชัย"), ("ใจดี", "สุขใจ", "แสงทอง", "บุญมี", "ศรีสุข")),
)


def people(count: int) -> tuple[str, ...]:
    """``count`` names (250 at most), the scripts taking turns."""
    made = []
    for number in range(count):
        first, last = _NAMES[number % len(_NAMES)]
        turn = number // len(_NAMES)
        made.append(f"{first[turn % len(first)]} {last[(turn + turn // len(first)) % len(last)]}")
    assert len(set(made)) == count
    return tuple(made)
