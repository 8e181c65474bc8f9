"""A question counts as answered, wherever it is counted, if the Croissant export has an answer to it."""

import re
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from places import ROOT

from retrain_kit.reports import croissant, datasheet, responsible_ai, tables
from retrain_kit.studies import manifests
from retrain_kit.studies.disclosure import LABOUR_QUESTIONS, AnnotationProcess

EMBEDDED = manifests.load("embedded-sample")
SILENT = replace(EMBEDDED, annotation=AnnotationProcess("unknown", "Unknown.", "unknown"), content_notice="")
STUDIES = [
    *sorted(path.stem for path in (ROOT / "data_manifests").glob("*.toml")),
    SILENT,
    replace(SILENT, labour={"platform": "", "biases": "Some.", "uses": "undisclosed"}),
    replace(SILENT, annotation=AnnotationProcess("33 people", "unknown", "unknown")),
    replace(SILENT, annotation=AnnotationProcess(annotators={"xclick": "drawn by four clicks"})),
    replace(SILENT, annotation=AnnotationProcess(undisclosed=("The pay.",))),
]


def loaded(study):
    return manifests.load(study, pinned=False) if isinstance(study, str) else study


def exported(manifest):
    """Return the questions to which the written description has an answer; that there is none is none."""
    fields = croissant.metadata(manifest)
    nothing = (None, responsible_ai.NOTHING_STATED)
    return [
        name for name, (term, _) in responsible_ai.TERMS.items() if fields.get(f"rai:{term}") not in nothing
    ]


@pytest.mark.parametrize("study", STUDIES)
def test_notebook_datasheet_and_export_count_the_same(study):
    manifest = loaded(study)
    answered = exported(manifest)
    (told,) = (text for name, text in tables.undisclosed_questions(manifest).lines if name == "answered")
    assert told.startswith(f"{len(answered)} of 12 questions that Croissant asks of a data set")
    page = BeautifulSoup(datasheet.page_html(manifest, []), "html.parser").get_text(" ")
    silent = re.findall(r"asks, (\d+) ha(?:s|ve) no answer here", page)
    assert silent == ([str(12 - len(answered))] if len(answered) < 12 else [])


def test_the_embedded_sample_answers_three():
    assert exported(EMBEDDED) == ["protocol", "sensitive", "limitations"]
    told = dict(tables.undisclosed_questions(EMBEDDED).lines)
    assert told["answered"] == "3 of 12 questions that Croissant asks of a data set"


def test_unknown_is_no_answer():
    assert responsible_ai.answered_questions(SILENT) == []
    assert responsible_ai.answered_questions(replace(SILENT, annotation=AnnotationProcess())) == []


def test_who_and_the_words_for_annotators_answer_how():
    who = replace(SILENT, annotation=AnnotationProcess("33 people", "unknown", "unknown"))
    assert responsible_ai.rai_fields(who) == {
        "dataAnnotationProtocol": ["Who made the annotations: 33 people", "When: unknown"]
    }


def test_what_was_withheld_is_exported_and_said_to_be_withheld():
    manifest = replace(SILENT, labour={"platform": "", "biases": "Some."})
    assert responsible_ai.withheld_questions(manifest) == ["platform"]
    told = dict(tables.undisclosed_questions(manifest).lines)["answered"]
    assert told == (
        "2 of 12 questions that Croissant asks of a data set; 1 of them by saying that it was not disclosed"
    )


def test_every_question_has_a_term():
    assert list(responsible_ai.TERMS) == list(LABOUR_QUESTIONS)
