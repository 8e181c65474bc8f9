"""No veiled word reaches any file, the screen or FiftyOne unless the content notice was accepted."""

import pytest
import wounding
from commands import typed

from retrain_kit import cli
from retrain_kit.cli import naming

STUDY = "study/mine.toml"
FOLDER_STUDY = "bare"
COMMANDS = {
    "mosaic": [
        ("mosaic", STUDY, "-o", "out/mosaic.html", "--view", "tagged"),
        ("mosaic", STUDY, "-o", "out/mosaic"),
        ("mosaic", STUDY, "-o", "out/mosaic.png"),
    ],
    "datasheet": [("datasheet", STUDY, "-o", "out")],
    "decanonize": [
        ("decanonize", STUDY, "-o", "out/decanonized", "-j", 1, "--masks"),
        ("decanonize", FOLDER_STUDY, "-o", "out/of a folder", "-j", 1, "--way", "exact"),
    ],
    "coverage": [("coverage", STUDY, "-o", "out")],
    "duplicates": [("duplicates", STUDY, "-o", "out", "--judgements", "out/judgements.csv")],
    "export": [("export", STUDY, "--as", "hugging-face", "-o", "out/hugging-face")],
    "handout": [
        (
            *("handout", STUDY, "-o", "out/handout.html", "--images", 2),
            *(
                part
                for name in ("what-if", "polyphony", "informational-surfaces", "first-text")
                for part in ("--exercise", name)
            ),
        )
    ],
    "pull": [("pull", STUDY)],
    "review": [("review", STUDY, "--people", 1, "--each", 2, "--seed", 1, "-o", "out/review.html")],
    "exhibition": [("exhibition", STUDY, "--answers", "out/answers", "-o", "out/exhibition")],
    "bring": [("bring", "came-back", "--study", STUDY, "--answers", "out/answers", "--keys", "out/keys.csv")],
    "training": [
        ("training", "out/answers", "--as", kind, "-o", "out", "--study", STUDY)
        for kind in ("crowd-kit", "soft-labels", "soft-labels-with-images", "narratives")
    ],
    "words": [("words", "study/system.csv", "-o", "out/words.html", "--study", STUDY)],
    "study": [("study", "classes", "-y", "--as", "class-folders", "--name", "of-classes")],
}
"""How each command is typed that takes a study, or makes one."""
WITH_MORE = {"app", "card", "class", "report", "sheets"}
"""Commands that are tried by tests of their own below."""


def every_command(group=cli.kit):
    return {name: each for name, each in group.commands.items() if naming.takes_study(each)}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with the study, one without manifest, and what came back."""
    folder = tmp_path_factory.mktemp("veil")
    (folder / "study").mkdir()
    wounding.write_study(folder / "study")
    (folder / "bare").mkdir()
    wounding.write_study(folder / "bare", f"human {wounding.WORD}")
    for name in ("mine.toml", "mine.csv", "mine.starts.csv", "system.csv"):
        (folder / "bare" / name).unlink()
    return folder


def run(place, name, tmp_path, *options):
    for words in COMMANDS[name]:
        done = typed(place, *words, *options, RETRAIN_KIT_DATA=str(tmp_path))
        yield done


def test_every_command_that_takes_a_study_is_tried():
    assert set(every_command()) - WITH_MORE <= COMMANDS.keys()


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_no_veiled_word_reaches_a_file_or_the_screen(name, place, tmp_path):
    pass
