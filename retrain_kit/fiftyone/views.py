"""Saved views of a dataset in FiftyOne's App: by label, by annotator, rejected; and what can be filtered by.

Three lists stand at every image, in all of its slices alike: `labels`, `annotators` and `rejections`. So a
saved view shows the same images whichever slice is looked at, and only the annotations that it is about.
Annotators are named as the study's manifest explains them, the others together as *not explained*: a word
that nobody explains may be a person's number.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from retrain_kit.analysis import annotators
from retrain_kit.annotations.samples import UNKNOWN
from retrain_kit.errors import showable
from retrain_kit.fiftyone import database
from retrain_kit.fiftyone.library import fo

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from retrain_kit.annotations.samples import RejectedAnnotation, Sample
    from retrain_kit.studies.manifests import Manifest

LABELS, ANNOTATORS, REJECTIONS = FIELDS = ("labels", "annotators", "rejections")
LABEL, ANNOTATOR, REJECTED = "label", "annotator", "rejected"
"""What the names of saved views begin with, or are."""

MOST_LABEL_VIEWS = 100
"""Of more labels than so many, those of most images have a saved view; the field's filter has all of them."""

VIEWS_KEY = "retrain_kit_views"
"""Where a dataset's info says of which form its fields and saved views are."""

_FORM = 1
_NAME_SIGNS = 100
_SHOWN_FIRST = ("regions", "image_labels", "point_labels")
_OPEN_GROUPS = ("tags", "labels")
_WITH_LABEL = ("regions", "outlines", "image_labels", "point_labels")
_WITH_ANNOTATOR = (*_WITH_LABEL, "phrases")
_MEANINGS = {
    LABELS: "The labels of its regions and points, and those for the whole image that nobody denied.",
    ANNOTATORS: "Who or what made its annotations, as far as the study's manifest explains it.",
    REJECTIONS: "What its source lists as an annotation and could not be taken, and why.",
}


@dataclass(frozen=True)
class SavedViews:
    """How many saved views there are by label, of how many labels; by annotator; how much was rejected."""

    labels: int
    of_labels: int
    annotators: int
    rejections: int

    def in_words(self) -> str:
        """Return a sentence about them."""
        some = (
            f" of {self.of_labels:,}: the filter {LABELS!r} has all" if self.of_labels > self.labels else ""
        )
        parts = [f"{self.labels:,} by label{some}", f"{self.annotators:,} by annotator"]
        rejected = f"rejected annotations: {self.rejections:,}" if self.rejections else "nothing was rejected"
        return f"saved views: {', '.join(parts)}; {rejected}"


def add_views(
    dataset: fo.Dataset,
    samples: Sequence[Sample],
    manifest: Manifest,
    unmatched: Iterable[RejectedAnnotation] = (),
) -> SavedViews:
    """Give a dataset of the kit's own the fields to filter by and the saved views, where it has none yet.

    Parameters
    ----------
    dataset
        Grouped as by `grouped.grouped_dataset`, or with the images as they are. Images that are not in it may
        be among the samples.
    samples, manifest
        What it was made of.
    unmatched
        Rejected annotations that belong to no image.
    """
    shown = annotators.annotator_lookup(manifest)
    labels = Counter(label for sample in samples for label in _labels(sample))
    most = sorted(sorted(labels, key=lambda label: (-labels[label], label))[:MOST_LABEL_VIEWS])
    by = sorted({name for sample in samples for name in _annotators(sample, shown)})
    rejected = sum(len(sample.rejected) for sample in samples)
    with database.lock(database.cache_folder() / "locks" / dataset.name):
        dataset.reload()
        if dataset.info.get(VIEWS_KEY) != _FORM:
            _write_fields(dataset, samples, shown)
            _lay_out_sidebar(dataset)
            _save_views(dataset, most, {name: _made_by(name, manifest) for name in by}, rejected)
            dataset.info = {**dataset.info, VIEWS_KEY: _FORM}
            dataset.save()
    return SavedViews(len(most), len(labels), len(by), rejected + len(list(unmatched)))


def _labels(sample: Sample) -> list[str]:
    """Return the labels of an image, each once, in alphabetical order; not those that somebody denied."""
    found = {region.label for region in sample.regions}
    found |= {each.label for each in sample.labels if each.present is not False}
    found |= {each.label for each in sample.points if each.present is not False}
    return sorted(found - {""})


def _annotators(sample: Sample, shown: Any) -> list[str]:  # noqa: ANN401 - annotators.annotator_lookup's function
    kinds = (getattr(sample, field) for field in annotators.KIND_FIELDS.values())
    return sorted({shown(each.annotator).word for kind in kinds for each in kind})


