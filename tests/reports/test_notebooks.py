"""Notebooks are found, their parameters read, and values checked before anything runs."""

from __future__ import annotations

import nbformat
import pytest

from retrain_kit.errors import ParameterError
from retrain_kit.reports import notebooks
from retrain_kit.reports.parameters import TypedValue

CELL = """limit: int | None = 12  # how many images
study: str = "nature"  # which # images
labels: list[str] = [  # inside
    "bird",
]  # only these
share: float = -0.5
sizes: dict[str, int] = {}
dark: "bool | None" = None  # on black
"""


def write_notebook(path, source, heading="# A *short* [title](x.md)"):
    parameters = nbformat.v4.new_code_cell(source, metadata={"tags": ["parameters"]})
    cells = [nbformat.v4.new_code_cell("1"), nbformat.v4.new_markdown_cell(heading), parameters]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


@pytest.fixture
def notebook(tmp_path):
    return write_notebook(tmp_path / "07_example.ipynb", CELL)


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    """Three notebooks in the folder the kit looks in: a copy of the package's layout."""
    package = tmp_path / "checkout" / "retrain_kit"
    folder = tmp_path / "checkout" / "notebooks"
    package.mkdir(parents=True)
    folder.mkdir()
    monkeypatch.setattr(notebooks, "__file__", str(package / "reports" / "notebooks.py"))
    for stem in ("01_tagged", "02_polyphony", "10_labour"):
        write_notebook(folder / f"{stem}.ipynb", CELL)
    return folder


def test_a_parameter_has_name_type_default_and_help(notebook):
    read = [
        (each.name, each.type_name, each.default, each.help) for each in notebooks.read_parameters(notebook)
    ]
    assert read == [
        ("limit", "int | None", 12, "how many images"),
        ("study", "str", "nature", "which # images"),
        ("labels", "list[str]", ["bird"], "only these"),
        ("share", "float", -0.5, ""),
        ("sizes", "dict[str, int]", {}, ""),
        ("dark", "bool | None", None, "on black"),
    ]


def test_a_notebook_without_the_cell_has_no_parameters(tmp_path):
    path = tmp_path / "plain.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("n: int = 1")]), path)
    assert notebooks.read_parameters(path) == []


def test_all_lines_that_are_no_parameter_are_named_together(tmp_path):
    source = "limit = 3\nstudy: Path = 'x'\nimport os\nn: int = os.cpu_count()\ngood: int = 1"
    path = write_notebook(tmp_path / "bad.ipynb", source)
    with pytest.raises(ParameterError) as raised:
        notebooks.read_parameters(path)
    assert [fault.where for fault in raised.value.faults] == [
        f"bad.ipynb, parameters, line {n}" for n in (1, 2, 3, 4)
    ]


def test_a_cell_that_is_no_python_names_its_line(tmp_path):
    path = write_notebook(tmp_path / "bad.ipynb", "n: int = 1\n%matplotlib inline")
    with pytest.raises(ParameterError, match="line 2: found `%matplotlib inline`"):
        notebooks.read_parameters(path)


