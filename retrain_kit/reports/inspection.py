"""Inspection: papermill reads a notebook's parameters as the kit does, with choices and ranges.

Papermill's own reader passes over each line whose type has quotation marks or parentheses. Its help would not
list `shape: Literal["box", "outline"]`, and it would warn of an unknown parameter where `shape` is given.
When it is imported it loads the entry points of engines, and nothing else of other packages. So the kit
offers its reader there, together with the engine that its reports run in.
"""

from __future__ import annotations

from typing import Any

import nbformat
from papermill.engines import NBClientEngine
from papermill.models import Parameter
from papermill.translators import PythonTranslator, papermill_translators

from retrain_kit.errors import ParameterError
from retrain_kit.reports import parameters


class AnnotatedTranslator(PythonTranslator):  # type: ignore[misc] # papermill has no types
    """Python as papermill writes it; parameters as the kit reads them, where they have its form."""

    @classmethod
    def inspect(cls, parameters_cell: Any) -> list[Parameter]:  # noqa: ANN401 - nbformat has no types
        """Return the parameters of a cell as papermill wants them: type, default and help as texts."""
        try:
            read = parameters.parameters_in(nbformat.v4.new_notebook(cells=[parameters_cell]), "notebook")  # type: ignore[no-untyped-call]
        except ParameterError:
            return list(super().inspect(parameters_cell))
        return [Parameter(each.name, each.type_name, repr(each.default), each.help) for each in read]


class Engine(NBClientEngine):  # type: ignore[misc] # papermill has no types
    """Papermill's usual engine, but that it writes the notebook once, at the end, not twice a cell."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **options: Any) -> None:  # noqa: ANN401 - papermill has no types
        """Run the cells; the notebook is written also when one fails, or the kernel ends."""
        path, nb_man.output_path = nb_man.output_path, None
        try:
            super().execute_managed_notebook(nb_man, kernel_name, **options)
        finally:
            nb_man.output_path = path


papermill_translators.register("python", AnnotatedTranslator)
