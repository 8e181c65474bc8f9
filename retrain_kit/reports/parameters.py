"""Parameters: what a notebook can be told, which values it takes, and what is wrong with a value.

A notebook states its parameters in the code cell tagged `parameters`, one a line, with choices and ranges:

    images: Annotated[int, Ge(0)] = 12  # how many images are shown
    shape: Literal["box", "outline"] = "box"  # what is covered

They are read twice and checked by the same rules. `parameters_in` reads the cell's source and runs nothing,
so the command line checks all values before it starts anything. `check` is called by the cell behind them,
so they are checked also where papermill, nbconvert or a hand has set them.
"""

from __future__ import annotations

import ast
import difflib
import io
import tokenize
from dataclasses import dataclass, replace
from pathlib import Path
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt

from retrain_kit.errors import Fault, KitError, ParameterError
from retrain_kit.studies import references

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, MutableMapping

__all__ = [
    "File",
    "Fill",
    "Folder",
    "Ge",
    "Gt",
    "Le",
    "Lt",
    "OtherStudy",
    "Parameter",
    "Study",
    "TypedValue",
    "check",
    "check_values",
    "parameters_in",
]

_MOST_SHOWN = 200


class TypedValue(str):
    """A value as it was typed on the command line; it is read as what the parameter wants."""

    __slots__ = ()


@dataclass(frozen=True)
class Kind:
    """What a text has to be: in words, and as a check that raises a `KitError`."""

    words: str
    check: Callable[[str], object]


def _check_fill(fill: str) -> None:
    from retrain_kit.imaging import masking  # noqa: PLC0415 - the command line starts without numpy

    masking.check_fill_and_shape(fill, "box")


def _check_study(study: str) -> None:
    """Check what can be known without FiftyOne, which takes seconds to ask."""
    from retrain_kit.studies import manifests  # noqa: PLC0415 - the same

    if not (references.is_fiftyone(study) or manifests.find_folder(study)):
        manifests.find_manifest(study)


def _check_other_study(study: str) -> None:
    if study:
        _check_study(study)


def _check_file(path: str) -> None:
    if path and not Path(path).is_file():
        raise ParameterError(Fault("file", repr(path), "a file that is there, or nothing"))


def _check_folder(path: str) -> None:
    if path and Path(path).exists() and not Path(path).is_dir():
        raise ParameterError(Fault("folder", f"{path!r}, a file", "a folder, or the name for a new one"))


Fill = Annotated[str, Kind("a colour, or one of transparent, blur, pixelate", _check_fill)]
Study = Annotated[str, Kind("a study", _check_study)]
OtherStudy = Annotated[str, Kind("a study, or empty", _check_other_study)]
File = Annotated[str, Kind("a file, or empty", _check_file)]
Folder = Annotated[str, Kind("a folder, or empty", _check_folder)]

_FORM = (
    "`name: type = value  # help` with types made of int, float, bool, str, list, dict, None, "
    "Literal and Annotated"
)
_TYPE_MODULES = {"typing", "annotated_types", __name__}
_PLAIN: dict[str, Any] = {"int": int, "float": float, "bool": bool, "str": str, "list": list, "dict": dict}
_KINDS: dict[str, Any] = {
    "Fill": Fill,
    "Study": Study,
    "OtherStudy": OtherStudy,
    "File": File,
    "Folder": Folder,
}
_NAMED = _PLAIN | _KINDS
_BRACKETED: dict[str, Any] = {"list": list, "dict": dict}
_BOUNDS: dict[str, Any] = {"Ge": Ge, "Gt": Gt, "Le": Le, "Lt": Lt}


