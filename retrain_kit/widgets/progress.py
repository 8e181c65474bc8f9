"""Progress of what takes longer than a second: in JupyterLab a bar of its own, elsewhere a line of text.

JupyterLab lays a pink strip under all that a cell says on the way errors take. A line of progress goes that
way, and the strip stays when nothing is left of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from tqdm.std import tqdm

from retrain_kit.display.assets import is_in_lab

if TYPE_CHECKING:
    from collections.abc import Iterable

Item = TypeVar("Item")


def watched(items: Iterable[Item], what: str, delay_s: float = 1, total: int | None = None) -> Iterable[Item]:
    """Return the items, to be iterated under a bar where that takes longer than `delay_s`.

    `total` is their number, where they do not know it themselves.
    """
    shown: Iterable[Item] = bar_here()(items, desc=what, delay=delay_s, leave=False, total=total)
    return shown


def bar_here() -> type[tqdm[Any]]:
    """Return the kind of bar that leaves no strip where this program runs."""
    kind: type[tqdm[Any]] = tqdm
    if is_in_lab():
        from tqdm.notebook import tqdm_notebook  # noqa: PLC0415 - brings widgets with it

        kind = tqdm_notebook
    return kind
