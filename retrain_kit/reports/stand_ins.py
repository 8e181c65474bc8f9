"""Stand-ins: what stands for a word in a study, as a note and a table for each word.

Every number of images leads to some of them, regions of people in them made coarse.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from retrain_kit.analysis import stand_ins
from retrain_kit.analysis.intervals import DASH, FEWEST_IMAGES
from retrain_kit.display.evidence import Cell, Evidence, Row
from retrain_kit.display.figures import Note
from retrain_kit.errors import count_in_words, names_in_words
from retrain_kit.reports.data_table import DataTable, percent
from retrain_kit.reports.where_from import (
    INTERVAL,
    MOST_NAMED,
    MOST_ROWS,
    UNKNOWN_PLACE,
    not_shown,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrain_kit.analysis.stand_ins import AskedWord, LabelBeside, StandIns
    from retrain_kit.annotations.taxonomy import Synset
    from retrain_kit.reports.where_from import WhereFrom

OTHER_PLACES = "other places"
SO_LABELLED, TAKEN, BESIDE = "so labelled", "taken there", "beside it"


def find_stand_ins(where: WhereFrom, words: Sequence[str]) -> list[AskedWord]:
    """Return what stands for each word."""
    return stand_ins.stand_ins(words, where.samples, where.shown, where.veil.taxonomy, where.veil.ids)


def stand_in_views(
    where: WhereFrom, asked: Sequence[AskedWord], fewest: int = FEWEST_IMAGES
) -> Iterator[Note | Evidence]:
    """Yield for each word a note on it, and a table of what is in its images where there are some.

    Places of fewer images than `fewest` are one, that nobody can tell who of few was where.
    """
    for each in asked:
        if not each.found:
            yield _absent_note(where, each)
        for number, found in enumerate(each.found, start=1):
            name = f"what stands for {where.veil.word(each.word)}{f', {number}' if number > 1 else ''}"
            yield _stand_in_note(where, each, found)
            yield _stand_in_table(where, found, name, fewest)


def _absent_note(where: WhereFrom, asked: AskedWord) -> Note:
    said = "Neither the study nor the label system has this word."
    if asked.unused:
        meanings = count_in_words(len(asked.unused), "meaning")
        said = f"The label system has it, with {meanings}; no image bears one, or what stands below."
    lines = [("meaning", _meaning(where, synset)) for synset in asked.unused[:MOST_NAMED]]
    return Note(f"{where.veil.word(asked.word)}: no image is labelled so", (("of the word", said), *lines))


def _meaning(where: WhereFrom, synset: Synset) -> str:
    gloss = where.veil.text(where.veil.veil.gloss(synset))
    return f"{_synset(where, synset)}{f': {gloss}' if gloss else ''}"


def _synset(where: WhereFrom, synset: Synset) -> str:
    """Return the words of a meaning, with its id where that is another word."""
    veil = where.veil.veil
    words = veil.words(synset)
    return words if veil.hides(synset.id) or synset.id in words.casefold() else f"{words} ({synset.id})"


def _stand_in_note(where: WhereFrom, asked: AskedWord, found: StandIns) -> Note:
    never = [where.veil.veil.words(synset) for synset in found.never]
    listed = f"{len(never):,} of the {count_in_words(len(found.listed), 'kind')} at and below it"
    lines = (
        ("meaning", _meaning(where, found.synset) if found.synset else _not_said(asked)),
        ("images", f"{len(found.samples):,} of {len(where.samples):,}"),
        ("in no image", f"{listed}: {names_in_words(never)}" if never else ""),
        ("other meanings", f"{len(asked.unused):,}, in no image" if found.synset and asked.unused else ""),
    )
    return Note(f"{where.veil.word(asked.word)}: what stands for it", lines)


def _not_said(asked: AskedWord) -> str:
    count = len(asked.unused) + sum(each.synset is not None for each in asked.found)
    several = f", and the label system has {count_in_words(count, 'meaning')} of the word" if count else ""
    return f"not said: the label is written so{several}"


def _stand_in_table(where: WhereFrom, found: StandIns, name: str, fewest: int) -> Evidence:
    labels = [(label, SO_LABELLED, names) for label, names in found.labels.items()]
    taken = [(place, TAKEN, names) for place, names in _places(where, found, fewest).items()]
    shown = [("all of them", "", found.samples), *labels[:MOST_NAMED], *taken[:MOST_NAMED]]
    rows = [_plain_row(where, found, *each) for each in shown]
    beside = found.beside[:MOST_ROWS]
    data = DataTable.from_rows(
        [*(_plain_line(found, *each) for each in (*labels, *taken)), *map(_beside_line, found.beside)],
        name.replace(" ", "-"),
    )
    rest = len(labels) + len(taken) + 1 - len(shown) + len(found.beside) - len(beside) + found.others
    heads = ("what", "how", "images", "of these", "of all images", "times as often", INTERVAL)
    rows += [_beside_row(where, each) for each in beside]
    return replace(where.table(name, heads, rows, not_shown(rest, "row"), data), texts=("how",))


def _places(where: WhereFrom, found: StandIns, fewest: int) -> dict[str, tuple[str, ...]]:
    """Return the images of each place, those of unknown place first.

    Places of few images are joined, and one that has all of them where some show people.
    """
    own = frozenset(found.samples)
    told = {UNKNOWN_PLACE: tuple(name for name in where.unknown if name in own)}
    joined: list[str] = []
    for place, names in where.groups.items():
        there = tuple(name for name in names if name in own)
        tells = len(there) == len(own) and any(name in where.held_back for name in there)
        if len(there) < fewest or tells:
            joined += there
        else:
            told[place] = there
    return {**told, OTHER_PLACES: tuple(joined)} if joined else told


def _plain_row(where: WhereFrom, found: StandIns, what: str, how: str, names: tuple[str, ...]) -> Row:
    every = {UNKNOWN_PLACE: where.unknown, **where.groups}.get(what, ()) if how == TAKEN else names
    of_all = percent(len(every) / len(where.samples)) if every else DASH
    told = (percent(len(names) / len(found.samples)), of_all, DASH, DASH)
    return Row(
        what, (Cell(how), where.cell(names, at_place=how == TAKEN), *map(Cell, told)), f"{how}\0{what}"
    )


def _plain_line(found: StandIns, what: str, how: str, names: tuple[str, ...]) -> dict[str, Any]:
    return {
        "what": what,
        "how": how,
        "images": len(names),
        "of these images": len(names) / len(found.samples),
        "images of the study": "",
        "times as often": "",
        "interval": "",
    }


def _beside_row(where: WhereFrom, each: LabelBeside) -> Row:
    told = (
        percent(each.share),
        percent(each.share_of_all),
        f"{each.times:.1f} ×",
        each.interval.times if each.interval else DASH,
    )
    return Row(
        each.label, (Cell(BESIDE), where.cell(each.samples), *map(Cell, told)), f"{BESIDE}\0{each.label}"
    )


def _beside_line(each: LabelBeside) -> dict[str, Any]:
    return {
        "what": each.label,
        "how": BESIDE,
        "images": len(each.samples),
        "of these images": each.share,
        "images of the study": f"{each.of_label}",
        "times as often": f"{each.times:.3f}",
        "interval": each.interval.times if each.interval else "",
    }


def never_used(where: WhereFrom, asked: Sequence[AskedWord]) -> DataTable | Note:
    """Return what the label system lists below the words that are in images, and no image bears."""
    veil = where.veil.veil
    rows = [
        {
            "below": where.veil.word(each.word),
            "id": veil.shown_id(synset.id),
            "words": veil.words(synset),
            "gloss": where.veil.text(veil.gloss(synset)),
        }
        for each in asked
        for found in each.found
        for synset in found.never
    ]
    if not rows:
        return Note("The label system lists nothing below these words that no image bears.", ())
    return DataTable.from_rows(rows, "listed-and-never-used", most=MOST_NAMED)
