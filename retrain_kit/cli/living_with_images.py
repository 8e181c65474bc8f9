"""`retrain-kit sheets` and `card`: images to live with, on paper, and the way back from the paper."""

from __future__ import annotations

import shlex
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from retrain_kit.cli import naming, words_veil
from retrain_kit.cli.answers import tell_about
from retrain_kit.cli.group import kit
from retrain_kit.cli.machine_lines import lines_of, lines_options
from retrain_kit.cli.naming import studies_argument, study_argument, study_option
from retrain_kit.cli.rejections import strict_option
from retrain_kit.errors import Fault, KitError, ParameterError, count_in_words
from retrain_kit.exercises.living_with_images import allocation
from retrain_kit.storage.files import PAGE_ENDINGS, check_endings
from retrain_kit.storage.languages import speaking
from retrain_kit.studies import codes, manifests

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from retrain_kit.exercises.living_with_images.allocation import StudyImage
    from retrain_kit.studies.manifests import Manifest


_FORMATS = ("a5", "a6", "a4", "half-letter", "quarter-letter", "letter")
_language = click.option(
    "--language",
    default="en",
    show_default=True,
    metavar="TAG",
    help="en, pt, es or fr: the kit's words; all but en are translations that nobody has reviewed.",
)


@kit.command()
@studies_argument(required=True)
@click.option("--people", type=click.IntRange(1), required=True, help="How many people get a set.")
@click.option(
    "--each", type=click.IntRange(1), default=3, show_default=True, help="How many images each person gets."
)
@click.option("--seed", type=int, required=True, help="Another seed draws other sets.")
@click.option(
    "--odds",
    type=click.Choice(["images", "datasets"]),
    default="images",
    show_default=True,
    help="Whether all images have the same chance, or all studies.",
)
@click.option(
    "--from",
    "chosen",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Only the images of this table, as a mosaic's page gives it.",
)
@click.option(
    "--format",
    "name",
    type=click.Choice(_FORMATS),
    default="a5",
    show_default=True,
    help="a5, half-letter: one image a page; a6, quarter-letter: four postcards a sheet, with crop marks; "
    "a4, letter: one sheet a person.",
)
@click.option(
    "--back",
    type=click.Choice(["postcard", "notes", "none"]),
    default="notes",
    show_default=True,
    help="What is on the other side.",
)
@click.option(
    "--duplex",
    type=click.Choice(["long", "short"]),
    default="long",
    show_default=True,
    help="The edge over which your printer turns the sheet.",
)
@click.option("--decanonized", is_flag=True, help="Print the images without their tagged areas.")
@click.option(
    "--answers-sheet",
    is_flag=True,
    help="Also write what is said of each image, and by whom, by the cards' codes: for class 2.",
)
@click.option(
    "-o",
    "target",
    type=click.Path(dir_okay=False, path_type=Path),
    default="sheets.pdf",
    show_default=True,
    help="Write this PDF, and a .csv that says which card shows which image.",
)
@_language
@strict_option
def sheets(  # noqa: PLR0913 - one argument an option
    *,
    studies: tuple[str, ...],
    people: int,
    each: int,
    seed: int,
    odds: allocation.Odds,
    chosen: Path | None,
    name: str,
    back: str,
    duplex: str,
    decanonized: bool,
    answers_sheet: bool,
    target: Path,
    language: str,
) -> None:
    """Make printable cards: for each person a set of images from STUDY..., none twice in the class.

    The same seed gives the same sets, and the same bytes. Cards are printed once a person has looked at every
    image on them; retrain-kit review shows them. Each card bears a code that leads back to its image, and the
    name of the data set: what is said of it is on the sheet of answers, and what retrain-kit card CODE says.
    """
    from retrain_kit.batch.mosaic import zoom  # noqa: PLC0415 - the same
    from retrain_kit.exercises.living_with_images import cards as paper  # noqa: PLC0415 - see the package's docstring
    from retrain_kit.widgets import catalogues  # noqa: PLC0415 - the same

    options = paper.CardOptions(name, back, duplex, decanonized, answers_sheet)  # type: ignore[arg-type] # click has checked them
    terms = allocation.AllocationTerms(people, each, seed, odds)
    only = zoom.read_chosen_ids(chosen) if chosen else None
    loaded = naming.load_studies(studies)
    with speaking(catalogues.interface_speech(language)):
        hands = allocation.allocate_reviewed(loaded, terms, only)
        for path in paper.write_cards(hands, loaded, target, options):
            click.echo(path)


