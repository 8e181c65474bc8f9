"""What stands on the kit's pages to be typed runs as it stands there, in a fresh folder with a user's own files."""

import json
import re
import shlex
import shutil
import subprocess
import sys
import zipfile

import pages
import pytest
import voicing
from click.testing import CliRunner
from PIL import Image
from places import ROOT
from serving import silent_address

from retrain_kit.answers import Consent, Store
from retrain_kit.cli import kit
from retrain_kit.datasets.layouts.known import layout_names
from retrain_kit.exercises.common.consent import BOOK, Voice
from retrain_kit.exercises.conversation.conversation import Conversation
from retrain_kit.exercises.conversation.subjects import open_subject
from retrain_kit.exercises.what_if.ranges import BlankPlace
from retrain_kit.exercises.what_if.what_if import WhatIf
from retrain_kit.studies import manifests, references, reviews
from retrain_kit.studies.codes import card_code

NOT_RUN = {
    "make report": "makes the environment in which this test runs; test_wheel installs the kit elsewhere",
    "make lab": "runs until it is ended; the browser tests start JupyterLab",
    "make quick": "is this suite",
    "make test": "is this suite",
    "make check-web": "brings Node from the web",
    "retrain-kit app embedded-sample": "runs until it is ended; tests/browser/test_app_command.py starts it",
    "retrain-kit app fiftyone:my-dataset --port 5152": "the same",
    "retrain-kit app mine.toml --slices --fill blur": "the same",
    "retrain-kit app --remove-plugin": "changes the user's own folder; that file does so in one of its own",
    "retrain-kit duplicates": "looks at all studies of this machine; the tests of duplicates choose theirs",
    "retrain-kit report 01 02 03 04 -j 2": "is long, and the lines before it make the same; tests/test_cli.py links two",
    "retrain-kit pull open-images-nature": "fetches from the web; tests/datasets/test_pulling.py pulls from this machine",
    "retrain-kit pull wordnet": "the same; tests/datasets/test_label_sources.py pulls from this machine",
    "retrain-kit pull model:efficientnet-lite3": "fetches a package; tests/models/test_weights.py has pip find one here",
    "retrain-kit draw --dataset open-images-v7 --label Bird --n 50 --seed 7": "the same",
}
"""The lines that no test runs, each with the reason. All others are run."""

KEY = "-".join(["babab"] * 8)
CLASSES = [each for each in pages.commands() if each.text.startswith("retrain-kit class ")]
"""They run until they are ended, as tests/classroom/test_serving.py does."""
COMMANDS = [each for each in pages.commands() if each.text not in NOT_RUN and each not in CLASSES]


def is_quick(command):
    """Whether a line needs neither a kernel nor the database."""
    first, *rest = shlex.split(command.text)[1:]
    if any(map(references.is_fiftyone, rest)):
        return False
    return first not in {"doctor", "database"} and (first != "report" or not rest or "--help" in rest)


def options(commands):
    """All options of some commands."""
    params = [param for command in commands for param in command.params]
    return {"--help"}.union(*([*each.opts, *each.secondary_opts] for each in params))


@pytest.mark.parametrize("path", pages.TEXTS, ids=lambda each: each.name)
def test_each_command_and_option_in_a_sentence_is_there(path):
    text = " ".join(path.read_text(encoding="utf-8").replace("\n# ", "\n").split())
    assert set(re.findall(r"`(--[a-z][a-z-]*)", text)) <= options(kit.commands.values())
    for name, words in re.findall(r"`retrain-kit (?!answers 2)([a-z][a-z-]*)([^`]*)`", text):
        assert name in kit.commands
        assert set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", words)) <= options([kit.commands[name]])


@pytest.mark.parametrize("text", [(ROOT / "README.md").read_text("utf-8"), kit.commands["study"].help])
def test_each_layout_is_told_where_study_is_explained(text):
    told = {
        "class-folders": "folders of classes",
        "coco-panoptic": "(also panoptic",
        "folder": "the kit's own lines of annotations",
        "images": "a bare folder of images",
        "works": "a museum's works",
    }
    said = " ".join(text.split()).lower()
    assert not [each for each in layout_names() if told.get(each, each.replace("-", " ")) not in said]


@pytest.mark.parametrize("command", CLASSES, ids=lambda each: each.text)
def test_a_class_is_held_as_the_pages_say(command):
    _, name, *words = shlex.split(command.text)
    assert kit.commands[name].make_context(name, words).params["study"] in ("embedded-sample", "free-works")


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """A folder with the files that the pages call the user's own; no server can be reached from it."""
    place = tmp_path / "desk"
    place.mkdir()
    monkeypatch.chdir(place)
    monkeypatch.setenv("RETRAIN_KIT_DATA", str(tmp_path / "data"))
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, silent_address())
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    put_a_study(place)
    figure = (ROOT / "docs" / "labour.md").read_text("utf-8").partition("## A figure\n\n```toml\n")[2]
    (place / "labour.toml").write_text(figure.partition("```")[0], "utf-8")
    (place / "places.csv").write_text("image,country\nsheep,Scotland\n", "utf-8")
    put_answers(place)
    put_coco(tmp_path / "coco")
    put_works(tmp_path / "works")
    accept_the_images(manifests.load("embedded-sample"), place)
    return place


