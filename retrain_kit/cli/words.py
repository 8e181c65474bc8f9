"""`retrain-kit words`: the words of a label system, all of them on one map."""

from __future__ import annotations

from pathlib import Path

import click

from retrain_kit.cli import naming
from retrain_kit.cli.group import kit
from retrain_kit.cli.rejections import strict_option

_FILE = click.Path(exists=True, path_type=Path)
NOTICE = (
    "Words for people are left out: many of them wound, and some were withdrawn for that. "
    "With --accept-words they are in the file."
)


@kit.command()
@click.argument("system", type=_FILE)
@click.option(
    "-o", "out", type=click.Path(path_type=Path), required=True, metavar="OUT.html", help="Write this page."
)
@naming.study_option("--study", default="", help="Also say in how many images of this study each word is.")
@click.option("--names", type=_FILE, help="What ids are called, as Open Images' class descriptions.")
@click.option("--withdrawn", type=_FILE, help="A list of ids that were withdrawn, as published.")
@click.option("--wounding", type=_FILE, help="A list of ids whose words may wound: only these are left out.")
@click.option(
    "--person",
    "persons",
    multiple=True,
    metavar="ID",
    help="The id below which words are for people; repeatable.",
)
@click.option(
    "--accept-words",
    "--show-words-for-people",
    "accepted",
    is_flag=True,
    help="I have read the notice: put all words in.",
)
@click.option("--title", default="", help="What the system is called; the file's name if left out.")
@strict_option
def words(  # noqa: PLR0913 - one argument an option
    *,
    system: Path,
    out: Path,
    study: str,
    names: Path | None,
    withdrawn: Path | None,
    wounding: Path | None,
    persons: tuple[str, ...],
    accepted: bool,
    title: str,
) -> None:
    r"""Draw all words of the label system SYSTEM as a map, one page that needs nothing else.

    \b
    WordNet 3.0    the folder with data.noun, or WNdb-3.0.tar.gz
    Open Images    bbox_labels_600_hierarchy.json, with --names class-descriptions-boxable.csv
    COCO           a file of annotations: categories below supercategories
    one's own      a CSV with id, words, parents, gloss, retired

    The words below *person* are not in the page unless you ask for them: their places, ids and numbers are.
    """
    from retrain_kit import datasets  # noqa: PLC0415 - see the package's docstring
    from retrain_kit.analysis.label_use import count_label_use  # noqa: PLC0415 - the same
    from retrain_kit.analysis.veiled_study import StudyVeil  # noqa: PLC0415 - the same
    from retrain_kit.annotations.label_tree import build_label_tree  # noqa: PLC0415 - the same
    from retrain_kit.annotations.veil import veil_over  # noqa: PLC0415 - the same
    from retrain_kit.datasets import label_systems, withdrawn_words  # noqa: PLC0415 - the same
    from retrain_kit.reports.word_map import word_map_html  # noqa: PLC0415 - the same
    from retrain_kit.storage.files import writing  # noqa: PLC0415 - the same

    taxonomy = label_systems.read_label_system(system, names, withdrawn)
    listed = withdrawn_words.read_withdrawn(wounding) if wounding else None
    veil = veil_over(taxonomy, listed, accepted=accepted, persons=persons or None)
    use = None
    if study:
        samples = datasets.read(naming.load_unveiled(study))
        use = count_label_use(taxonomy, samples, label_systems.sense_ids(system))
        shown = StudyVeil(taxonomy, veil, label_systems.sense_ids(system)).shown_word
        for told, found in (("in no place of the system", use.without_synset), ("in several", use.ambiguous)):
            if found:
                click.echo(f"words {told}: {len(found):,}, as {', '.join(map(shown, [*found][:5]))}")
    page = word_map_html(build_label_tree(taxonomy), title or system.stem, veil, use)
    with writing(out) as path:
        path.write_bytes(page)
    click.echo(f"meanings: {len(taxonomy):,}; veiled: {sum(map(veil.hides, taxonomy.synsets)):,}\n{out}")
    if veil.ids and not accepted:
        click.echo(NOTICE)