@kit.command()
@click.argument("code")
@study_option("--study", "studies", multiple=True, help="Look only here; repeatable.")
@strict_option
def card(*, code: str, studies: tuple[str, ...]) -> None:
    """Say which image the card with CODE shows, and all that its study says of it.

    Looks in all studies that the kit finds by name, and in those of the working folder.
    """
    from retrain_kit import datasets  # noqa: PLC0415 - see the package's docstring
    from retrain_kit.analysis import trajectories  # noqa: PLC0415 - see the package's docstring

    sought = codes.parse_card_code(code)
    found = False
    for manifest, ids in _bearing(sought, {study.name: study for study in _studies(studies)}.values()):
        every = (sample for sample in datasets.stream(manifest) if sample.id in ids)
        for sample in islice(every, len(ids)):
            path = manifest.veil.told(str(sample.path)) if manifest.veil else sample.path
            click.echo(f"{manifest.title} ({manifest.name})\n{path}")
            click.echo(repr(trajectories.trajectory_card(sample, manifest)))
            found = True
    if not found:
        do = "Name the study with --study, as it was when the card was made."
        raise ParameterError(Fault("code", sought, "an image of a study that is here", do))


def _bearing(code: str, studies: Collection[Manifest]) -> Iterator[tuple[Manifest, set[str]]]:
    """Yield the studies that have the image of a code, under the veil, with its id there.

    A card was made with the id that is shown, or with the image's own where the notice was accepted.
    """
    veiling, met = words_veil.current(), False
    for study in studies:
        own = [image.id for image in study.images if codes.card_code(study.name, image.id) == code]
        if own:
            met = True
            shown = veiling.over(study)
            yield shown, set(map(shown.shown_id, own))
    for study in () if met else map(veiling.over_what_is_here, studies):
        if ids := {image.id for image in study.images if codes.card_code(study.name, image.id) == code}:
            yield study, ids


def _studies(names: tuple[str, ...]) -> Iterator[Manifest]:
    """Yield the studies of these names; without names all that are here and have their images."""
    if names:
        yield from naming.load_studies(names, unveiled=True)
        return
    own = (path for path in sorted(Path().glob("*.toml")) if path.with_suffix(".csv").is_file())
    for study in (*map(str, own), *manifests.study_names()):
        try:
            yield manifests.load(study)
        except KitError:
            continue


# -- `retrain-kit plan`: the teaching plan, to print or to put on a course page.


@kit.command()
@click.option(
    "--exercise",
    type=click.Choice(
        [
            "living-with-images",
            "what-if",
            "polyphony",
            "informational-surfaces",
            "recoding-art",
            "conversation",
        ]
    ),
    default="living-with-images",
    show_default=True,
    help="The exercise that the plan is for.",
)
@_language
@click.option(
    "--for",
    "reader",
    type=click.Choice(["teacher", "students"]),
    help="The whole plan, or the text for the course page.  [default: teacher for .pdf, students else]",
)
@click.option(
    "-o",
    "path",
    type=click.Path(dir_okay=False, path_type=Path),
    default="plan.pdf",
    show_default=True,
    help="Write this file; its ending is .pdf, .html or .md.",
)
def plan(*, exercise: str, language: str, reader: str | None, path: Path) -> None:
    """Write a teaching plan: of Living with images, or a lesson of another exercise.

    Plans are skeletons to adapt; they name what is typed. A .pdf is a handout on A4; .html is a fragment and
    .md a text to paste into a course page.
    """
    if exercise != "living-with-images":
        from retrain_kit.exercises.common import plans  # noqa: PLC0415 - see the package's docstring

        if reader == "students":
            do = "Leave --for out."
            raise ParameterError(
                Fault("for", "students", "a plan for the teacher: the exercise has no other", do)
            )
        plans.write_plan(path, exercise, language)
        click.echo(path)
        return
    from retrain_kit.exercises.living_with_images import teaching_plan  # noqa: PLC0415 - see the package's docstring

    teaching_plan.write_plan(path, language, reader or "")
    click.echo(path)


# -- `retrain-kit bring` and `exhibition`: what people give back after living with images.


_answers_option = partial(
    click.option,
    "--answers",
    "store",
    type=click.Path(file_okay=False, path_type=Path),
    default="answers",
    show_default=True,
)


