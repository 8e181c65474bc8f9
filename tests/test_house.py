"""The house stands as drawn: imports point one way, notebooks are texts in pairs."""

import ast
import importlib
import json
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import click
import jupytext
import pytest
from places import ROOT

from retrain_kit import cli, datasets
from retrain_kit.datasets import folder
from retrain_kit.studies import manifests

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
BIN = Path(sys.executable).parent


def test_imports_point_one_way():
    done = subprocess.run([BIN / "lint-imports", "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_importing_the_kit_loads_no_edge():
    program = "import sys, retrain_kit; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    loaded = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout.split()
    edges = {
        "fiftyone",
        "click",
        "pandas",
        "matplotlib",
        "papermill",
        "nbconvert",
        "anywidget",
        "IPython",
        "tqdm",
    }
    assert not edges & set(loaded)


CORE = """
import sys
for name in ("fiftyone", "click", "pandas", "matplotlib", "tqdm", "platformdirs", "pydantic"):
    sys.modules[name] = None
from retrain_kit.analysis import coverage
from retrain_kit.annotations import samples
from retrain_kit.datasets import folder
from retrain_kit.display import figures, views
from retrain_kit.imaging import decoding, masking
from retrain_kit.studies import manifests
study = manifests.load("embedded-sample")
print(len(coverage.by_image(folder.read(study)[:2])))
"""


def test_the_core_runs_with_numpy_pillow_filelock_and_cryptography_alone(tmp_path):
    done = subprocess.run([sys.executable, "-c", CORE], cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout == "2\n", done.stderr


def test_who_looks_into_the_folder_of_notebooks_sees_notebooks_alone():
    assert {path.suffix for path in (ROOT / "notebooks").iterdir() if not path.name.startswith(".")} == {
        ".ipynb"
    }


def test_there_are_notebooks():
    assert [path.stem for path in NOTEBOOKS][:1] == ["00_start_here"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_and_its_source_say_the_same(path):
    cells = jupytext.read(path).cells
    source = jupytext.read(ROOT / "notebook_sources" / f"{path.stem}.py").cells
    assert [(cell.cell_type, cell.source) for cell in cells] == [
        (cell.cell_type, cell.source) for cell in source
    ]


@pytest.mark.parametrize(
    ("number", "widgets"),
    [
        ("05", ["BlankAreas"]),
        ("06", ["RoundTable"]),
        ("07", ["widget.Desk"]),
        ("08", ["Descriptions", "GiveBack"]),
        ("18", ["widget.Workplace"]),
    ],
)
def test_each_widget_of_an_exercise_speaks_the_language_of_its_notebook(number, widgets):
    (path,) = (ROOT / "notebook_sources").glob(f"{number}_*.py")
    calls = [each for each in ast.walk(ast.parse(path.read_text())) if isinstance(each, ast.Call)]
    for widget in widgets:
        (call,) = (each for each in calls if ast.unparse(each.func) == widget)
        assert "language" in map(ast.unparse, call.args)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_stored_without_outputs_and_with_short_cells(path):
    for cell in json.loads(path.read_text())["cells"]:
        if cell["cell_type"] == "code":
            lines = "".join(cell["source"]).strip().splitlines()
            assert cell["outputs"] == []
            assert cell["execution_count"] is None
            assert len(lines) <= 10 or "parameters" in cell["metadata"].get("tags", []), lines[0]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_parameter_is_typed_and_explained(path):
    code = [cell for cell in json.loads(path.read_text())["cells"] if cell["cell_type"] == "code"]
    assert code[0]["metadata"]["tags"] == ["parameters"]
    imports, _, lines = "".join(code[0]["source"]).rpartition("\n\n")
    assert all(isinstance(each, ast.ImportFrom) for each in ast.parse(imports).body)
    for line in lines.splitlines():
        (statement,) = ast.parse(line).body
        assert isinstance(statement, ast.AnnAssign), line
        assert re.search(r"  # \S.{10,}$", line), line


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_cell_behind_the_parameters_checks_them_and_does_nothing_else(path):
    code = [cell for cell in json.loads(path.read_text())["cells"] if cell["cell_type"] == "code"]
    assert "".join(code[1]["source"]) == (
        "from retrain_kit.reports import parameters\n\nparameters.check(globals())"
    )


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_says_what_cannot_be_concluded(path):
    assert "## What cannot be concluded" in path.read_text()


def test_pins_hold_name_and_version_alone():
    for name in ("requirements.txt", "requirements-test.txt", "requirements-web.txt"):
        for line in (ROOT / name).read_text().splitlines():
            assert re.fullmatch(r"[a-z0-9.-]+==[0-9a-z.+!]+( ; .+)?", line), line
    for version in json.loads((ROOT / "package.json").read_text())["devDependencies"].values():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version), version


def commands(group, path):
    for name, command in group.commands.items():
        yield from (
            commands(command, [*path, name])
            if isinstance(command, click.Group)
            else [" ".join([*path, name])]
        )


def test_the_readme_shows_every_command_and_every_notebook():
    readme = (ROOT / "README.md").read_text()
    for command in commands(cli.kit, ["retrain-kit"]):
        assert f"    {command} " in readme, command
    for path in NOTEBOOKS:
        assert f"](notebooks/{path.name})" in readme


def test_what_the_readme_and_the_changelog_say_of_the_sample_is_so():
    found = folder.read(manifests.load("embedded-sample"))
    regions = [region for sample in found for region in sample.regions]
    outlined = sum(bool(region.polygons) for region in regions)
    phrases = sum(len(sample.phrases) for sample in found)
    said = f"{len(found)} free photographs with {len(regions)} regions, {outlined} polygons and {phrases} phrases"
    assert said in (ROOT / "CHANGELOG.md").read_text()


def test_the_readme_names_every_reader():
    readme = (ROOT / "README.md").read_text()
    names = [each.name for each in pkgutil.iter_modules(datasets.__path__)]
    readers = [
        name for name in names if hasattr(importlib.import_module(f"{datasets.__name__}.{name}"), "read")
    ]
    assert len(readers) > 10
    for name in readers:
        assert f"`{name.replace('_', '-')}`" in readme
        assert f"`{name}.py`" in readme or f"`{name}/`" in readme
