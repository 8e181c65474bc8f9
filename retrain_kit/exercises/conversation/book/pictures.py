"""Pictures: the images of a study that a book's chapters are about, each with its credit and its notice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrain_kit.display import figures
from retrain_kit.display.figures import Panel
from retrain_kit.storage.languages import gettext

if TYPE_CHECKING:
    from collections.abc import Mapping

    from retrain_kit.exercises.conversation.book.excerpts import Book
    from retrain_kit.studies.image_table import ImageRow
    from retrain_kit.studies.manifests import Manifest

LONGEST_PX = 1200


@dataclass(frozen=True)
class Picture:
    """An image, whose it is, and what should be known before one looks at it."""

    panel: Panel
    credit: str
    notice: str = ""


def pictures_of(book: Book, manifest: Manifest) -> Mapping[str, Picture]:
    """Return the images of a study that a book speaks of, by their ids; some may be gone."""
    asked = {chapter.image for chapter in book.chapters}
    return {row.id: _picture(row, manifest) for row in manifest.images if row.id in asked}


def _picture(row: ImageRow, manifest: Manifest) -> Picture:
    sample = manifest.sample(row)
    alt = sample.alt or gettext("The image {name}.", name=sample.id)
    credit = figures.image_and_study_credit(sample, manifest)
    return Picture(Panel.from_sample(sample, sample.id, alt, LONGEST_PX), credit, sample.notice)
