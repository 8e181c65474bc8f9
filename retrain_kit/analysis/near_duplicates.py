"""Near duplicates: which images look nearly alike, by the distance of their perceptual hashes.

A perceptual hash is 256 bits that change little where an image is saved again, made smaller or a little
brighter. The distance of two is how many bits differ: 0 to 256, about 128 for images that have nothing to do
with each other. A small distance is a reason to look at both, and proves nothing: `NEAR_BITS` says how
near two have to be, and what that finds and misses was measured (`MEASURED`).

No image is ever taken for another here: what is found are pairs, for people to judge.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from numpy.typing import NDArray

    Hashes = NDArray[np.uint64]

BITS = 256
WORDS = BITS // 64
NEAR_BITS = 48
"""Two images look alike where at most so many of the 256 bits differ."""
MEASURED = (
    ("of 12,719 pairs of photographs that have nothing to do with each other", "0 found; the nearest: 92"),
    ("two photographs of one thing, turned by half, on black", "not found: 50"),
    ("saved again as JPEG (quality 20 or 50), in grey, or made smaller (to a quarter)", "100% found"),
    ("stretched to a square, or mirrored", "100% found"),
    ("made brighter by 30%", "100% found"),
    ("cut by 1% on each side", "100% found"),
    ("cut by 2% on each side", "97% found"),
    ("turned by 2 degrees", "94% found"),
    ("cut by 5% on one side", "29% found"),
    ("cut by 5% on each side, or by more", "less than 1% found"),
)
"""What `NEAR_BITS` found among 160 photographs and their copies, by `benchmarks/near_duplicates.py`."""
MOST_PAIRS = 200_000
_ROWS, _COLUMNS = 32, 8192
"""How many hashes are laid beside how many at once: what the processor keeps near."""


@dataclass(frozen=True)
class NearPairs:
    """Pairs of hashes that are near each other, the nearest first.

    Parameters
    ----------
    first, second
        int64 (pairs,): the place of each in its list.
    bits
        int64 (pairs,): how many bits differ.
    left_out
        How many pairs more there are, where they were too many to keep.
    """

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    bits: NDArray[np.int64]
    left_out: int = 0

    def __len__(self) -> int:
        return len(self.bits)

    def __iter__(self) -> Iterator[tuple[int, int, int]]:
        return zip(self.first.tolist(), self.second.tolist(), self.bits.tolist(), strict=True)


def pack_bits(bits: NDArray[np.bool_]) -> Hashes:
    """Return 256 bits a row, boolean (n, 256), as uint64 (n, 4)."""
    return np.packbits(bits.reshape(-1, BITS), axis=1).view(np.uint64)


def distances(first: Hashes, second: Hashes) -> NDArray[np.int64]:
    """Return how many bits differ between two arrays of hashes, uint64 (…, 4), as they broadcast."""
    return np.asarray(np.bitwise_count(first ^ second).sum(axis=-1), dtype=np.int64)


def near_pairs(
    hashes: Hashes,
    others: Hashes | None = None,
    most_bits: int = NEAR_BITS,
    most_pairs: int = MOST_PAIRS,
    progress: Callable[[Iterable[int]], Iterable[int]] = iter,
) -> NearPairs:
    """Return all pairs whose hashes differ in at most `most_bits`, in little memory.

    Parameters
    ----------
    hashes
        uint64 (n, 4).
    others
        uint64 (m, 4): pairs are one of each; None: pairs are two of `hashes`, each once, none with itself.
    most_bits
        How near two have to be.
    most_pairs
        Of more pairs than so many the later ones are counted and not kept.
    progress
        What the rows of blocks are gone through with.
    """
    right = hashes if others is None else others
    columns = np.ascontiguousarray(right.T)
    found: list[NDArray[np.int64]] = []
    kept = left_out = 0
    for row in progress(range(0, len(hashes), _ROWS)):
        start = row // _COLUMNS * _COLUMNS if others is None else 0
        for column in range(start, len(right), _COLUMNS):
            block = _near_in_block(
                hashes[row : row + _ROWS], columns[:, column : column + _COLUMNS], most_bits
            )
            block[:, :2] += (row, column)
            block = block if others is not None else block[block[:, 0] < block[:, 1]]
            found.append(block[: most_pairs - kept])
            left_out += max(0, kept + len(block) - most_pairs)
            kept += len(found[-1])
    every = np.concatenate([np.empty((0, 3), np.int64), *found])
    every = every[np.lexsort((every[:, 1], every[:, 0], every[:, 2]))]
    return NearPairs(every[:, 0], every[:, 1], every[:, 2], left_out)


def _near_in_block(rows: Hashes, columns: Hashes, most_bits: int) -> NDArray[np.int64]:
    """Return row, column and distance of the near pairs of (rows, 4) and (4, columns), int64 (pairs, 3).

    Half of the bits are compared first: where they alone differ too much, the others need not be looked at.
    """
    bits = np.bitwise_count(rows[:, 0, np.newaxis] ^ columns[0])
    bits += np.bitwise_count(rows[:, 1, np.newaxis] ^ columns[1])
    first, second = np.nonzero(bits <= most_bits)
    every = distances(rows[first], columns.T[second])
    near = every <= most_bits
    return np.stack((first[near], second[near], every[near]), axis=1).astype(np.int64)


def alike(hashes: Hashes, others: Hashes, most_pairs: int) -> NearPairs:
    """Return pairs of one of each list, the most alike first, no image in two of them.

    However far apart the two of a pair may be: `bits` says it.

    Parameters
    ----------
    hashes, others
        uint64 (n, 4) and (m, 4), of few images: all distances are held in memory.
    most_pairs
        How many pairs at most.
    """
    every = distances(hashes[:, np.newaxis], others[np.newaxis])
    chosen: list[tuple[int, int, int]] = []
    taken: tuple[set[int], set[int]] = (set(), set())
    for flat in np.argsort(every, axis=None, kind="stable").tolist():
        if len(chosen) == min(most_pairs, *every.shape):
            break
        row, column = divmod(flat, every.shape[1])
        if row not in taken[0] and column not in taken[1]:
            chosen.append((row, column, int(every[row, column])))
            taken[0].add(row)
            taken[1].add(column)
    columns = np.array(chosen, dtype=np.int64).reshape(-1, 3)
    return NearPairs(columns[:, 0], columns[:, 1], columns[:, 2])
