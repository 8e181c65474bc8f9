"""FiftyOne's App, on this machine alone."""

from __future__ import annotations

import os
from typing import Any

from retrain_kit.fiftyone import database
from retrain_kit.fiftyone.library import fo

HOST = "127.0.0.1"
PORT = 5151
HUB_PREFIX_VARIABLE = "JUPYTERHUB_SERVICE_PREFIX"


def open_app(dataset: Any, port: int = PORT, *, browser: bool = True) -> fo.Session:  # noqa: ANN401 - FiftyOne has no types
    """Open a dataset or a view in the App.

    The App hands out any file of this machine that its user may read. So it listens on the loopback
    address alone; under JupyterHub, as on Binder, it is reached through the hub's own proxy, which asks
    who is there. The App's page takes a typeface from fonts.googleapis.com, and does without where that
    cannot be reached; nothing of the dataset is sent.

    Parameters
    ----------
    dataset
        A FiftyOne dataset or view.
    port
        Where the App listens.
    browser
        Whether to open a browser's window; in a notebook the App opens in the page.
    """
    database.ensure_running()
    config = fo.app_config.copy()
    if prefix := os.environ.get(HUB_PREFIX_VARIABLE):
        config.proxy_url = proxy_url(prefix, port)
    remote = not browser and not _in_notebook()
    return fo.launch_app(dataset, port=port, address=HOST, remote=remote, config=config)


def proxy_url(prefix: str, port: int) -> str:
    """Return where jupyter-server-proxy shows a port, below the hub's prefix for a user."""
    return f"{prefix.rstrip('/')}/proxy/{port}/"


def _in_notebook() -> bool:
    return bool(fo.core.context.is_notebook_context())
