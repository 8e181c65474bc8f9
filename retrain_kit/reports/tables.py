"""Tables for notebooks and reports, on pandas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from retrain_kit.analysis import coverage
from retrain_kit.analysis.intervals import DASH, LEVEL, Interval, percent_or_dash
from retrain_kit.annotations.samples import NOT_YET_COMPUTED
from retrain_kit.display.figures import REJECTED_ATTRIBUTE, Note
from retrain_kit.errors import DataError
from retrain_kit.imaging import decoding
from retrain_kit.reports.data_table import DataTable
from retrain_kit.reports.responsible_ai import answered_questions, withheld_questions
from retrain_kit.studies.disclosure import LABOUR_QUESTIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from retrain_kit.analysis import annotators
    from retrain_kit.analysis.box_geometry import BoxGeometry
    from retrain_kit.analysis.co_occurrence import CoOccurrence
    from retrain_kit.analysis.disagreement import DeniedLabel, DisputedLabel
    from retrain_kit.analysis.images_per_label import LabelImages
    from retrain_kit.annotations.rejections import Rejections
    from retrain_kit.annotations.samples import Sample
    from retrain_kit.imaging.masking import BoxCorrection
    from retrain_kit.studies.manifests import Manifest


LABOUR_IN_WORDS = {
    "protocol": "what annotators were asked to do",
    "platform": "where the work was given out",
    "analysis": "how agreement and quality were judged",
    "per_item": "how many people annotated each item",
    "demographics": "who the annotators were",
    "machine_tools": "which machines annotated",
    "biases": "which biases are known",
    "social_impact": "what it may do to people",
    "sensitive": "what in it is personal or sensitive",
    "limitations": "what its limits are",
    "uses": "what it is meant for",
    "maintenance": "how it is kept up and corrected",
}
"""The questions of `disclosure.LABOUR_QUESTIONS` in plain words."""


def image_coverage(rows: Iterable[coverage.ImageCoverage]) -> DataTable:
    """Return the coverage of each image, the least covered last."""
    ordered = sorted(rows, key=lambda row: (-row.share_tagged, row.sample))
    return DataTable.from_rows(
        (
            {
                "image": row.sample,
                "regions": row.regions,
                "tagged px": row.tagged_px,
                "frame px": row.frame_px,
                "tagged": row.share_tagged,
                "left": row.share_left,
            }
            for row in ordered
        ),
        "coverage-of-images",
    )


def group_coverage(rows: Iterable[coverage.GroupCoverage], name: str) -> DataTable:
    """Return the coverage of each label or annotator, with intervals; `name` heads the first column."""
    return DataTable.from_rows(
        without_empty_intervals(
            {
                name: row.name,
                "images": row.images,
                "regions": row.regions,
                "of the images it is in": row.share_where_present,
                "interval there": percent_or_dash(row.interval_where_present),
                "of all images": row.share_of_all,
                "interval of all": percent_or_dash(row.interval_of_all),
            }
            for row in rows
        ),
        f"coverage-by-{name}",
        figures=("interval there", "interval of all"),
    )


def phrase_coverage(rows: Sequence[coverage.PhraseCoverage], most: int = 15) -> DataTable | Note:
    """Return the phrases that lie most outside the regions, or a sentence where the study has no phrases."""
    if not rows:
        return Note("This study has no phrases.", ())
    return DataTable.from_rows(
        ({"phrase": row.text, "image": row.sample, "of it untagged": row.share_untagged} for row in rows),
        "phrases-outside-regions",
        most=most,
    )


def coverage_summary(whole: coverage.Summary) -> DataTable:
    """Return the study in a few figures, one a row."""
    shares = {"share_tagged_mean", "share_tagged_median"}
    names = {
        "images": "images",
        "regions": "regions",
        "share_tagged_mean": "tagged of an image, mean",
        "interval": f"interval of this mean, {LEVEL:.0%}",
        "share_tagged_median": "tagged of an image, median",
        "without_residue": "images of which nothing is left",
        "nearly_untouched": f"images of which at most {coverage.NEARLY_UNTOUCHED_SHARE:.0%} is tagged",
        "without_regions": "images without any region",
    }
    values = {key: getattr(whole, key) for key in names}
    return DataTable.from_rows(
        (
            {"of the study": names[key], "figure": _figure(value, share=key in shares)}
            for key, value in values.items()
            if value is not None
        ),
        "coverage-of-the-study",
    )


def corrected_boxes(rows: Sequence[BoxCorrection]) -> DataTable | Note:
    """Return what the frame or the pixel grid changed about boxes, or a sentence when it changed nothing."""
    if not rows:
        return Note(
            "Nothing: every box that was taken lies inside its image and covers at least one pixel.", ()
        )
    return DataTable.from_rows(
        ({"image": row.sample, "region": row.region, "label": row.label, "what": row.what} for row in rows),
        "corrected-boxes",
    )


def beyond_views(samples: Iterable[Sample]) -> Note:
    """Return what of images' files their views do not show, under a count of such files."""
    told = [(sample.id, note) for sample in samples for note in _beyond(sample)]
    count = len({name for name, _ in told})
    if not count:
        return Note("Nothing: each file is one image, and its views show all of it.", ())
    files = "1 file holds" if count == 1 else f"{count} files hold"
    return Note(f"{files} what is not shown.", tuple(told))


