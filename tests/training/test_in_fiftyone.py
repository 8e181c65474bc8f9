"""What people said stands in FiftyOne in fields of its own, and goes from there when it is withdrawn."""

from contextlib import suppress

import pytest
from click.testing import CliRunner
from PIL import Image

from retrain_kit import fiftyone
from retrain_kit.annotations.drawings import Drawing, Drawn
from retrain_kit.annotations.recordings import Recording, Tag
from retrain_kit.annotations.traces import Trace
from retrain_kit.annotations.working_time import Spent
from retrain_kit.answers import Consent, Store
from retrain_kit.cli import kit
from retrain_kit.errors import DataError, ParameterError
from retrain_kit.exercises.common.consent import Voice
from retrain_kit.exercises.own_time.own_time import OwnTime
from retrain_kit.exercises.polyphony.pairs import Pair, PairedImage
from retrain_kit.exercises.polyphony.polyphony import Polyphony
from retrain_kit.exercises.recoding_art.recoding_art import RecodingArt, WorkAnswer
from retrain_kit.exercises.surfaces.informational_surfaces import InformationalSurfaces
from retrain_kit.exercises.training import export
from retrain_kit.exercises.what_if import demonstration
from retrain_kit.exercises.what_if.ranges import BlankPlace
from retrain_kit.exercises.what_if.what_if import WhatIf
from retrain_kit.fiftyone import answers

STUDY = "embedded-sample"
PUBLISHED = Consent(("class", "publication"), "what-if-1", "2026-11-22T09:00:00Z")
ANN, BEN = (Voice(PUBLISHED, "-".join([word] * 8)) for word in ("babab", "dodod"))


@pytest.fixture(scope="module", autouse=True)
def _database(kit_database):
    """These tests need FiftyOne's real database."""


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "answers") as made:
        yield made


@pytest.fixture
def dataset():
    found = fiftyone.open_study(STUDY)[1]
    yield found
    for prefix in ("answers_", "demonstration_answers_"):
        answers.remove_answers(found, prefix)


def held(dataset, field, image="bison"):
    """The rows of a field of one image, as plain values."""
    dataset.reload()
    found = dataset.match({"image_id": image}).first()[field]
    return [{name: row[name] for name in row.field_names if not name.startswith("_")} for row in found or ()]


def test_each_field_holds_what_was_said_of_its_image(store, dataset, tmp_path):
    WhatIf(store, STUDY).add(BlankPlace("bison"), "mist", "likely", ANN)
    WhatIf(store, STUDY).refuse(BlankPlace("cat"), "burn", BEN, "not this one")
    table = Polyphony(store, Pair(PairedImage(STUDY, "a", "bison"), PairedImage("other", "b", "sea")))
    sentence = table.answer(table.turn(), "Both wait.", PUBLISHED, language="en").record
    way = Trace(([[0.25, 0.5, 0.0], [0.5, 0.5, 1.5]],))
    tags = (Tag("horn", (0.25, 0.25, 0.5, 0.75)),)
    size = (80, 60)
    InformationalSurfaces(store, STUDY).keep(
        Recording("bison", size, "a back", way, tags=tags, devices=("pen",), seconds=2.0), ANN
    )
    said = RecodingArt(store, STUDY).say("bison", WorkAnswer("a bison, twice", "I don't know"), ANN).record
    drawn = Drawn("box", "back", ((1.0, 2.0), (5.0, 6.0)), "pen", shape=Spent(7.5), word=Spent(2.0))
    OwnTime(store, STUDY).keep(Drawing("bison", size, (drawn, drawn)), ANN)
    WhatIf(store, STUDY).refuse(BlankPlace("a yak"), "burn", BEN)
    told = []
    export.write_training_data(store, tmp_path, "fiftyone", say=told.append)
    assert told == [f"{STUDY}: not written is what was said of 1 image that the dataset has not: a yak."]
    assert held(dataset, "answers_what_if") == [
        {
            "option": "mist",
            "wordings": ["mist"],
            "weight": 1.0,
            "low": 66.0,
            "high": 90.0,
            "people": 1,
            "hole": "",
        }
    ]
    assert held(dataset, "answers_polyphony") == [
        {
            "text": "Both wait.",
            "who": sentence.who,
            "step": "first",
            "language": "en",
            "footnotes": [],
            "beside": ["other/sea"],
            "record": sentence.id,
        }
    ]
    (track,) = held(dataset, "answers_tracks")
    assert (track["seconds"], track["pointer_seconds"], track["points"]) == (2.0, 1.5, 2)
    assert (track["devices"], track["tags"]) == (["pen"], ["horn"])
    (work,) = held(dataset, "answers_recoding_art")
    assert (work["text"], work["art"], work["who"]) == ("a bison, twice", "I don't know", said.who)
    piece, _ = held(dataset, "answers_drawn")
    assert (piece["points"], piece["label"], piece["active_s"]) == ([[1, 2], [5, 6]], "back", None)
    assert piece["image_size"] == [80, 60]
    (refusal,) = held(dataset, "answers_refusals", "cat")
    assert (refusal["refusal"], refusal["text"]) == ("burn", "not this one")
    assert held(dataset, "answers_what_if", "cat") == []


