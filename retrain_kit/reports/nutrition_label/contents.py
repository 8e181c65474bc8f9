"""Contents: what stands on a study's nutrition label, line by line, each with where it is from.

A line that nobody has filled stays empty. What is written on it comes from the study's manifest, was counted,
follows from a label system, or is a figure of labour with its own source; nothing else is a source here.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from retrain_kit.analysis.annotators import ANNOTATION_SOURCES
from retrain_kit.analysis.reach import choice_in_words
from retrain_kit.errors import count_in_words, without_secrets
from retrain_kit.reports.datasheet_questions import answered_count
from retrain_kit.reports.responsible_ai import NOT_DISCLOSED, is_silent

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from retrain_kit.analysis.study_counts import PeopleCounts, Spread, StudyCounts, WithdrawnCounts, Years
    from retrain_kit.studies.manifests import Manifest

NOT_STATED, NOT_GIVEN, NOT_COUNTED, NOT_KNOWN = "not stated", "not disclosed", "not counted", "not known"
"""What marks an empty line: nobody has said it, its authors do not, nothing was counted, no system tells."""
COUNTED, LABEL_SYSTEM, LABOUR = "counted", "label system", "labour"
"""Where a line is from that is from no field of the manifest; else the field is named."""
MOST_LABELS, MOST_KINDS, MOST_REASONS, MOST_FIGURES, MOST_NEVER_SAID = 5, 3, 2, 3, 6
"""So many lines there are at most for labels, licences and places, reasons, figures of labour, silences."""
NO_ADDRESS = "a place that is no address"
_KINDS = {
    "region": "regions",
    "phrase": "phrases",
    "image label": "words for whole images",
    "point": "words for points",
    "relationship": "relationships",
}


@dataclass(frozen=True)
class Line:
    """One line of the label.

    Parameters
    ----------
    name
        What is asked.
    text
        What is known; empty where nobody has said it.
    source
        Where that is from: `COUNTED`, `LABEL_SYSTEM`, `LABOUR`, or a field of the manifest.
    blank
        What marks the line where it is empty.
    share
        The share that goes with the text, from 0 to 1; None where there is none.
    part
        Whether it is a part of what the line before it says.
    number
        Whether the text is a number, or numbers and a few words.
    caption
        Whether it only says what the parts after it are.
    """

    name: str
    text: str
    source: str
    blank: str = NOT_STATED
    share: float | None = None
    part: bool = False
    number: bool = False
    caption: bool = False

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands on it."""
        return not self.text


@dataclass(frozen=True)
class Section:
    """Lines under one heading."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class LabourFigure:
    """A figure of the work in a data set, as an interval.

    Parameters
    ----------
    name
        What it is, as "hours" or "pay of an hour".
    low, high
        The interval; both the same where the source gives one number.
    unit
        Of what, as "hours" or "US dollars".
    source
        Who says so.
    told
        The interval in words; as numbers of the unit where it is empty.
    """

    name: str
    low: float
    high: float
    unit: str
    source: str
    told: str = ""

    def in_words(self) -> str:
        """Return the interval, its unit and who says so."""
        limits = "–".join(dict.fromkeys(f"{limit:,.10g}" for limit in (self.low, self.high)))
        return f"{self.told or f'{limits} {self.unit}'} ({self.source})"


@dataclass(frozen=True)
class WordFacts:
    """What is known of a study's words.

    Parameters
    ----------
    people, withdrawn
        What the study bears of words for people, and of words that were withdrawn.
    shown
        What is shown for a label that is not shown as it is, by the label.
    veiled
        How many labels are veiled.
    """

    people: PeopleCounts
    withdrawn: WithdrawnCounts
    shown: Mapping[str, str]
    veiled: int


@dataclass(frozen=True)
class NutritionLabel:
    """What is in a study, on one page.

    Parameters
    ----------
    study
        The study's name, by which commands know it.
    title, lead
        Its title; the data set and its version.
    notice
        That the data set was withdrawn, and why; empty where it was not.
    figures
        The great numbers: images, annotations, labels.
    sections
        The lines, by what they are about.
    never_said
        What the manifest names as never said.
    more_never_said
        How many more it names.
    questions, asked
        How many questions of the datasheet the manifest answers, and of how many.
    digest
        The beginning of the study's digest.
    """

    study: str
    title: str
    lead: str
    notice: str
    figures: tuple[Line, ...]
    sections: tuple[Section, ...]
    never_said: tuple[str, ...]
    more_never_said: int
    questions: int
    asked: int
    digest: str

    @property
    def lines(self) -> tuple[Line, ...]:
        """All lines, the great numbers first."""
        return (*self.figures, *(line for section in self.sections for line in section.lines))

    @property
    def blank_lines(self) -> int:
        """How many lines are empty."""
        return sum(line.is_blank for line in self.lines)


@dataclass
class _Filling:
    """The label of one study while it is filled."""

    manifest: Manifest
    counts: StudyCounts | None
    unmatched: int
    words: WordFacts | None
    labour: Sequence[LabourFigure]

    def said(self, name: str, text: str, source: str) -> Line:
        """Return a line with what the manifest says; empty where it says nothing, or that it is not known."""
        if text.strip() == NOT_DISCLOSED:
            return Line(name, "", source, NOT_GIVEN)
        silent = is_silent(text)
        return Line(name, "" if silent else without_secrets(_one_line(text)), source)

    def counted(self, name: str, number: int | None, of: int = 0, *, part: bool = False) -> Line:
        """Return a line with a number, and with its share of another where there is one."""
        share = number / of if of and number is not None else None
        text = "" if number is None else f"{number:,}"
        return Line(name, text, COUNTED, NOT_COUNTED, share, part, number=True)

    def labour_line(self, name: str, question: str) -> Line:
        """Return what the manifest's table of labour says to a question: not disclosed where it is empty."""
        text, source = self.manifest.labour.get(question, ""), f"labour.{question}"
        if question in self.manifest.labour and is_silent(text):
            text = NOT_DISCLOSED
        return self.said(name, text, source)


