"""Notebook 12 runs headless: without a guest it says what to type, with one it shows what the guest says, veiled."""

import pytest
import reporting
import tiny_models

OPTIONS = ("--study", "embedded-sample", "-p", "images=1", "-p", "draws=2", "-p", 'fills=["white"]')


def text_of(report_of, *options):
    soup = reporting.BeautifulSoup(
        report_of("12", *OPTIONS, *options).read_text(encoding="utf-8"), "html.parser"
    )
    return soup, reporting.text(soup)


def test_without_a_guest_it_says_what_to_type_and_shows_what_it_can(report_of):
    soup, text = text_of(report_of)
    for name in ("efficientnet-lite3", "ssd-mobilenet-v2"):
        assert f"Type: retrain-kit pull model:{name}" in text
    assert "images with a control" in text
    assert "No guest is here that could be asked" in text
    shown = [each.get_text() for each in soup.select(".rk-view figcaption")]
    assert shown == [
        *("the whole image", "the hole's shape", "the residue", "what was taken", "control 1", "control 2"),
    ]
    assert soup.find_all(["script", "input", "video", "iframe"]) == []
    assert "element to play with" not in text


@pytest.fixture(scope="module")
def cards(shared_folder):
    tiny_models.onnx()
    pytest.importorskip("onnxruntime", reason="no onnxruntime (pip install 'retrain-kit[models]')")
    folder = shared_folder / "tiny-models"
    folder.mkdir(exist_ok=True)
    classifier = tiny_models.write_classifier(folder, labels='["red", "woman", "blue"]')
    detector = tiny_models.write_detector(folder, '["person"]')
    detector.write_text(detector.read_text() + "score = 0.5\n")
    return "-p", f"classifier={classifier}", "-p", f"detector={detector}"


def test_with_guests_it_shows_their_words_beside_the_control_and_veils_those_for_people(report_of, cards):
    soup, text = text_of(report_of, *cards)
    assert "how much survives of the word it gives first to the whole image" in text
    assert "how much survives of the words it has boxes for" in text
    heads = [cell.get_text(" ", strip=True) for cell in soup.select("table th")]
    assert {"its word survives", "in the control", "more lost than in the control"} <= set(heads)
    assert "Who has a region in these images" in text
    assert "woman" not in str(soup)
    assert "▒▒▒ (#" in text
    assert "Every image was shown to every guest that is here." in text
