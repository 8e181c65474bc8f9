"""What a module of the package imports, read from its text."""

import ast


def imported(tree):
    """The dotted names that a module imports, wherever in it: at its top, for types, inside functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "imports say the whole name"
            yield from (f"{node.module}.{each.name}" for each in node.names)
