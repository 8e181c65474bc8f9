"""The kit's faces hold the scripts of labels and authors; what none holds is said by its number."""

import re

import pytest
import typst
from hypothesis import given
from hypothesis import strategies as st

from retrain_kit.errors import ReportError
from retrain_kit.reports import typesetting

SCRIPTS = {
    "Latin": "Ångström Đorđe Żółć Þórður ﬁ ſ",  # noqa: RUF001 - a sign of its own
    "Vietnamese": "Nguyễn Thị Ngọc",
    "combining": "e\u0301 x\u0323\u0307 n\u0303",
    "Greek": "Ελληνικά ᾧ",
    "Cyrillic": "Кириллица Ӑӗ ґ",
    "Arabic": "محمد علي چای گربه",
    "Hebrew": "שָׁלוֹם עוֹלָם",
    "Syriac": "ܫܠܡܐ",
    "N'Ko": "ߒߞߏ",
    "Devanagari": "हिन्दी क्षत्रिय",
    "Bengali": "বাংলা ক্ষ",
    "Gurmukhi": "ਪੰਜਾਬੀ",
    "Gujarati": "ગુજરાતી",
    "Tamil": "தமிழ் ஸ்ரீ",
    "Telugu": "తెలుగు",
    "Kannada": "ಕನ್ನಡ",
    "Malayalam": "മലയാളം",
    "Sinhala": "සිංහල",
    "Thai": "ภาษาไทย",
    "Lao": "ພາສາລາວ",
    "Khmer": "ភាសាខ្មែរ",
    "Burmese": "မြန်မာဘာသာ",
    "Tibetan": "བོད་སྐད་",
    "Georgian": "ქართული",
    "Armenian": "Հայերեն",
    "Amharic": "አማርኛ",
    "Cherokee": "ᏣᎳᎩ",
    "Inuktitut": "ᐃᓄᒃᑎᑐᑦ",
    "Tifinagh": "ⵜⵉⴼⵉⵏⴰⵖ",
    "Mongolian": "ᠮᠣᠩᠭᠣᠯ",
    "Chinese": "中文摄影师 繁體字 龍龘",
    "Japanese": "日本語 ひらがな カタカナ",
    "Korean": "한국어 사진가 뷁",
    "emoji": "🐘 👩‍👩‍👧 ❤️ 🇧🇷 ☂ 🤷🏽‍♀️",
    "signs": "“…” – — € ₹ ₿ № ½ → ≤ ♀ ✓ © ® ™",
    "letters of mathematics": "𝔘𝔫𝔦 𝐁 ℝ",  # noqa: RUF001 - the same
    "bidi marks": "a\u200fb \u2067\u05d0\u05d1\u2069 c",
}
LINES = '#import "kit.typ": *\n#show: kit\n#for line in data.lines [#line \\ ]'


@pytest.fixture
def set_lines(tmp_path):
    """Return a function that sets lines and gives the file."""

    def lay(lines):
        path = tmp_path / "lines.pdf"
        path.write_bytes(typesetting.typeset_pdf(LINES, {"lines": list(lines)}))
        return path

    return lay


@pytest.mark.parametrize("script", SCRIPTS)
def test_the_faces_hold_every_sign_of_a_script(script):
    assert typesetting.replace_unsettable(SCRIPTS[script]) == SCRIPTS[script]


def test_no_glyph_is_missing_on_a_page_of_all_scripts(set_lines, missing):
    assert missing(set_lines(SCRIPTS.values())) == 0


def test_a_missing_glyph_would_be_seen(tmp_path, missing):
    pdf = tmp_path / "none.pdf"
    pdf.write_bytes(
        typst.compile(
            b'#set text(font: "Libertinus Serif", fallback: false)\n\xe4\xb8\xad', ignore_system_fonts=True
        )
    )
    assert missing(pdf) == 1


@given(st.text(st.characters(exclude_categories=()), max_size=40))
def test_every_text_can_be_set_and_nothing_falls_away_silently(text):
    shown = typesetting.replace_unsettable(text)
    assert all(
        ord(sign) in typesetting.covered_codepoints() or typesetting._INVISIBLE.match(sign) for sign in shown
    )
    assert typesetting.replace_unsettable(shown) == shown


def test_signs_of_all_planes_leave_no_empty_box(set_lines, missing):
    every = [chr(number) for number in range(0x20, 0x2FFFF, 97)]
    assert missing(set_lines("".join(every[at : at + 60]) for at in range(0, len(every), 60))) == 0


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x07b", "aU+0007b"),
        ("\u202eevil", "U+202Eevil"),
        ("\ud800", "U+D800"),
        ("吉\U00020bb7", "吉U+20BB7"),
    ],
)
def test_what_no_face_has_or_what_misleads_is_said_by_its_number(text, shown):
    assert typesetting.replace_unsettable(text) == shown


def test_what_people_write_is_text_and_no_markup(set_lines, tmp_path):
    import pypdfium2  # noqa: PLC0415 - needed here alone

    line = '#read("data.json") *x* $y$ `z` @label <tag> \\ // no comment'
    assert pypdfium2.PdfDocument(set_lines([line]))[0].get_textpage().get_text_range().strip() == line


def test_the_template_names_every_face_there_is_and_no_other():
    named = re.findall(r'"([^"]+)"', typesetting.template_text("kit").split("#import")[0])
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[typesetting.FONTS_FOLDER]
    )
    assert sorted(named) == sorted(set(fonts.families()))


def test_faces_come_with_their_licences_and_stay_below_twelve_megabytes():
    files = [path for path in typesetting.FONTS_FOLDER.iterdir() if path.suffix in {".ttf", ".otf"}]
    assert sum(path.stat().st_size for path in files) < 12_000_000
    assert {path.name for path in typesetting.FONTS_FOLDER.glob("*.txt")} == {"Apache-2.0.txt", "OFL-1.1.txt"}


def test_an_image_that_is_none_is_an_error_in_typsts_words():
    with pytest.raises(ReportError, match="pages: found failed to decode image"):
        typesetting.typeset_pdf('#image("assets/a.jpg")', {}, {"a.jpg": b"nothing"})


def test_a_warning_is_an_error():
    with pytest.raises(ReportError, match="unknown font family: no such face"):
        typesetting.typeset_pdf('#set text(font: "No such face")\nx', {})
