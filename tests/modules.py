"""The package as its source says it: which modules there are, what each imports, defines and speaks of."""

import ast
from functools import cache

KIT = "retrain_kit"


@cache
def trees(root):
    """The syntax tree of each module of the package that lies in `root`, by its dotted name."""
    paths = sorted((root / KIT).rglob("*.py"))
    names = [
        ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__") for path in paths
    ]
    return {name: ast.parse(path.read_text()) for name, path in zip(names, paths, strict=True)}


def imported(tree):
    """The dotted names that a module imports, wherever in it: at its top, for types, inside functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "imports say the whole name"
            yield from (f"{node.module}.{each.name}" for each in node.names)


def module(name, modules):
    """The module in which a dotted name lies; a name that is none is one of its module's nouns."""
    return name if name in modules else name.rpartition(".")[0]


def arrows(modules):
    """For each module those of the package that it imports."""
    inside = {
        each: [name for name in imported(tree) if name.split(".")[0] == KIT] for each, tree in modules.items()
    }
    return {each: {module(name, modules) for name in names} for each, names in inside.items()}


def defined(tree):
    """The names that a module or one of its classes defines, by dots: `read`, `Region`, `Region.label`."""
    found = set()
    for node in tree.body:
        names = _bound(node)
        found |= names
        if isinstance(node, ast.ClassDef):
            found |= {f"{node.name}.{name}" for each in node.body for name in _bound(each)}
    return found


def _bound(node):
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {node.name}
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    return {
        each.id for target in targets if target for each in ast.walk(target) if isinstance(each, ast.Name)
    }


def spoken_of(tree):
    """The names that a module uses: of its own, of others, of what others hold."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.alias):
            yield node.name