def fill_label(
    manifest: Manifest,
    counts: StudyCounts | None = None,
    unmatched: int = 0,
    words: WordFacts | None = None,
    labour: Sequence[LabourFigure] = (),
) -> NutritionLabel:
    """Return what stands on a study's label.

    Parameters
    ----------
    manifest
        The study, pinned or not.
    counts
        What was counted in it; None where nothing was.
    unmatched
        How many annotations match no image of the data set.
    words
        What a label system says of its words.
    labour
        Figures of the work in it, each with its source.
    """
    filling = _Filling(manifest, counts, unmatched, words, labour)
    undisclosed = [_one_line(text) for text in manifest.annotation.undisclosed]
    answered, asked = answered_count(manifest)
    withdrawn = manifest.access.status == "withdrawn"
    return NutritionLabel(
        study=manifest.name,
        title=_one_line(manifest.title),
        lead=f"{manifest.dataset}, version {manifest.version}",
        notice=_one_line(manifest.access.how) if withdrawn else "",
        figures=tuple(_figures(filling)),
        sections=tuple(_sections(filling)),
        never_said=tuple(undisclosed[:MOST_NEVER_SAID]),
        more_never_said=len(undisclosed[MOST_NEVER_SAID:]),
        questions=answered,
        asked=asked,
        digest=manifest.digest[:16],
    )


def _figures(filling: _Filling) -> Iterator[Line]:
    counts = filling.counts
    pinned = filling.manifest.pinned
    yield filling.counted("Images", len(filling.manifest.images) if pinned else None)
    yield filling.counted("Annotations", counts.annotations if counts else None)
    yield filling.counted("Labels", len(counts.label_images) if counts else None)


def _sections(filling: _Filling) -> Iterator[Section]:
    for title, lines in (
        ("How much", _how_much),
        ("From whom", _from_whom),
        ("By whom", _by_whom),
        ("Labour", _labour),
        ("Consent", _consent),
        ("Withdrawn", _withdrawn),
    ):
        yield Section(title, tuple(lines(filling)))


# -- how much


def _how_much(filling: _Filling) -> Iterator[Line]:
    counts = filling.counts
    rule = filling.manifest.draw
    chosen = f"{choice_in_words(filling.manifest)}; {rule.n:,} by the seed {rule.seed}" if rule else ""
    yield filling.said("How they were chosen", chosen, "draw")
    if counts and counts.kinds:
        yield Line("By kind", "annotations", COUNTED, number=True, caption=True)
    for kind, number in counts.kinds.items() if counts else ():
        yield filling.counted(_KINDS[kind], number, counts.annotations if counts else 0, part=True)
    yield _spread("Annotations per image", counts.per_image if counts else None)
    yield filling.counted("Images without any", counts.empty_images if counts else None)
    yield _spread("Images per label", counts.images_per_label if counts else None)
    yield from _commonest(filling)
    yield from _people(filling)


