"""Training data is written with its datasheet, and a withdrawal names every file of it."""

import importlib.metadata
import itertools
import json
import subprocess
import sys

import pandas as pd
import polars as pl
import pytest
import yaml
from click.testing import CliRunner

from retrain_kit.annotations.recordings import Recording, Tag
from retrain_kit.annotations.traces import Trace
from retrain_kit.answers import Consent, Store, deriving, merge_files
from retrain_kit.cli import kit
from retrain_kit.datasets.formats import localized_narratives
from retrain_kit.errors import DataError, ParameterError
from retrain_kit.exercises.common.consent import Voice
from retrain_kit.exercises.polyphony import consented
from retrain_kit.exercises.polyphony.pairs import Pair, PairedImage
from retrain_kit.exercises.polyphony.polyphony import Polyphony
from retrain_kit.exercises.recoding_art.recoding_art import RecodingArt, WorkAnswer
from retrain_kit.exercises.surfaces import informational_surfaces
from retrain_kit.exercises.surfaces.informational_surfaces import InformationalSurfaces
from retrain_kit.exercises.training import datasheet, export, selection
from retrain_kit.exercises.what_if import demonstration
from retrain_kit.exercises.what_if.ranges import BlankPlace
from retrain_kit.exercises.what_if.what_if import WhatIf

FILES = {
    "crowd-kit": ["README.md", "labels.parquet", "sentences.parquet", "tags.parquet"],
    "soft-labels": ["README.md", "data/soft-labels.parquet", "data/degrees.parquet"],
    "narratives": ["README.md", "localized_narratives.jsonl", "beside_localized_narratives.jsonl"],
    "works": ["README.md", "data/works.parquet", "data/work-answers.parquet"],
}
PAIR = Pair(PairedImage("nature", "photos", "sky"), PairedImage("other", "paintings", "sea"))
WAY = Trace(([[0.25, 0.5, 0.0], [0.5, 0.5, 1.5]],))
RECORDING = Recording(
    "sky", (80, 60), "a wide sky", WAY, tags=(Tag("cloud", (0.25, 0.25, 0.5, 0.75)),), seconds=2.0
)


def agreed(*uses, version="what-if-1"):
    return Consent(uses, version, "2026-11-22T09:00:00Z")


def voice(word="babab", *uses, version="what-if-1", number=0):
    consent = agreed(*(uses or ("class", "publication")), version=version)
    return Voice(consent, "-".join([word] * 8), once=f"{number:032x}" if number else "")


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "answers") as made:
        yield made


def say_something(store, word="babab", *uses):
    """One answer to each exercise, and one refusal of each kind of person."""
    WhatIf(store, "nature").add(BlankPlace("sky"), f"mist of {word}", "likely", voice(word, *uses))
    table = Polyphony(store, PAIR)
    consent = agreed(*{"class", *(uses or ("publication",))}, version="polyphony-1")
    table.answer(table.turn(), f"Both wait, says {word}.", consent, language="en")
    InformationalSurfaces(store, "nature").keep(
        RECORDING, voice(word, *uses, version="informational-surfaces-1")
    )
    InformationalSurfaces(store, "nature").refuse(
        "sky", "nothing", voice(word, *uses), f"words of {word} who refuses"
    )
    RecodingArt(store, "nature").say(
        "sky", WorkAnswer(f"blue, {word}", "I don't know"), voice(word, *uses, version="recoding-art-1")
    )


def read_all(folder):
    """Everything that a folder holds, as one text."""
    tables = [json.dumps(pl.read_parquet(path).to_dicts()) for path in sorted(folder.rglob("*.parquet"))]
    texts = [path.read_text() for path in sorted(folder.rglob("*.*")) if path.suffix != ".parquet"]
    return "\n".join([*tables, *texts])


@pytest.mark.parametrize("kind", FILES)
def test_each_kind_is_a_folder_with_a_datasheet_first(store, tmp_path, kind):
    say_something(store)
    written = export.write_training_data(store, tmp_path / "out", kind)
    assert written == [tmp_path / "out" / kind / name for name in FILES[kind]]
    assert all(path.is_file() for path in written)


