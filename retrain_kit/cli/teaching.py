"""`retrain-kit plan`: the teaching plan, to print or to put on a course page."""

from __future__ import annotations

from pathlib import Path

import click

from retrain_kit.cli.group import kit


@kit.command()
@click.option(
    "--language",
    default="en",
    show_default=True,
    metavar="TAG",
    help="en, pt or es; the latter two are translations that nobody has reviewed.",
)
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
    help="Write this file; its ending, .pdf, .html or .md, says what it is.",
)
def plan(*, language: str, reader: str | None, path: Path) -> None:
    """Write the teaching plan of *Living with images*: two classes, and a week between them.

    A .pdf is a handout on A4; .html is a fragment and .md a text to paste into a course page.
    """
    from retrain_kit.exercises.living_with_images import plan_page  # noqa: PLC0415 - see the package's docstring

    plan_page.write_plan(path, language, reader or "")
    click.echo(path)