def _write_fields(dataset: fo.Dataset, samples: Iterable[Sample], shown: Any) -> None:  # noqa: ANN401 - the same
    """Write the three lists of each image into all of its slices."""
    rows = {
        sample.id: (
            _labels(sample),
            _annotators(sample, shown),
            [showable(each.in_words()) for each in sample.rejected],
        )
        for sample in samples
    }
    every = dataset
    if dataset.media_type == "group":
        every = dataset.select_group_slices(dataset.group_slices)
    ids, images = every.values(["id", "image_id"])
    for place, field in enumerate(FIELDS):
        dataset.add_sample_field(field, fo.ListField, subfield=fo.StringField, description=_MEANINGS[field])
        found = {key: rows[image][place] for key, image in zip(ids, images, strict=True)}
        every.set_values(field, found, key_field="id")


def _lay_out_sidebar(dataset: fo.Dataset) -> None:
    """Show first what can be filtered by, no phrases until they are asked for, and each label in a colour."""
    groups = fo.DatasetAppConfig.default_sidebar_groups(dataset)
    for group in groups:
        group.paths = [path for path in group.paths if path not in FIELDS]
        group.expanded = group.name in _OPEN_GROUPS
    study = fo.SidebarGroupDocument(name="study", paths=list(FIELDS), expanded=True)
    dataset.app_config.sidebar_groups = [study, *groups]
    dataset.app_config.color_scheme = fo.ColorScheme(color_by="value")
    dataset.app_config.active_fields = fo.ActiveFields(paths=list(_SHOWN_FIRST), exclude=False)
    dataset.save()


def _save_views(dataset: fo.Dataset, labels: Iterable[str], by: Mapping[str, Any], rejected: int) -> None:
    """Save the views anew: what a program that was stopped has left of them goes first."""
    for name in dataset.list_saved_views():
        if name == REJECTED or name.startswith((f"{LABEL}: ", f"{ANNOTATOR}: ")):
            dataset.delete_saved_view(name)
    names = _Names(dataset)
    for label in labels:
        one = fo.ViewField("label") == label
        _save(dataset, names.new(LABEL, label), (LABELS, label), dict.fromkeys(_WITH_LABEL, one))
    for name, one in by.items():
        _save(dataset, names.new(ANNOTATOR, name), (ANNOTATORS, name), dict.fromkeys(_WITH_ANNOTATOR, one))
    if rejected:
        why = f"Images of which annotations could not be taken. The field {REJECTIONS!r} says which, and why."
        dataset.save_view(REJECTED, dataset.match(fo.ViewField(REJECTIONS).length() > 0), why)


def _made_by(name: str, manifest: Manifest) -> Any:  # noqa: ANN401 - an expression of FiftyOne's
    """Return the expression that holds for annotations of an annotator, named as `annotator_lookup` does."""
    annotator = fo.ViewField("annotator")
    explained = {*manifest.annotation.sources, *manifest.annotation.annotators} - {UNKNOWN}
    if name == annotators.NOT_EXPLAINED:
        return ~annotator.is_in([*sorted(explained), UNKNOWN])
    return annotator == (UNKNOWN if name == annotators.UNKNOWN_SOURCE.words else name)


def _save(dataset: fo.Dataset, name: str, has: tuple[str, str], only: Mapping[str, Any]) -> None:
    """Save a view of the images that have a value in a field, with the labels alone that are in `only`."""
    field, value = has
    view = dataset.match(fo.ViewField(field).contains([value]))
    for labels, expression in only.items():
        view = view.filter_labels(labels, expression, only_matches=False)
    dataset.save_view(name, view)


class _Names:
    """The names of a dataset's saved views: FiftyOne wants the letters and digits of each to be others'."""

    def __init__(self, dataset: fo.Dataset) -> None:
        self._taken = {_slug(name) for name in dataset.list_saved_views()}

    def new(self, kind: str, value: str) -> str:
        """Return a name that is not taken: the kind and the value, and a number where that alone is taken."""
        whole = f"{kind}: {' '.join(showable(value).split())}"
        base = whole if len(whole) <= _NAME_SIGNS else f"{whole[: _NAME_SIGNS - 1]}…"
        name, number = base, 1
        while _slug(name) in self._taken:
            number += 1
            name = f"{base} ({number})"
        self._taken.add(_slug(name))
        return name


def _slug(name: str) -> str:
    slug: str = fo.core.utils.to_slug(name)
    return slug
