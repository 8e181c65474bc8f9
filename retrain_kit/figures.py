"""Figures: pictures with alt texts, a caption and the study they belong to, as HTML without script.

The same HTML shows in JupyterLab and in a report. Pictures are embedded as previews (JPEG, or WebP where
they have transparency); the exact pixels are those that `pictures.save` writes.
"""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from retrain_kit import views
from retrain_kit.errors import Fault, ReportError

if TYPE_CHECKING:
    from PIL import Image

PREVIEW_PX = 640
QUALITY = 82


@dataclass(frozen=True)
class Panel:
    """One picture of a figure: its encoded preview, a name and an alternative text."""

    name: str
    alt: str
    data: bytes
    media_type: str

    @classmethod
    def of(cls, picture: Image.Image, name: str, alt: str, longest_px: int = PREVIEW_PX) -> Panel:
        """Encode a preview of the picture, at most `longest_px` wide and high."""
        preview = views.small(picture, longest_px)
        buffer = io.BytesIO()
        kind = "webp" if preview.mode == "RGBA" else "jpeg"
        preview.save(buffer, kind, quality=QUALITY)
        return cls(name, alt, buffer.getvalue(), f"image/{kind}")

    @property
    def html(self) -> str:
        """The picture as an `img` element that holds its own data."""
        data = base64.b64encode(self.data).decode("ascii")
        return f'<img alt="{escape(self.alt)}" src="data:{self.media_type};base64,{data}">'


@dataclass(frozen=True)
class Figure:
    """Panels side by side under one caption. A figure without its study cannot be made.

    Parameters
    ----------
    panels
        The pictures, from left to right.
    caption
        What can be seen.
    credit
        Study, authors and licences: must not be empty.
    """

    panels: tuple[Panel, ...]
    caption: str
    credit: str

    def __post_init__(self) -> None:
        if not self.credit.strip():
            raise ReportError(Fault("figure", "no credit", "the study and where its pictures come from"))

    def _repr_html_(self) -> str:
        panels = "".join(
            f'<figure class="rk-view">{panel.html}<figcaption>{escape(panel.name)}</figcaption></figure>'
            for panel in self.panels
        )
        credit = f'<p class="rk-credit">{escape(self.credit)}</p>'
        text = f"<figcaption>{escape(self.caption)}{credit}</figcaption>"
        return f'<figure class="rk-figure"><div class="rk-compare">{panels}</div>{text}</figure>'

    def __repr__(self) -> str:
        return f"{self.caption} ({self.credit}) " + "; ".join(
            f"{panel.name}: {panel.alt}" for panel in self.panels
        )
