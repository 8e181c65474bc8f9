"""Works: what a museum's table says of a work, under whatever names its columns have.

The columns are known by the names that museums give them in the tables they publish, as the Met, MoMA, Tate,
the Rijksmuseum, Cleveland and the National Gallery of Art do, and by such names in Portuguese, Spanish,
French, German and Dutch. Capitals, accents, signs and numbers in brackets do not count: `objectTitle[1]` is
`Object Title`. What a table does not say stays empty.
"""

from __future__ import annotations

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
        "objectnumber accessionnumber accessionno accessionnum objectinventorynumber inventorynumber"
        " inventoryno inventorynr inventarnummer inventarisnummer numeroinventaire numerodinventaire"
        " numerodeinventario inventario tombo number numero nummer objectid id"
    ),
    "title": _names("title objecttitle titulo titre titel titolo"),
    "artist": _names(
        "artistdisplayname artist artists artistname artistdisplay artisttitle displayartisttext creators"
        " creator objectcreator maker makers attribution fullname artista artiste kunstler kunstlerin"
        " kunstenaar autor autora auteur author"
    ),
    "date": _names(
        "objectdate date datetext displaydate datedisplay creationdate objectcreationdate dated year data"
        " fecha datum datierung jahr jaar ano annee"
    ),
    "medium": _names(
        "medium mediumdisplay technique materials material materialstechniques tecnica technik materiaal"
        " techniek materiaux"
    ),
    "credit": _names("creditline credit credits creditoline linhadecredito lineadecredito courtesy"),
    "licence": _names(
        "licence license licenca licencia lizenz licentie sharelicensestatus rights rightsandreproduction"
        " rightsstatement copyright droits direitos ispublicdomain publicdomain"
    ),
    "source": _names(
        "linkresource url objecturl weburl webpage page link objectpersistentidentifier source sourceurl"
        " fonte"
    ),
    "image": _names(
        "file filename filepath imagefile imagefilename image images imagepath imageurl imageweb primaryimage"
        " objectimage imageprint thumbnailurl arquivo archivo imagem imagen fichier datei bild bestand"
        " afbeelding"
    ),
    "alt": _names("alt alttext alternativetext textealternatif textoalternativo alternativtext"),
}
"""The names of columns for each thing that is known of a work; of several the first that is filled counts."""

_ART = {"number", "artist", "medium", "credit"}
"""A table of works has titles, and one of these."""
NOT_SAID = "not said"
_LABEL_SIGNS = 240
"""More of one thing does not stand on a label; the card has all of it."""
_TABLES = 64
_YES_OR_NO = {"true", "false", "yes", "no", "0", "1"}


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
    """Return the name of a column without capitals, accents, signs and numbers in brackets."""
    bare = unicodedata.normalize("NFKD", re.sub(r"\[\d+\]", "", column)).casefold()
    return re.sub(r"[\W_]", "", "".join(sign for sign in bare if not unicodedata.combining(sign)))


def known_columns(columns: Iterable[str]) -> dict[str, list[str]]:
    """Return which columns of a table tell each thing of a work, those that count before others first."""
    return _known_columns(tuple(columns))


@lru_cache(_TABLES)
def _known_columns(columns: tuple[str, ...]) -> dict[str, list[str]]:
    plain = [(plain_name(column), column) for column in columns]
    found = {
        field: [column for name in names for known, column in plain if known == name]
        for field, names in COLUMNS.items()
    }
    return {field: named for field, named in found.items() if named}


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
        Its cells by the names of their columns. A licence that is a mere *yes* or *no* comes with the name of
        its column.
    """
    said = {}
    for field, columns in known_columns(row).items():
        if column := next((each for each in columns if row[each].strip()), ""):
            cell = " ".join(row[column].split())
            bare = field == "licence" and cell.casefold() in _YES_OR_NO
            said[field] = f"{column}: {cell}" if bare else cell
    return Work(**said)


def numbers_of(row: Mapping[str, str]) -> list[str]:
    """Return all numbers of a work, accession number and data base number, in the order they count."""
    cells = (row[column].strip() for column in known_columns(row).get("number", ()))
    return list(dict.fromkeys(cell for cell in cells if cell))


def work_of_sample(sample: Sample) -> Work | None:
    """Return the work that an image shows; None where no table of works speaks of it."""
    row = sample.said.get(SAID_WORK)
    if not isinstance(row, dict):
        return None
    return work_of({str(name): str(cell) for name, cell in row.items()})
