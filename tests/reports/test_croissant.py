"""Each study exports a Croissant description that mlcroissant accepts, and a datasheet; neither invents."""

import csv
import json
import re
from dataclasses import replace
from pathlib import Path

import mlcroissant
import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from retrain_kit import datasets
from retrain_kit.annotations.samples import Box, ImageLabel, Region
from retrain_kit.errors import DataError
from retrain_kit.reports import croissant, datasheet
from retrain_kit.storage import files
from retrain_kit.studies import manifests
from retrain_kit.studies.disclosure import LABOUR_QUESTIONS

TOML = """
title = "Two <images>"
why = '''
To see whether
it works.

And why not.
'''
dataset = "folder"
version = "1.4"
licence = "CC BY 4.0"
retrieved = 2026-11-21
content_notice = "Faces."

[annotation]
who = "33 people"
when = "unknown"
how = "unknown"
status = "A draft."
undisclosed = ["The pay."]

[annotation.annotators]
xclick = "drawn by four clicks"

[labour]
platform = "Mechanical Turk"
biases = ""
demographics = "Undisclosed."
limitations = "Small."

[access]
status = "on request"
how = '''
Write a
letter.
'''

[[withdrawn]]
id = "b"
reason = "Its author asked."
"""
DRAW = '\n[draw]\nn = 50\nseed = 7\nlabels = ["Bird", "Tree"]\nsubset = "train"\n'
HEADER = "id,file,sha256,width_px,height_px,licence,author,source,note\n"
ROW = f"a,a.png,{'0' * 64},3,2,CC0-1.0,Ann,https://example.org/a,\n"


@pytest.fixture
def study(tmp_path):
    """Return the function that loads a study of such a TOML and table, pinned or not."""

    def make(toml=TOML, rows=HEADER + ROW):
        (tmp_path / "two.toml").write_text(toml)
        if rows:
            (tmp_path / "two.csv").write_text(rows)
        return manifests.load(tmp_path / "two.toml", pinned=False)

    return make


def accepted(path):
    """Return the dataset that mlcroissant makes of a description without finding an error in it."""
    dataset = mlcroissant.Dataset(path)
    assert dataset.metadata.ctx.issues.errors == set()
    assert dataset.metadata.ctx.is_v1_1()
    return dataset


def missing(dataset):
    return {
        re.search(r'Property "\S+/(\w+)" is recommended', text)[1]
        for text in dataset.metadata.ctx.issues.warnings
    }


def text_of(html):
    return " ".join(BeautifulSoup(html, "html.parser").body.get_text(" ").split())


def test_the_embedded_sample_is_valid_and_its_records_are_the_rows_of_its_table(tmp_path):
    manifest = manifests.load("embedded-sample")
    paths = croissant.export_study(manifest, datasets.read(manifest), tmp_path / "out")
    assert [path.name for path in paths] == [
        "embedded-sample.croissant.json",
        "embedded-sample.csv",
        "embedded-sample.annotations.csv",
        "embedded-sample.datasheet.html",
    ]
    dataset = accepted(paths[0])
    assert missing(dataset) == set()
    written = json.loads(paths[0].read_text())
    assert written["creator"] == [{"@type": "sc:Organization", "name": "The retrain-kit makers"}]
    assert written["datePublished"] == "2026-11-22"
    with manifest.toml.with_suffix(".csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    records = [
        {
            key.removeprefix("images/"): value.decode() if isinstance(value, bytes) else str(value or "")
            for key, value in record.items()
        }
        for record in dataset.records("images")
    ]
    assert len(records) == len(rows) == 47
    assert records == rows


def _plain(record, prefix):
    return {
        key.removeprefix(prefix): value.decode() if isinstance(value, bytes) else value
        for key, value in record.items()
    }


SOURCES = """
[annotation.sources]
drawn = "hand"
proposed = "checked"
unknown = "machine"
"""


