"""No veiled word reaches any file, the screen or FiftyOne unless the content notice was accepted."""

import ast
import contextlib
import io
import json
from dataclasses import replace

import jupytext
import lessons
import pytest
import voicing
import wounding
from commands import typed
from places import ROOT

from retrain_kit import cli, datasets
from retrain_kit.answers import Store
from retrain_kit.answers.records import Consent
from retrain_kit.cli import naming
from retrain_kit.datasets import veil
from retrain_kit.exercises.common.consent import BOOK, Voice
from retrain_kit.exercises.conversation.conversation import Conversation
from retrain_kit.exercises.conversation.subjects import asked_subject
from retrain_kit.exercises.what_if.ranges import BlankPlace
from retrain_kit.exercises.what_if.what_if import WhatIf
from retrain_kit.reports import notebooks
from retrain_kit.studies import codes, manifests, reviews

STUDY = "mine.toml"
ACCEPT = "--accept-words"
COMMANDS = {
    "bring": [("bring", "came-back", "--study", STUDY, "--answers", "out/answers", "--keys", "out/keys.csv")],
    "card": [("card", "CODE", "--study", STUDY)],
    "coverage": [("coverage", STUDY, "-o", "out")],
    "datasheet": [("datasheet", STUDY, "-o", "out")],
    "decanonize": [
        ("decanonize", STUDY, "-o", "out/of a study", "-j", 1, "--masks"),
        ("decanonize", "bare", "-o", "out/of a folder", "-j", 1, "--way", "exact"),
    ],
    "duplicates": [("duplicates", STUDY, "-o", "out", "--judgements", "out/judgements.csv")],
    "book": [("book", "answers", "--study", STUDY, "-o", "out/book.html")],
    "exhibition": [
        ("bring", "came-back", "--study", STUDY, "--answers", "out/answers", "--keys", "out/keys.csv"),
        ("exhibition", STUDY, "--answers", "out/answers", "-o", "out/exhibition.html"),
    ],
    "export": [("export", STUDY, "--as", "hugging-face", "-o", "out/hugging-face")],
    "handout": [
        (
            *("handout", STUDY, "-o", "out/handout.html", "--images", 2, "--exercise", "what-if"),
            *(
                "--exercise",
                "polyphony",
                "--exercise",
                "informational-surfaces",
                "--exercise",
                "recoding-art",
            ),
        )
    ],
    "mosaic": [
        ("mosaic", STUDY, "-o", "out/mosaic.html", "--view", "tagged"),
        ("mosaic", STUDY, "-o", "out/mosaic"),
        ("mosaic", STUDY, "-o", "out/mosaic.png"),
    ],
    "ledger": [("ledger", STUDY, "-o", "out/time.parquet")],
    "city": [("city", STUDY, "-o", "out/city.html", "--house", 1)],
    "nutrition-label": [
        ("nutrition-label", STUDY, "-o", f"out/label.{ending}") for ending in ("html", "pdf")
    ],
    "pull": [("pull", STUDY)],
    "replay": [("replay", STUDY, "-o", f"out/replay.{ending}") for ending in ("html", "png")],
    "review": [("review", STUDY, "--people", 1, "--each", 2, "--seed", 1, "-o", "out/review.html")],
    "roulette": [("roulette", STUDY, "-o", "out/roulette.html")],
    "sheets": [
        ("review", STUDY, "--take", "decisions.jsonl"),
        ("sheets", STUDY, "--people", 1, "--each", 2, "--seed", 1, "-o", "out/a.pdf", "--answers-sheet"),
    ],
    "study": [("study", "classes", "-y", "--as", "class-folders", "--plan")],
    "training": [
        ("training", "answers", "--as", kind, "-o", "out")
        for kind in ("crowd-kit", "soft-labels", "soft-labels-with-images", "works")
    ],
    "voices": [
        (
            "voices",
            "voices",
            "--answers",
            "out/voices",
            "--study",
            STUDY,
            "--for",
            "class",
            "-o",
            "out/v.html",
        )
    ],
    "what-it-took": [
        ("what-it-took", STUDY, "--image", "IMAGE", "-o", f"out/took.{ending}") for ending in ("html", "pdf")
    ],
    "words": [("words", "system.csv", "-o", "out/words.html", "--study", STUDY)],
}
"""How each command is typed that takes a study, or makes one."""
WITH_MORE = {"app", "class", "report"}
"""Commands that serve or run something: tests of their own are below."""


def commands_with_studies(group=cli.kit):
    return {name for name, each in group.commands.items() if naming.takes_study(each)}


def test_every_command_that_takes_a_study_is_tried_and_has_the_option():
    assert commands_with_studies() - WITH_MORE <= COMMANDS.keys()
    for name in commands_with_studies():
        assert any(ACCEPT in each.opts for each in cli.kit.commands[name].params), name