def test_crowd_kits_tables_have_its_columns_and_one_row_for_what_one_person_said(store, tmp_path):
    say_something(store)
    export.write_training_data(store, tmp_path, "crowd-kit")
    labels, sentences, tags = (
        pl.read_parquet(tmp_path / "crowd-kit" / f"{name}.parquet")
        for name in ("labels", "sentences", "tags")
    )
    known = {record.asked.exercise: record for record in store.records() if not record.refusal}
    what_if, polyphony, surfaces = (
        known[name] for name in ("what-if", "polyphony", "informational-surfaces")
    )
    assert labels.to_dicts() == [
        {
            "task": "nature: sky",
            "worker": what_if.who,
            "label": "mist of babab",
            "weight": 0.78,
            "low": 66.0,
            "high": 90.0,
            "said": ["likely"],
            "study": "nature",
            "records": [what_if.id],
        }
    ]
    assert sentences.to_dicts() == [
        {
            "task": "nature: sky and other/sea",
            "worker": polyphony.who,
            "text": "Both wait, says babab.",
            "step": "first",
            "language": "en",
            "footnotes": [],
            "study": "nature",
            "record": polyphony.id,
            "read": "",
        }
    ]
    assert tags.select("task", "worker", "label", "left", "bottom").rows() == [
        ("nature: sky", surfaces.who, "cloud", 0.25, 0.75)
    ]


def test_a_work_keeps_every_answer_and_no_aggregator_gets_any(store, tmp_path):
    exercise = RecodingArt(store, "works")
    for word, said in (("babab", "yes"), ("dodod", "yes"), ("gugug", "I don't know"), ("zuzuz", None)):
        exercise.say("cut", WorkAnswer(f"a cut, {word}", said), voice(word))
    exercise.refuse("cut", "burn", voice("kikik"))
    for kind in ("works", "crowd-kit"):
        export.write_training_data(store, tmp_path, kind)
    assert pl.read_parquet(tmp_path / "works/data/works.parquet").drop("descriptions").to_dicts() == [
        {
            "study": "works",
            "image_id": "cut",
            "sha256": "",
            "options": ["yes", "no", "I don't know"],
            "counts": [2, 0, 1],
            "weights": [2 / 3, 0.0, 1 / 3],
            "refused": 1,
            "left_open": 1,
            "refusals": ["burn"],
        }
    ]
    assert "a cut" not in read_all(tmp_path / "crowd-kit")
    assert "the verdict that the exercise refuses to give" in (tmp_path / "works/README.md").read_text()


def test_an_aggregator_of_crowd_kit_reads_the_tables(store, tmp_path):
    aggregation = pytest.importorskip("crowdkit.aggregation", reason="crowd-kit is not installed")
    for word in ("babab", "dodod"):
        WhatIf(store, "nature").place(BlankPlace("sky"), "original:bird", 20, voice(word))
    WhatIf(store, "nature").add(BlankPlace("sky"), "mist", "likely", voice("babab"))
    export.write_training_data(store, tmp_path, "crowd-kit")
    table = pd.read_parquet(tmp_path / "crowd-kit" / "labels.parquet")
    shares = aggregation.MajorityVote().fit_predict_proba(table)
    assert shares.loc["nature: sky", "bird"] == pytest.approx(2 / 3)


def test_the_head_of_the_card_names_each_file_and_the_types_of_its_columns(store, tmp_path):
    say_something(store)
    export.write_training_data(store, tmp_path, "soft-labels")
    folder = tmp_path / "soft-labels"
    head = yaml.safe_load((folder / "README.md").read_text().split("---\n")[1])
    files = {each["config_name"]: each["data_files"] for each in head["configs"]}
    assert files == {
        "soft_labels": [{"split": "train", "path": "data/soft-labels.parquet"}],
        "degrees": [{"split": "train", "path": "data/degrees.parquet"}],
    }
    assert [each["default"] for each in head["configs"]] == [True, False]
    for told in head["dataset_info"]:
        table = pl.read_parquet(folder / files[told["config_name"]][0]["path"])
        assert [column["name"] for column in told["features"]] == table.columns
    features = {column["name"]: column for column in head["dataset_info"][0]["features"]}
    assert features["image_id"] == {"name": "image_id", "dtype": "string"}
    assert features["weights"] == {"name": "weights", "sequence": "float64"}
    assert features["options"] == {"name": "options", "sequence": {"sequence": "string"}}


