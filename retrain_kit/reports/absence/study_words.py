"""Study words: a study as its words are read, and what all tables of them have in common."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from retrain_kit.analysis import written_words
from retrain_kit.analysis.english import EnglishReader
from retrain_kit.analysis.intervals import FEWEST_IMAGES
from retrain_kit.analysis.own_labels import people_veil
from retrain_kit.analysis.people_in_images import DATA_SETS_OF_FACES, PeopleInImages, veil_people
from retrain_kit.analysis.person_words import find_person_words
from retrain_kit.analysis.shown_words import ShownWords
from retrain_kit.analysis.veiled_study import StudyVeil
from retrain_kit.analysis.vocabulary import study_vocabulary
from retrain_kit.display import figures, thumbnails
from retrain_kit.display.evidence import MOST_BYTES, MOST_SHOWN, Cell, Evidence, Line, Row, images_behind
from retrain_kit.errors import Fault, ParameterError
from retrain_kit.imaging import decoding
from retrain_kit.studies.brushed import load_brushed

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from PIL import Image

    from retrain_kit.analysis.written_words import ImageWords, Quote, WrittenWords
    from retrain_kit.annotations.rejections import Rejections
    from retrain_kit.annotations.samples import Sample
    from retrain_kit.annotations.taxonomy import Taxonomy
    from retrain_kit.annotations.written import DataSetText
    from retrain_kit.display.figures import Note
    from retrain_kit.reports.data_table import DataTable
    from retrain_kit.studies.manifests import Manifest

NOTHING_WRITTEN = "Nothing is written of these images: the study has no phrases, narratives or captions."
MOST_IN_CSV = 5000


def _unseen(samples: Sequence[Sample], what: str) -> Iterable[Sample]:  # noqa: ARG001 - as `progress` is called
    return samples


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
    progress
        What shows how far the reading is, as `widgets.progress.watched`.

    Raises
    ------
    ParameterError
        With each of the words that is not one word.
    """

    beside: Sequence[str] = ()
    accepted: bool = False
    listed: Collection[str] | None = None
    people_veiled: bool = True
    more: Mapping[str, Sequence[DataSetText]] = field(default_factory=dict)
    fewest: int = FEWEST_IMAGES
    seed: int = 7
    progress: Callable[[Sequence[Sample], str], Iterable[Sample]] = _unseen

    def __post_init__(self) -> None:
        words = EnglishReader()
        faults = [
            Fault("beside", repr(word), "a word, as woman")
            for word in self.beside
            if len(words.lemmas(word)) != 1
        ]
        if faults:
            raise ParameterError(*faults)


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
        return written_words.image_words(
            self.asked.progress(self.samples, "reading sentences"), self.asked.more
        )

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
        behind = [self.by_id[name] for name in images_behind(rows) if name in self.by_id]
        read = self.asked.progress(behind, "reading images")
        made = ((sample.id, self._thumbnail(sample)) for sample in read)
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
        if not quote.text.text:
            return Line(quote.image, self.shown.image(quote.image))
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


def with_csv(made: Evidence, table: DataTable) -> Evidence:
    """Return a table with a link to all its rows."""
    return replace(made, after=table.csv_link)


def more_rows(count: int, what: str) -> str:
    """Return how many rows more there are in a sentence; nothing where all are shown."""
    return f"{count:,} more {what}." if count > 0 else ""
