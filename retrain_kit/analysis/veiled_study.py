"""Veiled studies: what a study says, with the words that may wound hidden, before anything is made of it.

A view, a table or an export that is given veiled samples cannot show a veiled word, and needs to know nothing
of it. A label that is veiled is the sign with an id of its own: two labels stay two, and the same label has
the same id everywhere, so that counts and comparisons are those of the study itself.

What is said of an image, as a phrase or a caption, hides every veiled word of the label system, but those
that annotations bear in other meanings alone: *cat* is a word for people, too. What is said of the study, as
its title, and names of images and files hide those that its annotations bear: a system as large as WordNet
has *author* and *worker* below *person*, and a study has to be able to name its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from contextlib import contextmanager
from dataclasses import fields, is_dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, overload

from retrain_kit.analysis import own_labels
from retrain_kit.analysis.label_use import ID_FIELDS, stated_ids, synsets_named
from retrain_kit.annotations.hidden_words import HiddenWords
from retrain_kit.annotations.rejections import Rejections
from retrain_kit.annotations.samples import ImageLabel, Region
from retrain_kit.annotations.taxonomy import Taxonomy, words_in_row
from retrain_kit.annotations.veil import SIGN, Veil
from retrain_kit.annotations.written import SAID_CAPTIONS, SAID_NARRATIVES
from retrain_kit.errors import KitError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from retrain_kit.annotations.samples import (
        Phrase,
        PointLabel,
        RejectedAnnotation,
        Relationship,
        Sample,
    )
    from retrain_kit.annotations.taxonomy import Synset
    from retrain_kit.errors import Fault
    from retrain_kit.studies.manifests import ImageRow, Manifest

TO_SHOW = "--accept-words, or in a notebook accepted = True, shows them"
_FILE_DIGITS = 16
"""No two of millions of files may be one."""
_SAFE = "veiled"
"""Stands for the sign where a name has to do for a file."""


_MANIFEST_TEXTS = (
    *("title", "why", "version", "licence", "retrieved", "annotation", "left_out"),
    *("labour", "consent", "publication", "access"),
)
_ROW_TEXTS = ("licence", "author", "source", "note", "alt", "notice", "leaves_out")


class StudyVeil:
    """The veil over one study.

    Parameters
    ----------
    taxonomy
        Its label system; None where nobody has given one, then its own words are all that is known.
    veil
        Which words of the system are veiled; made of the system where it is None.
    ids
        The system's own ids by the names that the source may give in their place.
    listed
        Ids that may wound, for words whose place no system says.
    lifted
        Whether the content notice was accepted: then everything is shown.
    """

    def __init__(
        self,
        taxonomy: Taxonomy | None = None,
        veil: Veil | None = None,
        ids: Mapping[str, str] | None = None,
        *,
        listed: Collection[str] = (),
        lifted: bool = False,
    ) -> None:
        self.taxonomy = Taxonomy(()) if taxonomy is None else taxonomy
        self.veil = own_labels.people_veil(self.taxonomy) if veil is None else veil
        self.ids, self.listed = ids or {}, frozenset(listed)
        self.lifted = lifted or self.veil.lifted
        self.names_of_people = False
        """Whether labels are names of people, as in Labelled Faces in the Wild: then all are veiled."""
        self.labels: dict[str, str] = {}
        """What is shown for each label that was veiled, by the label."""
        self._borne = HiddenWords()
        self._shown: dict[tuple[str, tuple[str, ...]], str] = {}

    # -- words

    @cached_property
    def _every(self) -> HiddenWords:
        """The words of the system that are veiled; `look_at` adds those that the study's annotations bear."""
        hidden = (each for each in self.taxonomy if self.veil.hides(each.id) and not each.instance_of)
        return HiddenWords(word for synset in hidden for word in words_in_row(synset))

    def shown_word(self, word: str) -> str:
        """Return what is shown of a word that is a label somewhere."""
        return self.label(ImageLabel(word, present=None))

    def look_at(self, samples: Iterable[Sample]) -> StudyVeil:
        """Note which veiled words the annotations of samples bear, and return the veil."""
        if not self.lifted:
            for sample in samples:
                self.look_at_annotations(sample.regions)
                self.look_at_annotations(sample.labels)
                self.look_at_annotations(sample.points)
        return self

    def looking_at(self, samples: Iterable[Sample]) -> Iterator[Sample]:
        """Yield samples as they are, each once it was looked at."""
        for sample in samples:
            self.look_at((sample,))
            yield sample

    def look_at_annotations(self, annotations: Iterable[Region | ImageLabel | PointLabel]) -> None:
        """Note which veiled words annotations bear."""
        for annotation in annotations:
            self.label(annotation)

    def label(self, annotation: Region | ImageLabel | PointLabel) -> str:
        """Return what is shown of the label of an annotation."""
        return self.naming(annotation.label, stated_ids(annotation) if annotation.said else ())

    def naming(self, label: str, ids: Iterable[str] = ()) -> str:
        """Return what is shown of a label whose source gives these ids."""
        if self.lifted or label.startswith(SIGN):
            return label
        key = (label, tuple(ids))
        if key not in self._shown:
            self._shown[key] = self._looked_up(*key)
        return self._shown[key]

    def _looked_up(self, label: str, stated: tuple[str, ...]) -> str:
        meant = self._meant(label, stated)
        if self._hides(label, stated, meant):
            self._hide(label, stated)
            return self.labels[label]
        if any(_is_of(label, synset) for synset in meant) or (stated and not meant):
            self._show(label)
            return label
        return self.word(label)

    def _show(self, label: str) -> None:
        """Show a word in texts that annotations bear in a meaning that is not veiled, and in no other."""
        if self._borne.hide(label) == label:
            self._every.discard(label)

    def _meant(self, label: str, stated: tuple[str, ...]) -> list[Synset]:
        named = (self.ids.get(name, name) for name in stated)
        known = [self.taxonomy.synset(name) for name in named if name in self.taxonomy]
        return known or synsets_named(self.taxonomy, label)

    def _hides(self, label: str, stated: tuple[str, ...], meant: list[Synset]) -> bool:
        if self.names_of_people or any(self.veil.hides(synset.id) for synset in meant):
            return True
        if meant:
            return False
        return own_labels.may_be_for_people(label, stated) or not self.listed.isdisjoint(
            stated or (label.casefold(),)
        )

    def _hide(self, label: str, stated: tuple[str, ...]) -> None:
        taken, digits = set(self.labels.values()), 8
        while (shown := f"{SIGN} {_digest(label, digits)}") in taken and label not in self.labels:
            digits += 1  # two labels stay two
        self.labels.setdefault(label, shown)
        words = [label, *label.split(","), *(name.split(".n.")[0] for name in stated if ".n." in name)]
        for word in words:
            self._borne.add(word)
            self._every.add(word)

    def word(self, text: str) -> str:
        """Return a word that is compared with others: where it holds a veiled one, with an id."""
        hidden = self.text(text)
        return text if hidden == text else f"{hidden} {_digest(text)}"

    def shown_label(self, text: str) -> str:
        """Return what is shown of a label, of which the word is given, or the id in its place."""
        by_id = f"{SIGN} {text}"
        return self.labels.get(text) or (by_id if by_id in self.labels.values() else text)

    def label_or_text(self, text: str) -> str:
        """Return what may be a label that was veiled, or anything else that is said of an image."""
        return self.labels.get(text) or self.text(text)

    def text(self, text: str) -> str:
        """Return what is said of an image, without its veiled words."""
        return text if self.lifted else self._every.hide(text)

    def told(self, text: str) -> str:
        """Return what is said of the study, without the veiled words that its annotations bear."""
        return text if self.lifted else self._borne.hide(text)

    def who(self, text: str) -> str:
        """Return the name of an annotator, which is compared with others."""
        hidden = self.told(text)
        return text if hidden == text else f"{hidden} {_digest(text)}"

    def name(self, text: str) -> str:
        """Return the id of an image, or a word for one that stays the same where it holds a veiled word."""
        return text if self.told(text) == text else f"{_SAFE}-{_digest(text, _FILE_DIGITS)[1:]}"

    def file(self, path: str) -> str:
        """Return the path of a file below its folder without veiled words: whole parts are replaced."""
        return "/".join(map(self._file_part, path.split("/")))

    def _file_part(self, part: str) -> str:
        if self.told(part) == part:
            return part
        stem, dot, ending = part.rpartition(".")
        kept = dot + ending if stem and self.told(ending) == ending else ""
        return f"{_SAFE}-{_digest(part, _FILE_DIGITS)[1:]}{kept}"

    # -- what samples hold

    def samples(self, samples: Iterable[Sample]) -> list[Sample]:
        """Return samples under the veil."""
        samples = list(samples)
        self.look_at(samples)
        return list(map(self.sample, samples))

    def sample(self, sample: Sample) -> Sample:
        """Return a sample under the veil, once the study's samples were looked at: see `look_at`."""
        if self.hides_nothing:
            return sample
        of = sample.provenance
        whence: dict[str, Any] = {
            name: self.told(getattr(of, name)) for name in ("author", "licence", "source", "note")
        }
        return replace(
            sample,
            id=self.name(sample.id),
            regions=tuple(map(self._labelled, sample.regions)),
            phrases=tuple(map(self._phrase, sample.phrases)),
            labels=tuple(map(self._labelled, sample.labels)),
            points=tuple(map(self._labelled, sample.points)),
            relationships=tuple(map(self._relationship, sample.relationships)),
            rejected=tuple(map(self.rejected, sample.rejected)),
            provenance=replace(of, **whence),
            alt=self.text(sample.alt),
            notice=self.told(sample.notice),
            leaves_out=self.text(sample.leaves_out),
            said=self.said(sample.said),
        )

    @property
    def hides_nothing(self) -> bool:
        """Whether nothing at all is veiled."""
        return self.lifted or not (self._borne or self._every)

    @overload
    def _labelled(self, each: Region) -> Region: ...
    @overload
    def _labelled(self, each: ImageLabel) -> ImageLabel: ...
    @overload
    def _labelled(self, each: PointLabel) -> PointLabel: ...
    def _labelled(self, each: Region | ImageLabel | PointLabel) -> Region | ImageLabel | PointLabel:
        label, who = self.label(each), self.who(each.annotator)
        if isinstance(each, Region) and (name := self.name(each.id)) != each.id:
            return replace(each, id=name, label=label, annotator=who, said=self.said(each.said))
        if (label, who) == (each.label, each.annotator) and not each.said:
            return each
        return replace(each, label=label, annotator=who, said=self.said(each.said))

    def _phrase(self, each: Phrase) -> Phrase:
        who, said = self.who(each.annotator), self.said(each.said)
        return replace(each, text=self.text(each.text), id=self.name(each.id), annotator=who, said=said)

    def _relationship(self, each: Relationship) -> Relationship:
        return replace(
            each,
            subject=self.name(each.subject),
            predicate=self.word(each.predicate),
            object=self.name(each.object),
            id=self.name(each.id),
            annotator=self.who(each.annotator),
            said=self.said(each.said),
        )

    def rejected(self, each: RejectedAnnotation) -> RejectedAnnotation:
        """Return what could not be taken, its label and its source's own words under the veil."""
        if self.hides_nothing:
            return each
        return replace(
            each,
            image=self.name(each.image),
            reason=self.text(each.reason),
            id=self.name(each.id),
            label=self.labels.get(each.label) or self.word(each.label),
            place=self.told(each.place),
            row=self.said(each.row),
        )

    def rejections(self, found: Rejections) -> Rejections:
        """Return what could not be taken of a study under the veil."""
        return Rejections(*(tuple(map(self.rejected, each)) for each in (found.of_images, found.unmatched)))

    def fault(self, fault: Fault) -> Fault:
        """Return what is wrong under the veil: it may name a label, or a folder that is one."""
        if self.lifted:
            return fault
        texts = {each.name: self.text(getattr(fault, each.name)) for each in fields(fault)}
        return replace(fault, **texts)

    @contextmanager
    def over_errors(self) -> Iterator[None]:
        """Let what goes wrong in the block be said under the veil."""
        try:
            yield
        except KitError as error:
            raise type(error)(*map(self.fault, error.faults)) from None

    def said(self, value: Any) -> Any:  # noqa: ANN401 - whatever a source says
        """Return what a source says under its own names, all texts in it under the veil."""
        if isinstance(value, str):
            return self.label_or_text(value)
        if isinstance(value, Mapping):
            return {self._key(key): self._said_as(key, each) for key, each in value.items()}
        if isinstance(value, list | tuple):
            return type(value)(map(self.said, value))
        return value

    def _key(self, key: Any) -> Any:  # noqa: ANN401 - the same
        return self.word(key) if isinstance(key, str) else key

    def _said_as(self, key: Any, value: Any) -> Any:  # noqa: ANN401 - the same
        if key not in ID_FIELDS or self.lifted:
            return self.said(value)
        if isinstance(value, str):
            hidden = self.text(value) != value and not self._is_shown(value)
            return _digest(value) if hidden else value
        return (
            type(value)(self._said_as(key, each) for each in value)
            if isinstance(value, list | tuple)
            else value
        )

    def _is_shown(self, name: str) -> bool:
        """Whether an id leads to a place that is not veiled, though its letters be those of a veiled word."""
        known = self.ids.get(name, name)
        return known in self.taxonomy and not self.veil.hides(known)

    def around(self, samples: Iterable[Sample]) -> list[Sample]:
        """Return samples with the words of annotations and of lines as they are, and all else under the veil.

        For an audit, which counts words by itself and veils each that it shows. Ids of images stay: it has to
        number them.
        """
        return [sample if self.hides_nothing else self._around(sample) for sample in samples]

    def _around(self, sample: Sample) -> Sample:
        shown = self.sample(sample)
        parts: dict[str, Any] = {}
        for name in ("regions", "phrases", "labels", "points", "relationships"):
            pairs = zip(getattr(sample, name), getattr(shown, name), strict=True)
            parts[name] = tuple(replace(own, annotator=veiled.annotator) for own, veiled in pairs)
        lines = {name: sample.said[name] for name in (SAID_CAPTIONS, SAID_NARRATIVES) if name in sample.said}
        return replace(shown, id=sample.id, said={**shown.said, **lines}, **parts)

    # -- the study

    def manifest_around(self, manifest: Manifest) -> Manifest:
        """Return a study's manifest for an audit: its sentences under the veil, ids of images as they are."""
        if self.hides_nothing:
            return manifest
        shown = self.manifest(manifest)
        return replace(shown, images=manifest.images, unveiled=None, veil=None)

    def manifest(self, manifest: Manifest) -> Manifest:
        """Return a study's manifest under the veil; its paths stay, for its files are read by them."""
        if self.hides_nothing:
            return manifest
        texts = {name: self._told_in(getattr(manifest, name)) for name in _MANIFEST_TEXTS}
        who = {self.who(name): self.told(said) for name, said in manifest.annotation.annotators.items()}
        texts["annotation"] = replace(texts["annotation"], annotators=who)
        withdrawn = {self.name(name): self.told(why) for name, why in manifest.withdrawn.items()}
        key = " ".join((manifest.digest, *sorted(self.labels.values())))
        return replace(
            manifest,
            **texts,
            content_notice=self._noticed(self.told(manifest.content_notice)),
            images=_Rows(manifest.images, self._row),
            withdrawn=withdrawn,
            digest=hashlib.sha256(key.encode()).hexdigest(),
            unveiled=manifest,
            veil=self,
        )

    def _noticed(self, notice: str) -> str:
        """Return a content notice that says, once, what is veiled."""
        return notice if self.note in notice else " ".join(filter(None, (notice, self.note)))

    def _row(self, row: ImageRow) -> ImageRow:
        told: dict[str, Any] = {name: self.told(getattr(row, name)) for name in _ROW_TEXTS}
        return replace(row, id=self.name(row.id), **told)

    def _told_in(self, value: Any) -> Any:  # noqa: ANN401 - a text, or what holds some
        """Return what a manifest says under the veil, whatever holds its texts."""
        if isinstance(value, str):
            return self.told(value)
        if isinstance(value, Mapping):
            return {self._told_in(key): self._told_in(each) for key, each in value.items()}
        if isinstance(value, tuple):
            return tuple(map(self._told_in, value))
        if is_dataclass(value) and not isinstance(value, type):
            held = {each.name: self._told_in(getattr(value, each.name)) for each in fields(value)}
            return replace(value, **held)
        return value

    @property
    def note(self) -> str:
        """How many labels are veiled, and how they can be shown; empty where none is."""
        if self.lifted or not self.labels:
            return ""
        count = len(self.labels)
        veiled, whose = ("label is", "its") if count == 1 else ("labels are", "their")
        return f"{count:,} {veiled} veiled, {SIGN} stands in {whose} place; {TO_SHOW}."


class _Rows(Collection["ImageRow"]):
    """The rows of a table, each under the veil when it is gone through: the table may be on the disk."""

    def __init__(self, rows: Collection[ImageRow], shown: Callable[[ImageRow], ImageRow]) -> None:
        self._rows, self._shown = rows, shown

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[ImageRow]:
        return map(self._shown, self._rows)

    def __contains__(self, row: object) -> bool:
        return any(each == row for each in self)


def _digest(text: str, digits: int = 8) -> str:
    return f"#{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:digits]}"


def _is_of(label: str, synset: Synset) -> bool:
    """Whether a label is one of the words of a synset, or all of them in a row."""
    return label.casefold() in {synset.words.casefold(), *map(str.casefold, words_in_row(synset))}