def _beyond(sample: Sample) -> tuple[str, ...]:
    try:
        return decoding.notes(sample.path)
    except DataError as error:
        return (f"cannot be shown: {error.faults[0].found}",)


def rejected_annotations(rejections: Rejections, most: int = 200) -> DataTable | Note:
    """Return the annotations that could not be taken, each with the reason; a sentence where there are none.

    Of more than `most` the first are shown; the CSV has all.
    """
    if not len(rejections):
        return Note("Every annotation that the source lists for these images was taken.", ())
    rows = (
        {
            "image": each.image or "none named",
            "annotation": each.id,
            "label": each.label,
            "why it could not be taken": each.reason,
            "where it stands": each.place,
            "what was kept": each.kept or "nothing",
        }
        for each in rejections
    )
    return DataTable.from_rows(
        rows,
        "rejected-annotations",
        caption=rejections.in_words(),
        attributes=f'{REJECTED_ATTRIBUTE}="{len(rejections)}"',
        most=most,
    )


def images_per_label(rows: Sequence[LabelImages], most: int = 25) -> DataTable | Note:
    """Return in how many images each label is, or a sentence where there is none."""
    if not rows:
        return Note("No image here has a label.", ())
    told = (
        {"label": row.label, "images": row.images, "of all images": row.share, "regions": row.regions}
        for row in rows
    )
    return DataTable.from_rows(told, "images-per-label", most=most)


def label_pairs(found: CoOccurrence, most: int = 25) -> DataTable | Note:
    """Return which labels are in the same images, beside chance, or a sentence where none are.

    Pairs that meet most often come first.
    """
    pairs = found.pairs
    if not pairs:
        return Note("No image here has two labels.", ())
    rows = (
        {
            "label": pair.one,
            "and": pair.other,
            "images with both": pair.together,
            "by chance": f"{pair.by_chance:,.1f}",
            "of those with either": pair.share_of_either,
        }
        for pair in pairs
    )
    others = f"{found.others:,} labels more are in fewer images; their pairs are not counted."
    return DataTable.from_rows(
        rows, "labels-that-meet", caption=others if found.others else "", most=most, figures=("by chance",)
    )


def box_geometry(rows: Sequence[BoxGeometry], most: int = 25) -> DataTable | Note:
    """Return how large the boxes of each label are and where their middle lies, or a sentence."""
    table = [
        {
            "label": row.label,
            "boxes": row.boxes,
            "size: a quarter up to": row.share_quartiles[0],
            "half up to": row.share_quartiles[1],
            "three quarters up to": row.share_quartiles[2],
            "middle, from the left": row.middle_of_centres[0],
            "from the top": row.middle_of_centres[1],
        }
        for row in rows
        if row.share_quartiles and row.middle_of_centres
    ]
    if not table:
        return Note("No image here has a box.", ())
    return DataTable.from_rows(table, "boxes-per-label", most=most)


