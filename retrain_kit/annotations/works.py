"""Works: what a museum's table says of a work, under whatever names its columns have.

The columns are known by the names that museums give them in the tables they publish, as the Met, MoMA, Tate,
the Rijksmuseum, Cleveland, the Whitney and the National Gallery of Art do, by those of Dublin Core and of
Wikidata's queries, and by such names in Portuguese, Spanish, French, German and Dutch. Capitals, accents,
signs and numbers in brackets do not count, nor a language behind the name, nor that it is of an object or a
work before it: `objectTitle[1]`, `dcterms:title` and `title_en` are all `Title`. What a table does not say
stays empty.
"""

from __future__ import annotations

import html
import operator
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from retrain_kit.annotations.samples import Sample

SAID_WORK = "work"
"""Under which name a row of a table of works is kept in what is said of its image."""


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


COLUMNS = {
    "number": _names(
        "objectnumber accessionnumber accessionno accessionnum accession inventorynumber"
        " inventoryno inventorynr inventarnummer inventarnr invnr invno inventarisnummer numeroinventaire"
        " numerodinventaire ndinventaire ninventaire numerodeinventario inventario tombo mainreferencenumber"
        " registrationnumber museumnumber systemnumber identifier numero number nummer nr id"
    ),
    "title": _names(
        "title displaytitle itemlabel artworklabel worklabel paintinglabel titulo titre titel"
        " titolo bezeichnung"
    ),
    "artist": _names(
        "artistdisplayname artist artists artistname artisttitle artistdisplay displayartisttext creators"
        " creatorlabel artistlabel creator creatorname principalmaker principalorfirstmaker"
        " maker makers attribution contributorauthor fullname artista artistas artiste artistes kunstler"
        " kunstlerin kunstlerinnen kunstlername kunstenaar autor autora auteur author"
    ),
    "date": _names(
        "date datetext displaydate datedisplay creationdate dctermscreated dated"
        " inception yearmade year data fecha datum datierung entstehungszeit datation jahr jaar ano annee"
    ),
    "medium": _names(
        "medium mediumdisplay technique materials material materialstechniques materiallabel media tecnica"
        " technik materialtechnik technikmaterial materialundtechnik materiaal techniek materialen materiaux"
    ),
    "credit": _names("creditline credit credits creditoline linhadecredito lineadecredito courtesy"),
    "licence": _names(
        "licence license licenca licencia lizenz licentie sharelicensestatus rights rightsandreproduction"
        " rightsstatus rightsstatement copyright copyrightnotice thumbnailcopyright rechte bildrechte droits"
        " direitos derechos ispublicdomain publicdomain openaccess"
    ),
    "source": _names(
        "linkresource url weburl webpage page link persistentidentifier source sourceurl fonte item"
    ),
    "image": _names(
        "file filename filepath imagefile imagefilename imagename image images imagepath imageurl imagelink"
        " imageweb webimage primaryimage primaryimageurl imageid iiifurl isshownby jpglink "
        " imageprint img imgurl picture photo foto thumbnail thumbnailurl arquivo archivo imagem imagen"
        " fichier datei dateiname bild bilddatei bestand bestandsnaam afbeelding"
    ),
    "alt": _names(
        "alt alttext alternativetext assistivetext textealternatif textoalternativo alternativtext"
    ),
}
"""The names of columns for each thing that is known of a work; of several the first that is filled counts."""

_PLACES = {name: (field, place) for field, names in COLUMNS.items() for place, name in enumerate(names)}
_OF_WORKS = re.compile(r"^(?:dublincore|dcterms|dc|edm|object|objekt|artwork|work|werk|item)(?=.)")
_LANGUAGES = (
    "(?:en|de|fr|es|pt|it|nl|sv|da|pl|ca|english|german|french|spanish|portuguese|italian|dutch)"
    r"(?:[_-]\w\w)?"
)
_IN_LANGUAGE = re.compile(
    rf"[\s_.@-]*(?:\[{_LANGUAGES}\]|\({_LANGUAGES}\)|[\s_.@-]{_LANGUAGES})\Z", re.IGNORECASE
)
_NUMBERED = re.compile(r"\[\d+\]\Z")

_ART = {"number", "artist", "medium", "credit"}
"""A table of works has titles, and one of these."""
NOT_SAID = "not said"
_LABEL_SIGNS = 240
"""More of one thing does not stand on a label; the card has all of it."""
_COLUMNS_KEPT = 4096
_LICENCES = {"licence", "license", "licenca", "licencia", "lizenz", "licentie"}
_SAYS_LICENCE = re.compile(r"cc0|cc[ -]by|creative ?commons|public domain|licen[cs]e", re.IGNORECASE)
_TEXTS = {"title", "artist", "date", "medium", "credit"}
_ADDRESS = re.compile(r"\w+://\S+")
_MARKUP = re.compile(r"</?(?:a|b|br|div|em|i|p|small|span|strong|sub|sup|u)\b[^<>]*>", re.IGNORECASE)