@kit.command()
@click.argument("folder", type=click.Path(exists=True, path_type=Path))
@study_option("--study", required=True, help="The study whose images the files are about.")
@_answers_option(help="The store of answers; made where it is not there.")
@click.option(
    "--people",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The table of people.  [default: people.csv in FOLDER, or beside a zip]",
)
@click.option(
    "--keys",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The table of people's keys.  [default: keys.csv in FOLDER, or beside a zip]",
)
def bring(*, folder: Path, study: str, store: Path, people: Path | None, keys: Path | None) -> None:
    r"""Keep the files in FOLDER, or in the zip of a course system, as what came back to the study.

    A file is called CARD_PSEUDONYM.ending, for example CK3-4RT-7HM_kestrel.mp3: the code on the card, and
    what the person calls themselves. It is text, image, sound, video or PDF. Refusals are files too, empty or
    with words:

    \b
    CARD_PSEUDONYM_nothing.txt      nothing to say
    CARD_PSEUDONYM_no-answer.txt    "I choose not to answer"
    CARD_PSEUDONYM_burn.txt         the image burnt: it leaves the person's set, and all they said of it goes

    All files are kept without what they tell of where, when and by whom they were made: HEIC, as phones
    make it, becomes JPEG; of a film its images and its sound stay, no subtitles. What cannot be cleaned is
    refused.

    A course system puts people's names before the names of files, or makes a folder a person: only what
    stands from the card's code on is kept.

    people.csv in FOLDER has the columns pseudonym and agreed: class, publication, both or neither. Each
    person's key, with which they can add to it or withdraw it, is written to the table of keys: hand all of
    them theirs, then delete the table and FOLDER.
    """
    from retrain_kit.exercises.living_with_images.returns import Returns, course_files, intake  # noqa: PLC0415 - the same

    manifest = naming.load_study(study)
    beside = folder.parent if folder.is_file() else folder
    table, people = keys or beside / intake.KEYS_FILE, people or beside / intake.PEOPLE_FILE
    of_course = course_files.is_of_a_course(folder)
    if folder.is_file() and not of_course:
        raise ParameterError(Fault("folder", str(folder), "a folder, or a zip"))
    with course_files.course_folder(folder) if of_course else nullcontext(folder) as brought:
        intake.read_folder(brought, manifest, people)
        with Returns(store, manifest.name) as returns:
            tell_about(returns.store)
            new = intake.take_in_folder(brought, manifest, returns, table, people)
    click.echo(f"{count_in_words(new, 'new return')}: {store}")
    click.echo(f"Hand everybody their key, then delete the table: {table}")


@kit.command()
@study_argument
@_answers_option(help="The store of answers.")
@click.option(
    "-o",
    "out",
    type=click.Path(path_type=Path),
    required=True,
    metavar="OUT",
    help="A page (.html), a booklet (.pdf), or a folder with a page and what it shows.",
)
@click.option(
    "--for",
    "use",
    type=click.Choice(["class", "publication"]),
    default="publication",
    show_default=True,
    help="Show what its authors agreed to show there.",
)
@lines_options("beside what people gave")
@_language
def exhibition(  # noqa: PLR0913 - one argument an option
    *, study: str, store: Path, out: Path, use: str, captions: Path | None, model: str, language: str
) -> None:
    """Show what came back to STUDY: each image with what people gave, refusals among it.

    The page needs neither network nor script. When an author withdraws something, the files that show it are
    deleted: make them anew then.
    """
    from retrain_kit.answers import deriving  # noqa: PLC0415 - see the package's docstring
    from retrain_kit.exercises.living_with_images.returns import Returns, booklet, page  # noqa: PLC0415 - the same
    from retrain_kit.exercises.living_with_images.returns import exhibition as exhibitions  # noqa: PLC0415 - the same
    from retrain_kit.widgets import catalogues  # noqa: PLC0415 - the same

    manifest = naming.load_study(study)
    deriving.check_store(store)
    with Returns(store, manifest.name) as returns, speaking(catalogues.interface_speech(language)):
        tell_about(returns.store)
        lines = lines_of(exhibitions.spoken_of(returns, manifest), manifest, captions, model)
        shown = exhibitions.build_exhibition(returns, manifest, use, lines)
        write = booklet.write_booklet if out.suffix.lower() == ".pdf" else page.write_exhibition
        for path in write(shown, returns, out):
            click.echo(path)
    for remark in shown.remarks:
        click.echo(remark, err=True)
    if shown.withheld:
        click.echo(f"{shown.withheld} not shown: not agreed to for {use}.", err=True)


# -- `retrain-kit review`: look at every image before it is handed out.