def bytes_below(*folders):
    """Every byte of the files below some folders; the database may delete one while others are read."""
    read = []
    for path in [path for folder in folders for path in folder.rglob("*") if path.is_file()]:
        if not path.is_symlink() and "mongod/" not in str(path):
            with suppress(FileNotFoundError):
                read.append(path.read_bytes())
    return b"".join(read)


def published(store, tmp_path, words):
    """Say words in each way that FiftyOne is given, write them there, and return what was said first."""
    said = WhatIf(store, STUDY).add(BlankPlace("bison"), words, 10, ANN)
    WhatIf(store, STUDY).refuse(BlankPlace("cat"), "no-answer", ANN, f"{words} refused")
    way, tags = Trace(([[0.25, 0.5, 0.0], [0.5, 0.5, 1.5]],)), (Tag(words, (0.25, 0.25, 0.5, 0.75)),)
    track = Recording("bison", (80, 60), f"{words} spoken", way, tags=tags, devices=("pen",), seconds=2.0)
    InformationalSurfaces(store, STUDY).keep(track, ANN)
    RecodingArt(store, STUDY).say("bison", WorkAnswer(f"{words} seen", "no"), ANN)
    WhatIf(store, STUDY).add(BlankPlace("bison"), "fog of somebody else", 10, BEN)
    return said, export.write_training_data(store, tmp_path, "fiftyone")


def test_withdrawing_strikes_fiftyone_to_the_last_byte(store, dataset, tmp_path, kit_cache):
    said, (sheet,) = published(store, tmp_path, "quaggaword")
    copy = dataset.clone(f"copy of {tmp_path.name}", persistent=True)
    fiftyone.fo.core.odm.get_db_conn().client.admin.command("fsync")
    assert b"quaggaword" in bytes_below(kit_cache)
    done = CliRunner().invoke(kit, ["withdraw", str(tmp_path / "answers"), "--key", said.key])
    assert (done.exit_code, f"Deleted, since it held it; make it anew: {sheet}" in done.output) == (0, True)
    assert f"Taken out of FiftyOne, with all other answers; write them anew: {dataset.name}" in done.output
    assert store.datasets_due() == []
    for each in (dataset, copy):
        each.reload()
        assert len(each) == 47
        assert not each.has_sample_field("answers_what_if")
        assert each.has_sample_field("regions")
    assert b"quaggaword" not in bytes_below(kit_cache, tmp_path)
    export.write_training_data(store, tmp_path, "fiftyone")
    assert [row["option"] for row in held(dataset, "answers_what_if")] == ["fog of somebody else"]
    copy.delete()


def test_a_withdrawal_that_cannot_reach_fiftyone_is_named_and_done_at_the_next_chance(
    store, dataset, tmp_path, kit_cache, monkeypatch
):
    said, _ = published(store, tmp_path, "thylacineword")
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("RETRAIN_KIT_CACHE", str(tmp_path / "no database"))
        elsewhere.delenv("FIFTYONE_DATABASE_URI", raising=False)
        done = CliRunner().invoke(kit, ["withdraw", str(tmp_path / "answers"), "--key", said.key])
        assert done.exit_code == 0
        assert f"Still in FiftyOne's dataset {dataset.name} ({kit_cache / 'database'})" in done.output
        assert f"withdraw {tmp_path / 'answers'} --finish" in done.output
        assert [each.name for each in store.datasets_due()] == [dataset.name]
    assert "thylacineword" in str(held(dataset, "answers_what_if"))
    answers.strike_remembered.cache_clear()
    fiftyone.open_study(STUDY)
    assert store.datasets_due() == []
    assert b"thylacineword" not in bytes_below(kit_cache, tmp_path)


