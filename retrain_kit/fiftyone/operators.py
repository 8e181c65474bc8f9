"""The kit's operators in FiftyOne's App: what is done with the images that are selected, or with the view.

They work in the database that the App shows, and on samples as `studies.samples` reads them, so that also any
dataset of images that is not the kit's can be asked. Where images are in slices, an annotation is looked for
in the slice *tagged*, whichever is shown. A fault is said in its words, in the form or as a notice.
"""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING, Any

from retrain_kit.analysis import annotators
from retrain_kit.errors import DataError, Fault, KitError, ParameterError, count_in_words
from retrain_kit.fiftyone import explorer, studies, view_studies, views
from retrain_kit.fiftyone.grouped import SliceWriter
from retrain_kit.fiftyone.library import fo
from retrain_kit.imaging import masking

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.studies.manifests import Manifest

    Context = Any
    """FiftyOne's ExecutionContext: FiftyOne has no types."""

types = fo.operators.types
FILLS = ("white", "black", "transparent", "blur", "pixelate")
SHAPES = {
    "box": "the boxes",
    "outline": "outlines and masks, where there are any",
}
MOST_ASKED = 50
MOST_ROWS = 1000
_LONG = 1000
_STILL = "Nobody has said so yet."


class DecanonizeThese(fo.operators.Operator):  # type: ignore[misc] # FiftyOne has no types
    """Make a dataset of the chosen images: tagged, decanonized, taken."""

    @property
    def config(self) -> Any:  # noqa: ANN401 - FiftyOne's
        """What the list of operators says of it."""
        return fo.operators.OperatorConfig(
            name="decanonize_these",
            label="Decanonize these",
            description="Take out of the selected images, or of this view, what their annotations cover.",
            icon="/assets/decanonize.svg",
            execute_as_generator=True,
            dynamic=True,
            allow_delegated_execution=True,
            view_target=False,
        )

    def resolve_input(self, ctx: Context) -> Any:  # noqa: ANN401 - FiftyOne's
        """Return the form: what is taken, what takes its place."""
        form = types.Object()
        count = _say_what(form, ctx)
        if count > _LONG:
            many = f"{3 * count:,} images will be written. Scheduled, the App stays free meanwhile."
            form.view("many", types.Warning(label="This takes long", description=many))
        choices = types.AutocompleteView(allow_user_input=True)
        for fill in FILLS:
            choices.add_choice(fill, label=fill)
        about = "A colour, transparent, blur or pixelate."
        fill = form.str(
            "fill", label="What takes their place", description=about, default=FILLS[0], view=choices
        )
        _say_fault(fill, partial(masking.check_fill_and_shape, ctx.params.get("fill", FILLS[0]), "box"))
        shapes = types.RadioGroup()
        for shape, words in SHAPES.items():
            shapes.add_choice(shape, label=words)
        form.enum("shape", list(SHAPES), label="What is taken out", default="box", view=shapes)
        return types.Property(form, view=types.View(label="Decanonize these"))

    def resolve_placement(self, _: Context) -> Any:  # noqa: ANN401 - FiftyOne's
        """Return the button above the images."""
        return _button("Decanonize these", "/assets/decanonize.svg")

    def execute(self, ctx: Context) -> Iterator[Any]:
        """Make the slices, image by image, and open them."""
        yield from _in_words(ctx, partial(_decanonize, ctx))


