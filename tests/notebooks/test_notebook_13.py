"""Notebook 13 runs headless: a guest that is here speaks beside its words, for one that is not it says what to type."""

import pytest
import reporting
import tiny_models


@pytest.fixture(scope="module")
def page(report_of, shared_folder):
    tiny_models.onnx()
    pytest.importorskip("onnxruntime", reason="no onnxruntime (pip install 'retrain-kit[models]')")
    folder = shared_folder / "works-of-art"
    folder.mkdir(exist_ok=True)
    card = tiny_models.write_classifier(folder, labels='["dotted line", "woman", "blue, azure"]')
    table = folder / "lines.csv"
    table.write_text("image,caption,credit\nRK-02,A white wall behind women.,a made-up captioner\n")
    options = (
        "-p",
        f"classifier={card}",
        "-p",
        f"caption_table={table}",
        "-p",
        'sought=["painting","Azure"]',
    )
    path = report_of("13", *options)
    return reporting.BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def test_machines_speak_with_the_words_they_have_and_people_beside_them(page):
    text = reporting.text(page)
    assert "Type: retrain-kit pull model:ssd-mobilenet-v2" in text
    assert "It has 3 words. Not among them: painting. Among them: azure." in text
    assert "not on the list, which has dotted line" in text  # of the title One line
    assert "No word fits where a classifier gives its likeliest word less than 20%" in text
    assert "a made-up captioner" in text
    assert "Demonstration: said by nobody." in text
    assert "yes: 2; no: 2; I don't know: 1; refused: 1." in text
    assert "Few answered: 1." in text
    assert "“White in white”, A program of retrain-kit, 2026, two whites" in text


def test_a_word_for_people_is_veiled_in_what_machines_say(page):
    assert "woman" not in str(page)
    assert "women" not in str(page)
    assert "A white wall behind ▒▒▒." in reporting.text(page)
    assert page.find_all(["script", "input", "video", "iframe"]) == []
