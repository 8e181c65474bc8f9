"""What figures of exercises have in common: anything that can be shown, and several of them as one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from retrain_kit.display.figures import NOTHING

if TYPE_CHECKING:
    from collections.abc import Iterable

PROSE_CELL = '<td style="text-align: start">'
"""A cell of a table with words in it, which notebooks would set as they set numbers."""


class Showable(Protocol):
    """Anything that notebooks show as HTML."""

    def _repr_html_(self) -> str: ...


@dataclass(frozen=True)
class HtmlView:
    """Something to show, as HTML without script, and as text."""

    html: str
    text: str

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return self.text


def stack_views(parts: Iterable[Showable]) -> HtmlView:
    """Return several things as one, one below the other; of none, that there is nothing."""
    parts = list(parts) or [NOTHING]
    return HtmlView("".join(part._repr_html_() for part in parts), "\n".join(map(repr, parts)))
