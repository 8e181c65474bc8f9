"""The datasheet asks what Datasheets for Datasets asks; what no field of a manifest answers is blank."""

from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from places import ROOT

from retrain_kit.datasets.veil import veiled
from retrain_kit.reports import datasheet
from retrain_kit.reports.datasheet_questions import CREDIT, QUESTIONS, answered_count, sheet_questions
from retrain_kit.studies import manifests
from retrain_kit.studies.data_access import Access, Publication
from retrain_kit.studies.disclosure import AnnotationProcess

EMBEDDED = manifests.load("embedded-sample")
SILENT = replace(
    EMBEDDED,
    **dict.fromkeys(("why", "licence", "content_notice"), ""),
    annotation=AnnotationProcess("unknown", "unknown", "Unknown."),
    publication=Publication(),
    access=Access(),
    images=(),
)


def asked(manifest):
    return {each.question: each.answers for each in sheet_questions(manifest)}


def test_a_question_is_answered_by_the_fields_of_the_manifest_alone_and_they_are_named():
    found = {question: answers for question, answers in asked(EMBEDDED).items() if answers}
    assert {question: list(answers) for question, answers in found.items()} == {
        "Why was it put together?": ["why"],
        "Who put it together, and for whom?": ["publication.organisations"],
        "How many items are there?": ["images"],
        "Which errors, noise or repetitions are known?": ["annotation.status"],
        "Could anything in it wound, threaten or frighten whoever looks?": ["content_notice"],
        "How was each item come by: seen, told by people, or inferred?": ["annotation.how"],
        "Who took part in collecting it?": ["annotation.who"],
        "What were they paid?": ["annotation.paid"],
        "Over which time?": ["annotation.when"],
        "Since when?": ["publication.published"],
        "Under which licence or terms?": ["licence"],
    }
    assert found["Over which time?"] == {"annotation.when": "2026-11-22"}


def test_a_manifest_that_says_nothing_answers_nothing():
    assert answered_count(SILENT) == (0, 51)


def test_what_was_looked_for_and_is_not_disclosed_is_an_answer():
    manifest = replace(SILENT, labour={"biases": "", "uses": "To count."})
    assert [answers for answers in asked(manifest).values() if answers] == [
        {"labour.uses": "To count."},
        {"labour.biases": "Not disclosed by the authors of the data set."},
    ]


def test_what_is_veiled_is_no_answer():
    manifest = veiled(replace(EMBEDDED, content_notice=""))
    assert "veiled" in manifest.content_notice
    assert asked(manifest)["Could anything in it wound, threaten or frighten whoever looks?"] == {}


@pytest.mark.parametrize("toml", sorted((ROOT / "data_manifests").glob("*.toml")), ids=lambda toml: toml.stem)
def test_every_study_of_the_kit_is_asked_all_and_the_page_shows_each_blank(toml):
    manifest = manifests.load(toml, pinned=False)
    answered, of = answered_count(manifest)
    page = BeautifulSoup(datasheet.page_html(manifest, []), "html.parser")
    rows = page.select(".rk-sheet-questions > div")
    assert [row.dt.get_text() for row in rows] == [question for _, question, _ in QUESTIONS]
    assert [row.dd.get_text(strip=True) for row in rows].count("not stated") == of - answered
    assert CREDIT in page.get_text()
