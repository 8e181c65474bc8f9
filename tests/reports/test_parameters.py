"""Parameters: choices and ranges stand in their lines, are said in words, and hold in every way to a notebook."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Annotated, Literal, get_args

import nbformat
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from places import ROOT

from retrain_kit.errors import ParameterError
from retrain_kit.exercises.common import consent, prompts
from retrain_kit.exercises.living_with_images import allocation, teaching_plan
from retrain_kit.exercises.living_with_images import session as living_session
from retrain_kit.exercises.living_with_images.cards import layout
from retrain_kit.exercises.surfaces import figures as surfaces_figures
from retrain_kit.exercises.what_if import areas
from retrain_kit.imaging import masking
from retrain_kit.reports import notebooks, parameters
from retrain_kit.reports.parameters import Fill, Ge, Le, Parameter, Study, TypedValue

BIN = Path(sys.executable).parent
CELL = """from typing import Annotated, Literal

from retrain_kit.reports.parameters import Fill, Folder, Ge, Gt, Le, Lt, OtherStudy, Study

shape: Literal["box", "outline"] = "box"  # what is covered
times: Literal[0, 1, 2] = 1  # how often
images: Annotated[int, Ge(0)] = 12  # how many
each: Annotated[int, Ge(1), Le(100)] = 3  # how many each
share: Annotated[float, Gt(0), Lt(1)] = 0.5  # what part
labels: list[str] = []  # which words
fill: Fill = "white"  # with what
study: Study = "embedded-sample"  # which study
second: OtherStudy = ""  # which other
folder: Folder = ""  # where to
"""
IN_WORDS = {
    "shape": "one of box, outline",
    "times": "one of 0, 1, 2",
    "images": "int, 0 or more",
    "each": "int, 1 to 100",
    "share": "float, more than 0 and less than 1",
    "labels": "list[str]",
    "fill": "a colour, or one of transparent, blur, pixelate",
    "study": "a study",
    "second": "a study, or empty",
    "folder": "a folder, or empty",
}


def write_notebook(path, source=CELL, then="parameters.check(globals())"):
    cells = [
        nbformat.v4.new_code_cell(source, metadata={"tags": ["parameters"]}),
        nbformat.v4.new_code_cell(f"from retrain_kit.reports import parameters\n\n{then}"),
        nbformat.v4.new_code_cell("print(repr(labels), repr(images), shape)"),
    ]
    python = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=python), path)
    return path


@pytest.fixture
def notebook(tmp_path):
    return write_notebook(tmp_path / "mine.ipynb")


def namespace(**values):
    """Return what a notebook has when its parameters were set to these values."""
    hints = {
        "labels": list[str],
        "images": Annotated[int, Ge(0)],
        "shape": Literal["box", "outline"],
        "dark": bool,
        "limit": int | None,
        "fill": Fill,
        "study": Study,
        "share": float,
    }
    return {"__annotations__": {name: hints[name] for name in values}, **values}


def checked(**values):
    there = namespace(**values)
    parameters.check(there)
    return {name: there[name] for name in values}


def faults(**values):
    with pytest.raises(ParameterError) as raised:
        parameters.check(namespace(**values))
    return [str(fault) for fault in raised.value.faults]


def test_types_choices_and_ranges_are_said_in_words(notebook):
    assert {each.name: each.type_name for each in notebooks.read_parameters(notebook)} == IN_WORDS


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("shape", "polygon", "'polygon'; expected one of box, outline."),
        ("shape", "Box", "'Box'; expected one of box, outline."),
        ("times", "3", "'3'; expected one of 0, 1, 2."),
        ("times", "true", "'true'; expected one of 0, 1, 2."),
        ("images", "-3", "'-3'; expected int, 0 or more."),
        ("images", "1.5", "'1.5'; expected int, 0 or more."),
        ("images", "none", "'none'; expected int, 0 or more."),
        ("images", "9" * 5000, f"'{'9' * 199}…; expected int, 0 or more."),
        ("each", "101", "'101'; expected int, 1 to 100."),
        ("share", "1", "'1'; expected float, more than 0 and less than 1."),
        ("share", ".nan", "'.nan'; expected float, more than 0 and less than 1."),
        ("labels", "[" * 5000, f"'{'[' * 199}…; expected list[str]."),
        ("folder", "/dev/null", "'/dev/null', a file; expected a folder, or the name for a new one."),
    ],
)
def test_a_value_beyond_choices_and_ranges_is_a_fault(notebook, name, text, found):
    with pytest.raises(ParameterError) as raised:
        notebooks.check_parameters(notebook, {name: TypedValue(text)})
    assert str(raised.value) == f"mine.ipynb, parameter {name}: found {found}"


def test_all_faults_of_all_kinds_come_together_in_the_order_given(notebook, tmp_path, monkeypatch):
    monkeypatch.setenv("RETRAIN_KIT_DATA", str(tmp_path))  # No study that another test has kept.
    asked = {"study": "nope", "fill": "whit", "shape": "polygon", "imges": "3", "second": "a" * 5000}
    with pytest.raises(ParameterError) as raised:
        notebooks.check_parameters(notebook, {name: TypedValue(text) for name, text in asked.items()})
    where = [fault.where.removeprefix("mine.ipynb, parameter ") for fault in raised.value.faults]
    assert where == ["study", "fill", "shape", "imges", "second"]
    assert raised.value.faults[0].do.startswith("There are: coil-100, embedded-sample, ")


def test_a_default_that_its_own_line_forbids_is_a_fault(tmp_path):
    path = write_notebook(tmp_path / "mine.ipynb", CELL.replace("= 12", "= -1"))
    with pytest.raises(ParameterError, match="parameter images: found -1; expected int, 0 or more"):
        notebooks.check_parameters(path, {})


@pytest.mark.parametrize("line", ["import os", "from os import path", "from retrain_kit import fiftyone"])
def test_only_types_are_imported_among_parameters(tmp_path, line):
    path = write_notebook(tmp_path / "mine.ipynb", f"{line}\nimages: int = 1  # how many")
    with pytest.raises(ParameterError, match=f"line 1: found `{line}`"):
        notebooks.read_parameters(path)


@pytest.mark.parametrize(
    "hint", ["Literal[print()]", "Annotated[int, exit()]", "Annotated[int, Ge(open('x'))]", "Annotated[int]"]
)
def test_a_type_runs_nothing(tmp_path, hint):
    path = write_notebook(tmp_path / "mine.ipynb", f"images: {hint} = 1  # how many")
    with pytest.raises(ParameterError, match="line 1"):
        notebooks.read_parameters(path)


@pytest.mark.parametrize(
    ("name", "value", "becomes"),
    [
        ("labels", "Bird", ["Bird"]),
        ("labels", "Bird, Day moon", ["Bird", "Day moon"]),
        ("labels", '["Bird, flying"]', ["Bird, flying"]),
        ("labels", "", []),
        ("labels", "12", ["12"]),
        ("labels", ("Bird",), ["Bird"]),
        ("labels", np.array(["Bird", "Tree"]), ["Bird", "Tree"]),
        ("images", "12", 12),
        ("images", np.int64(12), 12),
        ("images", np.uint8(12), 12),
        ("images", 10**40, 10**40),
        ("limit", None, None),
        ("limit", "null", None),
        ("dark", "yes", True),
        ("dark", "True", True),
        ("dark", np.bool_(0), False),
        ("share", np.float32(0.5), 0.5),
        ("share", 1, 1.0),
        ("shape", np.str_("box"), "box"),
        ("study", "fiftyone:anything", "fiftyone:anything"),
        ("study", "embedded-sample", "embedded-sample"),
    ],
)
def test_what_papermill_or_a_hand_has_set_becomes_what_the_parameter_wants(name, value, becomes):
    found = checked(**{name: value})[name]
    assert found == becomes
    assert type(found) is type(becomes)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        (
            "labels",
            12,
            "labels: found 12; expected list[str]. Write it in quotation marks; for papermill: -r labels 12",
        ),
        ("labels", None, "labels: found None; expected list[str]."),
        ("labels", ["Bird", 7], "labels: found ['Bird', 7]; expected list[str]."),
        ("labels", {"Bird": 1}, "labels: found {'Bird': 1}; expected list[str]."),
        ("images", -3, "images: found -3; expected int, 0 or more."),
        ("images", None, "images: found None; expected int, 0 or more."),
        ("images", True, "images: found True; expected int, 0 or more."),
        ("images", 3.5, "images: found 3.5; expected int, 0 or more."),
        ("images", 1000.0, "images: found 1000.0; expected int, 0 or more."),
        ("images", float("inf"), "images: found inf; expected int, 0 or more."),
        ("images", "many", "images: found 'many'; expected int, 0 or more."),
        ("shape", "polygon", "shape: found 'polygon'; expected one of box, outline."),
        ("shape", 1, "shape: found 1; expected one of box, outline."),
        ("dark", 1, "dark: found 1; expected bool."),
        ("share", float("nan"), "share: found nan; expected float."),
        ("fill", "", "fill: found ''; expected a colour (white, #ff0000, …), transparent, blur, pixelate."),
    ],
)
def test_what_does_not_fit_is_said_in_the_notebook_too(name, value, said):
    assert faults(**{name: value}) == [said]


def test_a_file_that_has_one_word_for_a_list_is_told_how_to_write_it(notebook):
    with pytest.raises(ParameterError) as raised:
        notebooks.check_parameters(notebook, {"labels": "Bird"})
    assert str(raised.value) == (
        "mine.ipynb, parameter labels: found 'Bird'; expected list[str]. Write it as a list of one: [Bird]"
    )


def test_in_a_notebook_too_all_faults_come_together_and_nothing_is_changed():
    there = namespace(images=-3, shape="polygon", labels="Bird")
    before = dict(there)
    with pytest.raises(ParameterError) as raised:
        parameters.check(there)
    assert [fault.where for fault in raised.value.faults] == ["images", "shape"]
    assert there == before


def test_a_readers_own_names_with_types_are_let_be():
    there = {"__annotations__": {"frame": Path, "n": "Path", "images": "Annotated[int, Ge(0)]"}}
    there |= {"frame": 3, "n": 4, "images": "5"}
    parameters.check(there)
    assert (there["frame"], there["n"], there["images"]) == (3, 4, 5)


def test_a_name_that_papermill_was_given_and_the_notebook_does_not_have_is_a_fault():
    there = namespace(labels=[], images=3)
    ran = [
        "",
        "labels: list[str] = []",
        '# Parameters\nlables = "Bird"\nimages = 3\n',
        "parameters.check(globals())",
    ]
    with pytest.raises(ParameterError) as raised:
        parameters.check({**there, "In": ran})
    assert str(raised.value).endswith("Did you mean labels?")
    parameters.check({**there, "In": [*ran[:2], "lables = 1", ran[3]]})


TEXTS = st.text(max_size=12)
ANY = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXTS, st.lists(TEXTS, max_size=3))
HINTS = st.sampled_from(
    [
        int,
        float,
        bool,
        str,
        list[str],
        int | None,
        Literal["box", 1],
        Annotated[int, Ge(0), Le(9)],
        dict[str, int],
    ]
)


@given(HINTS, ANY)
def test_checking_gives_a_value_that_passes_again_as_it_is_or_one_fault(hint, value):
    there = {"__annotations__": {"x": hint}, "x": value}
    try:
        parameters.check(there)
    except ParameterError as error:
        count = len(error.faults)
    else:
        count = 1
        once = there["x"]
        parameters.check(there)
        assert there["x"] == once
        assert Parameter("x", hint).accept(once) == once
    assert count == 1


def test_the_choices_in_the_notebooks_are_those_that_the_kit_knows():
    known = {
        "shape": get_args(masking.Shape),
        "language": tuple(prompts.languages()),
        "plan_language": tuple(teaching_plan.LANGUAGES),
        "use": tuple(consent.USES),
        "per": areas.PER_CHOICES,
        "boxes": surfaces_figures.BOX_CHOICES,
        "cards_format": tuple(layout.FORMATS),
        "which": tuple(living_session.WHICH),
        "times": tuple(living_session.TIMES),
    }
    seen = set()
    for path in notebooks.available_notebooks():
        for each in notebooks.read_parameters(path):
            if each.name in known:
                assert sorted(get_args(each.type), key=str) == sorted(known[each.name], key=str), each.name
                seen.add(each.name)
    assert seen == set(known)


def test_the_ranges_of_notebook_08_are_those_that_the_kit_knows():
    path = notebooks.find_notebook("08")
    words = {each.name: each.type_name for each in notebooks.read_parameters(path)}
    assert words["people"] == f"int, 1 to {allocation.MAX_PEOPLE}"
    assert words["each"] == f"int, 1 to {allocation.MAX_IMAGES_EACH}"


def run_papermill(folder, *words, **environment):
    command = [str(BIN / "papermill"), *words]
    environment = {**os.environ, **environment}
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, env=environment)


def printed(path):
    cells = [cell for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]
    return cells[-1].outputs[0]["text"]


def test_papermill_itself_gives_one_word_and_it_is_a_list_of_one(kernel, notebook, tmp_path):
    done = run_papermill(
        tmp_path, "mine.ipynb", "out.ipynb", "-k", "python3", "-p", "labels", "Bird", "-p", "images", "2"
    )
    assert done.returncode == 0, done.stderr
    assert printed(tmp_path / "out.ipynb") == "['Bird'] 2 box\n"


def test_papermill_itself_takes_a_file_and_a_raw_text(kernel, notebook, tmp_path):
    (tmp_path / "values.yaml").write_text("labels: [Bird, Tree]\nshape: outline\n")
    done = run_papermill(
        tmp_path, "mine.ipynb", "out.ipynb", "-k", "python3", "-f", "values.yaml", "-r", "images", "7"
    )
    assert done.returncode == 0, done.stderr
    assert printed(tmp_path / "out.ipynb") == "['Bird', 'Tree'] 7 outline\n"


def test_papermill_itself_is_told_all_faults_before_a_database_starts(kernel, tmp_path):
    notebook = notebooks.find_notebook("01")
    wrong = ["-p", "images", "-3", "-p", "shape", "polygon", "-p", "lables", "x", "-p", "study", "nope"]
    done = run_papermill(
        tmp_path, str(notebook), "out.ipynb", "-k", "python3", *wrong, RETRAIN_KIT_CACHE=str(tmp_path / "c")
    )
    assert done.returncode == 1
    said = done.stderr.split("ParameterError: ")[1].strip().splitlines()
    assert [line.partition(":")[0] for line in said] == ["images", "shape", "lables", "study"]
    assert not (tmp_path / "c").exists()


def test_nbconvert_is_told_what_a_hand_wrote_wrongly(kernel, tmp_path):
    write_notebook(tmp_path / "mine.ipynb", CELL.replace("= 12", "= -3"))
    command = [
        str(BIN / "jupyter"),
        "nbconvert",
        "--to",
        "notebook",
        "--execute",
        "mine.ipynb",
        "--output",
        "out",
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 1
    assert "ParameterError: images: found -3; expected int, 0 or more." in done.stderr


@pytest.fixture
def as_installed(tmp_path):
    """A folder that tells Python of the entry points as they stand in pyproject.toml."""
    (points,) = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["entry-points"].items()
    folder = tmp_path / "site" / "points-1.dist-info"
    folder.mkdir(parents=True)
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: points\nVersion: 1\n")
    lines = [f"{name} = {value}\n" for name, value in points[1].items()]
    (folder / "entry_points.txt").write_text(f"[{points[0]}]\n{''.join(lines)}")
    return f"{folder.parent}{os.pathsep}{ROOT}"


def test_papermills_own_help_shows_choices_and_ranges(notebook, tmp_path, as_installed):
    done = run_papermill(tmp_path, "--help-notebook", "mine.ipynb", PYTHONPATH=as_installed)
    assert done.returncode == 0, done.stderr
    lines = [line.strip() for line in done.stdout.splitlines()]
    assert any(line.startswith("shape: one of box, outline (default 'box')") for line in lines)
    assert any(line.startswith("images: int, 0 or more (default 12)") for line in lines)


def test_papermill_warns_of_no_parameter_that_is_there(kernel, notebook, tmp_path, as_installed):
    done = run_papermill(
        tmp_path,
        "mine.ipynb",
        "out.ipynb",
        "-k",
        "python3",
        "-p",
        "shape",
        "outline",
        PYTHONPATH=as_installed,
    )
    assert done.returncode == 0, done.stderr
    assert "unknown parameter" not in done.stderr


def test_papermill_still_reads_what_is_not_the_kits_form(tmp_path, as_installed):
    write_notebook(tmp_path / "other.ipynb", "import os\nalpha = 0.6  # how much")
    done = run_papermill(tmp_path, "--help-notebook", "other.ipynb", PYTHONPATH=as_installed)
    assert "alpha: Unknown type (default 0.6)" in done.stdout