def test_annotations_are_records_and_who_made_them_is_said_in_provo_as_far_as_it_is_known(study, tmp_path):
    manifest = study(TOML.replace("xclick =", "drawn =") + SOURCES)
    box = Box(0, 0.5, 2, 1)
    sample = replace(
        manifest.sample(manifest.images[0]),
        regions=(
            Region("Bird", box, "r1", "drawn"),
            Region("Cat", box, "r2", "proposed"),
            Region("Dog", box),
        ),
        labels=(ImageLabel("Sea", present=False, annotator="4711"),),
    )
    paths = croissant.export_study(manifest, [sample], tmp_path / "out")
    dataset = accepted(paths[0])
    found = [_plain(record, "annotations/") for record in dataset.records("annotations")]
    assert [
        (each["label"], each["present"], each["annotator"], each["annotation_source"]) for each in found
    ] == [
        ("Bird", None, "drawn", "hand"),
        ("Cat", None, "proposed", "checked"),
        ("Dog", None, None, "machine"),
        ("Sea", "no", None, "unknown"),
    ]
    assert [found[0][f"{edge}_px"] for edge in ("left", "top", "right", "bottom")] == [0, 0.5, 2, 1]
    assert "4711" not in "".join(path.read_text() for path in paths)  # it may be a person's number
    (records,) = [
        each for each in json.loads(paths[0].read_text())["recordSet"] if each["@id"] == "annotations"
    ]
    activities = records["prov:wasGeneratedBy"]
    agents = [each["prov:wasAssociatedWith"] for each in activities]
    assert [
        (each["prov:label"], agent["@type"], agent["prov:label"])
        for each, agent in zip(activities, agents, strict=True)
    ] == [
        ("drawn by hand", "prov:Agent", "drawn"),
        ("proposed by a machine, checked by people", "prov:Agent", "proposed"),
        ("made by a machine", "prov:SoftwareAgent", "not disclosed"),
        ("not said", "prov:Agent", "not disclosed"),
    ]
    assert agents[0]["description"] == "drawn by four clicks"
    assert activities[1]["prov:wasInformedBy"]["prov:wasAssociatedWith"] == {
        "@type": "prov:SoftwareAgent",
        "prov:label": "not disclosed",
    }
    assert {each["prov:used"]["prov:label"] for each in activities} == {"Mechanical Turk"}
    drawn, checked, machine, asked = (each["additionalProperty"] for each in activities)
    assert [each["value"] for each in drawn[:2]] == ["not disclosed", "not disclosed"]
    assert [each["name"] for each in drawn[:2]] == ["time that it took", "pay"]
    assert (drawn[2]["minValue"], drawn[2]["maxValue"], drawn[2]["unitCode"]) == (6.5, 88, "SEC")
    assert len(drawn[2]["prov:wasDerivedFrom"]) == 9
    assert drawn[2]["prov:wasDerivedFrom"][0]["prov:label"].startswith("Gygli, Ferrari")
    assert drawn[2]["prov:wasGeneratedBy"]["prov:wasAssociatedWith"]["@type"] == "prov:SoftwareAgent"
    assert (checked[2]["minValue"], checked[2]["maxValue"]) == (1.6, 21.9)
    assert machine[2]["description"] == "no annotator's time: machines made all that is said of it"
    assert asked[2]["value"] == "no published figure"


@pytest.mark.parametrize(
    ("when", "told"),
    [
        ("2026-11-22", ("2026-11-22",)),
        ("2008-07/2010-04.", ("2008-07", "2010-04")),
        ("2014 to 2015", ("2014", "2015")),
        ("2015 to 2014", ()),
        ("2014-13", ()),
        ("Six months, after 15 months of trials; the paper is of 2017.", ()),
        ("unknown", ()),
        ("", ()),
    ],
)
def test_only_days_months_and_years_are_a_timeframe(when, told):
    assert croissant.timeframe(when) == told


def test_the_datasheet_says_what_is_disclosed_of_time_and_pay_and_what_like_work_takes(study):
    manifest = study(TOML.replace("xclick =", "drawn =") + SOURCES)
    bare = text_of(datasheet.page_html(manifest, []))
    assert "How long it took, as its authors say not disclosed What was paid, as its authors say not" in bare
    assert "published figures of like work" not in bare
    sample = replace(
        manifest.sample(manifest.images[0]),
        regions=(Region("Bird", Box(0, 0, 1, 1), annotator="drawn"),) * 100,
    )
    text = text_of(datasheet.page_html(manifest, [sample]))
    assert "between 11 minutes and 2.4 hours of somebody's time; 100 pieces of work. Nobody measured" in text
    assert "By pay as claimed visual-genome-pay 1.1 to 20 USD2017. 6 to 8 USD2017/h." in text
    assert "By pay as measured mturk-pay 0.36 to 4.9 USD2018. 2 USD2018/h." in text
    assert "extreme-clicking-voc07 7.0 s/box. Statistic: mean. Of: workers of Amazon Mechanical Turk." in text


