"""Makes the free works that people made: pictures for the backgrounds of screens, as free systems ship them, made small.

    PYTHONPATH=tests python tests/datasets/works_of_people.py FOLDER

FOLDER holds the unpacked Debian packages plasma-workspace-wallpapers 4:5.27.5-2, lomiri-wallpapers-20.04 20.04.0-2
and ukui-wallpapers 20.04.3-1.1. Titles, artists and licences are the packages' own; the texts for who can't see the
pictures are the kit's. A package says no date of a work, so that there is none here.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import NamedTuple

from PIL import Image
from places import ROOT

HERE = ROOT / "retrain_kit" / "data" / "free_works"
PX = 384
MEDIUM = "a picture for the background of a screen"
KDE, LOMIRI, KYLIN = "plasma-workspace-wallpapers", "lomiri-wallpapers-20.04", "ukui-wallpapers"
VERSIONS = {KDE: "4:5.27.5-2", LOMIRI: "20.04.0-2", KYLIN: "20.04.3-1.1"}
CREDITS = {
    KDE: "Published with the Plasma desktop of KDE",
    LOMIRI: "Published with the Lomiri desktop",
    KYLIN: "Published with the UKUI desktop",
}
FOLDERS = {
    KDE: "/usr/share/wallpapers",
    LOMIRI: "/usr/share/backgrounds",
    KYLIN: "/usr/share/backgrounds",
}
LICENCES = {KDE: "CC-BY-SA-4.0", LOMIRI: "CC-BY-SA-3.0", KYLIN: "CC-BY-SA-3.0"}


class Made(NamedTuple):
    """A work somebody made: title, artist, its package, its file there, that file's digest, what can be seen."""

    title: str
    artist: str
    package: str
    file: str
    sha256: str
    alt: str

    @property
    def path(self) -> str:
        """Where its file is in its package."""
        return f"{FOLDERS[self.package]}/{self.file}"

    @property
    def licence(self) -> str:
        """The licence of the picture, and of the smaller one made of it."""
        return LICENCES[self.package]

    @property
    def source(self) -> str:
        """Where it was taken from, and what was done to it."""
        return f"Debian package {self.package} {VERSIONS[self.package]}: {self.path}, reduced to {PX} pixels"


