"""`retrain-kit words`: the words of a label system, on one map or in a table, and how a study uses them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from retrain_kit.cli import naming, words_veil
from retrain_kit.cli.group import kit
from retrain_kit.cli.rejections import strict_option
from retrain_kit.cli.shared_options import lists_options
from retrain_kit.errors import Fault, ParameterError
from retrain_kit.storage.files import check_endings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from retrain_kit.analysis.veiled_study import StudyVeil
    from retrain_kit.analysis.word_audit import WordAudit
    from retrain_kit.annotations.taxonomy import Taxonomy
    from retrain_kit.annotations.veil import Veil
    from retrain_kit.display.figures import Note
    from retrain_kit.reports.data_table import DataTable

_OUT = click.Path(dir_okay=False, path_type=Path)
NOTICE = (
    "Words for people are left out: many of them wound, and some were withdrawn for that. "
    "With --accept-words they are in the file."
)
NO_PERSON = (
    "This label system does not say which of its words are for people, so that all are left out: "
    "--person names the id below which they are."
)


@dataclass(frozen=True)
class _Lists:
    """What else a user has of a label system."""

    names: Path | None
    withdrawn: Path | None
    wounding: Path | None
    persons: tuple[str, ...]
    accepted: bool


@kit.command()
@click.argument("system")
@click.option(
    "-o",
    "outs",
    type=_OUT,
    required=True,
    multiple=True,
    metavar="OUT",
    help="Write the map (.html), its static twin (.svg, .png) or the table of all words (.csv); repeatable.",
)
@naming.study_option("--study", default="", help="Also count how this study uses the words.")
@click.option(
    "--whole",
    is_flag=True,
    help="With a study of Visual Genome: count the words of all its images, not of the study's alone.",
)
@click.option("--free-names", type=_OUT, metavar="OUT.csv", help="Write to which synsets each name was led.")
@click.option(
    "--lacking", type=_OUT, metavar="OUT.csv", help="Write what people wrote and the system has no word for."
)
@lists_options
@click.option(
    "--person",
    "persons",
    multiple=True,
    metavar="ID",
    help="The id below which words are for people; repeatable.",
)
@click.option(
    "--accept-words",
    "accepted",
    is_flag=True,
    callback=words_veil.accept,
    help="I have read the notice: put all words in.",
)
@click.option("--title", default="", help="What the system is called; the file's name if left out.")
@strict_option
def words(  # noqa: PLR0913 - one argument an option
    *,
    system: str,
    outs: tuple[Path, ...],
    study: str,
    whole: bool,
    free_names: Path | None,
    lacking: Path | None,
    names: Path | None,
    withdrawn: Path | None,
    wounding: Path | None,
    persons: tuple[str, ...],
    accepted: bool,
    title: str,
) -> None:
    r"""Show all words of the label system SYSTEM: as a map, one page that needs nothing else, or as a table.

    \b
    WordNet 3.0    wordnet, once pulled or installed; or its folder, or WNdb-3.0.tar.gz
    Open Images    bbox_labels_600_hierarchy.json, with --names class-descriptions-boxable.csv
    MIAP           a CSV of its boxes: what people in them seemed to be to whoever was asked
    COCO           a file of annotations: categories below supercategories
    one's own      a CSV with id, words, parents, gloss, retired, retired_on, retired_by

    The words below *person* are in no file unless you ask for them: their places, ids and numbers are.
    """
    from retrain_kit.analysis.veiled_study import StudyVeil  # noqa: PLC0415 - see the package's docstring
    from retrain_kit.annotations.label_tree import build_label_tree  # noqa: PLC0415 - the same
    from retrain_kit.datasets import label_sources, label_systems  # noqa: PLC0415 - the same
    from retrain_kit.reports import word_files  # noqa: PLC0415 - the same

    check_endings(outs, word_files.ENDINGS)
    if not study and (whole or free_names or lacking):
        raise ParameterError(Fault("--study", "none", "the study whose words are counted"))
    path = label_sources.label_system_path(system)
    taxonomy = label_systems.read_label_system(path, names, withdrawn)
    veil = _veil(taxonomy, _Lists(names, withdrawn, wounding, persons, accepted))
    audit = None
    if study:
        ids = label_systems.sense_ids(path)
        audit = _audit(study, taxonomy, ids, whole=whole)
        _tell(audit, StudyVeil(taxonomy, veil, ids), free_names, lacking)
    tree = build_label_tree(taxonomy)
    for out in outs:
        _say(word_files.write_words(out, tree, title or path.stem, veil, audit.use if audit else None))
    _tell_system(taxonomy, veil)


def _veil(taxonomy: Taxonomy, lists: _Lists) -> Veil:
    """Return the veil over the system, and say what of a list it does not know."""
    from retrain_kit.analysis import own_labels  # noqa: PLC0415 - see the package's docstring
    from retrain_kit.datasets import withdrawn_words  # noqa: PLC0415 - the same

    for listed in filter(None, (lists.withdrawn, lists.wounding)):
        ids = withdrawn_words.read_withdrawn(listed)
        unknown = [name for name in ids if name not in taxonomy or not taxonomy.synset(name).lemmas]
        if unknown:
            some = ", ".join(unknown[:3])
            click.echo(f"{listed}: {len(unknown):,} of {len(ids):,} ids are not in this system, as {some}")
    wounding = withdrawn_words.read_withdrawn(lists.wounding) if lists.wounding else None
    persons = own_labels.persons_meant(taxonomy, lists.persons)
    return own_labels.people_veil(taxonomy, wounding, accepted=lists.accepted, persons=persons)


def _audit(study: str, taxonomy: Taxonomy, ids: dict[str, str], *, whole: bool) -> WordAudit:
    from retrain_kit import datasets  # noqa: PLC0415 - see the package's docstring
    from retrain_kit.analysis import word_audit  # noqa: PLC0415 - the same
    from retrain_kit.datasets.visual_genome import words as visual_genome  # noqa: PLC0415 - the same

    manifest = naming.load_unveiled(study, pinned=not whole)
    if not whole:
        return word_audit.audit_samples(datasets.read(manifest), taxonomy, ids)
    if manifest.dataset != "visual-genome":
        raise ParameterError(Fault("--whole", manifest.dataset, "a study of visual-genome"))
    namings, lines = visual_genome.stream_namings(manifest), visual_genome.stream_lines(manifest)
    return word_audit.audit_words(namings, lines, taxonomy, ids)


def _tell(audit: WordAudit, of_study: StudyVeil, free_names: Path | None, lacking: Path | None) -> None:
    """Say how a study uses the words, and write the tables that were asked for."""
    from retrain_kit.reports import label_tables  # noqa: PLC0415 - see the package's docstring

    taxonomy = of_study.taxonomy
    for told, found in (
        ("in no place of the system", audit.use.without_synset),
        ("in several", audit.use.ambiguous),
    ):
        if found:
            click.echo(f"words {told}: {len(found):,}, as {_some(found, of_study)}")
    names = audit.names
    if names.states_synsets:
        led = (len(names.to_one), len(names.to_several), len(names.to_none))
        click.echo("names: {:,} led to one synset, {:,} to several, {:,} to none".format(*led))
    if audit.written.texts:
        click.echo(f"written things that the system has no word for: {len(audit.lacking):,}")
    if free_names:
        table = label_tables.free_names(names, taxonomy, of_study)
        _write(free_names, table, taxonomy.notice)
    if lacking:
        shown = label_tables.shown_words(audit, of_study)
        _write(lacking, label_tables.lacking_words(audit, shown), taxonomy.notice)


def _some(found: Iterable[str], veil: StudyVeil) -> str:
    return ", ".join(veil.naming(each) for each in [*found][:5])


def _tell_system(taxonomy: Taxonomy, veil: Veil) -> None:
    from retrain_kit.annotations.veil import person_ids  # noqa: PLC0415 - see the package's docstring

    hidden = sum(map(veil.hides, taxonomy.synsets))
    click.echo(f"meanings: {len(taxonomy):,}; veiled: {hidden:,}")
    if missing := taxonomy.missing:
        click.echo(f"parents that are not in it: {len(missing):,}")
    if hidden:
        alone = hidden == len(taxonomy) and not person_ids(taxonomy)
        click.echo(NO_PERSON if alone else NOTICE)
    if taxonomy.notice:
        click.echo(f"\n{taxonomy.notice}")


def _write(path: Path, made: DataTable | Note, notice: str) -> None:
    """Write a table, or say why there is none."""
    from retrain_kit.display.figures import Note  # noqa: PLC0415 - see the package's docstring
    from retrain_kit.reports import word_files  # noqa: PLC0415 - the same

    if isinstance(made, Note):
        click.echo(f"{path} is not written. {made.title}")
    else:
        _say(word_files.write_table(path, made, notice))


def _say(paths: Iterable[Path]) -> None:
    for path in paths:
        click.echo(path)