def test_withdraw_finish_strikes_what_another_withdrawal_left(store, dataset, tmp_path):
    said, _ = published(store, tmp_path, "dodoword")
    reached = store.withdraw(said.record.id, said.key).reached
    assert (reached.datasets, reached.remaining) == (
        (dataset.name,),
        (f"the dataset {dataset.name} in FiftyOne",),
    )
    done = CliRunner().invoke(kit, ["withdraw", str(tmp_path / "answers"), "--finish"])
    assert (done.exit_code, "Taken out of FiftyOne" in done.output) == (0, True)
    dataset.reload()
    assert not dataset.has_sample_field("answers_what_if")


def test_what_was_withdrawn_is_struck_before_the_next_write(store, dataset, tmp_path, kit_cache):
    said, _ = published(store, tmp_path, "moaword")
    store.withdraw_all(said.key)
    export.write_training_data(store, tmp_path, "fiftyone", [STUDY])
    assert [row["option"] for row in held(dataset, "answers_what_if")] == ["fog of somebody else"]
    assert b"moaword" not in bytes_below(kit_cache, tmp_path)


def test_answers_are_no_annotations_and_a_study_reads_the_same_with_them(store, dataset, tmp_path):
    before = fiftyone.samples(dataset)
    WhatIf(store, STUDY).add(BlankPlace("bison"), "mist", 10, ANN)
    export.write_training_data(store, tmp_path, "fiftyone")
    dataset.reload()
    assert fiftyone.samples(dataset) == before


def test_what_nobody_said_has_fields_of_its_own_and_says_so(store, dataset, tmp_path):
    WhatIf(store, STUDY).add(BlankPlace("bison"), "my own", 10, ANN)
    export.write_training_data(store, tmp_path, "fiftyone")
    exercise = demonstration.example_what_if(tmp_path / "demo", STUDY, [BlankPlace("bison")])
    with exercise.store as made:
        export.write_training_data(made, tmp_path, "fiftyone")
    assert [row["option"] for row in held(dataset, "answers_what_if")] == ["my own"]
    assert "mist" in [row["option"] for row in held(dataset, "demonstration_answers_what_if")]
    about = {prefix: each["about"] for prefix, each in dataset.info["retrain_kit_answers"].items()}
    assert about["demonstration_answers_"] == "said by nobody, made for demonstration"


def test_a_field_that_somebody_else_made_is_not_written_over(store, tmp_path):
    WhatIf(store, STUDY).add(BlankPlace("bison"), "mist", 10, ANN)
    dataset = fiftyone.empty_dataset(f"own field {tmp_path.name}")
    dataset.add_sample_field("answers_tracks", fiftyone.fo.StringField)
    with pytest.raises(DataError, match="answers_tracks"):
        answers.write_answers(dataset, {"what_if": {}, "tracks": {}}, "answers_", "")
    assert not dataset.has_sample_field("answers_what_if")


def test_in_a_dataset_that_only_fiftyone_knows_answers_are_no_annotations_either(store, tmp_path):
    Image.new("RGB", (8, 6)).save(tmp_path / "sky.png")
    dataset = fiftyone.fo.Dataset(f"own {tmp_path.name}")
    dataset.add_sample(fiftyone.fo.Sample(filepath=str(tmp_path / "sky.png")))
    name = dataset.first().id
    WhatIf(store, dataset.slug).add(BlankPlace(name), "mist", 10, ANN)
    words = ["training", str(store.folder), "-o", str(tmp_path), "--as", "fiftyone"]
    done = CliRunner().invoke(kit, [*words, "--study", f"fiftyone:{dataset.name}"])
    assert (done.exit_code, done.stderr) == (0, "")
    dataset.reload()
    assert [row["option"] for row in dataset.first()["answers_what_if"]] == ["mist"]
    (sample,) = fiftyone.samples(dataset)
    assert (sample.regions, sample.labels, sample.points) == ((), (), ())


def test_all_studies_that_cannot_be_opened_are_told_together(store, tmp_path):
    with pytest.raises(ParameterError) as error:
        export.write_training_data(store, tmp_path, "fiftyone", ["nope", "fiftyone:none"])
    assert len(error.value.faults) == 2