class MakeAStudy(fo.operators.Operator):  # type: ignore[misc] # FiftyOne has no types
    """Write the files of a study of the chosen images."""

    @property
    def config(self) -> Any:  # noqa: ANN401 - FiftyOne's
        """What the list of operators says of it."""
        return fo.operators.OperatorConfig(
            name="make_a_study",
            label="Make a study of this view",
            description="Write a study of the selected images, or of this view, for all commands of the kit.",
            icon="/assets/study.svg",
            execute_as_generator=True,
            dynamic=True,
            view_target=False,
        )

    def resolve_input(self, ctx: Context) -> Any:  # noqa: ANN401 - FiftyOne's
        """Return the form: the study's name, its title, and why these images."""
        form = types.Object()
        _say_what(form, ctx)
        name = ctx.params.get("name") or ""
        where = f"Written into {view_studies.folder()}"
        field = form.str("name", label="Its name", description=where, required=True)
        if name:
            _say_fault(field, partial(view_studies.files_of, name))
        form.str("title", label="Its title", description="What it is, in a line.")
        form.str("why", label="Why these images", description=f"If nothing is said: {_STILL}")
        return types.Property(form, view=types.View(label="Make a study of this view"))

    def resolve_placement(self, _: Context) -> Any:  # noqa: ANN401 - FiftyOne's
        """Return the button above the images."""
        return _button("Make a study of this view", "/assets/study.svg")

    def execute(self, ctx: Context) -> Iterator[Any]:
        """Write the study, image by image, and say where it is."""
        yield from _in_words(ctx, partial(_make_study, ctx))


class WhoAnnotatedThis(fo.operators.Operator):  # type: ignore[misc] # FiftyOne has no types
    """Say of each annotation of the chosen images who made it, and what was rejected."""

    @property
    def config(self) -> Any:  # noqa: ANN401 - FiftyOne's
        """What the list of operators says of it."""
        return fo.operators.OperatorConfig(
            name="who_annotated_this",
            label="Who annotated this",
            description="Each annotation of the selected images, by which way it came to be, and by whom.",
            icon="/assets/who.svg",
            dynamic=True,
            view_target=False,
        )

    def resolve_input(self, ctx: Context) -> Any:  # noqa: ANN401 - FiftyOne's
        """Return the form, which says what is asked for."""
        form = types.Object()
        chosen = _asked_for(ctx)
        if chosen:
            some = f" The first {MOST_ASKED} are shown." if len(chosen) > MOST_ASKED else ""
            form.view("what", types.Notice(label=f"{count_in_words(len(chosen), 'image')} selected.{some}"))
        else:
            said = "Select an image, or open one."
            form.view("what", types.Error(label="No image is selected", description=said)).invalid = True
        return types.Property(form, view=types.View(label="Who annotated this"))

    def resolve_placement(self, _: Context) -> Any:  # noqa: ANN401 - FiftyOne's
        """Return the button beside an image that is open."""
        return _button("Who annotated this", "/assets/who.svg", types.Places.SAMPLES_VIEWER_ACTIONS)

    def execute(self, ctx: Context) -> dict[str, Any]:
        """Return the rows of the tables."""
        try:
            return _who(ctx)
        except KitError as error:
            return {"fault": str(error)}

    def resolve_output(self, ctx: Context) -> Any:  # noqa: ANN401 - FiftyOne's
        """Return the tables."""
        page, found = types.Object(), ctx.results or {}
        if "fault" in found:
            page.view("fault", types.Error(label="This cannot be said", description=found["fault"]))
            return types.Property(page)
        _table(page, "annotations", "Annotations", _ANNOTATION_COLUMNS)
        if found.get("rejected"):
            _table(
                page, "rejected", "Rejected: listed by the source, and could not be taken", _REJECTED_COLUMNS
            )
        if more := found.get("more"):
            page.view("more", types.Warning(label=more))
        for number, (label, said) in enumerate(found.get("process", [])):
            page.view(f"process{number}", types.Notice(label=label, description=said))
        return types.Property(page, view=types.View(label="Who annotated this"))


OPERATORS = (DecanonizeThese, MakeAStudy, WhoAnnotatedThis)


# -- what is chosen


def _chosen(ctx: Context) -> Any:  # noqa: ANN401 - a view of FiftyOne
    """Return the view of the images that are selected, where some are, else the view that is shown."""
    return _select(ctx, ctx.selected) if ctx.selected else ctx.view


