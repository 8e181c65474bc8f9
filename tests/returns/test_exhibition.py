"""An exhibition shows each image with what people gave back, as they agreed, refusals with the same dignity.

`RETRAIN_KIT_GOLDEN=write` writes the golden pages anew; one that differs is kept beside it as *.new.png.
"""

import os
import re
from dataclasses import replace

import kinds
import media
import numpy as np
import pypdfium2
import pytest
from colours import soft
from PIL import Image
from places import GOLDEN

from retrain_kit.annotations.written import CreditedLine
from retrain_kit.answers import Consent
from retrain_kit.errors import ParameterError
from retrain_kit.exercises.living_with_images.returns import Gift, Returns, Voice, booklet, exhibition, page
from retrain_kit.exercises.living_with_images.returns.exhibition import (
    Exhibition,
    Piece,
    PieceFootnote,
    ShownFile,
    Wall,
)
from retrain_kit.exercises.living_with_images.returns.file_types import FILE_TYPES
from retrain_kit.imaging import exact
from retrain_kit.storage import languages
from retrain_kit.widgets import catalogues

AGREED = Voice(Consent(("class", "publication"), "1", "2025-03-04T09:30:00Z"))
CLASS_ALONE = Voice(Consent(("class",), "1", "2025-03-04T09:30:00Z"))
DAY = "2025-03-04"


@pytest.fixture
def returns(tmp_path):
    with Returns(tmp_path / "answers", "embedded-sample") as opened:
        yield opened


@pytest.fixture
def file(tmp_path):
    def put(name, data):
        (tmp_path / name).write_bytes(data)
        return tmp_path / name

    return put


def page_of(returns, embedded, target):
    (path, *_) = page.write_exhibition(exhibition.build_exhibition(returns, embedded), returns, target)
    return path.read_text(encoding="utf-8")


def test_only_what_its_author_agreed_to_is_shown_and_the_rest_is_counted(returns, embedded):
    returns.give("bison", AGREED, Gift("for all"))
    returns.give("bison", CLASS_ALONE, Gift("for the class"))
    for use, texts, aside in (("publication", ["for all"], 1), ("class", ["for all", "for the class"], 0)):
        shown = exhibition.build_exhibition(returns, embedded, use)
        assert sorted(piece.text for piece in shown.pieces) == texts
        assert shown.withheld == aside
    with pytest.raises(ParameterError, match="use"):
        exhibition.build_exhibition(returns, embedded, "advertising")


def test_what_somebody_typed_is_text_on_the_page_and_never_markup(returns, embedded, tmp_path):
    words = "<script>alert(1)</script><img src=x onerror=alert(1)> {{ 7 * 7 }} &amp;"
    said = returns.give("bison", AGREED, Gift(words, pseudonym='"><b>x'))
    returns.store.amend(said.record.id, "</ol><script>", said.key)
    html = page_of(returns, embedded, tmp_path / "page.html")
    assert "<script" not in html
    assert "<img src=x" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "{{ 7 * 7 }} &amp;amp;" in html
    assert "&#34;&gt;&lt;b&gt;x" in html


def test_the_page_holds_all_it_shows_and_asks_nobody_for_anything(returns, embedded, file, tmp_path):
    for ending, make in media.EVERY.items():
        if ending != "heic":  # no browser shows it, so far
            returns.give("bison", AGREED, Gift(path=file(f"a.{ending}", make())))
    html = page_of(returns, embedded, tmp_path / "page.html")
    addresses = re.findall(r'(?:src|href)="([^"]{0,40})', html)
    assert len(addresses) == 15
    assert all(each.startswith("data:") for each in addresses)
    assert "default-src 'none'" in html


def test_one_line_hangs_beside_what_people_gave_with_who_wrote_it(returns, embedded, tmp_path):
    returns.give("bison", AGREED, Gift("It stood in the snow."))
    returns.give("cat", AGREED, Gift("Mine."))
    lines = {"bison": CreditedLine("a cow in <snow>", "Model 1"), "cat": CreditedLine("a dog")}
    shown = exhibition.build_exhibition(returns, embedded, lines=lines)
    html = page.exhibition_html(shown, str)
    assert 'One line, by Model 1: <q dir="auto">a cow in &lt;snow&gt;</q>' in html
    assert 'One line; by whom is not said: <q dir="auto">a dog</q>' in html
    assert "One line" not in page.exhibition_html(exhibition.build_exhibition(returns, embedded), str)


def test_copies_that_are_shown_tell_nothing_of_their_authors(returns, embedded, file, tmp_path):
    for ending, make in media.CLEANED.items():
        returns.give("bison", AGREED, Gift(path=file(f"a.{ending}", make())))
    shown = exhibition.build_exhibition(returns, embedded)
    assert shown.remarks == []
    written = page.write_exhibition(shown, returns, tmp_path / "show")[1:]
    assert len(written) == len(media.CLEANED)
    assert not any(media.holds(path.read_bytes()) for path in written)


