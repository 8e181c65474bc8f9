"""Whatever people have said stays text in reports, as HTML and as PDF."""

import re
import subprocess
import sys
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from bs4 import BeautifulSoup
from hostility import HOSTILE

from retrain_kit.annotations import samples
from retrain_kit.answers import Consent, Store
from retrain_kit.datasets import folder
from retrain_kit.exercises.common.consent import Voice
from retrain_kit.exercises.polyphony import pairs
from retrain_kit.exercises.polyphony.polyphony import Polyphony
from retrain_kit.exercises.what_if.ranges import BlankPlace
from retrain_kit.exercises.what_if.what_if import WhatIf
from retrain_kit.studies import manifests, sampling

STUDY = "embedded-sample"
CONSENT = Consent(("class", "publication"), "test", "2026-11-22T09:00:00Z")


def answer(store):
    """Say every hostile sentence in both exercises: as an option, a reason, a refusal, a footnote, a sentence."""
    manifest = manifests.load(STUDY)
    every = folder.read(manifest)
    drawn = sampling.draw_samples([sample for sample in every if sample.regions], 4, 7)
    place, exercise = BlankPlace(drawn[0].id), WhatIf(store, STUDY)
    table = Polyphony(
        store, pairs.draw_pair_figures([(manifest, samples.filter_regions(every, []))], 4, 7)[0].pair
    )
    for text in HOSTILE:
        said = exercise.add(place, text, 5, Voice(CONSENT))
        store.amend(said.record.id, text, said.key)
        exercise.let_elephant_in(place, 5, Voice(CONSENT), text)
        exercise.refuse(place, "burn", Voice(CONSENT), text)
        first = table.answer(table.turn(), text, CONSENT)
        store.amend(first.record.id, text, first.key)


@pytest.fixture(scope="module")
def made(chromium, kit_database, tmp_path_factory):
    """The reports of notebooks 05 and 06 over a store of hostile sentences."""
    where = tmp_path_factory.mktemp("hostile")
    with Store(where / "answers") as store:
        answer(store)
    command = [Path(sys.executable).parent / "retrain-kit", "report", "05", "06", "--pdf"]
    done = subprocess.run([*command, "-p", "store_folder=answers"], cwd=where, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return where / "reports"


def plain(text):
    """Leave out spaces and the signs of direction, which are set and not printed."""
    return re.sub(r"[\s\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\x02-]", "", text)


@pytest.mark.parametrize("name", ["05_what_if", "06_polyphony"])
def test_the_page_shows_every_sentence_and_makes_nothing_of_it(made, open_page, name):
    file = made / f"{name}.html"
    soup = BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser")
    assert soup.find_all(["script", "iframe", "object", "embed", "svg", "form"]) == []
    assert not [tag for tag in soup.select("*") for key in tag.attrs if key.startswith("on")]
    assert not [link for link in soup.find_all("a") if "script:" in link.get("href", "")]
    for text in HOSTILE:
        assert plain(text) in plain(soup.main.get_text())
    with open_page() as page:
        page.goto(file.as_uri())
        page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
        assert page.evaluate("window.hit") is None


@pytest.mark.parametrize("name", ["05_what_if", "06_polyphony"])
def test_the_pdf_holds_the_sentences_and_neither_script_nor_a_link_to_one(made, name):
    with pikepdf.open(made / f"{name}.pdf") as pdf:
        whole = [
            bytes(each.unparse(resolved=True)) for each in pdf.objects if not isinstance(each, pikepdf.Stream)
        ]
    assert not [each for each in whole if re.search(rb"/JavaScript|/JS\b|/Launch|javascript:", each)]
    document = pypdfium2.PdfDocument(made / f"{name}.pdf")
    printed = plain("".join(page.get_textpage().get_text_range() for page in document))
    for text in HOSTILE[:2]:
        assert plain(text) in printed