def _select(ctx: Context, ids: list[str]) -> Any:  # noqa: ANN401 - a view of FiftyOne
    """Return the view of images by the ids of their samples; in slices, by those of any slice."""
    dataset = ctx.dataset
    if dataset.media_type != "group":
        return ctx.view.select(ids, ordered=True)
    every = dataset.select_group_slices(dataset.group_slices).select(ids, ordered=True)
    return ctx.view.select_groups(every.values(f"{dataset.group_field}.id"), ordered=True)


def _samples(view: Any) -> list[Sample]:  # noqa: ANN401 - a view of FiftyOne
    """Return the samples of a view.

    Raises
    ------
    ParameterError
        When it shows parts of images.
    DataError
        When it is empty, or has samples that are no images.
    """
    if view._is_generated:  # noqa: SLF001 - FiftyOne has no other way to ask
        do = "Take that stage out of the view."
        raise ParameterError(Fault("the view", "patches, clips or frames", "whole images", do))
    if not (found := explorer.read_samples(view)):
        raise DataError(Fault("the view", "no images", "one image at least"))
    return found


def _asked_for(ctx: Context) -> list[str]:
    """Return the ids of the samples that are selected, or of the one that is open."""
    if ctx.selected:
        return list(ctx.selected)
    return [ctx.current_sample] if ctx.current_sample else []


def _stay_with_the_database() -> None:
    """Have the kit use the database that the App is connected to, also where only a file names it."""
    if fo.config.database_uri:
        os.environ.setdefault("FIFTYONE_DATABASE_URI", fo.config.database_uri)


def _manifest(ctx: Context, found: list[Sample]) -> Manifest:
    return studies.manifest_of_samples(found, ctx.dataset)


# -- what is done


def _in_words(ctx: Context, steps: Callable[[], Iterator[Any]]) -> Iterator[Any]:
    """Go through the steps; say a fault in its words. What was scheduled fails with it."""
    _stay_with_the_database()
    try:
        yield from steps()
    except KitError as error:
        if ctx.delegated:
            raise
        yield _show(ctx, types.Error(label="This was not done", description=str(error)))


def _decanonize(ctx: Context) -> Iterator[Any]:
    found = _samples(_chosen(ctx))
    manifest = _manifest(ctx, found)
    writer = SliceWriter(found, manifest, ctx.params.get("fill", FILLS[0]), ctx.params.get("shape", "box"))
    left_out: list[Fault] = []
    for number, faults in enumerate(explorer.write_slices(writer), start=1):
        left_out += faults
        yield _progress(ctx, "decanonizing", number, len(writer))
    dataset = writer.dataset()
    views.add_views(dataset, found, manifest)
    if ctx.delegated:
        return
    yield ctx.ops.open_dataset(dataset.name)
    said = f"{count_in_words(len(found) - len(left_out), 'image')} tagged, decanonized and taken."
    if left_out:
        said += f" Left out: {'; '.join(map(str, left_out))}"
    yield ctx.ops.notify(said, variant="warning" if left_out else "success")


def _make_study(ctx: Context) -> Iterator[Any]:
    new = view_studies.files_of(ctx.params.get("name") or "")
    found = _samples(_chosen(ctx))
    manifest = _manifest(ctx, found)
    about = {
        "title": ctx.params.get("title") or f"{manifest.title}: {count_in_words(len(found), 'image')}",
        "why": ctx.params.get("why") or _STILL,
        **view_studies.describe_view(ctx.view),
    }
    if ctx.selected:
        about["selected"] = count_in_words(len(found), "image")
    study = view_studies.ViewStudy(new, found, manifest, about)
    for number in range(len(study)):
        study.take(number)
        yield _progress(ctx, "reading images", number + 1, len(study))
    written = study.write()
    said = [f"{count_in_words(len(written.images), 'image')}. In a terminal: retrain-kit app {written.name}"]
    said += [f"Left out: {count:,} ({why})" for why, count in written.left_out.items()]
    yield _show(ctx, types.Notice(label=f"Written: {new.toml}", description=" · ".join(said)))


