"""Imports make no circles: also not for types, and not inside functions; and the core needs what it says."""

import sys
import tomllib
from graphlib import CycleError, TopologicalSorter

import pytest
from modules import KIT, arrows, imported, module, trees
from places import ROOT

EDGES = {"widget", "cards", "returns", "training", "teaching_plan"}
"""Files and folders of the exercises that need more than the core does: for widgets, paper, files, tables."""
ALLOWED = {*sys.stdlib_module_names, "numpy", "PIL", "filelock"}
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]


def check(modules):
    TopologicalSorter(arrows(modules)).prepare()


def test_no_module_imports_itself_by_way_of_others():
    check(trees(ROOT))


@pytest.mark.parametrize(
    "back",
    [
        "from retrain_kit.one import thing",
        "from retrain_kit import one",
        "import retrain_kit.one",
        "if TYPE_CHECKING:\n    from retrain_kit.one import Thing",
        "def later():\n    from retrain_kit import one",
    ],
)
def test_a_circle_would_be_found_however_it_is_closed(tmp_path, back):
    package = tmp_path / KIT
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "one.py").write_text("from retrain_kit.two import other\n")
    (package / "two.py").write_text(f"{back}\n")
    with pytest.raises(CycleError, match="cycle"):
        check(trees(tmp_path))


def is_core(name):
    """Whether a module is of the core: in one of its rooms, or an exercise and none of its edges."""
    rooms = next(each["source_modules"] for each in CONTRACTS if each["id"] == "pure-core")
    inside, _, rest = name.partition(f"{KIT}.exercises.")
    if not inside and rest:
        return not EDGES & set(rest.split("."))
    return name == KIT or any(f"{name}.".startswith(f"{room}.") for room in rooms)


def test_the_core_imports_the_core_and_its_dependencies_alone():
    modules = trees(ROOT)
    for name, tree in modules.items():
        if is_core(name):
            found = {each for each in imported(tree) if each.split(".")[0] not in ALLOWED}
            strange = {each for each in found if not is_core(module(each, modules))}
            assert not strange, f"{name} imports {strange}"


def test_what_is_called_an_edge_of_the_exercises_is_one():
    for edge in EDGES:
        found = [name for name in trees(ROOT) if edge in name.removeprefix(f"{KIT}.exercises.").split(".")]
        outside = {each.split(".")[0] for name in found for each in imported(trees(ROOT)[name])}
        assert outside - ALLOWED - {KIT}, f"{edge} could be core"
