"""Label systems as tables: every meaning with its ways, counts and withdrawal, under the veil."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from retrain_kit.analysis.shown_words import ShownWords
from retrain_kit.annotations.label_tree import build_label_tree
from retrain_kit.annotations.veil import VeiledTexts
from retrain_kit.display import icicle
from retrain_kit.display.figures import SVG_MEDIA_TYPE, Figure, Note, Panel
from retrain_kit.reports.data_table import DataTable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from retrain_kit.analysis.free_names import FreeNames
    from retrain_kit.analysis.label_use import LabelUse
    from retrain_kit.analysis.veiled_study import StudyVeil
    from retrain_kit.analysis.word_audit import WordAudit
    from retrain_kit.annotations.label_tree import LabelTree
    from retrain_kit.annotations.samples import Sample
    from retrain_kit.annotations.taxonomy import Synset, Taxonomy
    from retrain_kit.annotations.veil import Veil

PARTING = "|"
_ARROW = " → "
MOST_SHOWN = 25
CREDIT = "The label system that the first cell names."
NO_SYNSETS = "The source gives no synsets beside its names."
NO_WORDS = "No image of the study bears a label, and no label system is given: there are no words to show."
NO_WORD_USED = "No image of the study bears a word of the label system."


def system_rows(
    tree: LabelTree, veil: Veil, use: LabelUse | None = None, ids: Collection[str] | None = None
) -> Iterator[dict[str, Any]]:
    """Yield what is known of each meaning, each before what stands below it.

    The columns `id` to `instance_of` are those of a label system of one's own: what is written can be read.

    Parameters
    ----------
    tree
        The label system.
    veil
        Words that it hides stand as a sign, their glosses are left out.
    use
        How a study uses it; without one there are no counts.
    ids
        Of these alone; None for all.
    """
    taxonomy, texts = tree.taxonomy, VeiledTexts(tree.taxonomy, veil)
    unused = _unused_children(taxonomy, use) if use else {}
    for place, name in enumerate(tree.ids):
        if ids is not None and name not in ids:
            continue
        synset = taxonomy.synset(name)
        yield {
            "id": veil.shown_id(name),
            "words": veil.words(synset) if veil.hides(name) else PARTING.join(synset.lemmas),
            "parents": PARTING.join(map(veil.shown_id, synset.parents)),
            "gloss": texts(veil.gloss(synset)),
            "retired": texts(synset.retired),
            "retired_on": synset.retired_on,
            "retired_by": texts(synset.retired_by),
            "instance_of": PARTING.join(map(veil.shown_id, synset.instance_of)),
            "depth": int(tree.depths[place]),
            "paths": f" {PARTING} ".join(_way(taxonomy, way, veil) for way in taxonomy.paths(name)),
        } | (_counts(synset, use, unused, taxonomy) if use else {})


def _counts(
    synset: Synset, use: LabelUse, unused: dict[str, int], taxonomy: Taxonomy
) -> dict[str, int | str]:
    name = synset.id
    parents = taxonomy.parents(name)
    if len(parents) == 1:
        never = unused[parents[0]] - (not use.images_below.get(name))
    else:
        never = len(use.unused_siblings(taxonomy, name))
    return {
        "images": use.images.get(name, 0),
        "images at and below": use.images_below.get(name, 0),
        "annotations": use.annotations.get(name, 0),
        "annotations at and below": use.annotations_below.get(name, 0),
        "siblings never used": never,
    }


def _unused_children(taxonomy: Taxonomy, use: LabelUse) -> dict[str, int]:
    """Return how many of the children of each synset no image bears at or below."""
    return Counter(
        parent
        for synset in taxonomy
        if not use.images_below.get(synset.id)
        for parent in dict.fromkeys(taxonomy.parents(synset.id))
    )


def _way(taxonomy: Taxonomy, way: tuple[str, ...], veil: Veil) -> str:
    """Return a way from the top down, of each meaning the first word; of veiled ones the id."""
    shown = (
        veil.shown_id(name) if veil.hides(name) else taxonomy.synset(name).words.partition(", ")[0]
        for name in way
    )
    return _ARROW.join(shown)


def used_words(taxonomy: Taxonomy, veil: Veil, use: LabelUse) -> DataTable | Note:
    """Return what a study uses of a label system, and what stands above it: that of most images first.

    First come the words that annotations bear themselves, then those that only stand above them.
    """
    used = {name for name, count in use.images_below.items() if count}
    if not used:
        return Note(NO_WORD_USED, ())
    tree = build_label_tree(taxonomy)
    rows = sorted(
        system_rows(tree, veil, use, used), key=lambda row: (-row["images"], -row["images at and below"])
    )
    shown = ("id", "words", "gloss", "depth", "paths")
    hidden = ("parents", "retired", "retired_on", "retired_by", "instance_of")
    found = (
        {name: row[name] for name in shown}
        | {"words": row["words"].replace(PARTING, ", ").replace("_", " ")}
        | {name: value for name, value in row.items() if name not in (*shown, *hidden)}
        for row in rows
    )
    return DataTable.from_rows(found, "used-words", most=MOST_SHOWN)


def system_icicle(taxonomy: Taxonomy, veil: Veil, use: LabelUse) -> Figure | Note:
    """Return the upper levels of a label system as an icicle, pale where no image of the study is.

    Where there are no words it is a sentence.
    """
    if not len(taxonomy):
        return Note(NO_WORDS, ())
    drawing = icicle.icicle_svg(build_label_tree(taxonomy), veil, use.images_below)
    alt = f"The upper levels of the {len(taxonomy):,} meanings of the system, each a field; see the table."
    return Figure((Panel("", alt, drawing.encode(), SVG_MEDIA_TYPE),), "", CREDIT)


def free_names(names: FreeNames, taxonomy: Taxonomy, veil: StudyVeil) -> DataTable | Note:
    """Return the names of a study with the synsets that each was led to: those of several synsets first."""
    if not names.states_synsets:
        return Note(NO_SYNSETS, ())
    rows = sorted(names.names, key=lambda each: -min(len(each.synsets), 2))
    found = (
        {
            "name": veil.naming(each.name, each.synsets),
            "annotations": each.annotations,
            "images": each.images,
            "synsets": len(each.synsets),
            "led to": "; ".join(
                f"{_synset(name, taxonomy, veil)} ({count:,})" for name, count in each.synsets.items()
            ),
            "without a synset": each.without,
            "not said which": each.unsure,
        }
        for each in rows
    )
    counts = (len(names.to_one), len(names.to_several), len(names.to_none))
    told = "{:,} names were led to one synset, {:,} to several, {:,} to none.".format(*counts)
    return DataTable.from_rows(found, "free-names", caption=told, most=MOST_SHOWN)


def _synset(name: str, taxonomy: Taxonomy, veil: StudyVeil) -> str:
    known = veil.ids.get(name, name)
    if known not in taxonomy:
        return veil.word(name)
    synset = taxonomy.synset(known)
    words, gloss = veil.veil.words(synset), veil.veil.gloss(synset)
    return f"{words}: {veil.text(gloss)}" if gloss else words


def shown_words(
    audit: WordAudit,
    veil: StudyVeil,
    samples: Sequence[Sample] = (),
    listed: Collection[str] | None = None,
) -> ShownWords:
    """Return what is shown of the words of an audit: under the veil, and the usual words for people, too."""
    return ShownWords(veil, audit.vocabulary, samples, listed=listed is not None)


def lacking_words(audit: WordAudit, shown: ShownWords) -> DataTable | Note:
    """Return what people wrote of the images and the label system has no word for, of most images first."""
    if not audit.written.texts:
        return Note("Nothing is written of these images.", ())
    if not audit.lacking:
        return Note("The label system has a word for everything that was written of these images.", ())
    all_images = audit.written.with_text
    rows = (
        {"word": shown.word(each.key), "images": each.images, "of all with text": each.images / all_images}
        for each in audit.lacking
    )
    return DataTable.from_rows(rows, "words-the-system-lacks", most=MOST_SHOWN)
