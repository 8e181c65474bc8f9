"""Hashing: images become perceptual hashes, once each, kept by the digests of their files.

The hash is the 256-bit pHash of the library imagehash, of the image as it is shown: upright, in grey, on
white where it is transparent. JPEGs are decoded at a fraction of their size, which changes it by 4 bits at
most for nine images of ten. Each image is hashed mirrored too.

Hashes are kept among the user's data, 96 bytes an image: digest, hash, hash of the mirrored image. Lines are
added, never changed; what a killed process left unfinished is cut off.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

import imagehash
import numpy as np
from PIL import Image, ImageOps
from tqdm.auto import tqdm

from retrain_kit.analysis.near_duplicates import WORDS, pack_bits
from retrain_kit.batch.mosaic.tiles import decode_draft
from retrain_kit.errors import DataError
from retrain_kit.imaging import decoding
from retrain_kit.storage import files, locks
from retrain_kit.studies import manifests

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from retrain_kit.annotations.samples import Sample

    Hashes = NDArray[np.uint64]

HASH_SIZE, SAMPLED = 16, 4
"""Bits on a side, and how many samples of the image are taken for each."""
DECODED_PX = 256
IMAGES_AT_ONCE = 256
"""So many hashes are kept at once: no more are lost when the work is stopped."""
RECORD = np.dtype([("sha256", "u1", 32), ("hash", "<u8", WORDS), ("mirrored", "<u8", WORDS)])
CHANGED = "its file is another one than the study's table says"
_NAME = "phash-256.bin"


@dataclass(frozen=True)
class ImageHashes:
    """The hashes of images; of those that could not be read the reason.

    Parameters
    ----------
    digests
        The SHA-256 of the file of each image that could be read, by its id, in their order.
    hashes, mirrored
        uint64 (images, 4): of each of these, and of it mirrored left to right.
    unread
        Why an image has no hash, by its id.
    """

    digests: dict[str, str]
    hashes: Hashes
    mirrored: Hashes
    unread: dict[str, str] = field(default_factory=dict)


def perceptual_hashes(image: Image.Image) -> Hashes:
    """Return the hash of an image and that of it mirrored left to right, uint64 (2, 4)."""
    if image.mode == "RGBA":
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    side = HASH_SIZE * SAMPLED
    small = image.convert("L").resize((side, side), Image.Resampling.LANCZOS)
    both = (imagehash.phash(each, HASH_SIZE, SAMPLED).hash for each in (small, ImageOps.mirror(small)))
    return np.concatenate([pack_bits(bits) for bits in both])


def hash_sample(sample: Sample) -> Hashes:
    """Return the hashes of a sample's image, as `perceptual_hashes`.

    Raises
    ------
    DataError
        When it cannot be shown.
    """
    draft = decode_draft(sample, DECODED_PX)
    return perceptual_hashes(draft or decoding.load_image(sample.path, sample.rotation_deg))


class HashStore:
    """The hashes that were made on this machine, by the SHA-256 of the image's file.

    Parameters
    ----------
    folder
        Where they are kept; the kit's data folder when None.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or manifests.data_folder() / "near-duplicates"
        self._path = self.folder / _NAME
        self._known: dict[bytes, Hashes] = {}
        with suppress(FileNotFoundError):
            self._take(self._path.read_bytes())

    def __contains__(self, sha256: str) -> bool:
        return _key(sha256) in self._known

    def __len__(self) -> int:
        return len(self._known)

    def hashes(self, sha256: str) -> Hashes:
        """Return the hash and the mirrored hash of a file, uint64 (2, 4); a `KeyError` where it has none."""
        return self._known[_key(sha256)]

    def add(self, made: Iterable[tuple[str, Hashes]]) -> None:
        """Keep hashes, on the disk when this returns.

        Raises
        ------
        DataError
            When they cannot be written.
        """
        new = {_key(sha256): both for sha256, both in made if sha256 not in self}
        rows = np.zeros(len(new), RECORD)
        for row, (key, both) in zip(rows, new.items(), strict=True):
            row["sha256"], row["hash"], row["mirrored"] = np.frombuffer(key, np.uint8), *both
        with files.explaining_errors(self._path):
            self.folder.mkdir(parents=True, exist_ok=True)
            with locks.exclusive_lock(self._path.with_suffix(".lock")), self._path.open("ab") as file:
                file.truncate(file.tell() // RECORD.itemsize * RECORD.itemsize)
                file.write(rows.tobytes())
                file.flush()
                os.fsync(file.fileno())
        self._known.update(new)

    def _take(self, data: bytes) -> None:
        rows = np.frombuffer(data[: len(data) // RECORD.itemsize * RECORD.itemsize], RECORD)
        both = np.stack((rows["hash"], rows["mirrored"]), axis=1)
        keys = (key.tobytes() for key in rows["sha256"])
        self._known.update(zip(keys, both, strict=True))


def hash_images(samples: Sequence[Sample], store: HashStore | None = None) -> ImageHashes:
    """Return the hashes of samples; what is in the store is not read again, and what is new is kept there.

    Where a sample's digest is not known, its file is read for it. An image that cannot be read stops nothing.
    """
    store = HashStore() if store is None else store
    digests = [sample.provenance.sha256 for sample in samples]
    missing = (place for place, digest in enumerate(digests) if not digest or digest not in store)
    unread: dict[str, str] = {}
    bar = tqdm(total=len(samples), desc="hashing images", unit=" images", delay=1, leave=False)
    with ThreadPoolExecutor(os.cpu_count()) as pool, bar:
        while part := list(islice(missing, IMAGES_AT_ONCE)):
            made = list(pool.map(_hashed, (samples[place] for place in part)))
            store.add((digest, both) for digest, both, why in made if not why)
            for place, (digest, _, why) in zip(part, made, strict=True):
                digests[place] = digest
                if why:
                    unread[samples[place].id] = why
            bar.update(len(part))
    every = zip(samples, digests, strict=True)
    read = {sample.id: digest for sample, digest in every if sample.id not in unread}
    both = np.array([store.hashes(digest) for digest in read.values()], np.uint64).reshape(-1, 2, WORDS)
    return ImageHashes(read, both[:, 0], both[:, 1], unread)


def _hashed(sample: Sample) -> tuple[str, Hashes, str]:
    """Return the digest of a sample's file, its hashes, and why it has none."""
    none = np.zeros((2, WORDS), np.uint64)
    try:
        digest = files.sha256(sample.path)
        if sample.provenance.sha256 not in {"", digest}:
            return digest, none, CHANGED
        return digest, hash_sample(sample), ""
    except DataError as error:
        return "", none, "; ".join(fault.found for fault in error.faults)
    except OSError as error:
        return "", none, f"a file that cannot be read ({error.strerror})"


def _key(sha256: str) -> bytes:
    return bytes.fromhex(sha256)