def test_a_decanonized_study_is_derived_from_its_study(study):
    made = '\n[decanonized]\nkit = "retrain-kit 0.1.0"\nstudy = "one"\nway = "exact"\nfill = "white"\nshape = "box"\n'
    found = croissant.metadata(study(TOML + made))
    assert found["prov:wasDerivedFrom"] == {"@type": "prov:Entity", "prov:label": "one"}
    assert found["prov:wasGeneratedBy"]["description"].endswith("way: exact, fill: white, shape: box")


def test_a_study_is_described_field_by_field(study):
    found = croissant.metadata(study())
    assert found.pop("@context")["rai"] == "http://mlcommons.org/croissant/RAI/"
    (table,) = found.pop("distribution")
    (records,) = found.pop("recordSet")
    assert found == {
        "@type": "sc:Dataset",
        "name": "Two <images>",
        "alternateName": "two",
        "description": "To see whether it works. And why not.",
        "conformsTo": ["http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0"],
        "version": "1.4",
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "dateCreated": "2026-11-21",
        "conditionsOfAccess": "on request: Write a letter.",
        "rai:dataCollection": "The study states no rule by which its images were chosen.",
        "rai:dataCollectionMissingData": "Image b: Its author asked.",
        "rai:dataAnnotationProtocol": [
            "Who made the annotations: 33 people",
            "When: unknown",
            "The annotator 'xclick': drawn by four clicks",
        ],
        "rai:dataAnnotationPlatform": "Mechanical Turk",
        "rai:annotatorDemographics": "Not disclosed by the authors of the data set.",
        "rai:annotationsPerItem": "Not disclosed: the study states nothing of it.",
        "rai:dataBiases": "Not disclosed by the authors of the data set.",
        "rai:personalSensitiveInformation": "Faces.",
        "rai:dataLimitations": ["Small.", "A draft.", "Never disclosed: The pay."],
    }
    assert (table["contentUrl"], table["contentSize"], table["encodingFormat"]) == (
        "two.csv",
        "173 B",
        "text/csv",
    )
    assert [field["name"] for field in records["field"]] == HEADER.strip().split(",")
    assert records["field"][3]["dataType"] == "sc:Integer"


def test_the_description_states_the_digest_of_the_table_beside_it(study, tmp_path):
    path, table = croissant.write_description(study(), tmp_path / "out" / "two.croissant.json")
    (stated,) = json.loads(path.read_text())["distribution"]
    assert table.read_bytes() == (tmp_path / "two.csv").read_bytes()
    assert stated["sha256"] == files.sha256(table)


def test_a_description_beside_the_table_leaves_it_as_it_is(study, tmp_path):
    manifest = study()
    before = (tmp_path / "two.csv").stat()
    croissant.write_description(manifest, tmp_path / "two.croissant.json")
    assert (tmp_path / "two.csv").stat().st_ino == before.st_ino


@pytest.mark.parametrize(("toml", "rows"), [(TOML, HEADER + ROW), (TOML + DRAW, "")])
def test_a_study_pinned_or_not_is_valid_and_what_is_not_known_is_missed(study, tmp_path, toml, rows):
    dataset = accepted(
        croissant.write_description(study(toml, rows), tmp_path / "out" / "two.croissant.json")[0]
    )
    assert missing(dataset) == {"citeAs", "datePublished"}
    assert dataset.metadata.annotator_demographics == ["Not disclosed by the authors of the data set."]
    assert dataset.metadata.data_social_impact is None


def test_a_study_that_is_not_pulled_yet_has_no_files_and_tells_how_it_will_be_drawn(study, tmp_path):
    manifest = study(TOML.replace("retrieved = 2026-11-21\n", "") + DRAW, "")
    paths = croissant.export_study(manifest, [], tmp_path / "out")
    assert [path.name for path in paths] == ["two.croissant.json", "two.datasheet.html"]
    found = json.loads(paths[0].read_text())
    assert not {"distribution", "recordSet", "dateCreated"} & found.keys()
    assert found["rai:dataCollection"] == (
        "Of all images that bear Bird or Tree in folder 1.4, subset train, 50 will be drawn with the seed 7: "
        "an image's place in the draw follows from the seed and its id alone."
    )
    assert "none yet: it is not settled which images the study looks at" in text_of(paths[1].read_text())


def test_a_data_set_that_was_withdrawn_is_described_with_the_reason(study, tmp_path):
    gone = TOML.replace("on request", "withdrawn").replace("Write a\nletter.", "Slurs.")
    paths = croissant.export_study(study(gone + DRAW, ""), [], tmp_path / "out")
    accepted(paths[0])
    found, text = json.loads(paths[0].read_text()), text_of(paths[1].read_text())
    assert found["conditionsOfAccess"] == "withdrawn: Slurs."
    assert "rai:dataCollection" not in found
    assert "Withdrawn by its authors. Slurs." in text
    assert "Images none: the data set was withdrawn" in text


