"""A link that carries a CSV, for JupyterLab: what its own widget for HTML shows loses the address."""

from __future__ import annotations

from pathlib import Path

import anywidget
import traitlets


class CsvLink(anywidget.AnyWidget):
    """A link.

    Attributes
    ----------
    address : str
        The file, as an address.
    file : str
        What it is called.
    text : str
        The words of the link.
    """

    _esm = Path(__file__).with_suffix(".js")

    address = traitlets.Unicode().tag(sync=True)
    file = traitlets.Unicode().tag(sync=True)
    text = traitlets.Unicode().tag(sync=True)