_ANNOTATION_COLUMNS = {
    "image": "image",
    "kind": "kind",
    "label": "label",
    "source": "annotation source",
    "annotator": "annotator",
    "said": "what the study says of that annotator",
}
_REJECTED_COLUMNS = {
    "image": "image",
    "label": "label",
    "reason": "why",
    "kept": "what was kept",
    "place": "where it stands",
}


def _who(ctx: Context) -> dict[str, Any]:
    """Return the rows of both tables, and what the study says of all annotations together."""
    found = _samples(_select(ctx, _asked_for(ctx)[:MOST_ASKED]))
    process = studies.annotation_process(ctx.dataset)
    manifest = _manifest(ctx, found)
    name = annotators.annotator_lookup(manifest)
    rows = [
        {
            "image": sample.id,
            "kind": kind,
            "label": _label(annotation),
            "source": name(annotation.annotator).source.words,
            "annotator": name(annotation.annotator).word,
            "said": process.annotators.get(annotation.annotator, ""),
        }
        for sample in found
        for kind, field in annotators.KIND_FIELDS.items()
        for annotation in getattr(sample, field)
    ]
    rejected = [
        {
            "image": each.image or sample.id,
            "label": each.label,
            "reason": each.reason,
            "kept": each.kept or "nothing",
            "place": each.place,
        }
        for sample in found
        for each in sample.rejected
    ]
    more = f"{len(rows) - MOST_ROWS:,} more annotations are not shown here." if len(rows) > MOST_ROWS else ""
    asked = {"Who annotated": process.who, "When": process.when, "How": process.how}
    asked["What these annotations are"] = process.status
    asked["Never said"] = " ".join(process.undisclosed)
    said = [(label, text) for label, text in asked.items() if text]
    return {"process": said, "annotations": rows[:MOST_ROWS], "rejected": rejected, "more": more}


def _label(annotation: Any) -> str:  # noqa: ANN401 - any kind of annotation
    """Return the word of an annotation: its label, its phrase or its predicate."""
    words = (getattr(annotation, field, "") for field in ("label", "text", "predicate"))
    return next(filter(None, words), "")


# -- what is shown


def _say_what(form: Any, ctx: Context) -> int:  # noqa: ANN401 - FiftyOne's
    """Say in a form which images are meant; return how many."""
    count = len(ctx.selected) if ctx.selected else ctx.view.count()
    if count:
        which = "selected" if ctx.selected else "in this view: none is selected"
        form.view("what", types.Notice(label=f"{count_in_words(count, 'image')}, {which}."))
    else:
        said = "Take filters out of the view."
        form.view("what", types.Error(label="No images in this view", description=said)).invalid = True
    return int(count)


def _say_fault(field: Any, check: Callable[[], object]) -> None:  # noqa: ANN401 - FiftyOne's
    """Say below a field what a check finds wrong in it."""
    try:
        check()
    except ParameterError as error:
        field.invalid, field.error_message = True, str(error)


def _progress(ctx: Context, what: str, number: int, of: int) -> Any:  # noqa: ANN401 - FiftyOne's
    label, share = f"{what}: {number:,} of {of:,}", number / of
    if ctx.delegated:
        return ctx.set_progress(progress=share, label=label)
    return ctx.ops.set_progress(progress=share, label=label)


def _show(ctx: Context, view: Any) -> Any:  # noqa: ANN401 - FiftyOne's
    """Return the message that shows something in the place of the form."""
    page = types.Object()
    page.view("said", view)
    return ctx.ops.show_output(types.Property(page).to_json(), {})


def _button(label: str, icon: str, place: Any = types.Places.SAMPLES_GRID_SECONDARY_ACTIONS) -> Any:  # noqa: ANN401 - FiftyOne's
    return types.Placement(place, types.Button(label=label, icon=icon, prompt=True))


def _table(page: Any, key: str, label: str, columns: dict[str, str]) -> None:  # noqa: ANN401 - FiftyOne's
    table = types.TableView()
    for name, title in columns.items():
        table.add_column(name, label=title)
    page.list(key, types.Object(), label=label, view=table)
