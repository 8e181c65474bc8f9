"""Cards as they come out of the printer: looked at, measured, and the same bytes again.

`RETRAIN_KIT_GOLDEN=write` writes the golden pages anew; one that differs is kept beside it as *.new.png.
"""

import io
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageDraw, ImageOps
from places import GOLDEN

from retrain_kit.errors import DataError, ParameterError
from retrain_kit.exercises.living_with_images import allocation, cards
from retrain_kit.exercises.living_with_images.allocation import ImageSet
from retrain_kit.exercises.living_with_images.cards import CardOptions
from retrain_kit.storage import files, languages
from retrain_kit.widgets import catalogues

PER_MM = 4
ARABIC, HEBREW, CHINESE = "محمد علي الخطيب", "יעל כהן", "摄影:王小明"


def assert_golden(image, name):
    """Compare with the golden page; letters may differ by what a renderer does at their edges."""
    path = GOLDEN / f"{name}.png"
    if os.environ.get("RETRAIN_KIT_GOLDEN") == "write":
        image.save(path, optimize=True)
    if path.exists():
        golden = Image.open(path).convert("RGB")
        if golden.size == image.size:
            difference = np.abs(np.asarray(golden, int) - np.asarray(image, int)).max(axis=2)
            if (difference > 48).mean() < 1e-4:
                return
    image.save(path.with_suffix(".new.png"))
    pytest.fail(f"{name} differs from its golden page; look at tests/golden/{name}.new.png")


