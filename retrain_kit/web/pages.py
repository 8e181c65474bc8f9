"""Pages: the files that browsers load, all named here; no path of a request becomes one of a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from starlette.responses import Response

from retrain_kit import widgets
from retrain_kit.display import styles
from retrain_kit.web.limits import RefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping

_OWN, _WIDGETS = Path(__file__).parent, Path(widgets.__file__).parent
_TYPES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css"}
_SENT = {".js", ".css"}
_NAMES = ("class.html", "beamer.html", "class.js", "model.js", "beamer.js", "asking.js", "class.css")
FILES: Mapping[str, Path] = {
    **{path.name: path for path in (*_WIDGETS.iterdir(), *styles.FOLDER.iterdir()) if path.suffix in _SENT},
    **{name: _OWN / name for name in _NAMES},
}


def page(name: str) -> Response:
    """Return a file of `FILES`; a `RefusedError` where there is none of this name."""
    path = FILES.get(name)
    if not path:
        raise RefusedError(404, "There is no such page.")
    return Response(path.read_bytes(), media_type=_TYPES[path.suffix])