def put_a_study(folder):
    """`mine.toml`: five photographs of the embedded sample in a folder, and what is tagged on them."""
    own, count = manifests.load("embedded-sample"), 5
    (folder / "photos").mkdir()
    for image in list(own.images)[:count]:
        shutil.copy(own.path(image), folder / image.file)
    rows = own.toml.with_suffix(".csv").read_text("utf-8").splitlines(keepends=True)
    (folder / "mine.csv").write_text("".join(rows[: count + 1]), "utf-8")
    (folder / "mine.toml").write_text(
        own.toml.read_text("utf-8").replace("package:data/sample", "."), "utf-8"
    )
    ids = tuple(f'{{"image": "{image.id}"' for image in list(own.images)[:count])
    lines = own.files["annotations"].read_text("utf-8").splitlines(keepends=True)
    (folder / "annotations.jsonl").write_text(
        "".join(each for each in lines if each.startswith(ids)), "utf-8"
    )


def put_answers(folder):
    """`answers`, two laptops' files of answers, and what came back from a card."""
    consent = Consent(("class", "publication"), "what-if-1", "2026-11-22T09:00:00Z")
    for place in ("answers", "of-laptop-1", "of-laptop-2"):
        with Store(folder / place) as store:
            WhatIf(store, "embedded-sample").add(
                BlankPlace("sheep"), f"a kite of {place}", "likely", Voice(consent, KEY)
            )
    bound = Consent(("class", BOOK), "conversation-1", "2026-11-22T09:00:00Z")
    with Store(folder / "answers") as store:
        talk = Conversation(store, "embedded-sample")
        talk.write(open_subject(), "Nobody asked me.", Voice(bound, "-".join(["dabab"] * 8)))
    for number in (1, 2):
        shutil.copy(folder / f"of-laptop-{number}" / "answers.jsonl", folder / f"laptop-{number}.jsonl")
    with zipfile.ZipFile(folder / "submissions.zip", "w") as handed_in:
        handed_in.write(folder / "laptop-1.jsonl", "Ada L_123456_assignsubmission_file_/answers.jsonl")
    (folder / "came-back").mkdir()
    (folder / "came-back" / "people.csv").write_text("pseudonym,agreed\nkestrel,class publication\n")
    (folder / "came-back" / f"{card_code('embedded-sample', 'bison')}_kestrel.txt").write_text("a fence")
    (folder / "note.txt").write_text("It was a kite.")
    (folder / "our-voices").mkdir()
    (folder / "our-voices" / "voices.toml").write_text(voicing.study(voicing.voice("a")))


def accept_the_images(study, folder):
    """Say of all images that somebody has looked at them; `review.jsonl` says it too."""
    decided = [reviews.Decision(study.name, each.id, "accept", sha256=each.sha256) for each in study.images]
    reviews.keep_decisions(study, decided)
    (folder / "review.jsonl").write_bytes(reviews.decision_lines(decided))


def put_works(folder):
    """`../works`: a museum's table of one work, and its image."""
    folder.mkdir()
    (folder / "objects.csv").write_text("Object Number,Title,Artist\n1.1,Blue,Ann\n")
    Image.new("RGB", (64, 48), "blue").save(folder / "1.1.png")


def put_coco(folder):
    """`../coco`: an image in COCO's layout, with a box on it."""
    (folder / "images").mkdir(parents=True)
    (folder / "annotations").mkdir()
    Image.new("RGB", (64, 48), "navy").save(folder / "images" / "one.jpg")
    tables = {
        "images": [{"id": 1, "file_name": "one.jpg", "width": 64, "height": 48}],
        "categories": [{"id": 1, "name": "Sea"}],
        "annotations": [
            {"id": 1, "image_id": 1, "category_id": 1, "bbox": [8, 8, 16, 16], "area": 256, "iscrowd": 0}
        ],
    }
    (folder / "annotations" / "instances.json").write_text(json.dumps(tables))


def blocks(*, quick):
    """The lines of each block of commands that are run, quick ones or the others."""
    found = {}
    for each in COMMANDS:
        if is_quick(each) == quick:
            found.setdefault((each.page, each.block), []).append(each)
    return [pytest.param(lines, id=f"{page}-{number}") for (page, number), lines in found.items()]


def type_in(command):
    done = CliRunner().invoke(kit, shlex.split(command.text)[1:], input=f"{KEY}\n", catch_exceptions=False)
    assert done.exit_code == 0, f"{command}\n{done.output}"


@pytest.mark.parametrize("lines", blocks(quick=True))
def test_the_lines_of_a_block_run(desk, lines):
    for line in lines:
        type_in(line)


@pytest.mark.parametrize("lines", blocks(quick=False))
def test_the_lines_of_a_block_that_need_a_kernel_or_the_database_run(
    desk, kernel, my_dataset, chromium, lines
):
    for line in lines:
        words = [sys.executable, "-m", "retrain_kit", *shlex.split(line.text)[1:]]
        done = subprocess.run(words, capture_output=True, text=True)
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"


def test_the_lines_that_are_not_run_stand_on_the_pages():
    assert set(NOT_RUN) <= {each.text for each in pages.commands()}


@pytest.fixture(scope="module")
def my_dataset(kit_database):
    """The dataset of the pages: ten photographs in FiftyOne, with a box and a word."""
    from retrain_kit.fiftyone.library import fo  # noqa: PLC0415 - the quick suite takes this file without it

    dataset = fo.Dataset("my-dataset")
    for image in list(manifests.load("embedded-sample").images)[:10]:
        box = fo.Detection(label="Animal", bounding_box=[0.25, 0.25, 0.5, 0.5])
        path = manifests.load("embedded-sample").folder / image.file
        dataset.add_sample(fo.Sample(filepath=str(path), ground_truth=fo.Detections(detections=[box])))
    return dataset


@pytest.mark.parametrize("program", pages.programs(), ids=str)
def test_a_program_on_the_pages_runs(desk, my_dataset, program):
    exec(compile(program.text, str(program), "exec"), {"__name__": "__main__"})  # noqa: S102 - the kit's own pages
