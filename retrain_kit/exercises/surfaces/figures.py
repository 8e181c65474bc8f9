"""Figures of *Informational surfaces*: tracks alone, what was said over them, and the test of a claim."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrain_kit.analysis import attention, chance
from retrain_kit.analysis.chance import TracedImage
from retrain_kit.annotations import recordings, traces
from retrain_kit.display import figures
from retrain_kit.display.figures import Figure, Note
from retrain_kit.errors import Fault, ParameterError
from retrain_kit.exercises.common import refusals
from retrain_kit.exercises.common.figures import HtmlView, stack_views
from retrain_kit.exercises.surfaces import demonstration, track_figures
from retrain_kit.exercises.surfaces.informational_surfaces import recordings_credit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from retrain_kit.annotations.samples import Region, Sample
    from retrain_kit.annotations.traces import Trace
    from retrain_kit.exercises.surfaces.informational_surfaces import (
        ConsentedRecordings,
        InformationalSurfaces,
        KeptRecording,
    )
    from retrain_kit.studies.manifests import Manifest

BOX_CHOICES = ("data set", "own")
"""Whose boxes a track is laid over: those that the data set has, or those that the person drew."""
MAX_TRACES_PER_KIND = 6
_WHOSE = {"data set": "the boxes of the data set", "own": "the boxes that people drew themselves"}


def consented_recordings(
    exercise: InformationalSurfaces, samples: Sequence[Sample], folder: Path | str, use: str = "class"
) -> ConsentedRecordings:
    """Return what was recorded; where nothing was, what is made for demonstration, in a store in `folder`.

    Raises
    ------
    ParameterError
        When there is no such use.
    """
    seen = exercise.consented_recordings(use)
    if exercise.records():
        return seen
    return demonstration.example_surfaces(folder, exercise.study, samples).consented_recordings()


def recordings_summary(seen: ConsentedRecordings, samples: Sequence[Sample]) -> Note:
    """Return what was said over the tracks: descriptions, words of boxes, footnotes, and refusals."""
    names = _names(samples)
    lines = [(_title(each, names), text) for each in seen.recordings for text in _texts(each)]
    lines += [
        (
            names.get("".join(record.asked.images[:1]), "another image"),
            f"refused: {refusals.refusal_in_words(record)}",
        )
        for record in seen.refusals
    ]
    lines += [("cannot be read", str(fault)) for fault in seen.faults]
    if seen.withheld:
        lines.append(("not shown", f"{seen.withheld}, whose authors have not agreed to it"))
    return Note(recordings_credit(seen), tuple(lines))


def tracks_and_maps(seen: ConsentedRecordings, samples: Sequence[Sample], manifest: Manifest) -> HtmlView:
    """Return each track and the map of where it stayed longest; of no image anything is shown."""
    found: list[Figure] = []
    for each, under in _each(seen, manifest):
        title, size = _title(each, _names(samples)), each.recording.size
        if each.recording.trace.pieces:
            found.append(track_figures.track_figure(each.recording.trace, size, under, title))
        if each.recording.focus.pieces:
            held, name = (
                recordings.trace_of_focus(each.recording.focus),
                f"{title}: the keyboard's focus, which is no pointer",
            )
            found.append(track_figures.track_figure(held, size, under, name, what="focus"))
    return stack_views(found)


def track_growth(seen: ConsentedRecordings, samples: Sequence[Sample], manifest: Manifest) -> HtmlView:
    """Return how each track grew."""
    return stack_views(
        track_figures.growth_stills(
            each.recording.trace, each.recording.size, under, _title(each, _names(samples))
        )
        for each, under in _each(seen, manifest)
        if each.recording.trace.pieces
    )


def time_in_boxes(
    seen: ConsentedRecordings, samples: Sequence[Sample], seed: int, boxes: str = BOX_CHOICES[0]
) -> HtmlView:
    """Return how long each pointer was inside the boxes of its image, beside chance; and the caution.

    Raises
    ------
    ParameterError
        When `boxes` is not of `BOX_CHOICES`.
    """
    check_boxes(boxes)
    names, known = _names(samples), {sample.id: sample.regions for sample in samples}
    lines, tables, readings = [("caution", attention.MOUSE_CAUTION)], [], []
    if seen.demonstration:
        lines.append(("demonstration", demonstration.CAUTION))
    for each in seen.recordings:
        recording, title = each.recording, _title(each, names)
        regions = recording.regions if boxes == "own" else known.get(recording.image, ())
        if problem := _uncompared(recording.trace, regions):
            lines.append((title, problem))
            continue
        tables.append(
            track_figures.comparison_table(
                chance.compare_with_chance(recording.trace, regions, recording.size, seed), title
            )
        )
        readings.append(TracedImage(recording.trace, tuple(regions), recording.size))
    if len(readings) > 1:
        lines.append(
            ("all together", track_figures.pooled_comparison_in_words(chance.compare_pooled(readings, seed)))
        )
    return stack_views([*tables, Note(f"Time inside {_WHOSE[boxes]}, and chance", tuple(lines))])


def traces_in_data_set(
    samples: Sequence[Sample], manifest: Manifest, most: int = MAX_TRACES_PER_KIND
) -> HtmlView:
    """Return the traces that a data set holds all along, as the same views; of each kind at most `most`."""
    found = [(sample, hand) for sample in samples for hand in traces.source_traces(sample)]
    if not found:
        do = "Open Images has clicks and narratives: take hands_study=open-images-nature, once it is pulled."
        return stack_views([Note("This study holds no trace of a hand.", ((manifest.name, do),))])
    shown = [
        (sample, hand)
        for kind in (traces.NARRATIVE_TRACE, traces.EXTREME_CLICKS, traces.CORRECTIVE_CLICKS)
        for sample, hand in [each for each in found if each[1].kind == kind][:most]
    ]
    left = len(found) - len(shown)
    rest = [Note(f"{left} more of such traces are in these images.", ())] if left else []
    return stack_views([*(_hand(sample, hand, manifest) for sample, hand in shown), *rest])


def check_boxes(boxes: str) -> None:
    """Raise a `ParameterError` unless `boxes` is one of `BOX_CHOICES`."""
    if boxes not in BOX_CHOICES:
        raise ParameterError(Fault("boxes", repr(boxes), f"one of {', '.join(BOX_CHOICES)}"))


def _hand(sample: Sample, hand: traces.SourceTrace, manifest: Manifest) -> Figure:
    under = f"{track_figures.trace_origin(hand)} {figures.study_credit(manifest)}"
    return track_figures.track_figure(hand.trace, sample.size, under, f"{sample.id}: {hand.kind}")


def _each(seen: ConsentedRecordings, manifest: Manifest) -> list[tuple[KeptRecording, str]]:
    under = f"{recordings_credit(seen)} {figures.study_credit(manifest)}"
    return [(each, under) for each in seen.recordings]


def _names(samples: Sequence[Sample]) -> dict[str, str]:
    return {sample.id: f"Image {number}" for number, sample in enumerate(samples, 1)}


def _title(kept: KeptRecording, names: dict[str, str]) -> str:
    return f"{names.get(kept.recording.image, 'Another image')}, {kept.record.who}"


def _texts(kept: KeptRecording) -> list[str]:
    words = ", ".join(tag.label for tag in kept.recording.tags)
    with_what = ", ".join(kept.recording.devices) or "not said"
    notes = [f"* {note.text}" for note in kept.record.footnotes]
    told = f"{kept.recording.seconds:.1f} s, by {with_what}; boxes: {words or 'none'}"
    return [kept.recording.text, told, *notes]


def _uncompared(trace: Trace, regions: Sequence[Region]) -> str:
    """Return why a trace cannot be compared with boxes; nothing where it can."""
    if not regions:
        return "no boxes to compare with"
    if not attention.segments_in_frame(trace.segments)[:, 4].sum() > 0:
        return "no pointer was on the image for any time: a focus path is none, and is not compared"
    return ""
