"""Pages: the files that browsers load, all named here; no path of a request becomes one of a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from starlette.responses import Response

from retrain_kit.web.limits import RefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping

PACKAGE = Path(__file__).parents[1]
_TYPES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css"}
_SENT = {".js", ".css"}
FILES: Mapping[str, Path] = {
    **{name: Path(__file__).with_name(name) for name in ("class.html", "beamer.html")},
    **{
        path.relative_to(PACKAGE).as_posix(): path
        for folder in ("display", "web", "widgets")
        for path in sorted((PACKAGE / folder).rglob("*"))
        if path.suffix in _SENT
    },
}
"""The pages by name; scripts and style sheets by their place in the package, as scripts import each other."""


def page(name: str) -> Response:
    """Return a file of `FILES`; a `RefusedError` where there is none of this name."""
    path = FILES.get(name)
    if not path:
        raise RefusedError(404, "There is no such page.")
    return Response(path.read_bytes(), media_type=_TYPES[path.suffix])
