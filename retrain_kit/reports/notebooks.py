"""Notebooks as functions: found by name, their parameters read, and values checked against them.

What a parameter is, and which values it takes, `parameters` knows. Nothing of a notebook is run here.
"""

from __future__ import annotations

import difflib
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retrain_kit.errors import Fault, ParameterError
from retrain_kit.reports import parameters

if TYPE_CHECKING:
    from collections.abc import Mapping

    from retrain_kit.reports.parameters import Parameter


def notebooks_folder() -> Path:
    """Return the folder of the kit's notebooks: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).parents[1]
    installed = package / "notebooks"
    return installed if installed.is_dir() else package.parent / "notebooks"


def available_notebooks() -> list[Path]:
    """Return the kit's notebooks in the order of their numbers."""
    return sorted(notebooks_folder().glob("*.ipynb"))


def find_notebook(name: str) -> Path:
    """Return the notebook called `name`: its number ("01" or "1"), its name or a path.

    Raises
    ------
    ParameterError
        When there is none; names that are near are listed.
    """
    for notebook in available_notebooks():
        if name in {notebook.stem, notebook.name} or _number(notebook.stem) == _number(f"{name}_"):
            return notebook
    for path in (Path(name), Path(f"{name}.ipynb")):
        if path.suffix == ".ipynb" and path.is_file():
            return path
    names = [notebook.stem for notebook in available_notebooks()]
    near = difflib.get_close_matches(name, names, n=3, cutoff=0.4) or names
    expected = f"a path or one of {', '.join(near)}" if near else "the path of a notebook"
    raise ParameterError(Fault(f"notebook {name}", "no notebook of this name", expected))


def notebook_title(notebook: Any) -> str:  # noqa: ANN401 - nbformat has no types
    """Return the first heading of a notebook that was read, as plain text; empty when it has none."""
    for cell in notebook.cells:
        heading = cell.cell_type == "markdown" and re.search(
            r"^#{1,6}\s+(.+?)\s*#*$", cell.source, re.MULTILINE
        )
        if heading:
            words = re.sub(r"!?\[([^\]]*)\]\([^)]*\)|<[^>]+>", r"\1", heading[1])
            return re.sub(r"[*`]|\b_|_\b", "", words)
    return ""


def load_notebook(path: Path) -> Any:  # noqa: ANN401 - nbformat has no types
    """Read a notebook.

    Raises
    ------
    ParameterError
        When the file is no notebook.
    """
    import nbformat  # noqa: PLC0415 - the command line starts without it

    try:
        return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TypeError, AttributeError, KeyError, nbformat.ValidationError) as error:
        fault = Fault(str(path), "a file that cannot be read as a notebook", "a Jupyter notebook (.ipynb)")
        raise ParameterError(fault) from error


def read_parameters(path: Path) -> list[Parameter]:
    """Return the parameters of the notebook at `path`, in its order.

    Raises
    ------
    ParameterError
        When the file is no notebook, or a line of its cell is no parameter; all such lines together.
    """
    return parameters.parameters_in(load_notebook(path), path.name)


def check_parameters(path: Path, given: Mapping[str, object]) -> dict[str, object]:
    """Return the values of all parameters of a notebook: those `given`, checked, and the defaults.

    Raises
    ------
    ParameterError
        When a name is unknown or a value does not fit; all faults together.
    """
    return parameters.check_values(read_parameters(path), given, f"{path.name}, parameter ")


def _number(stem: str) -> int | None:
    number = re.match(r"(\d+)_", stem)
    return int(number[1]) if number else None