def annotation_counts(rows: Sequence[annotators.AnnotationCount]) -> DataTable | Note:
    """Return how many annotations of each kind each annotator made, or a sentence where there are none."""
    if not rows:
        return Note("This study has no annotations.", ())
    return DataTable.from_rows(
        without_empty_intervals(
            {
                "kind": row.kind,
                "annotator": row.annotator.word,
                "how it was made": row.annotator.source.words,
                "annotations": row.annotations,
                "of": row.of_kind,
                "share": row.annotations / row.of_kind,
                "interval": percent_or_dash(row.interval),
                "images": row.images,
            }
            for row in rows
        ),
        "annotations-by-annotator",
        figures=("interval",),
    )


def answer_counts(rows: Sequence[annotators.AnswerCount]) -> DataTable | Note:
    """Return how often each annotator says yes, no and neither, or a sentence where nothing was asked."""
    if not rows:
        return Note("No word of this study speaks of a whole image or of a point.", ())
    return DataTable.from_rows(
        (
            {
                "kind": row.kind,
                "annotator": row.annotator.word,
                "how it was made": row.annotator.source.words,
                "yes": row.yes,
                "no": row.no,
                "neither": row.neither,
                "of": row.yes + row.no + row.neither,
            }
            for row in rows
        ),
        "answers-by-annotator",
    )


def label_denials(rows: Sequence[DeniedLabel], most: int = 30) -> DataTable | Note:
    """Return the words that are said to be absent from images, or a sentence where there are none."""
    if not rows:
        return Note("Nothing: no word of this study is said to be absent from an image.", ())
    shown = (
        {
            "image": row.sample,
            "word": row.label,
            "said by": row.annotator.word,
            "how": row.annotator.source.words,
        }
        for row in rows
    )
    return DataTable.from_rows(shown, "denied-labels", most=most)


def label_disputes(rows: Sequence[DisputedLabel], most: int = 30) -> DataTable | Note:
    """Return the words on which the source is not of one voice, or a sentence where there are none."""
    if not rows:
        return Note("Nothing: no votes that differ, no word that is both affirmed and denied.", ())
    shown = (
        {"image": row.sample, "word": row.label, "dispute": row.kind, "who says what": row.said}
        for row in rows
    )
    return DataTable.from_rows(shown, "disputed-labels", most=most)


def hand_trace_counts(rows: Sequence[annotators.TraceCount]) -> DataTable | Note:
    """Return the traces that hands left in the source, or a sentence where it kept none."""
    if not rows:
        return Note("None: the source keeps no click and no vote.", ())
    return DataTable.from_rows(
        (
            {"trace": row.kind, "number": row.traces, "on": row.annotations, "of": row.of_annotations}
            for row in rows
        ),
        "traces-of-hands",
    )


def undisclosed_questions(manifest: Manifest, rejections: Rejections | None = None) -> Note:
    """Return what was never disclosed, and the questions that the Croissant export does not answer."""
    answered, withheld = answered_questions(manifest, rejections), withheld_questions(manifest)
    told = f"{len(answered)} of {len(LABOUR_QUESTIONS)} questions that Croissant asks of a data set"
    only = f"; {len(withheld)} of them by saying that it was not disclosed" if withheld else ""
    lines = [("never disclosed", text) for text in manifest.annotation.undisclosed]
    lines += [("answered", told + only)]
    lines += [
        ("without an answer", LABOUR_IN_WORDS[question])
        for question in LABOUR_QUESTIONS
        if question not in answered
    ]
    return Note(manifest.title, tuple(lines))


def provenance(samples: Iterable[Sample]) -> DataTable:
    """Return where each image comes from; an empty cell where the source does not say."""
    return DataTable.from_rows(
        (
            {
                "image": sample.id,
                "author": sample.provenance.author,
                "licence": sample.provenance.licence,
                "source": sample.provenance.source,
                "sha256": sample.provenance.sha256[:16] or NOT_YET_COMPUTED,
            }
            for sample in samples
        ),
        "sources-of-images",
    )


def without_empty_intervals(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows without the columns of intervals that no row has."""
    rows = list(rows)
    empty = [
        name
        for name in (rows[0] if rows else ())
        if name.startswith("interval") and all(row[name] == DASH for row in rows)
    ]
    return [{name: value for name, value in row.items() if name not in empty} for row in rows]


def _figure(value: float | Interval, *, share: bool) -> str:
    if isinstance(value, Interval):
        return value.percent
    return f"{value:.1%}" if share else f"{value:,}"