def make_place(folder):
    """Write what commands are typed about: two studies, a folder of classes, what was given, decided and said."""
    wounding.write_study(folder)
    image = datasets.read(manifests.load(folder / STUDY))[0]
    (folder / "bare").mkdir()
    wounding.write_study(folder / "bare", f"human {wounding.WORD}")
    for name in ("mine.toml", "mine.csv", "mine.starts.csv", "system.csv"):
        (folder / "bare" / name).unlink()
    for name in (f"human {wounding.WORD}", "cat"):
        (folder / "classes" / name).mkdir(parents=True)
        (folder / "classes" / name / "1.jpg").write_bytes(image.path.read_bytes())
    code = codes.card_code("mine", image.id)
    (folder / "voices").mkdir()
    (folder / "voices" / "voices.toml").write_text(voicing.study(images=[image.id]))
    (folder / "came-back").mkdir()
    (folder / "came-back" / "people.csv").write_text("pseudonym,agreed,language\nkestrel,publication,en\n")
    (folder / "came-back" / f"{code}_kestrel.txt").write_text("a fence")
    when = "2026-11-30T09:00:00Z"
    lines = (
        reviews.Decision("mine", row.id, "accept", "", "", when, row.sha256)
        for row in manifests.load(folder / STUDY).images
    )
    (folder / "decisions.jsonl").write_bytes(reviews.decision_lines(lines))
    with Store(folder / "answers") as store:
        voice = Voice(Consent(("publication",), "what-if-1", when), "-".join(["babab"] * 8))
        WhatIf(store, "mine").add(BlankPlace(image.id), "mist", "likely", voice)
        bound = Voice(Consent((BOOK,), "conversation-1", when), "-".join(["babab"] * 8))
        Conversation(store, "mine").write(replace(asked_subject("Why?"), image=image.id), "a fence", bound)
    return {"CODE": code, "IMAGE": image.id}


def typed_in(folder, name, *options):
    """Type a command's lines in a place of its own; return what was said, and which files hold the word."""
    folder.mkdir()
    named, said = make_place(folder), []
    for words in COMMANDS[name]:
        line = [named.get(word, word) for word in words]
        done = typed(folder, *line, *options, RETRAIN_KIT_DATA=str(folder / "data"))
        assert done.returncode in {0, 3}, done.stderr
        said += [done.stdout, done.stderr]
    return "".join(said), wounding.files_with_the_word(folder / "out") if (folder / "out").exists() else []


LONG = ("replay", "what-it-took")


@pytest.mark.parametrize("name", sorted({*COMMANDS} - {*LONG}))
def test_no_veiled_word_reaches_a_file_or_the_screen_unless_accepted(name, tmp_path):
    check_words(name, tmp_path)


@pytest.mark.usefixtures("long_work")
@pytest.mark.parametrize("name", LONG)
def test_no_veiled_word_reaches_what_is_long_in_the_making(name, tmp_path):
    check_words(name, tmp_path)


def check_words(name, folder):
    said, files = typed_in(folder / "veiled", name)
    assert files == []
    assert not wounding.found_in(said.encode()), said
    said, files = typed_in(folder / "accepted", name, ACCEPT)
    assert files or wounding.found_in(said.encode())
    assert "▒▒▒" not in said


def test_what_is_wrong_with_a_study_is_said_without_its_words(tmp_path):
    wounding.write_study(tmp_path)
    done = typed(tmp_path, "datasheet", STUDY, "-o", "out", "--strict")
    assert (done.returncode, "▒▒▒" in done.stderr) == (1, True)
    assert not wounding.found_in(done.stderr.encode())
    with (tmp_path / "annotations.jsonl").open("a", encoding="utf-8") as file:
        file.write(f"{wounding.WORD}\n")
    done = typed(tmp_path, "mosaic", STUDY, "-o", "out.html")
    assert done.returncode == 1
    assert not wounding.found_in(done.stderr.encode())


@pytest.mark.parametrize("accepted", [False, True])
def test_a_class_sees_no_veiled_word_unless_accepted(tmp_path, accepted):
    wounding.write_study(tmp_path)
    manifest = veil.veiled(manifests.load(tmp_path / STUDY), accepted=accepted)
    exercises = ("what-if", "polyphony", "informational-surfaces", "recoding-art", "living-with-images")
    with lessons.held(tmp_path / "answers", manifest=manifest, exercises=exercises) as running:
        person = running.join()
        wall = {"Authorization": f"Bearer {running.entry.projector_secret}"}
        desk = {"Authorization": f"Bearer {running.entry.teacher_secret}"}
        asked = [("about", {}), ("projector/about", wall), ("teacher/about", desk), ("teacher/images", desk)]
        seen = [person.get(path, **headers).text for path, headers in asked]
        seen += [json.dumps(running.shown(name)) for name in exercises[:4]]
        mine = person.ask("mine", {}).text
    assert any(wounding.found_in(text.encode()) for text in (*seen, mine)) == accepted