@pytest.mark.parametrize("content", ["", "no JSON", "[]", '{"cells": 3}'])
def test_a_file_that_is_no_notebook_is_said_to_be_none(tmp_path, content):
    path = tmp_path / "broken.ipynb"
    path.write_text(content)
    with pytest.raises(ParameterError, match="cannot be read as a notebook"):
        notebooks.read_parameters(path)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("limit", "3", 3),
        ("limit", "null", None),
        ("limit", "None", None),
        ("study", "null", "null"),
        ("study", "3", "3"),
        ("study", "'a' # b", "'a' # b"),
        ("study", "", ""),
        ("labels", "bird", ["bird"]),
        ("labels", "bird, kite", ["bird", "kite"]),
        ("labels", '["bird", "day moon"]', ["bird", "day moon"]),
        ("labels", "[bird, no]", ["bird", "no"]),
        ("labels", "", []),
        ("share", "2", 2.0),
        ("sizes", "{a: 1}", {"a": 1}),
        ("sizes", '{"a": 1}', {"a": 1}),
        ("dark", "true", True),
        ("dark", "no", False),
    ],
)
def test_a_text_is_read_as_what_the_parameter_wants(notebook, name, text, value):
    accepted = notebooks.check_parameters(notebook, {name: TypedValue(text)})[name]
    assert accepted == value
    assert type(accepted) is type(value)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("limit", "many"),
        ("limit", "3.5"),
        ("labels", "[bird"),
        ("sizes", "a"),
        ("dark", "maybe"),
        ("share", "null"),
    ],
)
def test_a_text_that_does_not_fit_is_a_fault(notebook, name, text):
    with pytest.raises(ParameterError, match=f"parameter {name}: found '") as raised:
        notebooks.check_parameters(notebook, {name: TypedValue(text)})
    assert len(raised.value.faults) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("limit", "3"),
        ("limit", True),
        ("study", 3),
        ("labels", "bird"),
        ("labels", ["a", 1]),
        ("dark", "true"),
    ],
)
def test_a_value_from_a_file_is_not_turned_into_another_type(notebook, name, value):
    with pytest.raises(ParameterError):
        notebooks.check_parameters(notebook, {name: value})


def test_a_whole_number_is_a_share(notebook):
    assert notebooks.check_parameters(notebook, {"share": 1})["share"] == 1.0


def test_the_checked_values_hold_the_defaults_of_the_others(notebook):
    values = notebooks.check_parameters(notebook, {"limit": None})
    assert values == {
        "limit": None,
        "study": "nature",
        "labels": ["bird"],
        "share": -0.5,
        "sizes": {},
        "dark": None,
    }


def test_all_faults_are_said_together_one_a_line(notebook):
    with pytest.raises(ParameterError) as raised:
        notebooks.check_parameters(notebook, {"limt": 3, "study": 4, "labels": TypedValue("{")})
    lines = str(raised.value).splitlines()
    assert len(lines) == 3
    assert "parameter limt: found no parameter of this name" in lines[0]
    assert lines[0].endswith("Did you mean limit?")
    assert lines[1] == "07_example.ipynb, parameter study: found 4; expected str."
    assert lines[2] == "07_example.ipynb, parameter labels: found '{'; expected list[str]."


@pytest.mark.parametrize("name", ["01", "1", "01_tagged", "01_tagged.ipynb"])
def test_a_notebook_is_found_by_number_and_name(shelf, name):
    assert notebooks.find_notebook(name) == shelf / "01_tagged.ipynb"


def test_a_number_is_not_the_beginning_of_another(shelf):
    assert notebooks.find_notebook("10") == shelf / "10_labour.ipynb"


@pytest.mark.parametrize("name", ["mine.ipynb", "mine", "./mine.ipynb"])
def test_a_notebook_is_found_by_its_path(shelf, tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    mine = write_notebook(tmp_path / "mine.ipynb", CELL)
    assert notebooks.find_notebook(name).resolve() == mine


def test_notebooks_inside_the_package_come_before_those_beside_it(shelf):
    installed = shelf.parent / "retrain_kit" / "notebooks"
    installed.mkdir()
    write_notebook(installed / "01_tagged.ipynb", CELL)
    assert notebooks.available_notebooks() == [installed / "01_tagged.ipynb"]


def test_an_unknown_notebook_lists_names_that_are_near(shelf):
    with pytest.raises(ParameterError, match=r"notebook polyphon: .* 02_polyphony") as raised:
        notebooks.find_notebook("polyphon")
    assert "01_tagged" not in str(raised.value)


def test_an_unknown_notebook_lists_all_names_when_none_is_near(shelf):
    with pytest.raises(ParameterError, match="01_tagged, 02_polyphony, 10_labour"):
        notebooks.find_notebook("99")


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("text\n\n## A *short* [title](x.md) ##", "A short title"),
        ("# `code` and snake_case, _left_", "code and snake_case, left"),
        ("no heading\n#tag", ""),
    ],
)
def test_the_title_is_the_first_heading_as_plain_text(tmp_path, heading, title):
    path = write_notebook(tmp_path / "x.ipynb", CELL, heading)
    assert notebooks.notebook_title(notebooks.load_notebook(path)) == title
