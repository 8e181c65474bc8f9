"""`retrain-kit handout`: the exercises on one page that needs no server."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path

import click

from retrain_kit.cli import naming
from retrain_kit.cli.conversation import question_option
from retrain_kit.cli.group import kit
from retrain_kit.cli.machine_lines import guest_option, lines_options, lines_when_asked
from retrain_kit.cli.naming import study_argument, study_option
from retrain_kit.cli.rejections import strict_option
from retrain_kit.cli.shared_options import check_exercise_options
from retrain_kit.storage.files import PAGE_ENDINGS, check_endings

_EXERCISES = (
    "what-if",
    "polyphony",
    "informational-surfaces",
    "recoding-art",
    "conversation",
    "first-text",
    "second-text",
    "giving-back",
)


@kit.command()
@study_argument
@click.option(
    "--exercise",
    "exercises",
    multiple=True,
    type=click.Choice(_EXERCISES),
    default=("what-if",),
    show_default=True,
    help="What to do with the images; repeatable. The last three are those of Living with images.",
)
@study_option("--second-study", help="Take the other image of each pair from this study.")
@click.option(
    "--images",
    type=click.IntRange(1),
    default=4,
    show_default=True,
    help="How many images, and pairs, for each exercise.",
)
@question_option
@click.option("--seed", type=int, default=7, show_default=True, help="Another seed draws other images.")
@guest_option
@lines_options("of each work in recoding-art, to be read after answering")
@click.option(
    "--language",
    default="en",
    show_default=True,
    metavar="TAG",
    help="en, pt, es or fr; sw or zh for the prompts alone: of browsers that ask for none the kit has.",
)
@click.option(
    "--answers",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The store into which the answers of earlier rounds were merged; for Polyphony and conversation.",
)
@click.option(
    "--keeper",
    metavar="WORDS",
    help="To whom people turn to withdraw what they handed in, as a name and an address.",
)
@click.option(
    "-o",
    "target",
    type=click.Path(dir_okay=False, path_type=Path),
    default="handout.html",
    show_default=True,
    help="The page to write.",
)
@strict_option
def handout(  # noqa: PLR0913 - one argument an option
    *,
    study: str,
    exercises: tuple[str, ...],
    second_study: str | None,
    images: int,
    questions: tuple[str, ...],
    seed: int,
    captions: Path | None,
    model: str,
    guests: tuple[str, ...],
    language: str,
    answers: Path | None,
    keeper: str | None,
    target: Path,
) -> None:
    """Write exercises on STUDY as one page that needs no server, for a course system or a USB stick.

    It asks nobody for anything. Each person saves their answers as a file; `retrain-kit merge` takes these
    files, also in the zip of a course system. Polyphony and a conversation go in rounds: merge, then make the
    next page with --answers, the same study, the same --images and the same --seed.
    """
    from retrain_kit import datasets  # noqa: PLC0415 - see the package's docstring
    from retrain_kit.answers import deriving  # noqa: PLC0415 - the same
    from retrain_kit.answers.cached import CachedStore  # noqa: PLC0415 - the same
    from retrain_kit.classroom.handout import making  # noqa: PLC0415 - the same
    from retrain_kit.classroom.programme import ClassPlan  # noqa: PLC0415 - the same

    check_endings([target], PAGE_ENDINGS)
    check_exercise_options(exercises)
    if answers:
        deriving.check_store(answers)
    loaded = [naming.load_study(name) for name in (study, second_study) if name]
    studies = [(manifest, datasets.read(manifest)) for manifest in loaded]
    lines_of = lines_when_asked(loaded[0], captions, model, guests)
    plan = ClassPlan(exercises, images, seed, language, lines_of=lines_of, questions=questions)
    with ExitStack() as stack:
        folder = answers or stack.enter_context(tempfile.TemporaryDirectory())
        store = stack.enter_context(CachedStore(folder))
        page = making.build_handout(studies, store, plan, keeper or "")
        html = page.html
        with deriving.writing_noted(store, target, page.read_ids) as temporary:
            temporary.write_text(html, encoding="utf-8")
    if page.left_out:
        click.echo(page.left_out, err=True)
    click.echo(f"{making.size_in_words(page, html)}: {target}")