def test_hugging_faces_own_library_loads_the_folder_without_asking_any_host(store, tmp_path):
    try:
        importlib.metadata.version("datasets")
    except importlib.metadata.PackageNotFoundError:
        pytest.skip("Hugging Face's datasets is not installed")
    say_something(store)
    export.write_training_data(store, tmp_path, "soft-labels")
    load = "import sys, datasets; print(datasets.load_dataset(sys.argv[1])['train'][0]['options'])"
    quiet = {"HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path / "hf")}
    command = [sys.executable, "-c", load, str(tmp_path / "soft-labels")]
    done = subprocess.run(command, env=quiet, capture_output=True, text=True)
    assert done.stdout.strip() == "[['mist of babab']]", done.stderr


def test_recordings_come_back_from_their_lines_by_the_reader_of_localized_narratives(store, tmp_path):
    say_something(store)
    _, lines, beside = export.write_training_data(store, tmp_path, "narratives")
    (narrative,) = localized_narratives.load_narratives(lines)
    assert (narrative.dataset_id, narrative.image_id, narrative.caption) == ("nature", "sky", "a wide sky")
    assert [[(place.x, place.y, place.t) for place in way] for way in narrative.traces] == [
        [(0.25, 0.5, 0.0), (0.5, 0.5, 1.5)]
    ]
    told = json.loads(beside.read_text())
    (record,) = store.records(exercise=informational_surfaces.EXERCISE)[:1]
    assert (told["who"], told["day"], len(told["day"])) == (record.who, record.when[:10], 10)
    assert record.when not in beside.read_text()
    assert told["tags"] == [{"label": "cloud", "edges": [0.25, 0.25, 0.5, 0.75], "t": None, "device": ""}]


# -- consent, refusals, withdrawals ------------------------------------------------------------------------


@pytest.mark.parametrize("kind", FILES)
def test_what_was_not_agreed_to_be_published_is_left_out_and_counted(store, tmp_path, kind):
    say_something(store)
    say_something(store, "gugug", "class")
    export.write_training_data(store, tmp_path, kind)
    text = read_all(tmp_path / kind)
    left, refused = {"crowd-kit": (4, 1), "soft-labels": (1, 0), "narratives": (2, 1), "works": (1, 0)}[kind]
    assert "gugug" not in text
    assert not any(record.who in text for record in store.records() if "gugug" in record.text)
    assert f"have not agreed to publication: {left}, of which refusals: {refused}." in text


@pytest.mark.parametrize("kind", FILES)
def test_what_was_withdrawn_is_gone_from_the_next_export(store, tmp_path, kind):
    say_something(store)
    for number in (1, 2, 3):
        WhatIf(store, "nature").add(BlankPlace("sky"), f"kite {number}", 30, voice("dodod", number=number))
    export.write_training_data(store, tmp_path, kind)
    store.withdraw_all("-".join(["babab"] * 8))
    export.write_training_data(store, tmp_path, kind)
    text = read_all(tmp_path / kind)
    assert "mist of babab" not in text
    assert "a wide sky" not in text
    assert "Withdrawn from the store, whichever study it was about: 4." in text


@pytest.mark.parametrize("kind", FILES)
def test_withdrawing_deletes_every_file_that_was_written(store, tmp_path, kind):
    said = WhatIf(store, "nature").add(BlankPlace("sky"), "mist", 10, voice())
    if kind == "works":
        said = RecodingArt(store, "nature").say("sky", WorkAnswer(art="no"), voice())
    if kind == "narratives":
        said = InformationalSurfaces(store, "nature").keep(RECORDING, voice())
    written = export.write_training_data(store, tmp_path / "out", kind)
    reached = store.withdraw(said.record.id, said.key).reached
    assert (set(reached.deleted), reached.remaining) == (set(written), ())
    assert not any(path.exists() for path in written)


@pytest.mark.parametrize("kind", FILES)
def test_files_that_never_held_what_is_withdrawn_stay(store, tmp_path, kind):
    WhatIf(store, "nature").add(BlankPlace("sky"), "mist", 10, voice())
    written = export.write_training_data(store, tmp_path / "out", kind)
    late = WhatIf(store, "nature").add(BlankPlace("sky"), "a kite", 10, voice("dodod"))
    assert store.withdraw(late.record.id, late.key).reached.deleted == ()
    assert all(path.is_file() for path in written)


def test_what_is_withdrawn_while_it_is_written_is_not_in_it(store):
    said = WhatIf(store, "nature").add(BlankPlace("sky"), "mist", 10, voice())
    made = []

    def make():
        made.append([record.text for record in store.records()])
        if len(made) == 1:
            store.withdraw(said.record.id, said.key)
        return made[-1]

    assert deriving.make_settled(store, make) == []
    assert len(made) == 2


def test_after_everything_was_withdrawn_a_named_study_is_written_anew_and_empty(store, tmp_path):
    said = WhatIf(store, "nature").add(BlankPlace("sky"), "mist", 10, voice())
    export.write_training_data(store, tmp_path, "soft-labels", ["nature"])
    store.withdraw(said.record.id, said.key)
    export.write_training_data(store, tmp_path, "soft-labels", ["nature"])
    assert pl.read_parquet(tmp_path / "soft-labels/data/soft-labels.parquet").is_empty()


@pytest.mark.parametrize("kind", FILES)
def test_stores_merged_in_any_order_give_the_same_bytes(tmp_path, kind):
    for number, word in enumerate(("babab", "dodod", "gugug")):
        with Store(tmp_path / word) as one:
            say_something(one, word)
            if number == 2:
                one.withdraw_all("-".join([word] * 8))
    contents = set()
    for number, order in enumerate(itertools.permutations(("babab", "dodod", "gugug"))):
        merge_files([tmp_path / word for word in order], tmp_path / f"merged {number}")
        with deriving.open_store(tmp_path / f"merged {number}") as merged:
            written = export.write_training_data(merged, tmp_path / f"out {number}", kind)
        contents.add(tuple(path.read_bytes() for path in written))
    assert len(contents) == 1


def test_only_the_studies_named_are_written_and_a_pair_counts_for_both_of_its_studies(store):
    say_something(store)
    WhatIf(store, "third").add(BlankPlace("sky"), "rain", 10, voice("dodod"))
    assert selection.select_answers(store, ["third"]).studies == ("third",)
    assert [record.asked.exercise for record in selection.select_answers(store, ["other"]).records] == [
        "polyphony"
    ]


# -- demonstration -----------------------------------------------------------------------------------------


def test_what_nobody_said_is_marked_in_names_splits_and_datasheets(tmp_path):
    exercise = demonstration.example_what_if(tmp_path / "demo", "nature", [BlankPlace("sky")])
    with exercise.store as store:
        for kind in FILES:
            written = export.write_training_data(store, tmp_path / "out", kind)
            assert {path.relative_to(tmp_path / "out").parts[0] for path in written} == {
                f"demonstration-{kind}"
            }
            assert all(path.name.startswith("demonstration-") for path in written[1:])
            assert "**Made for demonstration: nobody said any of this.**" in written[0].read_text()
    card = (tmp_path / "out/demonstration-soft-labels/README.md").read_text()
    assert "split: demonstration" in card
    assert "split: train" not in card


def test_the_knife_case_keeps_both_readings_as_rows_of_their_own(tmp_path):
    merge_files([consented.KNIFE_FILE], tmp_path / "knife", demonstration=True)
    with deriving.open_store(tmp_path / "knife") as store:
        export.write_training_data(store, tmp_path, "crowd-kit")
    table = pl.read_parquet(tmp_path / "demonstration-crowd-kit/demonstration-sentences.parquet")
    texts = table["text"].to_list()
    assert "A red fruit cake, cut messily." in texts
    assert "A crime scene: red viscera on a table." in texts
    assert "no-answer" not in str(table.to_dicts())


# -- datasheets --------------------------------------------------------------------------------------------


def test_a_datasheet_says_who_how_when_and_under_which_consent(store, tmp_path):
    say_something(store)
    export.write_training_data(store, tmp_path, "crowd-kit")
    text = (tmp_path / "crowd-kit/README.md").read_text()
    day = store.records()[0].when[:10]
    assert "- Exercises: informational-surfaces (2); polyphony (1); what-if (1)." in text
    assert "- Studies: nature." in text
    assert "- People: 2, each under a pseudonym" in text
    assert f"- Days: {day}." in text
    assert "- Time: not disclosed. How long somebody took over an answer is told nowhere here" in text
    assert "- Pay: not disclosed. Whether anybody was paid for answering" in text
    assert f"{day}T" not in text
    assert "    What might exist in the blank area?" in text
    assert "- It may be published, with my pseudonym. (text what-if-1)" in text
    assert "Whether machines may be trained with it, nobody was asked" in text
    assert "- Refusals here: 1 × nothing to say." in text
    assert not any(record.who in text for record in store.records())


def test_languages_are_counted_of_words_that_people_wrote_and_of_nothing_else(store):
    exercise = WhatIf(store, "nature")
    exercise.add(BlankPlace("sky"), "mist", 10, voice())
    exercise.place(BlankPlace("sky"), "original:bird", 10, voice())
    exercise.let_elephant_in(BlankPlace("sky"), 10, voice())
    assert datasheet.datasheet_facts(selection.select_answers(store))["languages"] == ["en (1)"]


def test_every_column_is_explained_and_no_other(store):
    say_something(store)
    selected = selection.select_answers(store)
    for kind in ("crowd-kit", "soft-labels", "works"):
        for path, table in export.KINDS[kind].export(selected).contents.items():
            name = path.removeprefix("data/").removesuffix(".parquet").replace("-", "_")
            told = datasheet.datasheet_words()["columns"]["labels" if name == "degrees" else name]
            assert {word for names in told for word in names.split(", ")} == set(table.columns)


def test_what_files_of_answers_say_is_text_in_a_datasheet_and_never_markup(store, tmp_path):
    WhatIf(store, "<b>[nature](x)").add(BlankPlace("sky"), "<script>", 10, voice())
    export.write_training_data(store, tmp_path, "crowd-kit")
    text = (tmp_path / "crowd-kit/README.md").read_text()
    assert r"\<b\>\[nature\](x)" in text
    assert "<b>" not in text
    assert "<script>" not in text


# -- mistakes ----------------------------------------------------------------------------------------------


def test_all_studies_that_nobody_spoke_of_are_told_together(store, tmp_path):
    say_something(store)
    with pytest.raises(ParameterError) as error:
        export.write_training_data(store, tmp_path / "out", "crowd-kit", ["nature", "nope", "none"])
    assert [fault.where for fault in error.value.faults] == ["study nope", "study none"]
    assert "nature" in str(error.value)
    assert not (tmp_path / "out").exists()


def test_a_folder_without_a_store_is_an_error_and_no_store_is_made_there(tmp_path):
    with pytest.raises(DataError, match="merge"):
        deriving.open_store(tmp_path / "nothing")
    assert not (tmp_path / "nothing").exists()


def test_the_command_writes_and_prints_the_paths(store, tmp_path):
    say_something(store)
    words = ["training", str(tmp_path / "answers"), "-o", str(tmp_path / "out"), "--as", "crowd-kit"]
    done = CliRunner().invoke(kit, [*words, "--study", "nature"])
    assert done.exit_code == 0, done.output
    assert done.output.splitlines() == [str(tmp_path / "out/crowd-kit" / name) for name in FILES["crowd-kit"]]
    with Store(tmp_path / "silent"):
        done = CliRunner().invoke(kit, ["training", str(tmp_path / "silent"), *words[2:]])
    assert (
        done.stderr == "Nobody has said anything that may be used as crowd-kit: what is written is empty.\n"
    )


def test_the_command_says_a_mistake_in_a_line(tmp_path):
    done = CliRunner().invoke(kit, ["training", str(tmp_path), "--as", "crowd-kit"])
    assert done.exit_code == 1
    assert done.output.startswith(f"retrain-kit: {tmp_path}: found no answers.jsonl in it;")
    assert len(done.output.splitlines()) == 1