@dataclass(frozen=True)
class Work:
    """What a table says of a work, in its own words; empty where it says nothing.

    Parameters
    ----------
    number
        Its object, accession or inventory number.
    title, artist, date, medium, credit, licence
        As the table has them.
    source
        The address of its page.
    image
        The name, path or address of its image.
    alt
        Its image in a sentence, where the table has one.
    """

    number: str = ""
    title: str = ""
    artist: str = ""
    date: str = ""
    medium: str = ""
    credit: str = ""
    licence: str = ""
    source: str = ""
    image: str = ""
    alt: str = ""

    @property
    def label(self) -> str:
        """What stands beside a work: title, artist, date, medium and credit line, as far as they are said."""
        title = f"“{self.title}”" if self.title else "no title is given"
        said = (title, self.artist or "no artist is given", self.date, self.medium, self.credit)
        return ", ".join(_short(text).rstrip(". ") for text in said if text) + "."

    @property
    def said(self) -> tuple[tuple[str, str], ...]:
        """What is said of it, by the name of each thing; what nobody says is *not said*."""
        told = {"credit line": self.credit, "licence": self.licence}
        told = {"title": self.title, "artist": self.artist, "date": self.date, "medium": self.medium} | told
        return tuple((name, text or NOT_SAID) for name, text in told.items())

    @property
    def alt_of_label(self) -> str:
        """What is said to those who can't see its image, where nobody has said what is in it."""
        return f"The image of a work. Its label: {self.label}"

    @property
    def words(self) -> str:
        """Its title and its medium, the texts that are looked through for words."""
        return f"{self.title} {self.medium}"


def _short(text: str) -> str:
    return text if len(text) <= _LABEL_SIGNS else f"{text[:_LABEL_SIGNS].rstrip()}…"


def plain_name(column: str) -> str:
    """Return the name of a column without capitals, accents, signs, numbers in brackets and a language."""
    spoken = _IN_LANGUAGE.sub("", re.sub(r"\[\d+\]", "", column).strip())
    bare = unicodedata.normalize("NFKD", spoken).casefold()
    return re.sub(r"[\W_]", "", "".join(sign for sign in bare if not unicodedata.combining(sign)))


@lru_cache(_COLUMNS_KEPT)
def place_of_column(column: str) -> tuple[str, int] | None:
    """Return which thing of a work a column tells, and how late it counts of those that do; or None."""
    plain = plain_name(column)
    return _PLACES.get(plain) or _PLACES.get(_OF_WORKS.sub("", plain))


def known_columns(columns: Iterable[str]) -> dict[str, list[str]]:
    """Return which columns of a table tell each thing of a work, those that count before others first."""
    found: dict[str, list[tuple[int, str]]] = {field: [] for field in COLUMNS}
    for column in dict.fromkeys(columns):
        if place := place_of_column(column):
            found[place[0]].append((place[1], column))
    sort = operator.itemgetter(0)
    return {field: [name for _, name in sorted(named, key=sort)] for field, named in found.items() if named}


def is_of_works(columns: Iterable[str]) -> bool:
    """Say whether a table with these columns is one of works: it has titles, and says more of what they name.

    A table of Open Images has titles, too: those of photographs, found on the web.
    """
    columns = list(columns)
    known = known_columns(columns)
    return "title" in known and bool(_ART & known.keys()) and "ImageID" not in columns


def work_of(row: Mapping[str, str]) -> Work:
    """Return what a row says of a work.

    Parameters
    ----------
    row
        Its cells by the names of their columns. An address is no title, artist, date, medium or credit line.
        What a column of rights says comes with the column's name, unless the cell itself speaks of a licence:
        who holds the rights in a work has not said under which licence its image is.
    """
    said = {}
    for field, columns in known_columns(row).items():
        cells = ((column, _cell(field, row[column])) for column in columns)
        column, cell = next(filter(operator.itemgetter(1), cells), ("", ""))
        if field == "artist" and column:
            alike = (each for each in columns if _unnumbered(each) == _unnumbered(column))
            cell = "; ".join(dict.fromkeys(filter(None, (_cell(field, row[each]) for each in alike))))
        elif field == "licence" and cell and not _is_licence(column, cell):
            cell = f"{column}: {cell}"
        said[field] = cell
    return Work(**said)


def _unnumbered(column: str) -> str:
    return _NUMBERED.sub("", column).strip()


def _cell(field: str, cell: str) -> str:
    """Return a cell as a text in one line, without marks for a browser; the names of images as they are."""
    if field == "image":
        return cell.strip()
    bare = html.unescape(_MARKUP.sub(" ", cell)) if "<" in cell or "&" in cell else cell
    text = " ".join(bare.split())
    if field in _TEXTS and _ADDRESS.fullmatch(text):
        return ""
    if field == "artist" and "|" in text:
        return "; ".join(dict.fromkeys(filter(None, map(str.strip, text.split("|")))))
    return text


def _is_licence(column: str, cell: str) -> bool:
    return plain_name(column) in _LICENCES or bool(_SAYS_LICENCE.search(cell))


def numbers_of(row: Mapping[str, str]) -> list[str]:
    """Return all numbers of a work, accession number and data base number, in the order they count."""
    return list(dict.fromkeys(filter(None, _cells_of(row, "number"))))


def image_of(row: Mapping[str, str]) -> str:
    """Return what a row says of its image, as `work_of` does."""
    return next(filter(None, _cells_of(row, "image")), "")


def _cells_of(row: Mapping[str, str], field: str) -> list[str]:
    placed = ((place_of_column(column), cell.strip()) for column, cell in row.items())
    of_field = [(place[1], cell) for place, cell in placed if place and place[0] == field]
    return [cell for _, cell in sorted(of_field, key=operator.itemgetter(0))]


def work_of_sample(sample: Sample) -> Work | None:
    """Return the work that an image shows; None where no table of works speaks of it."""
    row = sample.said.get(SAID_WORK)
    if not isinstance(row, dict):
        return None
    return work_of({str(name): str(cell) for name, cell in row.items()})