# -- notebooks and FiftyOne


def run_notebook(path, values):
    """Run the cells of a notebook here; return all that its cells show, as text."""
    names, shown = {"__name__": "__main__"}, []
    for cell in jupytext.read(path).cells:
        if cell.cell_type == "code":
            with contextlib.redirect_stdout(io.StringIO()) as printed:
                shown += _shown_by(cell.source, names)
            shown.append(printed.getvalue())
            names |= values if "parameters" in cell.metadata.get("tags", ()) else {}
    return "\n".join(shown)


def _shown_by(source, names):
    """Run a cell; yield what its last expression shows, and the state of what is a widget."""
    parsed = ast.parse(source)
    last = parsed.body.pop() if parsed.body and isinstance(parsed.body[-1], ast.Expr) else None
    exec(compile(parsed, "cell", "exec"), names)  # noqa: S102 - the kit's own notebooks
    value = eval(compile(ast.Expression(last.value), "cell", "eval"), names) if last else None  # noqa: S307 - the same
    for name in ("_repr_html_", "_repr_markdown_", "_repr_svg_"):
        if hasattr(value, name):
            yield str(getattr(value, name)())
    if hasattr(value, "get_state"):
        yield repr(value.get_state())
    yield "" if value is None else repr(value)


NOTEBOOKS = sorted((ROOT / "notebook_sources").glob("*.py"))
VALUES = {
    "01": {"output_folder": "exact"},
    "04": {"output_folder": "kept"},
    "08": {"cards_file": "cards.pdf"},
}
OF_ANSWERS = {"14"}
"""Notebooks that read answers alone: no word of a study is in them."""


def parameters_of(path):
    return {each.name for each in notebooks.read_parameters(notebooks.find_notebook(path.stem))}


def test_every_notebook_on_a_study_asks_whether_the_notice_was_accepted():
    without = {path.stem[:2] for path in NOTEBOOKS if "accepted" not in parameters_of(path)}
    assert without == OF_ANSWERS


@pytest.mark.parametrize("path", [path for path in NOTEBOOKS if path.stem[:2] not in OF_ANSWERS], ids=str)
def test_no_notebook_shows_a_veiled_word_unless_accepted(path, kit_database, tmp_path):
    (tmp_path / "study").mkdir()
    wounding.write_study(tmp_path / "study")
    asked = {"study": str(tmp_path / "study" / STUDY)}
    if "label_system" in parameters_of(path):
        asked["label_system"] = str(tmp_path / "study" / "system.csv")
    for accepted in (False, True):
        (place := tmp_path / f"accepted {accepted}").mkdir()
        with contextlib.chdir(place):
            shown = run_notebook(path, {**asked, **VALUES.get(path.stem[:2], {}), "accepted": accepted})
        assert wounding.found_in(shown.encode("utf-8", "replace")) == accepted
        assert accepted or wounding.files_with_the_word(place) == []


@pytest.mark.parametrize("accepted", [False, True])
def test_fiftyone_and_its_app_hold_no_veiled_word_unless_accepted(accepted, kit_database, tmp_path):
    from retrain_kit.fiftyone import explorer  # noqa: PLC0415 - slow to load

    wounding.write_study(tmp_path)
    for slices in (True, False):
        found = explorer.build_explorer(str(tmp_path / STUDY), slices=slices, accepted=accepted)
        every = found.dataset.to_dict(include_frames=True)
        views = [found.dataset.load_saved_view(name) for name in found.dataset.list_saved_views()]
        said = repr(
            (every, found.dataset.info, found.dataset.list_saved_views(), [repr(view) for view in views])
        )
        assert wounding.found_in(said.encode()) == accepted


@pytest.mark.parametrize("accepted", [False, True])
@pytest.mark.parametrize("kind", ["coco", "fiftyone"])
def test_exports_through_fiftyone_hold_no_veiled_word_unless_accepted(accepted, kind, kit_database, tmp_path):
    wounding.write_study(tmp_path)
    options = [ACCEPT] if accepted else []
    done = typed(tmp_path, "export", STUDY, "--as", kind, "-o", "out", *options)
    assert done.returncode in {0, 3}, done.stderr
    assert bool(wounding.files_with_the_word(tmp_path / "out")) == accepted


@pytest.mark.parametrize("accepted", [False, True])
def test_a_report_holds_no_veiled_word_unless_accepted(accepted, kernel, kit_database, tmp_path):
    wounding.write_study(tmp_path)
    options = [ACCEPT] if accepted else []
    done = typed(tmp_path, "report", "00", "--study", STUDY, *options)
    assert done.returncode in {0, 3}, done.stderr
    assert bool(wounding.files_with_the_word(tmp_path / "reports")) == accepted