@dataclass(frozen=True)
class Parameter:
    """One parameter of a notebook.

    Parameters
    ----------
    name
        What it is called.
    type
        What it accepts, such as `int`, `list[str] | None` or `Literal["box", "outline"]`.
    default
        Its value when none is given.
    help
        The comment behind it.
    """

    name: str
    type: Any
    default: object = None
    help: str = ""

    @property
    def type_name(self) -> str:
        """What it accepts, in words: its type, its choices and its range."""
        return _words(self.type)

    def accept(self, value: object) -> object:
        """Return `value` as this parameter's type; a `TypedValue` is read, anything else must fit as it is.

        Raises
        ------
        ParameterError
            When the value does not fit.
        """
        accepted = self._fitting(value)
        for kind in _kinds(self.type):
            try:
                kind.check(str(accepted))
            except (KitError, OSError) as error:
                raise ParameterError(*self._faults(accepted, error)) from error
        return accepted

    def _faults(self, value: object, error: KitError | OSError) -> Iterator[Fault]:
        """Yield what a check said, as said of this parameter; of a broken file its path is told too."""
        if isinstance(error, OSError):
            yield Fault(self.name, f"{_found(value)} ({error.strerror})", self.type_name)
            return
        for each in error.faults:
            found = each.found if isinstance(error, ParameterError) else f"{each.where}: {each.found}"
            yield Fault(self.name, found, each.expected, each.do)

    def _fitting(self, value: object) -> object:
        from pydantic import TypeAdapter, ValidationError  # noqa: PLC0415 - listing notebooks needs none

        adapter: Any = TypeAdapter(self.type, config={"allow_inf_nan": False})
        typed = isinstance(value, TypedValue)
        for reading in _readings(str(value)) if typed else [value]:
            try:
                fitting: object = adapter.validate_python(reading, strict=not typed)
            except ValidationError:
                continue
            if get_origin(self.type) is not Literal or _is_choice(reading, get_args(self.type)):
                return fitting
        one = isinstance(value, str) and not typed and get_origin(self.type) is list
        do = f"Write it as a list of one: [{value}]" if one else ""
        raise ParameterError(Fault(self.name, _found(value), self.type_name, do))


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
        if isinstance(line, ast.ImportFrom) and line.module in _TYPE_MODULES:
            continue
        try:
            found.append(_parameter(line, comments))
        except (ValueError, TypeError):
            faults.append(Fault(f"{name}, parameters, line {line.lineno}", f"`{ast.unparse(line)}`", _FORM))
    if faults:
        raise ParameterError(*faults)
    return found


def check_values(parameters: list[Parameter], given: Mapping[str, object], where: str) -> dict[str, object]:
    """Return the values of all parameters: those `given`, checked, and the defaults.

    Raises
    ------
    ParameterError
        When a name is unknown or a value does not fit; all faults together, `where` before the names.
    """
    known = {parameter.name: parameter for parameter in parameters}
    values: dict[str, object] = {}
    faults: list[Fault] = []
    rest = {name: each.default for name, each in known.items() if name not in given}
    for name, value in (dict(given) | rest).items():
        if name not in known:
            faults.append(_unknown(name, list(known)))
            continue
        try:
            values[name] = known[name].accept(value)
        except ParameterError as error:
            faults += error.faults
    if faults:
        raise ParameterError(
            *(Fault(f"{where}{each.where}", each.found, each.expected, each.do) for each in faults)
        )
    return {name: values[name] for name in known}


def check(namespace: MutableMapping[str, Any]) -> None:
    """Check a running notebook's parameters, and put their values back as what they are to be.

    `papermill -p` writes what was typed into a cell of its own: a number, or a text. A text is read here as
    on the kit's own command line, so that one word is a list of one.

    Parameters
    ----------
    namespace
        The notebook's `globals()`: annotations tell which of its names are parameters.

    Raises
    ------
    ParameterError
        When a value does not fit, or papermill was given a name that is no parameter; all faults together.
    """
    hints = {name: _evaluated(hint) for name, hint in namespace.get("__annotations__", {}).items()}
    known = [Parameter(name, hint) for name, hint in hints.items() if name in namespace and _is_ours(hint)]
    given = {each.name: _as_typed(each, namespace[each.name]) for each in known}
    strangers = dict.fromkeys(_injected(namespace.get("In", [])))
    try:
        namespace.update(check_values(known, strangers | given, ""))
    except ParameterError as error:
        raise ParameterError(*(_with_advice(each, given) for each in error.faults)) from None


def _with_advice(fault: Fault, given: Mapping[str, object]) -> Fault:
    """Return a fault with what to do where a number stands for a text: papermill takes `-p labels 12` so."""
    number = fault.where in given and isinstance(given[fault.where], (int, float))
    if fault.do or not number or "str" not in fault.expected:
        return fault
    return replace(
        fault, do=f"Write it in quotation marks; for papermill: -r {fault.where} {given[fault.where]}"
    )


def _as_typed(parameter: Parameter, value: Any) -> object:  # noqa: ANN401 - a hand can write anything
    """Return a value where it fits, else its text, to be read; numpy's values become Python's."""
    value = value.tolist() if hasattr(value, "tolist") else value
    value = list(value) if isinstance(value, tuple) else value
    if not isinstance(value, str):
        return value
    try:
        parameter._fitting(value)  # noqa: SLF001 - the same module
    except ParameterError:
        return TypedValue(value)
    return str(value)


def _injected(inputs: list[str]) -> Iterator[str]:
    """Yield the names that papermill set in the cell it wrote, where it is the last one that ran."""
    last = inputs[-2] if len(inputs) > 1 else ""
    if last.startswith("# Parameters\n"):
        for line in ast.parse(last).body:
            if isinstance(line, ast.Assign):
                yield from (target.id for target in line.targets if isinstance(target, ast.Name))


def _found(value: object) -> str:
    """Return a value as it stands, cut where it is long."""
    shown = repr(str(value) if isinstance(value, TypedValue) else value)
    return shown if len(shown) <= _MOST_SHOWN else f"{shown[:_MOST_SHOWN]}…"


