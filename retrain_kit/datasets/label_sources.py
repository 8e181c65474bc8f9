"""Sources of label systems that no study brings: where WordNet 3.0 lies on this machine, or on the web.

Its words go on with Princeton's notice, see `formats.wordnet.NOTICE`.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from retrain_kit.datasets.formats.wordnet import NOUNS_FILE
from retrain_kit.datasets.transfer import download
from retrain_kit.errors import DataError, Fault, advise_names
from retrain_kit.studies import manifests
from retrain_kit.studies.data_access import Download

WORDNET = "wordnet"
DOWNLOADS = {
    WORDNET: Download(
        WORDNET,
        "https://wordnetcode.princeton.edu/3.0/WNdb-3.0.tar.gz",
        "WNdb-3.0.tar.gz",
        "658b1ba191f5f98c2e9bae3e25c186013158f30ef779f191d2a44e5d25046dc8",
    )
}
"""What `retrain-kit pull` fetches by name, each into a folder of its name where data sets are kept."""
DEBIAN_FOLDERS = (Path("/usr/share/wordnet"),)
"""Where Debian and its kin put their package wordnet-base: the same nouns under the same ids."""

_OTHERWISE = (
    "Another place that has the same file: --address. "
    "Debian and its kin have the same nouns: sudo apt install wordnet-base."
)


def label_system_path(reference: str | Path) -> Path:
    """Return where a label system lies: a path as it is, or `wordnet` as it was pulled or installed.

    Raises
    ------
    DataError
        When there is none, with what brings it.
    """
    if str(reference) not in DOWNLOADS:
        if Path(reference).exists():
            return Path(reference)
        do = advise_names(str(reference), dict.fromkeys(DOWNLOADS), "; ")
        raise DataError(Fault(str(reference), "no file", "a label system, or wordnet", do))
    if found := installed(str(reference)):
        return found
    do = f"retrain-kit pull {reference} fetches it; on Debian and its kin: sudo apt install wordnet-base."
    raise DataError(Fault(str(reference), "not on this machine", "WordNet 3.0, pulled or installed", do))


def installed(name: str) -> Path | None:
    """Return where a label system lies that was pulled, alone or with ImageNet, or installed; else None."""
    file = DOWNLOADS[name].file
    pulled = (manifests.data_folder() / folder / file for folder in (name, "imagenet"))
    places = [*pulled, *(folder for folder in DEBIAN_FOLDERS if (folder / NOUNS_FILE).is_file())]
    return next((place for place in places if place.exists()), None)


def target_of(name: str, address: str = "") -> download.DownloadTarget:
    """Return what is fetched for a name, from where and to where; `address` is that of a mirror."""
    found = DOWNLOADS[name]
    path = manifests.data_folder() / name / found.file
    return download.DownloadTarget(address or found.url, path, found.sha256)


def pull_label_system(name: str, address: str = "", sha256: str = "") -> Path:
    """Fetch a label system, or leave it alone where it is here; return its path.

    Parameters
    ----------
    name
        One of `DOWNLOADS`.
    address
        A mirror to fetch from; empty for the address that is known.
    sha256
        What its content must be; empty for the digest that is known.

    Raises
    ------
    DataError
        When it could not be fetched, or is another file; a fetch that was cut goes on where it was.
    """
    target = target_of(name, address)
    try:
        download.fetch_files([replace(target, sha256=sha256 or target.sha256)])
    except DataError as error:
        faults = (replace(fault, do=f"{fault.do} {_OTHERWISE}".strip()) for fault in error.faults)
        raise DataError(*faults) from None
    return target.path