WORKS = (
    Made(
        "Altai",
        "Alesya Khoteeva",
        KDE,
        "Altai/contents/images/5120x2880.png",
        "f693f572875536b41935417f88d523bb0174b77c2dd7f00b71cd55436f93387d",
        "Mountains of flat, sharp planes, most of them blue, one lit yellow; a still lake mirrors them.",
    ),
    Made(
        "Flow",
        "Sandra Smukaste",
        KDE,
        "Flow/contents/images/5120x2880.jpg",
        "b2f1fbe9ebf772fed224de83ee4159cc3735c633a88cc42f8f45d49ccd12efc3",
        "A winding band of hexagons, blue, then green, then orange, runs through dark ones, to the lower right.",
    ),
    Made(
        "Honeywave",
        "Ken Vermette",
        KDE,
        "Honeywave/contents/images/5120x2880.jpg",
        "e75adbd953e9b7dc8946223e7f1f2c4a9378496e7597198f65b095356995c7ad",
        "An orange shape, cut into long drops with six sides, falls like a wave over dark blue and purple.",
    ),
    Made(
        "Ice Cold",
        "Santiago Cézar",
        KDE,
        "IceCold/contents/images/5120x2880.png",
        "4f000813086b839f4845e40bb51385e2e2afaf1df5bf55514d808f70611a63e6",
        "A pale blue sheet with a jagged edge above, one piece of it loose, on a darker, shining blue.",
    ),
    Made(
        "Kay",
        "ruvkr",
        KDE,
        "Kay/contents/images/5120x2880.png",
        "2b2fcfe33dbf701deb524f04231a3966e40f3239baf70469318c00c3961c2458",
        "Slanting bands in white, turquoise and yellow lie over each other.",
    ),
    Made(
        "Milky Way",
        "ruvkr",
        KDE,
        "MilkyWay/contents/images/5120x2880.png",
        "777b501b626c0e8417167229187a787bbaf2b59c83f8343c18d1b0486e754296",
        "A curved stream of small orange and pink diamonds, between dark red and a blue that is almost black.",
    ),
    Made(
        "Patak",
        "Áron Kovács",
        KDE,
        "Patak/contents/images/5120x2880.png",
        "e8f6167bafea78c54e2b736c448ce22809cc0bd085fb3a371d71546e956e7391",
        "Two orange triangles on a surface of fine lines, like a boat or a bird; behind them a curved pale band.",
    ),
    Made(
        "Shell",
        "Lucas Andrade",
        KDE,
        "Shell/contents/images/5120x2880.jpg",
        "220d5fe725453dba2329b6733cb7094d8615f2e0bbbb8a150e9f113101c02213",
        "Folds of many small planes spread like a fan, from pink at the left to blue at the right.",
    ),
    Made(
        "Volna",
        "Nikita Babin",
        KDE,
        "Volna/contents/images/5120x2880.jpg",
        "abc30b4fc6f6a83b6156e6b59ac283c067de40af820aafac8ac7c4fd83a9607c",
        "Seen from above: a brown beach, a white edge of foam in small steps, and dark green water.",
    ),
    Made(
        "Fossa",
        "Jasper Roks",
        LOMIRI,
        "Fossa_by_Jasper_Roks.jpg",
        "4e1f6bfd73f374ac28adbf37d5f9f7ce847dccba71e860f0ff50509316be1f82",
        "Wide curved planes in dark red and purple, some with a glowing orange edge.",
    ),
    Made(
        "Infinite Sea",
        "Aury88",
        LOMIRI,
        "Infinite-Sea_by_Aury88.jpg",
        "9319dfb3651833881339a8d9b769b99efaf474969e6cd58e427eb2524aca8e8a",
        "A bright band of stars stands upright in a red and purple sky, over calm purple water.",
    ),
    Made(
        "Painting Colors",
        "HEROBRINE7GAMER",
        LOMIRI,
        "Painting-Colors_by__herobrine7gamer.jpg",
        "dc688df829e177f23d5e2761a198d2e44e477e4b3b3c750661052c89f7abc46c",
        "Slanting stripes with torn edges, in reds, pinks, blues and greys.",
    ),
    Made(
        "calla",
        "Ubuntu Kylin community contributors",
        KYLIN,
        "calla.png",
        "26fc5b5461f37132d913c9b03a48392e59a58f66e665cc5dfc2d997bda4190d4",
        "An orange flower with one furled petal on a blue stem, before a large pale red disc.",
    ),
    Made(
        "goldfish",
        "Ubuntu Kylin community contributors",
        KYLIN,
        "goldfish.png",
        "a01ef5d91bfe63fd77e91107ebb83fe203b39ad09cfb40488c56d21f50dffe0f",
        "A pink fish with a long, many-folded tail swims in purple.",
    ),
)


def rows() -> list[tuple[str, ...]]:
    """Return their rows of the table: number, title, artist, no date, medium, credit line, licence, file, source, text."""
    return [
        (
            *(name.upper(), work.title, work.artist, "", MEDIUM, CREDITS[work.package], work.licence),
            *(f"works/{name}.jpg", work.source, work.alt),
        )
        for name, work in _named()
    ]


def _named() -> list[tuple[str, Made]]:
    return [(f"sc-{number:02}", work) for number, work in enumerate(WORKS, 1)]


def main(packages: Path) -> None:
    """Write the reduced pictures of the packages unpacked in a folder."""
    for name, work in _named():
        path = packages / work.path.lstrip("/")
        if (found := hashlib.sha256(path.read_bytes()).hexdigest()) != work.sha256:
            sys.exit(f"{path}: another file, SHA-256 {found}")
        with Image.open(path) as opened:
            image = opened.convert("RGB")
        image.thumbnail((PX, PX), Image.Resampling.LANCZOS)
        image.save(HERE / "works" / f"{name}.jpg", quality=82, optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
