"""`retrain-kit app`: a study in FiftyOne's App, to look around in."""

from __future__ import annotations

import webbrowser
from contextlib import suppress
from typing import TYPE_CHECKING

import click

from retrain_kit.cli import naming, words_veil
from retrain_kit.cli.batch import shape_option
from retrain_kit.cli.group import kit, print_faults
from retrain_kit.cli.rejections import strict_option
from retrain_kit.errors import KitError, names_in_words

if TYPE_CHECKING:
    from retrain_kit.fiftyone.explorer import Explorer

PORT = 5151


@kit.command()
@click.argument("study", required=False, type=naming.STUDY)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=PORT,
    show_default=True,
    help="The port; 0 takes a free one.",
)
@click.option("--no-browser", is_flag=True, help="Print the address, and open no browser.")
@click.option("--fill", default="white", show_default=True, help="What takes the place of the tags.")
@shape_option
@click.option(
    "--slices/--no-slices",
    default=None,
    help="Show each image also decanonized and taken.  [default: up to 300 images]",
)
@click.option(
    "--remove-plugin", is_flag=True, help="Take the kit's plugin out of FiftyOne again, and open nothing."
)
@strict_option
def app(  # noqa: PLR0913 - one argument an option
    *,
    study: str | None,
    port: int,
    no_browser: bool,
    fill: str,
    shape: str,
    slices: bool | None,
    remove_plugin: bool,
) -> None:
    """Look around in STUDY with FiftyOne's App: search, filter, enlarge, select.

    Each image is there tagged, decanonized and taken, as slices. Views are saved by label, by annotator, and
    of images of which annotations were rejected. A dataset of FiftyOne's own is left as it is.

    The kit's plugin is put into FiftyOne's folder of plugins: decanonize what is selected, make a study of
    it, ask who annotated it. Only this machine can reach the App. Ctrl-C ends it.
    """
    from retrain_kit.fiftyone import plugin_folder  # noqa: PLC0415 - see the package's docstring

    if remove_plugin:
        removed = plugin_folder.remove_plugin()
        click.echo("\n".join(f"removed: {folder}" for folder in removed) or "the plugin is not there")
        return
    if not study:
        raise click.UsageError("Missing argument 'STUDY'.")
    from retrain_kit.fiftyone import app as served  # noqa: PLC0415 - the same
    from retrain_kit.fiftyone import explorer  # noqa: PLC0415 - the same

    accepted = words_veil.current().accepted
    found = explorer.build_explorer(study, fill, shape, slices=slices, accepted=accepted)  # type: ignore[arg-type] # click has checked it
    if found.manifest.veil:
        words_veil.current().note(found.manifest.name, found.manifest.veil)  # type: ignore[arg-type] # it is one
    _install_plugin()
    with suppress(KeyboardInterrupt), served.running_app(port) as running:
        address = running.address_of(found.dataset)
        _describe(found, address)
        words_veil.current().say()
        if not no_browser:
            webbrowser.open(address)
        running.wait()
    click.echo("\nThe App has ended.")


def _install_plugin() -> None:
    """Install the plugin; where that cannot be done it is said, and the App opens without it."""
    from retrain_kit.fiftyone import plugin_folder  # noqa: PLC0415 - see the package's docstring

    try:
        if place := plugin_folder.install_plugin():
            click.echo(f"the kit's plugin of FiftyOne: {place}")
    except KitError as error:
        print_faults(error)


def _describe(found: Explorer, address: str) -> None:
    """Say what is shown, what is left out, and where."""
    images = "1 image" if found.images == 1 else f"{found.images:,} images"
    as_what = (
        "tagged, decanonized and taken"
        if found.sliced
        else "tagged; with --slices also decanonized and taken"
    )
    click.echo(f"{found.manifest.title} ({found.manifest.name}): {images}, {as_what}")
    click.echo(found.views.in_words())
    if found.left_out:
        click.echo(
            f"left out: {len(found.left_out):,}: {names_in_words([str(each) for each in found.left_out])}"
        )
    click.echo(f"\n  {address}\n\nIn the App, the key ` opens the list of operators. Ctrl-C ends it.")