def test_a_tiff_is_shown_as_a_png_of_the_same_pixels(returns, embedded, file, tmp_path):
    returns.give("bison", AGREED, Gift(path=file("a.tif", media.tiff())))
    path = page.write_exhibition(exhibition.build_exhibition(returns, embedded), returns, tmp_path / "show")[
        1
    ]
    with Image.open(path) as after, Image.open(tmp_path / "a.tif") as before:
        assert after.format == "PNG"
        assert np.array_equal(np.asarray(after), np.asarray(before))


def test_a_tiff_of_sixteen_bits_keeps_its_numbers_and_its_profile(returns, embedded, file, tmp_path):
    kind = kinds.kinds(soft())["RGB, 16 bits, TIFF, Adobe RGB"]
    returns.give("bison", AGREED, Gift(path=file("a.tif", kind.data)))
    shown = exhibition.build_exhibition(returns, embedded)
    path = page.write_exhibition(shown, returns, tmp_path / "show")[1]
    made = exact.load_exact(path)
    assert np.array_equal(made.deep, exact.load_exact(tmp_path / "a.tif").deep)
    assert made.profile == kinds.ADOBE


def test_a_file_that_cannot_be_shown_stops_nothing_but_itself(returns, embedded, file, tmp_path):
    returns.give("bison", AGREED, Gift("words", pseudonym="a"))
    given = returns.give("bison", AGREED, Gift(path=file("a.png", media.png()), pseudonym="b"))
    returns.file(given.record).write_bytes(media.huge_png())
    shown = exhibition.build_exhibition(returns, embedded)
    assert {piece.who: piece.text for piece in shown.pieces} == {
        "a": "words",
        "b": "The file cannot be shown.",
    }
    booklet.booklet_pdf(shown)


def test_a_study_s_image_that_cannot_be_shown_leaves_a_sheet_that_says_so(returns, embedded, tmp_path):
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0")
    broken = replace(
        embedded,
        images=tuple(
            replace(row, file="broken.jpg") if row.id == "bison" else row for row in embedded.images
        ),
    )
    broken = replace(broken, folder=tmp_path)
    returns.give("bison", AGREED, Gift("words"))
    shown = exhibition.build_exhibition(returns, broken)
    assert "It cannot be shown: an image that cannot be decoded" in shown.walls[0].panel.alt
    assert shown.walls[0].pieces[0].text == "words"
    booklet.booklet_pdf(shown)


def test_files_too_large_for_one_page_are_told_together_and_lie_beside_it_in_a_folder(
    returns, embedded, file, tmp_path
):
    large = media.mp4() + bytes(8_000_000)
    for name in ("one.mp4", "two.mp4"):
        returns.give("bison", AGREED, Gift(path=file(name, large + name.encode())))
    shown = exhibition.build_exhibition(returns, embedded)
    with pytest.raises(ParameterError) as caught:
        page.write_exhibition(shown, returns, tmp_path / "page.html")
    assert len(caught.value.faults) == 2
    written = page.write_exhibition(shown, returns, tmp_path / "show")
    assert written[0] == tmp_path / "show" / "index.html"
    assert sorted(path.parent.name for path in written[1:]) == ["files", "files"]
    assert written[0].stat().st_size < 3_000_000


def test_a_burnt_image_leaves_an_empty_place_and_its_day(returns, embedded, tmp_path):
    returns.burn("rocket", AGREED)
    html = page_of(returns, embedded, tmp_path / "page.html")
    assert "An image was burnt." in html
    assert "rocket" not in html.lower()
    assert '<div class="burnt"' in html


def test_each_image_comes_with_author_licence_and_source(returns, embedded, tmp_path):
    returns.refuse("giraffe", "nothing", AGREED)
    html = page_of(returns, embedded, tmp_path / "page.html")
    assert "Author: Mike and Lara Wolfe; licence: CC0-1.0; source: https://commons.wikimedia.org" in html


def test_a_file_that_is_not_here_is_said_to_be_so(returns, embedded, file):
    said = returns.give("bison", AGREED, Gift(path=file("a.wav", media.wav())))
    returns.file(said.record).unlink()
    (piece,) = exhibition.build_exhibition(returns, embedded).pieces
    assert (piece.text, piece.media) == ("The file is not here.", None)