@kit.command()
@studies_argument(required=False)
@click.option("--people", type=click.IntRange(1), help="How many people get a set.")
@click.option(
    "--each", type=click.IntRange(1), default=3, show_default=True, help="How many images each person gets."
)
@click.option("--seed", type=int, help="The same as for the sheets.")
@click.option(
    "--odds",
    type=click.Choice(["images", "datasets"]),
    default="images",
    show_default=True,
    help="The same as for the sheets.",
)
@click.option(
    "--from",
    "chosen",
    type=click.Path(path_type=Path),
    help="Only the images of this table, as for the sheets.",
)
@click.option("--all", "every", is_flag=True, help="Also show images on which somebody has decided.")
@click.option(
    "--by", default="", help="The name of who looks, to be kept with the decisions; may be left out."
)
@click.option(
    "-o",
    "out",
    type=click.Path(dir_okay=False, path_type=Path),
    default="review.html",
    show_default=True,
    help="Write the page here.",
)
@click.option(
    "--take",
    "taken",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Take in the decisions that the page gave, and make no page.",
)
@strict_option
def review(  # noqa: PLR0913 - one argument an option
    *,
    studies: tuple[str, ...],
    people: int | None,
    each: int,
    seed: int | None,
    odds: str,
    chosen: Path | None,
    every: bool,
    by: str,
    out: Path,
    taken: Path | None,
) -> None:
    """Make a page of the images that `sheets` would hand out, to accept, replace or remove each.

    The page works offline, with the mouse or the keys. Its decisions are downloaded as a file, which --take
    brings to the studies. Another image takes the place of a replaced one, so look again until all are
    accepted: nothing is printed that nobody has seen.
    """
    if taken:
        _take(taken, studies)
        return
    if people is None or seed is None or not studies:
        do = "Or name a file of decisions with --take."
        raise ParameterError(
            Fault("review", "too little", "STUDY, --people and --seed, as for the sheets", do)
        )
    from retrain_kit.batch.mosaic import zoom  # noqa: PLC0415 - the same
    from retrain_kit.exercises.living_with_images import allocation  # noqa: PLC0415 - see the package's docstring

    check_endings([out], PAGE_ENDINGS)
    loaded = naming.load_studies(studies)
    terms = allocation.AllocationTerms(people, each, seed, odds)  # type: ignore[arg-type] # click has checked them
    hands = allocation.allocate_reviewed(loaded, terms, zoom.read_chosen_ids(chosen) if chosen else None)
    lots = [lot for hand in hands for lot in hand.lots]
    left = lots if every else list(allocation.unreviewed_images(hands, loaded))
    if not left:
        click.echo(f"All {len(lots)} images are accepted.")
        return
    take = shlex.join(["retrain-kit", "review", *studies, "--take", "review.jsonl"])
    _write(loaded, left, out, (by, take))
    click.echo(f"{len(left)} of {len(lots)} images to look at: {out}")
    click.echo(f"Open the page, decide, download the decisions, then: {take}")


def _write(studies: list[Manifest], lots: list[StudyImage], out: Path, told: tuple[str, str]) -> None:
    from tqdm.auto import tqdm  # noqa: PLC0415 - see the package's docstring

    from retrain_kit import datasets  # noqa: PLC0415 - the same
    from retrain_kit.storage import files  # noqa: PLC0415 - the same
    from retrain_kit.widgets import review as widgets_review  # noqa: PLC0415 - the same
    from retrain_kit.widgets.review import ImageToReview  # noqa: PLC0415 - the same

    wanted = {lot.name for lot in lots}
    found = {
        (study.name, sample.id): ImageToReview(study, sample)
        for study in studies
        for sample in datasets.stream(study)
        if (study.name, sample.id) in wanted
    }
    shown = [found[lot.name] for lot in lots]
    bar = tqdm(shown, unit="image", desc="review", delay=1, leave=False)
    by, take = told
    page = widgets_review.review_page_html(shown, by, bar, take)
    with files.writing(out) as temporary:
        temporary.write_text(page, encoding="utf-8")


def _take(path: Path, studies: tuple[str, ...]) -> None:
    """Bring decisions to their studies: all of them, or with their faults none."""
    from retrain_kit.studies import reviews  # noqa: PLC0415 - see the package's docstring

    decisions = reviews.read_decisions(path)
    named = {manifest.name: manifest for manifest in naming.load_studies(studies)}
    for name in dict.fromkeys(decision.study for decision in decisions):
        if name not in named:
            named[name] = words_veil.current().over(manifests.load(name))
    shown = [replace(each, image=named[each.study].shown_id(each.image)) for each in decisions]
    by_study = {name: [decision for decision in shown if decision.study == name] for name in named}
    faults = [
        fault for name, each in by_study.items() for fault in reviews.decision_faults(named[name], each)
    ]
    if faults:
        raise ParameterError(*faults)
    for name, each in by_study.items():
        new = reviews.keep_decisions(named[name], each)
        found = reviews.load_reviews(named[name])
        counts = (
            f"{len(found.accepted)} accepted, {len(found.replaced)} replaced, {len(found.removed)} removed"
        )
        told = f"{name}: {count_in_words(new, 'new decision')}; {counts} in all"
        click.echo(f"{told}: {reviews.reviews_path(named[name])}")