def test_a_retrieval_that_is_no_day_is_no_date(study):
    found = croissant.metadata(study(TOML.replace("2026-11-21", '"autumn 2026"')))
    assert "dateCreated" not in found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CC0-1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
        ("CC-BY-NC-SA-2.0", "https://creativecommons.org/licenses/by-nc-sa/2.0/"),
        ("cc by 3.0", "https://creativecommons.org/licenses/by/3.0/"),
        ("CC BY", "CC BY"),
        ("CC BY 9.0", "CC BY 9.0"),
        ("images CC BY 4.0, annotations unknown", "images CC BY 4.0, annotations unknown"),
        ("http://example.org/licence", "http://example.org/licence"),
    ],
)
def test_only_a_licence_of_creative_commons_that_is_named_in_full_becomes_an_address(text, expected):
    assert croissant.licence_url(text) == expected


@given(st.text() | st.sampled_from(["CC0", "CC BY 4.0", "cc_by-nd 2.5"]))
def test_a_licence_found_stays_as_it_is_found(text):
    assert croissant.licence_url(croissant.licence_url(text)) == croissant.licence_url(text)


@given(
    st.dictionaries(
        st.sampled_from(LABOUR_QUESTIONS), st.sampled_from(["", "unknown", "Undisclosed.", "Paid."])
    )
)
def test_every_question_is_answered_disclosed_as_withheld_or_never_said(labour):
    manifest = manifests.Manifest(
        *("two", "t", "w", "folder", "1", "l", "r"),
        Path(),
        {},
        manifests.AnnotationProcess(),
        (),
        "",
        labour=labour,
    )
    found = {
        name: answer.texts
        for name, answer in zip(LABOUR_QUESTIONS, datasheet.known_answers(manifest), strict=True)
    }
    for name in LABOUR_QUESTIONS:
        said = labour.get(name)
        assert found[name] == {"Paid.": ("Paid.",), None: ()}.get(said, (datasheet.NOT_DISCLOSED,))


def test_a_datasheet_says_what_is_known_what_is_withheld_and_what_was_never_said(study):
    text = text_of(datasheet.page_html(study(), []))
    for part in (
        "Datasheet Two <images> To see whether it works. And why not. Before looking. Faces.",
        "Data set folder, version 1.4 Licence CC BY 4.0 Access on request. Write a letter. Retrieved 2026-11-21",
        "Who 33 people When unknown xclick drawn by four clicks",
        "On which platform, with which tools? Mechanical Turk",
        "Which biases are known? Not disclosed by the authors of the data set.",
        "Not disclosed, or never recorded: The pay.",
        "Of the 12 questions that Croissant's vocabulary for responsible AI asks, 6 have no answer here",
        "How many people annotated each image? annotationsPerItem",
        "b Its author asked.",
        "a 3 × 2 px. Ann, CC0-1.0. https://example.org/a",
    ):
        assert part in text


def test_a_datasheet_counts_annotations_by_annotator():
    manifest = manifests.load("embedded-sample")
    samples = datasets.read(manifest)
    drawn = sum(region.annotator == "model-drawn" for sample in samples for region in sample.regions)
    assert f"region model-drawn made by a machine {drawn}" in text_of(datasheet.page_html(manifest, samples))


def test_a_datasheet_holds_no_script_and_asks_no_host(study):
    wild = TOML.replace("33 people", "<script>alert(1)</script><img src=https://example.org/x>").replace(
        'licence = "CC BY 4.0"', 'licence = "javascript:alert(1)"'
    )
    html = datasheet.page_html(study(wild), [])
    page = BeautifulSoup(html, "html.parser")
    assert not page.select("script, img, link, iframe, object, embed, [onclick], [style]")
    assert [tag["href"] for tag in page.select("[href]")] == ["https://example.org/a"]
    assert "default-src 'none'" in page.select_one("meta[http-equiv=Content-Security-Policy]")["content"]
    assert "url(" not in html
    assert "@import" not in html


def test_a_folder_that_cannot_be_written_is_named(study, tmp_path):
    (tmp_path / "out").write_text("a file")
    with pytest.raises(DataError, match="a file where a folder should be"):
        croissant.export_study(study(), [], tmp_path / "out")
