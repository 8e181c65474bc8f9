"""Absence: what was written and is in no box, denied, never together, said beside people, or has no word.

Each table leads from its numbers to sentences and small images, all of them under the veil.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from retrain_kit.analysis import (
    co_occurrence,
    denied_labels,
    label_meetings,
    word_company,
    written_words,
)
from retrain_kit.analysis.images_per_label import images_per_label
from retrain_kit.analysis.intervals import LEVEL, share_interval
from retrain_kit.analysis.own_labels import people_veil
from retrain_kit.analysis.people_in_images import DATA_SETS_OF_FACES, PeopleInImages, veil_people
from retrain_kit.analysis.person_words import find_person_words
from retrain_kit.analysis.shown_words import ShownWords
from retrain_kit.analysis.veiled_study import StudyVeil
from retrain_kit.analysis.vocabulary import study_vocabulary
from retrain_kit.analysis.word_company import Place
from retrain_kit.analysis.written_words import MOST_QUOTES, image_words
from retrain_kit.annotations.samples import UNKNOWN
from retrain_kit.display import figures, thumbnails
from retrain_kit.display.evidence import MOST_BYTES, MOST_ROWS, MOST_SHOWN, Cell, Evidence, Line, Row
from retrain_kit.display.evidence import images_behind as _images_behind
from retrain_kit.display.figures import Note
from retrain_kit.imaging import decoding
from retrain_kit.reports.data_table import DataTable, percent
from retrain_kit.studies.brushed import load_brushed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from PIL import Image

    from retrain_kit.analysis.label_meetings import Meeting
    from retrain_kit.analysis.word_company import Company
    from retrain_kit.analysis.written_words import ImageWords, Quote, WrittenWord, WrittenWords
    from retrain_kit.annotations.rejections import Rejections
    from retrain_kit.annotations.samples import Sample
    from retrain_kit.annotations.taxonomy import Taxonomy
    from retrain_kit.annotations.written import DataSetText
    from retrain_kit.studies.manifests import Manifest

NOTHING_WRITTEN = "Nothing is written of these images: the study has no phrases, narratives or captions."
MOST_IN_CSV = 5000
MOST_BESIDE = 10
_YES = "yes, also corrected for all comparisons"


@dataclass(frozen=True)
class Asked:
    """What is asked of the words of a study.

    Parameters
    ----------
    beside
        Beside which words to look.
    accepted
        Whether the content notice was accepted: then all words are shown.
    listed
        Ids whose words may wound; None without a list: then all words for people are veiled.
    people_veiled
        Whether regions of people are made coarse.
    more
        Lines that people wrote elsewhere, by the image's id.
    fewest
        What is in fewer images is counted, and not compared.
    seed
        Another seed draws other sentences.
    """

    beside: Sequence[str] = ()
    accepted: bool = False
    listed: Collection[str] | None = None
    people_veiled: bool = True
    more: Mapping[str, Sequence[DataSetText]] = field(default_factory=dict)
    fewest: int = word_company.FEWEST_IMAGES
    seed: int = 7


@dataclass(frozen=True)
class StudyWords:
    """A study as its words are read.

    Parameters
    ----------
    samples, manifest
        The study.
    asked
        What is asked of it.
    shown
        What is shown of its words.
    people
        What tells which regions are of people.
    """

    samples: Sequence[Sample]
    manifest: Manifest
    asked: Asked
    shown: ShownWords
    people: PeopleInImages

    @cached_property
    def written(self) -> WrittenWords:
        """What is written of the images."""
        return written_words.count_written_words(self.rows(), self.shown.vocabulary)

    def rows(self) -> Iterator[ImageWords]:
        """Yield what is said of each image."""
        return image_words(self.samples, self.asked.more)

    @cached_property
    def by_id(self) -> dict[str, Sample]:
        """The samples by their ids."""
        return {sample.id: sample for sample in self.samples}

    def evidence(
        self,
        name: str,
        heads: tuple[str, ...],
        rows: Iterable[Row],
        more: str,
        **told: Any,  # noqa: ANN401 - its own fields
    ) -> Evidence:
        """Return a table with the small images that stand behind it."""
        rows = tuple(rows)
        most = told.pop("most_bytes", MOST_BYTES)
        made = (
            (name, self._thumbnail(self.by_id[name])) for name in _images_behind(rows) if name in self.by_id
        )
        credit = self.shown.veil.told(figures.study_credit(self.manifest))
        return Evidence(name, heads, rows, more, credit, thumbnails.within(made, most), **told)

    def images_cell(self, ids: Sequence[str]) -> Cell:
        """Return the number of images, and some of them."""
        lines = tuple(Line(name, self.shown.image(name)) for name in ids[:MOST_SHOWN])
        return Cell(f"{len(ids):,}", lines, len(ids))

    def quotes_cell(self, text: str, quotes: Iterable[Quote], counted: int) -> Cell:
        """Return a number, and sentences of those behind it."""
        return Cell(text, tuple(map(self._quoted, quotes)), counted)

    def _quoted(self, quote: Quote) -> Line:
        told = f"{self.shown.image(quote.image)}, {quote.text.kind_and_annotator}"
        return Line(quote.image, self.shown.veil.told(told), self.shown.sentence(quote.text.text))

    def _thumbnail(self, sample: Sample) -> thumbnails.Thumbnail:
        alt = self.shown.sentence(sample.alt) or f"The {self.shown.image(sample.id)}."
        return thumbnails.make_thumbnail(sample, alt, self._load)

    def _load(self, sample: Sample) -> Image.Image:
        image = decoding.load_sample(sample)
        return veil_people(image, sample, self.people)[0] if self.asked.people_veiled else image


def study_words(
    samples: Sequence[Sample], manifest: Manifest, taxonomy: Taxonomy, ids: Mapping[str, str], asked: Asked
) -> StudyWords:
    """Return a study as its words are read.

    Parameters
    ----------
    samples, manifest
        The study.
    taxonomy, ids
        Its label system, and the system's own ids by the names that the source may give in their place.
    asked
        What is asked of it.
    """
    veil = people_veil(taxonomy, asked.listed, accepted=asked.accepted)
    read = study_vocabulary(samples, taxonomy, ids)
    beside = tuple(dict.fromkeys(filter(None, (" ".join(read.reader.lemmas(word)) for word in asked.beside))))
    shown = ShownWords(StudyVeil(taxonomy, veil, ids), read, samples, beside, listed=asked.listed is not None)
    below = frozenset(find_person_words(taxonomy).ids) | veil.ids
    everywhere = manifest.dataset in DATA_SETS_OF_FACES
    people = PeopleInImages(taxonomy, below, ids, everywhere, load_brushed(manifest))
    return StudyWords(samples, manifest, asked, shown, people)


def study_note(study: StudyWords, rejections: Rejections) -> Note:
    """Return the card of the study under the veil, without the ids of withdrawn images."""
    veil = study.shown.veil
    manifest = replace(veil.manifest(study.manifest), withdrawn={})
    return figures.study_card(manifest, veil.rejections(rejections))


# -- what is written


def written_note(study: StudyWords) -> Note:
    """Return how much is written of the images, of which kind and by whom, or that nothing is."""
    counts = study.written
    if not counts.texts:
        return Note(NOTHING_WRITTEN, (("images", f"{counts.images:,}"),))
    kinds: Counter[str] = Counter()
    by: Counter[str] = Counter()
    for row in study.rows():
        kinds.update(each.kind for each in row.texts)
        by.update(study.shown.veil.told(each.annotator) for each in row.texts)
    unsaid = by.pop(UNKNOWN, 0)
    named = [f"{who}: {count:,}" for who, count in by.most_common(8)]
    named += [f"{len(by) - 8:,} more"] if len(by) > 8 else []  # noqa: PLR2004 - so many are named
    named += [f"not said: {unsaid:,}"] if unsaid else []
    return Note(
        "What is written of these images",
        (
            ("images", f"{counts.images:,}, of {counts.with_text:,} of them something is written"),
            ("lines", f"{counts.texts:,}"),
            *(("kind", f"{kind}: {count:,}") for kind, count in kinds.most_common()),
            *(("by whom", each) for each in named),
            ("words that a label has", f"{len(counts.labelled):,}"),
            ("words that no label has", f"{len(counts.unlabelled):,}"),
            (
                "left out",
                f"{counts.no_things:,} words that name a thing in less than half of their uses"
                if counts.no_things
                else "",
            ),
        ),
    )


IN_NO_BOX = (
    "label",
    "written of",
    "in no box there",
    "of these under a wider word",
    "in a box there",
    "boxed in",
)


def in_no_box(study: StudyWords) -> Evidence | Note:
    """Return the labels that are written of images while no box of the image has them."""
    counts = study.written
    if not counts.texts:
        return Note(NOTHING_WRITTEN, ())
    found = [row for row in counts.labelled if row.in_no_box]
    if not found:
        return Note("Every label that is written of an image is in a box of it.", ())
    rows = found[:MOST_ROWS]
    quotes = written_words.quote_written_words(
        study.rows(), study.shown.vocabulary, [row.key for row in rows], study.asked.seed
    )

    def cells(row: WrittenWord) -> tuple[Cell, ...]:
        absent, boxed = quotes.absent.get(row.key, ()), quotes.boxed.get(row.key, ())
        return (
            study.quotes_cell(f"{row.images:,}", (*absent, *boxed)[:MOST_QUOTES], row.images),
            study.quotes_cell(f"{row.in_no_box:,}", absent, row.in_no_box),
            Cell(f"{row.under_wider:,}"),
            study.quotes_cell(f"{row.in_box:,}", boxed, row.in_box),
            Cell(f"{counts.boxed.get(row.key, 0):,}"),
        )

    table = _table(study, found, "in-no-box", counts)
    return _with_csv(
        study.evidence(
            "written and in no box",
            IN_NO_BOX,
            (Row(study.shown.word(row.key), cells(row), row.key) for row in rows),
            _more(len(found) - len(rows), "labels are in no box of an image that they are written of"),
        ),
        table,
    )


NO_WORD = ("word", "written of", "of all with text", "interval", "in the label system")


def no_word(study: StudyWords) -> Evidence | Note:
    """Return the words that are written of images and that no label in use has."""
    counts = study.written
    if not counts.texts:
        return Note(NOTHING_WRITTEN, ())
    if not counts.unlabelled:
        return Note("Every thing that is written of an image has a label.", ())
    rows = counts.unlabelled[:MOST_ROWS]
    vocabulary = study.shown.vocabulary
    quotes = written_words.quote_written_words(
        study.rows(), vocabulary, [row.key for row in rows], study.asked.seed
    )

    def cells(row: WrittenWord) -> tuple[Cell, ...]:
        found = (*quotes.absent.get(row.key, ()), *quotes.boxed.get(row.key, ()))[:MOST_QUOTES]
        return (
            study.quotes_cell(f"{row.images:,}", found, row.images),
            Cell(percent(row.images / counts.with_text)),
            Cell(share_interval(row.images, counts.with_text).percent),
            Cell("yes, and no label here" if row.key in vocabulary.names else "no"),
        )

    return _with_csv(
        study.evidence(
            "no word",
            NO_WORD,
            (Row(study.shown.word(row.key), cells(row), row.key) for row in rows),
            _more(len(counts.unlabelled) - len(rows), "words have no label"),
            texts=("in the label system",),
        ),
        _table(study, counts.unlabelled, "no-word", counts),
    )


def _table(study: StudyWords, rows: Sequence[WrittenWord], name: str, counts: WrittenWords) -> DataTable:
    return DataTable.from_rows(
        (
            {
                "word": study.shown.word(row.key),
                "images": row.images,
                "in no box": row.in_no_box,
                "under a wider word": row.under_wider,
                "in a box": row.in_box,
                "boxed in": counts.boxed.get(row.key, 0),
            }
            for row in rows[:MOST_IN_CSV]
        ),
        name,
    )


# -- what is denied


DENIED = ("label", "asked about in", "denied", "of those asked", "interval", "disputed", "denied by")


def denied(study: StudyWords) -> Evidence | Note:
    """Return the labels that were denied or disputed, or a sentence where none was."""
    found = denied_labels.denied_labels(study.samples)
    if not found.asked_images:
        return Note(
            "No label here was said to be absent: nothing was asked about whole images or points.", ()
        )
    if not found.rows:
        return Note(
            "No label here was said to be absent.",
            (
                ("images", f"{found.images:,}; in {found.asked_images:,} of them something was asked"),
                (
                    "left open",
                    f"{found.left_open:,} answers say neither yes nor no" if found.left_open else "",
                ),
            ),
        )
    annotators = {
        who: study.shown.veil.told(told) for who, told in study.manifest.annotation.annotators.items()
    }
    rows = (
        Row(
            study.shown.label(row.label),
            (
                study.images_cell((*row.denied, *row.disputed, *row.said)),
                study.images_cell(row.denied),
                Cell(percent(len(row.denied) / row.asked)),
                Cell(share_interval(len(row.denied), row.asked).percent),
                study.images_cell(row.disputed),
                Cell("; ".join(_who(each, annotators) for each in row.by)),
            ),
            row.label,
        )
        for row in found.rows[:MOST_ROWS]
    )
    told = [
        f"Of {found.images:,} images something was asked in {found.asked_images:,}.",
        _more(len(found.rows) - MOST_ROWS, "labels were denied or disputed"),
        f"{found.left_open:,} answers say neither yes nor no." if found.left_open else "",
    ]
    return study.evidence("denied", DENIED, rows, " ".join(filter(None, told)), texts=("denied by",))


def _who(name: str, annotators: Mapping[str, str]) -> str:
    if name == UNKNOWN:
        return "nobody has said who"
    return f"{name}: {annotators[name]}" if name in annotators else name


# -- what never meets, and what always does


MEETINGS = ("labels", "one in", "other in", "together", "by chance", "95% of chance", "p", "p of all pairs")


def meetings(study: StudyWords) -> list[Evidence | Note]:
    """Return the labels that never meet, then those always with another, each as a table or a note."""
    counts = co_occurrence.label_co_occurrence(study.samples)
    found = label_meetings.label_meetings(counts, study.asked.fewest)
    ids = {row.label: row.samples for row in images_per_label(study.samples)}
    told = (
        f"{found.compared:,} labels are in {study.asked.fewest:,} images or more and were compared in pairs; "
        f"{found.too_few + found.others:,} were not. "
        "Of many pairs some are rare by chance alone: the last column is corrected for all of them (Holm)."
    )
    tables: list[Evidence | Note] = []
    for name, pairs, joint, none in (
        ("never together", found.never, "and", "Every two labels that were compared meet somewhere."),
        (
            "always together",
            found.always,
            "never without",
            "No label that was compared is always with another.",
        ),
    ):
        if not pairs:
            tables.append(Note(none, (("compared", told),)))
            continue
        rows = (_meeting(study, each, joint, ids) for each in pairs[:MOST_ROWS])
        more = f"{_more(len(pairs) - MOST_ROWS, f'pairs are {name}')} {told}".strip()
        tables.append(_with_csv(study.evidence(name, MEETINGS, rows, more), _pairs(study, pairs, name)))
    return tables


def _meeting(study: StudyWords, each: Meeting, joint: str, ids: Mapping[str, tuple[str, ...]]) -> Row:
    one, other = ids[each.one], ids[each.other]
    there = frozenset(other)
    both = [name for name in one if name in there] if each.together else []
    return Row(
        f"{study.shown.label(each.one)} {joint} {study.shown.label(each.other)}",
        (
            study.images_cell(one),
            study.images_cell(other),
            study.images_cell(both),
            Cell(f"{each.by_chance:.1f}"),
            Cell(f"{each.chance_low:,}–{each.chance_high:,}"),
            Cell(_p(each.p)),
            Cell(_p(each.p_of_all)),
        ),
        f"{each.one}\0{each.other}",
    )


def _pairs(study: StudyWords, pairs: Sequence[Meeting], name: str) -> DataTable:
    return DataTable.from_rows(
        (
            {
                "one": study.shown.label(each.one),
                "other": study.shown.label(each.other),
                "one in": each.images_of_one,
                "other in": each.images_of_other,
                "together": each.together,
                "by chance": f"{each.by_chance:.3f}",
                "p": f"{each.p:.3g}",
                "p of all pairs": f"{each.p_of_all:.3g}",
            }
            for each in pairs[:MOST_IN_CSV]
        ),
        name.replace(" ", "-"),
    )


def _p(value: float) -> str:
    return "< 0.001" if value < 0.001 else f"{value:.3f}"  # noqa: PLR2004 - what is shown of it


# -- what stands beside words


COMPANY = (
    "beside it",
    "place",
    "images",
    "of its images",
    "interval",
    "others",
    "difference",
    "interval of it",
    "holds",
)


def beside(study: StudyWords) -> list[Evidence | Note]:
    """Return what stands beside each word that was asked for, behind a note that says how much it is."""
    counts = study.written
    if not counts.texts:
        return [Note(NOTHING_WRITTEN, ())]
    reader = study.shown.vocabulary.reader
    found = word_company.count_word_company(study.rows(), reader, study.shown.asked, study.asked.fewest)
    by_word = {word: [row for row in found.rows if row.word == word] for word in found.images}
    wanted = [(row.word, row.place, row.other) for rows in by_word.values() for row in rows[:MOST_BESIDE]]
    quotes = word_company.quote_word_company(study.rows(), reader, wanted, study.asked.seed)
    note = Note(
        "What stands beside these words",
        (
            *(
                (study.shown.asked_word(word), f"written of {count:,} images")
                for word, count in found.images.items()
            ),
            (
                "compared",
                f"{found.compared:,} words in a place, beside one of these words and beside the others",
            ),
            (
                "by chance",
                f"about {found.compared * (1 - LEVEL):,.0f} of so many intervals leave 0 out"
                if found.compared
                else "",
            ),
            ("too few", f"{found.too_few:,} stand there in fewer than {study.asked.fewest:,} images"),
            (
                "veiled",
                ""
                if study.shown.lifted
                else "what is said of these words, and words for people; the counts are those of all",
            ),
        ),
    )
    tables = [_beside(study, word, rows, quotes, len(by_word)) for word, rows in by_word.items() if rows]
    return [note, *tables]


def _beside(
    study: StudyWords,
    word: str,
    rows: Sequence[Company],
    quotes: Mapping[Any, tuple[Quote, ...]],
    tables: int,
) -> Evidence:
    shown = [_company(study, row, quotes[row.word, row.place, row.other]) for row in rows[:MOST_BESIDE]]
    more = _more(len(rows) - len(shown), "words were compared beside it")
    name = study.shown.asked_word(word)
    heads = (f"beside {name}", *COMPANY[1:])
    told = {"texts": ("place", "holds"), "most_bytes": MOST_BYTES // max(1, tables)}
    made = study.evidence(f"beside {name}", heads, shown, more, **told)
    return _with_csv(made, _company_table(study, rows, f"beside-{study.shown.asked.index(word) + 1}"))


def _other(study: StudyWords, row: Company) -> str:
    return study.shown.said_of_people(row.other) if row.place is Place.SAID else study.shown.word(row.other)


def _company(study: StudyWords, row: Company, quotes: Sequence[Quote]) -> Row:
    others = f"{row.elsewhere:,} of {row.other_images:,}" if row.other_images else "none is written"
    difference = row.difference
    return Row(
        _other(study, row),
        (
            Cell(str(row.place)),
            study.quotes_cell(f"{row.together:,} of {row.images:,}", quotes, row.together),
            Cell(percent(row.together / row.images)),
            Cell(row.share.percent),
            Cell(others),
            Cell(_points(row.points) if difference else ""),
            Cell(difference.points if difference else ""),
            Cell(_holds(row)),
        ),
        f"{row.word}\0{row.place}\0{row.other}",
    )


def _holds(row: Company) -> str:
    if row.difference is None:
        return "nothing can be said"
    if 0 in row.difference:
        return "no difference can be seen"
    return _YES if row.holds else "alone; not among so many"


def _company_table(study: StudyWords, rows: Sequence[Company], name: str) -> DataTable:
    return DataTable.from_rows(
        (
            {
                "beside it": _other(study, row),
                "place": str(row.place),
                "together": row.together,
                "images": row.images,
                "beside the others": row.elsewhere,
                "images of the others": row.other_images,
                "share": row.together / row.images,
                "interval": row.share.percent,
                "difference": _points(row.points) if row.difference else "",
                "interval of it": row.difference.points if row.difference else "",
                "holds": _holds(row),
            }
            for row in rows[:MOST_IN_CSV]
        ),
        name,
    )


def _points(share: float) -> str:
    return f"{100 * share:+.1f}".replace("-", "−")


# -- what all have in common


def _with_csv(made: Evidence, table: DataTable) -> Evidence:
    return replace(made, after=table.csv_link)


def _more(count: int, what: str) -> str:
    return f"{count:,} more {what}." if count > 0 else ""
