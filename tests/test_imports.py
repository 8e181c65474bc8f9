"""Imports make no circles: also not for types, and not inside functions; and the core needs what it says."""

import sys
import tomllib
from graphlib import CycleError, TopologicalSorter

import pytest
from modules import KIT, arrows, imported, trees
from places import ROOT

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


def test_the_core_imports_the_core_and_its_dependencies_alone():
    (contract,) = [each for each in CONTRACTS if each["id"] == "pure-core"]
    core = tuple(contract["source_modules"])
    allowed = {*sys.stdlib_module_names, "numpy", "PIL", "filelock"}
    for name, tree in trees(ROOT).items():
        if any(f"{name}.".startswith(f"{each}.") for each in core):
            found = {each for each in imported(tree) if each.split(".")[0] not in allowed}
            strange = {each for each in found if not each.startswith((f"{KIT}.__version__", *core))}
            assert not strange, f"{name} imports {strange}"