def _spread(name: str, found: Spread | None) -> Line:
    text = f"{found.least:,} to {found.most:,}, median {found.median:,.10g}" if found else ""
    return Line(name, text, COUNTED, NOT_COUNTED, number=True)


def _commonest(filling: _Filling) -> Iterator[Line]:
    counts, shown = filling.counts, filling.words.shown if filling.words else {}
    if not (counts and counts.label_images):
        return
    yield Line("Commonest labels", "in images", COUNTED, number=True, caption=True)
    for label, images in islice(counts.label_images.items(), MOST_LABELS):
        yield replace(
            filling.counted(_one_line(shown.get(label, label)), images, counts.images, part=True),
            source=COUNTED,
        )


def _people(filling: _Filling) -> Iterator[Line]:
    words = filling.words
    for name, number in (
        ("Regions of people", words.people.regions if words else None),
        ("Images said to show people", words.people.images if words else None),
    ):
        yield _at_least(name, number, bool(words and words.people.placeless))
    veiled = f"{words.veiled:,}" if words else ""
    yield Line("Labels veiled here", veiled, LABEL_SYSTEM, NOT_COUNTED, number=True)


def _at_least(name: str, number: int | None, more: bool) -> Line:  # noqa: FBT001 - whether there may be more
    """Return a number of what is of people: where it may be more it says so, and nothing where it is none."""
    if number is None:
        return Line(name, "", LABEL_SYSTEM, NOT_COUNTED, number=True)
    text = f"{number:,}{' or more' if more else ''}"
    return Line(name, "" if more and not number else text, LABEL_SYSTEM, NOT_KNOWN, number=True)


# -- from whom


def _from_whom(filling: _Filling) -> Iterator[Line]:
    said, access = filling.manifest.publication, filling.manifest.access
    yield filling.said("Published by", "; ".join((*said.persons, *said.organisations)), "publication")
    yield filling.said("Published", said.published, "publication.published")
    yield filling.said("Described in", said.cite, "publication.cite")
    yield filling.said("Retrieved", filling.manifest.retrieved, "retrieved")
    told = (access.status if access.stated else "", "" if access.status == "withdrawn" else access.how)
    yield filling.said("To be had", ". ".join(filter(None, told)), "access")
    yield filling.said("Licence", filling.manifest.licence, "licence")
    licences, places, authors = Counter[str](), Counter[str](), Counter[str]()
    for image in filling.manifest.images:
        licences["" if is_silent(image.licence) else _address(_one_line(image.licence))] += 1
        places["" if is_silent(image.source) else _host(image.source)] += 1
        authors["" if is_silent(image.author) else image.author] += 1
    yield from _mixed(filling, "Licences of the images", licences)
    yield from _mixed(filling, "Where they were found", places)
    yield _authors(authors)
    yield _years(filling)


def _address(text: str) -> str:
    """Return a text; an address without what stands at the beginning of all of them, and its last slash."""
    return re.sub(r"https?://(?:www\.)?(\S+?)/?$", r"\1", text) if _ADDRESS.fullmatch(text) else text


_ADDRESS = re.compile(r"https?://\S+")


def _host(source: str) -> str:
    """Return the host of an image's address; of what is none, that it is none."""
    try:
        return urlsplit(source).hostname or NO_ADDRESS
    except ValueError:
        return NO_ADDRESS


def _mixed(filling: _Filling, name: str, found: Counter[str]) -> Iterator[Line]:
    """Yield what images have, the commonest first: of how many it is not stated comes last."""
    images, silent = found.total(), found.pop("", 0)
    if not found:
        yield Line(name, "", COUNTED, NOT_STATED if images else NOT_COUNTED, number=True)
        return
    yield Line(name, "in images", COUNTED, number=True, caption=True)
    ordered = sorted(found.items(), key=lambda each: (-each[1], each[0]))
    shown = [(text, number) for text, number in ordered[:MOST_KINDS]]
    if rest := ordered[MOST_KINDS:]:
        shown.append((f"{len(rest):,} more", sum(number for _, number in rest)))
    for text, number in [*shown, *([(NOT_STATED, silent)] if silent else [])]:
        yield filling.counted(text, number, images, part=True)


def _authors(found: Counter[str]) -> Line:
    """Return how many authors of images have a name; who they are is their images' affair."""
    images, silent = found.total(), found.pop("", 0)
    named = f"{count_in_words(len(found), 'name')}, of {count_in_words(images - silent, 'image')}"
    blank = NOT_STATED if images else NOT_COUNTED
    return Line("Authors", named if found else "", COUNTED, blank, number=True)