def scene(size, colour):
    """Return a plain scene: sky, ground, a sun."""
    image = Image.new("RGB", size, (205, 220, 235))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, size[1] * 2 // 3, *size), fill=colour)
    draw.ellipse((size[0] // 6, size[1] // 6, size[0] // 3, size[1] // 6 + size[0] // 6), fill=(240, 190, 60))
    return image


def noise():
    """Return a PNG of 32 by 32 pixels, none like its neighbours."""
    data = io.BytesIO()
    pixels = np.random.default_rng(7).integers(0, 256, (32, 32, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(data, "PNG")
    return data.getvalue()


def coded_scene(size, colour):
    data = io.BytesIO()
    scene(size, colour).save(data, "JPEG", quality=92)
    return data.getvalue()


@pytest.fixture
def four(make_study, looked_at):
    """A set of four: standing and lying, one of 32 pixels, authors in four scripts."""
    content = {
        "standing.jpg": coded_scene((480, 640), (90, 130, 80)),
        "lying.jpg": coded_scene((640, 427), (150, 110, 80)),
        "tiny.png": noise(),
        "square.jpg": coded_scene((300, 300), (70, 90, 120)),
    }
    annotations = [
        {"image": "lying", "id": "1", "label": "雲", "annotator": "drawn", "box": [10, 10, 200, 100]},
        {"image": "lying", "id": "2", "label": "شمس", "box": [100, 60, 220, 180]},
        {
            "image": "standing",
            "id": "1",
            "image_label": "Field",
            "present": False,
            "annotator": "verification",
        },
    ]
    study = make_study(
        content,
        title="Scenes that nobody took",
        annotations=annotations,
        **{
            "standing.jpg": {
                "author": ARABIC,
                "source": "https://example.org/a/long/address/of/a/image.jpg",
            },
            "lying.jpg": {"author": CHINESE},
            "tiny.png": {"author": HEBREW},
            "square.jpg": {"author": "Ελένη Παπαδοπούλου"},
        },
    )
    every = {lot.image: lot for lot in allocation.study_images([looked_at(study)])}
    hand = ImageSet("H9CK4", tuple(every[name] for name in ("standing", "lying", "tiny", "square")))
    return [hand], [study]


def written(class_, path, **how):
    return cards.write_cards(*class_, path, CardOptions(**how))[0]


def dark(image):
    """Return which pixels hold ink."""
    return np.asarray(image.convert("L")) < 170


GOLDEN_PAGES = {
    "sheets-a5-standing": ({}, 0),
    "sheets-a5-standing-back": ({}, 1),
    "sheets-a5-tiny": ({}, 4),
    "sheets-a6": ({"format": "a6", "back": "postcard"}, 0),
    "sheets-a6-postcards": ({"format": "a6", "back": "postcard"}, 1),
    "sheets-a6-notes-short": ({"format": "a6", "duplex": "short"}, 1),
    "sheets-quarter-letter": ({"format": "quarter-letter"}, 0),
    "sheets-letter-decanonized": ({"format": "letter", "decanonized": True}, 0),
    "sheets-a4-back": ({"format": "a4"}, 1),
}


@pytest.mark.parametrize("name", GOLDEN_PAGES)
def test_pages_look_as_before(four, tmp_path, rendered, name):
    how, page = GOLDEN_PAGES[name]
    assert_golden(rendered(written(four, tmp_path / "a.pdf", **how), page, PER_MM), name)


@pytest.mark.parametrize("paper", ["a6", "quarter-letter"])
@pytest.mark.parametrize("duplex", ["long", "short"])
def test_annotations_to_cut_along_meet_on_both_sides(four, tmp_path, rendered, paper, duplex):
    pdf = (
        written(four, tmp_path / "a.pdf", format=paper, back="none"),
        written(four, tmp_path / "b.pdf", format=paper, duplex=duplex),
    )
    front, back = rendered(pdf[0], 0, PER_MM), rendered(pdf[1], 1, PER_MM)
    behind = ImageOps.mirror(back) if duplex == "long" else ImageOps.flip(back)
    width, height = front.size
    rim = 3 * PER_MM
    for part in (
        (0, 0, width, rim),
        (0, height - rim, width, height),
        (0, 0, rim, height),
        (width - rim, 0, width, height),
    ):
        marks, met = (np.argwhere(dark(page.crop(part))) for page in (front, behind))
        assert len(marks) > 5
        assert np.abs(marks.mean(axis=0) - met.mean(axis=0)).max() <= 1
    middle = dark(front)[height // 2 - 4 : height // 2 + 4, width // 2 - 4 : width // 2 + 4]
    assert middle.any()


@pytest.mark.parametrize("duplex", ["long", "short"])
def test_every_back_lies_behind_its_own_image(four, tmp_path, duplex):
    pdf = pypdfium2.PdfDocument(written(four, tmp_path / "a.pdf", format="a6", duplex=duplex))
    width, height = pdf[0].get_size()
    front, back = pdf[0].get_textpage(), pdf[1].get_textpage()
    for column in (0, 1):
        for row in (0, 1):
            over = [column, row]
            under = [1 - column, row] if duplex == "long" else [column, 1 - row]
            texts = []
            for page, (x, y) in ((front, over), (back, under)):
                edges = (x * width / 2, y * height / 2, (x + 1) * width / 2, (y + 1) * height / 2)
                texts.append(page.get_text_bounded(*edges).replace("\r\n", " "))
            codes = [code for hand in four[0] for code in (lot.code for lot in hand.lots) if code in texts[0]]
            assert len(codes) == 1
            assert codes[0] in texts[1]


@pytest.mark.parametrize("paper", ["a5", "a6", "a4"])
def test_both_ways_of_turning_the_sheet_give_the_same_cards(four, tmp_path, rendered, paper):
    """Turned over the short edge instead of the long one, the paper's other side stands on its head."""
    long, short = (
        written(four, tmp_path / f"{duplex}.pdf", format=paper, duplex=duplex) for duplex in ("long", "short")
    )
    for number in range(len(pypdfium2.PdfDocument(long))):
        one, other = (rendered(pdf, number, PER_MM) for pdf in (long, short))
        if number % 2:
            other = other.rotate(180)
        difference = np.abs(np.asarray(one, int) - np.asarray(other, int))
        assert difference.mean() < 0.5


def test_a_back_is_upright_when_a_standing_card_is_turned_like_a_page(four, tmp_path):
    pdf = pypdfium2.PdfDocument(written(four, tmp_path / "a.pdf"))
    page = pdf[1].get_textpage()
    code = four[0][0].lots[0].code
    start = page.get_text_range().index(code)
    left, _, _, top = page.get_charbox(start)
    right, _, _, _ = page.get_charbox(start + len(code) - 1)
    last = page.get_text_range().index("After Living")
    assert left < right
    assert page.get_charbox(last)[3] < top


def test_an_image_says_its_true_resolution(four, tmp_path):
    text = pypdfium2.PdfDocument(written(four, tmp_path / "a.pdf"))[0].get_textpage().get_text_range()
    assert "480 × 640 pixels, 97 pixels per inch on this card" in text
    tiny = pypdfium2.PdfDocument(tmp_path / "a.pdf")[4].get_textpage().get_text_range()
    assert "32 × 32 pixels, 6.5 pixels per inch on this card" in tiny


def test_the_same_sets_give_the_same_bytes_in_another_process_and_place(four, tmp_path):
    first = files.sha256(written(four, tmp_path / "a.pdf", format="a6"))
    script = (
        "import sys; from pathlib import Path; from retrain_kit.studies import manifests; from retrain_kit.exercises.living_with_images import allocation; from retrain_kit.exercises.living_with_images import cards\n"
        "study = manifests.load(sys.argv[1]); every = {lot.image: lot for lot in allocation.study_images([study])}\n"
        "hand = allocation.ImageSet('H9CK4', tuple(every[n] for n in ('standing', 'lying', 'tiny', 'square')))\n"
        "cards.write_cards([hand], [study], Path(sys.argv[2]), cards.CardOptions(format='a6'))\n"
    )
    (tmp_path / "elsewhere").mkdir()
    again = tmp_path / "elsewhere" / "b.pdf"
    environment = {**os.environ, "TZ": "Asia/Tokyo", "LANG": "C"}
    subprocess.run(
        [sys.executable, "-c", script, four[1][0].toml, again], check=True, cwd="/", env=environment
    )
    assert files.sha256(again) == first


def test_no_date_stands_in_the_pdf(four, tmp_path):
    with pikepdf.open(written(four, tmp_path / "a.pdf")) as pdf:
        assert "/CreationDate" not in pdf.docinfo
        assert "/ModDate" not in pdf.docinfo


def test_no_glyph_is_missing_on_cards_in_many_scripts(four, tmp_path, missing):
    assert missing(written(four, tmp_path / "a.pdf", format="a6", back="postcard")) == 0


def test_only_the_kits_own_faces_are_set(four, tmp_path):
    with pikepdf.open(written(four, tmp_path / "a.pdf")) as pdf:
        fonts = {
            str(one["/BaseFont"]).split("+")[-1]
            for one in pdf.objects
            if isinstance(one, pikepdf.Dictionary) and "/BaseFont" in one
        }
    assert {name.split("-")[0] for name in fonts} <= {
        "NotoSans",
        "NotoSansArabic",
        "NotoSansHebrew",
        "WenQuanYiMicroHei",
    }


@pytest.fixture
def endless(make_study, looked_at, coded):
    """A set of two whose texts have 60 kilobytes each."""
    box = [0, 0, 9, 9]
    words = [{"label": "A very long word. " * 3400, "annotator": f"annotator {n} " * 6000} for n in range(14)]
    annotations = [{"image": "b", "id": str(n), "box": box} | each for n, each in enumerate(words)]
    said = {
        "author": "W" * 60_000,
        "licence": "字" * 20_000,
        "source": "https://example.org/" + "a/" * 30_000,
    }
    content = {"a.jpg": coded((40, 60)), "b.jpg": coded((60, 40))}
    study = looked_at(
        make_study(content, title="W" * 60_000, annotations=annotations, **dict.fromkeys(content, said))
    )
    return allocation.allocate_reviewed([study], allocation.AllocationTerms(1, 2, 1)), [study]


@pytest.mark.parametrize("paper", sorted(cards.FORMATS))
@pytest.mark.parametrize("back", ["notes", "postcard"])
def test_texts_of_60_kilobytes_are_cut_and_never_leave_their_page(endless, tmp_path, paper, back):
    pdf = pypdfium2.PdfDocument(written(endless, tmp_path / "a.pdf", format=paper, back=back))
    assert len(pdf) == (4 if paper in {"a5", "half-letter"} else 2)
    shown = ""
    for page in pdf:
        width, height = page.get_size()
        text = page.get_textpage()
        shown += "".join(text.get_text_range().split())
        for left, bottom, right, top in map(text.get_charbox, range(text.count_chars())):
            assert left >= 8
            assert bottom >= 8
            assert right <= width - 8
            assert top <= height - 8
    assert "…" in shown
    for lot in endless[0][0].lots:
        assert f"retrain-kitcard{lot.code}" in shown


@pytest.mark.parametrize("back", ["notes", "postcard"])
def test_a_long_text_leaves_room_for_what_stands_last_on_each_card(endless, tmp_path, rendered, back):
    """Between the credit and the card's edge there is white, as wide as the margin."""
    page = dark(rendered(written(endless, tmp_path / "a.pdf", format="a4", back=back), 1, PER_MM))
    height, width = page.shape
    for bottom in (height // 2, height - 6 * PER_MM):
        rows = page[bottom - 40 * PER_MM : bottom, width // 20 : -width // 20].any(axis=1)
        assert not rows[-4 * PER_MM :].any()
        assert rows[: -4 * PER_MM].any()


def test_without_backs_there_are_fronts_alone(four, tmp_path):
    assert len(pypdfium2.PdfDocument(written(four, tmp_path / "a.pdf", back="none"))) == 4


def test_a_list_says_which_card_is_which_image(four, tmp_path):
    _, table = cards.write_cards(*four, tmp_path / "a.pdf")
    lines = table.read_text().splitlines()
    assert lines[0] == "set,card,code,study,image"
    assert [line.split(",")[0::4] for line in lines[1:]] == [
        ["H9CK4", name] for name in ("standing", "lying", "tiny", "square")
    ]
    assert lines[1].split(",")[1:4] == ["1", four[0][0].lots[0].code, "mine"]


@pytest.mark.usefixtures("long_work")
def test_three_hundred_people_get_their_cards(make_study, looked_at, coded, tmp_path):
    content = {
        f"{number}.png": coded((30, 20), (number % 256, number // 256, 90), "PNG") for number in range(900)
    }
    study = looked_at(make_study(content))
    hands = allocation.allocate_reviewed([study], allocation.AllocationTerms(300, 3, 7))
    pdf = written((hands, [study]), tmp_path / "a.pdf", format="a6")
    assert len(pypdfium2.PdfDocument(pdf)) == 450
    assert len((tmp_path / "a.csv").read_text().splitlines()) == 901


def test_nothing_is_printed_that_nobody_has_looked_at(make_study, coded, tmp_path):
    study = make_study({f"{number}.jpg": coded((60, 40 + number)) for number in range(5)})
    hands = allocation.allocate_reviewed([study], allocation.AllocationTerms(1, 3, 7))
    with pytest.raises(DataError, match="found 3 of 3 that nobody has looked at.*retrain-kit review mine"):
        cards.write_cards(hands, [study], tmp_path / "a.pdf")
    assert not list(tmp_path.glob("a.*"))


def test_faults_of_all_images_are_told_together_and_nothing_is_written(
    make_study, looked_at, coded, tmp_path
):
    study = looked_at(
        make_study({f"{name}.jpg": coded((60, height)) for height, name in enumerate("abc", 40)})
    )
    hands = allocation.allocate_reviewed([study], allocation.AllocationTerms(1, 3, 7))
    (tmp_path / "mine" / "a.jpg").unlink()
    (tmp_path / "mine" / "b.jpg").write_bytes(coded((60, 99)))
    with pytest.raises(DataError) as caught:
        cards.write_cards(hands, [study], tmp_path / "x.pdf")
    assert [Path(fault.where).name for fault in caught.value.faults] == ["a.jpg", "b.jpg"]
    assert not list(tmp_path.glob("x.*"))


def test_all_faults_of_the_options_are_told_together():
    with pytest.raises(ParameterError) as caught:
        CardOptions("a7", "stamp", "round")
    assert [fault.where for fault in caught.value.faults] == ["format", "back", "duplex"]


def test_the_list_never_takes_the_place_of_the_cards(four, tmp_path):
    with pytest.raises(ParameterError, match="expected a name that ends in .pdf"):
        cards.write_cards(*four, tmp_path / "cards.csv")


def test_images_have_alternative_texts_and_a_decanonized_one_does_not_say_what_is_gone(
    make_study, looked_at, coded, tmp_path
):
    annotation = {"image": "a", "id": "1", "label": "Owl", "box": [0, 0, 20, 20]}
    said = {"alt": "An owl on a branch."}
    study = looked_at(make_study({"a.jpg": coded()}, annotations=[annotation], **{"a.jpg": said}))
    class_ = (allocation.allocate_reviewed([study], allocation.AllocationTerms(1, 1, 1)), [study])

    def alternatives(pdf):
        with pikepdf.open(pdf) as file:
            return [
                str(each["/Alt"])
                for each in file.objects
                if isinstance(each, pikepdf.Dictionary) and "/Alt" in each
            ]

    assert alternatives(written(class_, tmp_path / "a.pdf")) == ["An owl on a branch."]
    (bare,) = alternatives(written(class_, tmp_path / "b.pdf", decanonized=True))
    assert bare.startswith("The image a, without what its tag covers")


def test_cards_speak_the_language_that_they_are_made_in_and_say_that_nobody_reviewed_it(four, tmp_path):
    with languages.speaking(catalogues.interface_speech("es")):
        path = written(four, tmp_path / "a.pdf", decanonized=True)
    front, back = (page.get_textpage().get_text_range() for page in list(pypdfium2.PdfDocument(path))[:2])
    for words in ("Conjunto H9CK4, 1 de 4", "píxeles por pulgada", "nada en ella está etiquetado"):
        assert words in front
    for words in ("Conjunto de datos", "(traducción, sin revisar)"):
        assert words in back
