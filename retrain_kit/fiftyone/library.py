"""FiftyOne itself, quiet and without telemetry: the one import of it."""

from __future__ import annotations

import os
from typing import Any

from retrain_kit.storage.home import home_folder

home_folder()  # FiftyOne would make a folder called ~ where there is none
os.environ.setdefault("FIFTYONE_DO_NOT_TRACK", "true")
os.environ.setdefault("FIFTYONE_SHOW_PROGRESS_BARS", "false")

import fiftyone as fo  # noqa: E402 - after what it reads when it is imported

from retrain_kit.widgets.progress import watched  # noqa: E402 - the same

__all__ = ["fo", "progress_bar"]


def app_of_port(port: int) -> Any:  # noqa: ANN401 - FiftyOne has no types
    """Return the application of FiftyOne's App, which is to listen on that port."""
    from fiftyone.server.app import app  # noqa: PLC0415 - the App's own server alone needs it
    from fiftyone.server.events import set_port  # noqa: PLC0415 - the same

    set_port(port)
    return app


def progress_bar(what: str, total: int | None = None) -> Any:  # noqa: ANN401 - any iterable in, the same out
    """Return the function that shows a bar while something is iterated, where that takes long."""

    def bar(items: Any) -> Any:  # noqa: ANN401 - the same
        return watched(items, what, total=total)

    return bar
