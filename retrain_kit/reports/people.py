"""People: what a label system calls them, as tables and figures; veiled words are in none of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrain_kit.analysis import person_words
from retrain_kit.annotations.label_tree import build_label_tree
from retrain_kit.annotations.veil import VeiledTexts
from retrain_kit.display import icicle
from retrain_kit.display.figures import SVG_MEDIA_TYPE, Figure, Note, Panel
from retrain_kit.reports.data_table import DataTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrain_kit.analysis.label_use import LabelUse
    from retrain_kit.analysis.person_words import PersonWords
    from retrain_kit.annotations.taxonomy import Taxonomy
    from retrain_kit.annotations.veil import Veil

NO_PERSON = "No word of this label system is known to stand below person."
CREDIT = "The label system that the first cell names."
_ARROW = " → "
_UNSTATED = "the list does not say"


def people_note(taxonomy: Taxonomy, words: PersonWords, veil: Veil, use: LabelUse) -> Note:
    """Return in numbers what stands below *person*, what was withdrawn, and what the study bears of it."""
    images = person_words.withdrawn_images(taxonomy, words, use)
    told_apart = any(synset.instance_of for synset in taxonomy)
    withdrawn = [name for name in taxonomy.synsets if taxonomy.synset(name).retired]
    unknown = sum(not taxonomy.synset(name).lemmas for name in withdrawn)
    gone, kept = len(words.withdrawn), len(words.remaining)
    return Note(
        "People in this label system",
        (
            ("meanings in all", f"{len(taxonomy):,}"),
            (
                "kinds of person",
                f"{len(words.kinds):,}, person itself among them" if words.kinds else NO_PERSON,
            ),
            (
                "with named people",
                f"{len(words.ids):,}"
                if told_apart
                else "not known: no word is marked as the name of a person",
            ),
            ("veiled", f"{sum(map(veil.hides, taxonomy.synsets)):,}"),
            (
                "withdrawn",
                f"{len(withdrawn):,} by the list; {gone:,} stand at or below person"
                if withdrawn
                else "nothing is said to be: no list was given",
            ),
            ("withdrawn, but not in this system", f"{unknown:,}" if unknown else ""),
            ("of people remain", f"{kept:,} of {len(words.ids):,}" if withdrawn else ""),
            ("images of the study", f"{images.images:,}"),
            ("labelled as of people", f"{images.of_people:,}"),
            (
                "under a withdrawn word",
                f"{images.touched:,}; {images.by_another:,} of them bear another, too" if withdrawn else "",
            ),
            ("images left", f"{images.left:,}" if withdrawn else ""),
            ("words of the study without a place", _placeless(use)),
            ("notice", taxonomy.notice),
        ),
        folded=("notice",) if taxonomy.notice else (),
        fold="The notice that goes with these words",
    )


def _placeless(use: LabelUse) -> str:
    """Return how many words mean nothing or several things: they are not shown, for nobody can veil them."""
    if not (use.without_synset or use.ambiguous):
        return ""
    return (
        f"{len(use.without_synset):,} mean nothing in the system, {len(use.ambiguous):,} several things; "
        "they are not shown here"
    )


def people_icicle(taxonomy: Taxonomy, words: PersonWords, veil: Veil) -> Figure | Note:
    """Return what stands below *person* as an icicle, or a sentence where nothing does."""
    people = person_words.person_system(taxonomy, words)
    if len(people) <= 1:
        return Note(NO_PERSON, ())
    drawing = icicle.icicle_svg(build_label_tree(people), veil)
    alt = (
        f"The upper levels of the {len(people):,} meanings at and below person, each a field; see the table."
    )
    return Figure((Panel("", alt, drawing.encode(), SVG_MEDIA_TYPE),), "", CREDIT)


def branches(taxonomy: Taxonomy, words: PersonWords, veil: Veil, use: LabelUse) -> DataTable | Note:
    """Return what stands directly below *person*, or a sentence where nothing does."""
    found = person_words.person_branches(taxonomy, words, use)
    if not found:
        return Note(NO_PERSON, ())
    return DataTable.from_rows(
        (
            {
                "id": veil.shown_id(branch.id),
                "words": veil.words(taxonomy.synset(branch.id)),
                "kinds at and below": branch.kinds,
                "names": branch.named,
                "withdrawn": branch.withdrawn,
                "images of the study": branch.images,
            }
            for branch in found
        ),
        "below-person",
        most=25,
    )


def people_words(taxonomy: Taxonomy, words: PersonWords, veil: Veil, use: LabelUse) -> DataTable | Note:
    """Return every word at and below *person* with gloss and path, or a sentence where there is none."""
    if not words.ids:
        return Note(NO_PERSON, ())
    people, texts = person_words.person_system(taxonomy, words), VeiledTexts(taxonomy, veil)
    kinds, rows = frozenset(words.kinds), []
    for name in words.ids:
        synset, ways = people.synset(name), people.paths(name)
        rows.append(
            {
                "id": veil.shown_id(name),
                "words": veil.words(synset),
                "gloss": texts(veil.gloss(synset)),
                "is a": "kind" if name in kinds else "name",
                "path": _path(people, ways[0], veil),
                "other paths": len(ways) - 1,
                "withdrawn": texts(str(synset.withdrawal or "")),
                "images": use.images.get(name, 0),
                "at and below": use.images_below.get(name, 0),
            }
        )
    return DataTable.from_rows(rows, "words-for-people", most=25)


def withdrawn_words(taxonomy: Taxonomy, words: PersonWords, veil: Veil, use: LabelUse) -> DataTable | Note:
    """Return what was withdrawn, each with the reason that the list states, or a sentence."""
    gone, texts = [synset for synset in taxonomy if synset.retired], VeiledTexts(taxonomy, veil)
    if not gone:
        return Note("Nothing is said to be withdrawn: no list was given.", ())
    people = frozenset(words.ids)
    rows = (
        {
            "id": veil.shown_id(synset.id),
            "words": veil.words(synset) if synset.lemmas else "not in this label system",
            "gloss": texts(veil.gloss(synset)),
            "below person": "yes" if synset.id in people else "no",
            "why": texts(synset.retired),
            "when": synset.retired_on or _UNSTATED,
            "by whose word": texts(synset.retired_by) or _UNSTATED,
            "images": use.images.get(synset.id, 0),
        }
        for synset in gone
    )
    return DataTable.from_rows(rows, "withdrawn-words", most=25)


def _path(taxonomy: Taxonomy, way: Sequence[str], veil: Veil) -> str:
    """Return a way down from *person*, of each meaning the first word; of veiled ones the id."""
    return _ARROW.join(
        veil.shown_id(name) if veil.hides(name) else taxonomy.synset(name).words.partition(", ")[0]
        for name in way
    )