def _years(filling: _Filling) -> Line:
    found = filling.counts.years if filling.counts else ()
    told = [
        f"{_span(each)}: {each.field.rpartition('.')[2]} of {count_in_words(each.images, 'image')}"
        for each in found
    ]
    return Line(
        "Years of the images", "; ".join(told), COUNTED, NOT_STATED if filling.counts else NOT_COUNTED
    )


def _span(found: Years) -> str:
    return str(found.first) if found.first == found.last else f"{found.first}–{found.last}"


# -- by whom, by what work


def _by_whom(filling: _Filling) -> Iterator[Line]:
    said, counts = filling.manifest.annotation, filling.counts
    yield filling.said("Who", said.who, "annotation.who")
    yield filling.said("When", said.when, "annotation.when")
    yield filling.said("How", said.how, "annotation.how")
    if counts and counts.sources:
        yield Line("By which way", "annotations", "annotation.sources", number=True, caption=True)
    for name, number in counts.sources.items() if counts else ():
        words = ANNOTATION_SOURCES[name].words
        yield filling.counted(words, number, counts.annotations if counts else 0, part=True)
    yield filling.counted("Annotations that name no annotator", counts.unnamed if counts else None)
    yield filling.counted("Words denied", counts.denied if counts else None)
    yield filling.counted("Words disputed", counts.disputed if counts else None)
    rejected = counts.rejected + filling.unmatched if counts else None
    yield filling.counted("Annotations that could not be taken", rejected)


def _labour(filling: _Filling) -> Iterator[Line]:
    yield filling.labour_line("On which platform", "platform")
    yield filling.labour_line("Who they were", "demographics")
    yield filling.labour_line("How many for each image", "per_item")
    yield filling.labour_line("Machines", "machine_tools")
    figures = {name: [each for each in filling.labour if each.name == name] for name in ("hours", "pay")}
    others = [each for each in filling.labour if each.name not in figures]
    process = filling.manifest.annotation
    for (name, found), field in zip(figures.items(), ("took", "paid"), strict=True):
        text = "; ".join(each.in_words() for each in found[:MOST_FIGURES])
        said = filling.said(name.capitalize(), getattr(process, field), f"annotation.{field}")
        yield Line(name.capitalize(), _one_line(text), LABOUR) if found or not said.text else said
    for each in others[:MOST_FIGURES]:
        yield Line(_one_line(each.name).capitalize(), _one_line(each.in_words()), LABOUR)


def _consent(filling: _Filling) -> Iterator[Line]:
    consent = filling.manifest.consent
    yield filling.said("People shown", consent.get("people_shown", ""), "consent.people_shown")
    yield filling.said("Photographers", consent.get("photographers", ""), "consent.photographers")
    yield filling.said("Annotators", consent.get("annotators", ""), "consent.annotators")
    yield filling.said("Before looking", filling.manifest.content_notice, "content_notice")


# -- what was taken back


def _withdrawn(filling: _Filling) -> Iterator[Line]:
    taken_back = Counter(map(_one_line, filling.manifest.withdrawn.values()))
    text = _reasons(len(filling.manifest.withdrawn), taken_back) if taken_back else ""
    yield Line("Images taken back", text, "withdrawn")
    yield _withdrawn_words(filling)
    left_out = {_one_line(reason): number for reason, number in filling.manifest.left_out.items()}
    text = _reasons(sum(left_out.values()), left_out) if left_out else ""
    yield Line("Left out", text, "left_out")


def _withdrawn_words(filling: _Filling) -> Line:
    found = filling.words.withdrawn if filling.words else None
    if found is None or not found.synsets:
        return Line("Words taken back", "", LABEL_SYSTEM)
    borne = f"; {found.borne:,} of them in {count_in_words(found.images, 'image')} of this study"
    text = f"{_reasons(found.synsets, found.reasons)}{borne}"
    return Line("Words taken back", text, LABEL_SYSTEM)


def _reasons(total: int, reasons: Mapping[str, int]) -> str:
    """Return a number, and the reasons for most of them."""
    ordered = sorted(reasons.items(), key=lambda each: (-each[1], each[0]))
    if len(ordered) == 1:
        return f"{total:,}: {ordered[0][0]}"
    told = [f"{number:,}: {reason}" for reason, number in ordered[:MOST_REASONS]]
    if rest := len(ordered) - MOST_REASONS:
        told += [f"{count_in_words(rest, 'more reason')}"] if rest > 0 else []
    return f"{total:,} ({'; '.join(told)})"


def _one_line(text: str) -> str:
    return " ".join(text.split())
