"""Notebooks as functions: found by name, their parameters read, and values checked against them.

A notebook states its parameters in the code cell tagged `parameters`, one a line:

    limit: int | None = 12  # how many images are shown

Type, default and help are read from the source; nothing is run.
"""

from __future__ import annotations

import ast
import difflib
import io
import re
import tokenize
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retrain_kit.errors import Fault, ParameterError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class TypedValue(str):
    """A value as it was typed on the command line; it is read as what the parameter wants."""

    __slots__ = ()


@dataclass(frozen=True)
class Parameter:
    """One parameter of a notebook.

    Parameters
    ----------
    name
        What it is called.
    type
        What it accepts, such as `int` or `list[str] | None`.
    default
        Its value when none is given.
    help
        The comment behind it.
    """

    name: str
    type: Any
    default: object
    help: str

    @property
    def type_name(self) -> str:
        """The type as it is written in the notebook."""
        return self.type.__name__ if isinstance(self.type, type) else str(self.type)

    def accept(self, value: object) -> object:
        """Return `value` as this parameter's type; a `TypedValue` is read, anything else must fit as it is.

        Raises
        ------
        ValueError
            When the value does not fit.
        """
        from pydantic import TypeAdapter, ValidationError  # noqa: PLC0415 - listing notebooks needs none

        adapter = TypeAdapter(self.type)
        if not isinstance(value, TypedValue):
            return adapter.validate_python(value, strict=True)
        for reading in _readings(str(value)):
            try:
                return adapter.validate_python(reading)
            except ValidationError:
                continue
        raise ValueError(value)


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
    return parameters_in(load_notebook(path), path.name)


def parameters_in(notebook: Any, name: str) -> list[Parameter]:  # noqa: ANN401 - nbformat has no types
    """Return the parameters of a notebook that was read; `name` is what errors call it.

    Raises
    ------
    ParameterError
        When a line of the cell is no parameter; all such lines together.
    """
    tagged = (
        c for c in notebook.cells if c.cell_type == "code" and "parameters" in c.metadata.get("tags", [])
    )
    source = next(tagged, {"source": ""})["source"]
    try:
        lines, comments = ast.parse(source).body, _comments(source)
    except SyntaxError as error:
        where = f"{name}, parameters, line {error.lineno}"
        raise ParameterError(Fault(where, f"`{(error.text or '').strip()}`", _FORM)) from error
    found, faults = [], []
    for line in lines:
        try:
            found.append(_parameter(line, comments))
        except (ValueError, TypeError):
            faults.append(Fault(f"{name}, parameters, line {line.lineno}", f"`{ast.unparse(line)}`", _FORM))
    if faults:
        raise ParameterError(*faults)
    return found


def check_parameters(path: Path, given: Mapping[str, object]) -> dict[str, object]:
    """Return the values of all parameters of a notebook: those `given`, checked, and the defaults.

    Raises
    ------
    ParameterError
        When a name is unknown or a value does not fit; all faults together.
    """
    known = {parameter.name: parameter for parameter in read_parameters(path)}
    values = {name: parameter.default for name, parameter in known.items()}
    faults = []
    for name, value in given.items():
        try:
            values[name] = known[name].accept(value)
        except KeyError:
            faults.append(_unknown(path, name, list(known)))
        except ValueError:
            faults.append(Fault(f"{path.name}, parameter {name}", repr(value), known[name].type_name))
    if faults:
        raise ParameterError(*faults)
    return values


_FORM = "`name: type = value  # help` with types made of int, float, bool, str, list, dict and None"
_PLAIN = {"int": int, "float": float, "bool": bool, "str": str, "list": list, "dict": dict}
_BRACKETED: dict[str, Any] = {"list": list, "dict": dict}


def _number(stem: str) -> int | None:
    number = re.match(r"(\d+)_", stem)
    return int(number[1]) if number else None


def _unknown(path: Path, name: str, known: list[str]) -> Fault:
    near = difflib.get_close_matches(name, known, n=1)
    expected = f"one of {', '.join(known)}" if known else "none, as this notebook has no parameters"
    do = f"Did you mean {near[0]}?" if near else ""
    return Fault(f"{path.name}, parameter {name}", "no parameter of this name", expected, do)


def _parameter(line: ast.stmt, comments: Mapping[int, str]) -> Parameter:
    if not (isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name) and line.value):
        raise TypeError(line)
    text = comments.get(line.end_lineno or line.lineno) or comments.get(line.lineno, "")
    return Parameter(line.target.id, _type(line.annotation), ast.literal_eval(line.value), text)


def _type(node: ast.expr) -> Any:  # noqa: ANN401 - a type, a union or a generic alias
    match node:
        case ast.Name(id=name) if name in _PLAIN:
            return _PLAIN[name]
        case ast.Constant(value=None):
            return None
        case ast.Constant(value=str(text)):
            return _type(ast.parse(text, mode="eval").body)
        case ast.BinOp(op=ast.BitOr()):
            return _type(node.left) | _type(node.right)
        case ast.Subscript(value=ast.Name(id=name), slice=ast.Tuple(elts=inner)) if name in _BRACKETED:
            return _BRACKETED[name][tuple(_type(each) for each in inner)]
        case ast.Subscript(value=ast.Name(id=name), slice=inner) if name in _BRACKETED:
            return _BRACKETED[name][_type(inner)]
    raise TypeError(ast.unparse(node))


def _comments(source: str) -> dict[int, str]:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {token.start[0]: token.string.lstrip("# ") for token in tokens if token.type == tokenize.COMMENT}


def _readings(text: str) -> Iterator[object]:
    """Yield what a text may mean: nothing, itself, YAML, YAML with all words kept, a list."""
    import yaml  # type: ignore[import-untyped] # noqa: PLC0415 - comes with papermill

    if text.lower() in {"null", "none"}:
        yield None
    yield text
    try:
        yield yaml.safe_load(text)
        yield yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - this loader makes strings only
    except yaml.YAMLError:
        pass
    if not text.startswith(("[", "{")):
        yield [word.strip() for word in text.split(",") if word.strip()]