def _unknown(name: str, known: list[str]) -> Fault:
    near = difflib.get_close_matches(name, known, n=1)
    expected = f"one of {', '.join(known)}" if known else "none, as this notebook has no parameters"
    return Fault(name, "no parameter of this name", expected, f"Did you mean {near[0]}?" if near else "")


# -- types: read from source, and said in words.


def _parameter(line: ast.stmt, comments: Mapping[int, str]) -> Parameter:
    if not (isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name) and line.value):
        raise TypeError(line)
    text = comments.get(line.end_lineno or line.lineno) or comments.get(line.lineno, "")
    return Parameter(line.target.id, _type(line.annotation), ast.literal_eval(line.value), text)


def _type(node: ast.expr) -> Any:  # noqa: ANN401, PLR0911 - a type; one return a form
    match node:
        case ast.Name(id=name) if name in _NAMED:
            return _NAMED[name]
        case ast.Constant(value=None):
            return None
        case ast.Constant(value=str(text)):
            return _type(ast.parse(text, mode="eval").body)
        case ast.BinOp(op=ast.BitOr()):
            return _type(node.left) | _type(node.right)
        case ast.Subscript(value=ast.Name(id="Literal"), slice=inner):
            return Literal[tuple(ast.literal_eval(each) for each in _elements(inner))]
        case ast.Subscript(value=ast.Name(id="Annotated"), slice=ast.Tuple(elts=[first, *bounds])):
            return Annotated[(_type(first), *map(_bound, bounds))]
        case ast.Subscript(value=ast.Name(id=name), slice=inner) if name in _BRACKETED:
            return _BRACKETED[name][tuple(map(_type, _elements(inner)))]
    raise TypeError(ast.unparse(node))


def _elements(node: ast.expr) -> list[ast.expr]:
    return node.elts if isinstance(node, ast.Tuple) else [node]


def _bound(node: ast.expr) -> Any:  # noqa: ANN401 - one of annotated_types
    match node:
        case ast.Call(func=ast.Name(id=name), args=[limit], keywords=[]) if name in _BOUNDS:
            return _BOUNDS[name](ast.literal_eval(limit))
    raise TypeError(ast.unparse(node))


def _evaluated(hint: Any) -> Any:  # noqa: ANN401 - see `_type`
    """Return a type that was written as a text; the text, where it is none of the kit's."""
    try:
        return _type(ast.parse(hint, mode="eval").body) if isinstance(hint, str) else hint
    except (SyntaxError, TypeError, ValueError):
        return hint


def _is_ours(hint: Any) -> bool:  # noqa: ANN401 - see `_type`
    """Whether a parameter can be of this type; other names with a type are the reader's own."""
    origin = get_origin(hint)
    if origin is Annotated:
        return _is_ours(get_args(hint)[0])
    if origin in {list, dict, Union, UnionType}:
        return all(map(_is_ours, get_args(hint)))
    return origin is Literal or any(hint is each for each in (None, type(None), *_PLAIN.values()))


def _is_choice(value: object, choices: tuple[object, ...]) -> bool:
    """Whether a value is one of the choices, also in its type: `True` is not the number 1."""
    return any(value == each and isinstance(value, bool) == isinstance(each, bool) for each in choices)


def _kinds(hint: Any) -> list[Kind]:  # noqa: ANN401 - see `_type`
    return [each for each in getattr(hint, "__metadata__", ()) if isinstance(each, Kind)]


def _words(hint: Any) -> str:  # noqa: ANN401 - see `_type`
    """Return what a type accepts, in words."""
    if kinds := _kinds(hint):
        return kinds[0].words
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return f"{_words(inner[0])}, {_range_words(inner[1:])}"
    if origin is Literal:
        return f"one of {', '.join(map(str, inner))}"
    if origin in {Union, UnionType}:
        return " | ".join(map(_words, inner))
    if hint is type(None) or hint is None:
        return "None"
    return hint.__name__ if isinstance(hint, type) and not inner else str(hint)


def _range_words(bounds: tuple[Any, ...]) -> str:
    match bounds:
        case Ge(ge=least), Le(le=most):
            return f"{least} to {most}"
    return " and ".join(map(_bound_words, bounds))


def _bound_words(bound: Any) -> str:  # noqa: ANN401 - one of annotated_types
    match bound:
        case Ge(ge=limit):
            return f"{limit} or more"
        case Gt(gt=limit):
            return f"more than {limit}"
        case Le(le=limit):
            return f"{limit} or less"
        case Lt(lt=limit):
            return f"less than {limit}"
    return str(bound)


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
    except (yaml.YAMLError, ValueError, RecursionError):
        pass
    if not text.startswith(("[", "{")):
        yield [word.strip() for word in text.split(",") if word.strip()]