@pytest.fixture
def shown(embedded):
    """An exhibition with words that run both ways, an image, a document, a sound, refusals and fire."""
    small = replace(embedded, content_notice="Some photographs show people.")
    images = {image.id: embedded.sample(image) for image in embedded.images}

    def wall(name, *pieces):
        panel = exhibition.figures.Panel.from_image(Image.new("RGB", (640, 480), "#7a9b57"), name, "A field")
        return Wall(images[name], panel, exhibition.image_provenance(images[name], embedded), pieces)

    words = Piece(
        "a" * 32,
        "kestrel",
        DAY,
        "It stood on my windowsill.\n\nThen #it *left* $x$." + " And the fence." * 24,
        "en",
    )
    noted = replace(
        words,
        notes=(PieceFootnote("The fence is gone.", "en", "2026-03-04"), PieceFootnote("لم يعد", "ar", DAY)),
    )
    arabic = Piece("b" * 32, "سنونو", DAY, "عشت مع هذه الصورة أسبوعًا.", "ar")
    photo = Piece("c" * 32, "雨燕", DAY, media=ShownFile(FILE_TYPES["image/png"], media.png()))
    document = Piece("d" * 32, "moth", DAY, media=ShownFile(FILE_TYPES["application/pdf"], media.pdf()))
    sound = Piece("e" * 32, "moth", DAY, media=ShownFile(FILE_TYPES["audio/x-wav"], media.wav()))
    refused = Piece("f" * 32, "wren", DAY, "I choose not to answer.", refusal="no-answer")
    burnt = Piece("0" * 32, "wren", DAY, "An image was burnt.", refusal="burn")
    walls = (wall("bison", noted, refused, arabic), wall("cow", photo, document, sound))
    return Exhibition(small, walls, (burnt,), (), 1, demonstration=True)


def pages(data):
    document = pypdfium2.PdfDocument(data)
    return [document[number].render(scale=1).to_pil().convert("L") for number in range(len(document))]


def test_the_booklet_is_the_same_bytes_for_the_same_answers(shown):
    assert booklet.booklet_pdf(shown) == booklet.booklet_pdf(shown)


def test_words_in_the_booklet_are_text_and_never_markup(shown):
    document = pypdfium2.PdfDocument(booklet.booklet_pdf(shown))
    text = " ".join(document[number].get_textpage().get_text_range() for number in range(len(document)))
    assert "Then #it *left* $x$." in text
    assert "Made for demonstration: nobody said this." in text


@pytest.mark.parametrize("number", range(6))
def test_a_page_of_the_booklet_looks_as_it_looked(shown, number):
    found = pages(booklet.booklet_pdf(shown))
    assert len(found) == 6
    path = GOLDEN / f"booklet-{number + 1}.png"
    if os.environ.get("RETRAIN_KIT_GOLDEN") == "write":
        found[number].save(path)
    with Image.open(path) as golden:
        expected = np.asarray(golden.convert("L"), dtype=int)
    difference = np.abs(np.asarray(found[number], dtype=int) - expected)
    if (difference > 32).mean() > 0.001:
        found[number].save(path.with_suffix(".new.png"))
        pytest.fail(f"page {number + 1} differs in {(difference > 32).mean():.2%} of its pixels")


def test_a_broken_image_or_document_costs_its_place_and_not_the_booklet(shown):
    torn = Piece("1" * 32, "wren", DAY, media=ShownFile(FILE_TYPES["image/png"], media.png()[:200]))
    locked = Piece(
        "2" * 32, "wren", DAY, media=ShownFile(FILE_TYPES["application/pdf"], b"%PDF-1.7 torn", "a remark")
    )
    made = replace(shown, walls=(replace(shown.walls[0], pieces=(torn, locked)),))
    document = pypdfium2.PdfDocument(booklet.booklet_pdf(made))
    text = "".join(document[number].get_textpage().get_text_range() for number in range(len(document)))
    assert text.count("it is in the exhibition's page.") == 2


def test_sixty_thousand_bytes_of_words_run_on_over_pages(shown):
    long = Piece("3" * 32, "wren", DAY, "So many words. " * 3_900 + "The end.")
    made = replace(shown, walls=(replace(shown.walls[0], pieces=(long,)),))
    document = pypdfium2.PdfDocument(booklet.booklet_pdf(made))
    text = "".join(document[number].get_textpage().get_text_range() for number in range(len(document)))
    assert text.count("many") == 3_900
    assert "The end." in text


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page_and_the_booklet_speak_the_language_that_they_are_made_in(
    returns, embedded, tmp_path, language
):
    returns.give("bison", AGREED, Gift("Mist."))
    returns.refuse("bison", "nothing", AGREED)
    with languages.speaking(catalogues.interface_speech(language)):
        html = page_of(returns, embedded, tmp_path / "page.html")
        made = booklet.booklet_pdf(exhibition.build_exhibition(returns, embedded))
    document = pypdfium2.PdfDocument(made)
    printed = "".join(each.get_textpage().get_text_range() for each in document)
    title, nothing = {"fr": ("Ce qui est revenu", "Rien."), "en": ("What came back", "Nothing.")}[language]
    for text in (" ".join(each.split()) for each in (html, printed)):
        assert title in text
        assert nothing in text
        assert "Mist." in text
        assert ("traduction, non relue" in text) == (language == "fr")
    assert f'<html lang="{language}">' in html
