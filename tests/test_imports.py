"""Imports make no circles: also not for types, and not inside functions; and the core needs what it says."""

import sys
import tomllib
from graphlib import CycleError, TopologicalSorter

import pytest
from modules import KIT, arrows, imported, module, trees
from places import ROOT

EXERCISES = f"{KIT}.exercises."
EDGES = {
    "widget",
    "beside",
    "book",
    "cards",
    "returns",
    "in_class",
    "training",
    "teaching_plan",
    "plans",
    "voices",
}
"""Files and folders of the exercises that need more than the core does: for widgets, paper, files, cards, tables."""
ALLOWED = {*sys.stdlib_module_names, "numpy", "PIL", "filelock", "cryptography"}
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


def exercise_parts(name):
    """The folders and the file of a module of the exercises; none of any other."""
    return name.removeprefix(EXERCISES).split(".") if name.startswith(EXERCISES) else []


def is_core(name):
    """Whether a module is of the core: in one of its rooms, or an exercise's and none of its edges."""
    rooms = next(each["source_modules"] for each in CONTRACTS if each["id"] == "pure-core")
    if parts := exercise_parts(name):
        return not EDGES & set(parts)
    return name == KIT or any(f"{name}.".startswith(f"{room}.") for room in rooms)


def outside_the_core(name, modules):
    """What a module imports that is neither the core nor one of its dependencies."""
    found = {each for each in imported(modules[name]) if each.split(".")[0] not in ALLOWED}
    return {each for each in found if not is_core(module(each, modules))}


def test_the_core_imports_the_core_and_its_dependencies_alone():
    modules = trees(ROOT)
    strange = {name: outside_the_core(name, modules) for name in modules if is_core(name)}
    assert {name: found for name, found in strange.items() if found} == {}


@pytest.mark.parametrize("edge", sorted(EDGES))
def test_what_is_called_an_edge_of_the_exercises_is_one(edge):
    modules = trees(ROOT)
    found = [name for name in modules if edge in exercise_parts(name)]
    assert any(outside_the_core(name, modules) for name in found)


@pytest.mark.parametrize(
    "session",
    [
        "what_if",
        "polyphony",
        "conversation",
        "surfaces",
        "recoding_art",
        "own_time",
        "living_with_images",
    ],
)
def test_the_session_of_an_exercise_is_core(session):
    assert f"{EXERCISES}{session}.session" in trees(ROOT)
    assert is_core(f"{EXERCISES}{session}.session")
