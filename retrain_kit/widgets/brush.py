"""A widget in which a person covers by hand what no annotation covers, with mouse, finger or keys.

What is covered is kept beside the study as it is done, and the image is made anew with it: what one sees is
what everybody sees from then on. The static twin says in which images how much was covered.
"""

from __future__ import annotations

from dataclasses import replace
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anywidget
import numpy as np
from traitlets import TraitType

from retrain_kit.analysis.people_in_images import veil_people
from retrain_kit.answers import messages
from retrain_kit.display import assets, figures, views
from retrain_kit.errors import DataError, Fault, KitError, ParameterError
from retrain_kit.imaging import decoding
from retrain_kit.studies import brushed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrain_kit.analysis.people_in_images import PeopleInImages
    from retrain_kit.annotations.samples import Sample
    from retrain_kit.studies.manifests import Manifest

LARGEST_PX = 800


class Brush(anywidget.AnyWidget):
    """Cover parts of images by hand.

    Parameters
    ----------
    manifest
        The study, beside which it is kept.
    samples
        Its images. They have numbers here, from 1, for their names may be those of people.
    people
        What else is veiled in them.
    first
        The numbers of images to begin with; the others follow.

    Attributes
    ----------
    page : dict
        The image that is shown, with all that is veiled made coarse, and what is covered by hand.
    covered : list of int
        The numbers of images in which something is covered by hand.

    Raises
    ------
    ParameterError
        When there is no image.
    DataError
        When what was brushed before cannot be read.
    """

    _esm = assets.inlined_script(Path(__file__).with_suffix(".js"))
    _css = assets.widget_sheet(".rk-brush-widget", Path(__file__).with_suffix(".css"))

    order: TraitType[list[int], list[int]] = TraitType([], read_only=True).tag(sync=True)
    page: TraitType[dict[str, Any], dict[str, Any]] = TraitType({}, read_only=True).tag(sync=True)
    covered: TraitType[list[int], list[int]] = TraitType([], read_only=True).tag(sync=True)

    def __init__(
        self, manifest: Manifest, samples: Sequence[Sample], people: PeopleInImages, first: Sequence[int] = ()
    ) -> None:
        if not samples:
            raise ParameterError(Fault("Brush, samples", "no images", "one or more"))
        self._manifest, self._people = manifest, people
        self._samples = dict(enumerate(samples, start=1))
        super().__init__()
        known = [number for number in first if number in self._samples]
        self.set_trait("order", list(dict.fromkeys([*known, *self._samples])))
        self.on_msg(self._receive)
        self._open(self.order[0])

    def _open(self, number: int) -> None:
        """Show an image as it is veiled by now."""
        grids = brushed.load_brushed(self._manifest)
        self.set_trait("covered", [place for place, each in self._samples.items() if each.id in grids])
        self.set_trait("page", self._page(number, replace(self._people, brushed=grids)))

    def _page(self, number: int, people: PeopleInImages) -> dict[str, Any]:
        sample = self._samples[number]
        rows, columns = brushed.grid_shape(sample.size)
        try:
            image, told = veil_people(decoding.load_sample(sample), sample, people)
        except DataError as error:
            image, told = (
                views.unshown(sample.size, LARGEST_PX),
                f"It cannot be shown: {figures.reason(error)}.",
            )
        alt = f"Image {number:,} of the study. {told or 'Nothing in it is veiled.'}"
        panel = figures.Panel.from_image(image, "", alt, LARGEST_PX)
        grid = people.brushed.get(sample.id)
        return {
            "number": number,
            "alt": alt,
            "told": told or "Nothing in it is veiled.",
            "rows": rows,
            "columns": columns,
            "cells": [] if grid is None else brushed.grid_rows(grid),
            "data": panel.data,
            "media_type": panel.media_type,
            "width": panel.size[0],
            "height": panel.size[1],
        }

    def _receive(self, _: object, content: Mapping[str, Any], __: object) -> None:
        """Do what the browser asks for, and tell it what went wrong."""
        try:
            self._do(content)
        except KitError as error:
            self.send({"fault": str(error)})

    def _do(self, content: Mapping[str, Any]) -> None:
        messages.check_length(content)
        act = messages.text_field(content, "act")
        number = 1 + messages.number_field(
            {"number": _less(content.get("number"))}, "number", len(self._samples)
        )
        if act == "cover":
            sample, cells = self._samples[number], content.get("cells")
            if not isinstance(cells, list):
                raise ParameterError(Fault("cells", f"an object of type {type(cells).__name__}", "rows"))
            brushed.keep_brushed(self._manifest, sample.id, brushed.parse_grid(cells, sample.size))
        elif act != "open":
            raise ParameterError(Fault("act", repr(act[:80]), "open or cover"))
        self._open(number)

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:  # noqa: ANN401 - IPython's own
        """Return the widget view and, beside it, the twins that need no kernel and no script."""
        data, metadata = super()._repr_mimebundle_(**kwargs) or ({}, {})
        lines = brushed_lines(self._manifest, self._samples)
        return {**data, "text/plain": "\n".join(lines), "text/html": _twin(lines)}, metadata


def brushed_lines(manifest: Manifest, samples: Mapping[int, Sample]) -> list[str]:
    """Return in words in which images something is covered by hand, and how much of each."""
    grids = brushed.load_brushed(manifest)
    found = [
        f"Image {number:,}: {np.mean(grids[sample.id]):.1%} of it covered by hand."
        for number, sample in samples.items()
        if sample.id in grids
    ]
    return found or ["Nothing is covered by hand in these images."]


def _twin(lines: Sequence[str]) -> str:
    told = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f'<section class="rk-note"><h3>Covered by hand</h3><ul>{told}</ul></section>'


def _less(number: object) -> object:
    """Return a number from 1 as one from 0; anything else as it is."""
    return number - 1 if isinstance(number, int) and not isinstance(number, bool) else number
