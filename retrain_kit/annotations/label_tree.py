"""The tree of a taxonomy: every synset in one place, so that all of them can be drawn and counted once.

A synset may have several parents, and a tree has room for one. The rule: it stands below the first parent
that it is a kind of, in the source's order; where it is a kind of none, below the first that it is an
instance of. Its other parents are kept beside, in `elsewhere`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from retrain_kit.annotations.taxonomy import circle_fault
from retrain_kit.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from retrain_kit.annotations.taxonomy import Taxonomy


@dataclass(frozen=True)
class LabelTree:
    """All synsets of a taxonomy, each before what stands below it.

    Parameters
    ----------
    taxonomy
        The synsets.
    ids
        Their ids: a synset, then all that stand below it, then the next beside it. Those beside each other
        have the taxonomy's own order.
    depths
        How many stand above each in the tree: int32 (synsets). 0 at the top.
    below
        How many stand below each in the tree: int32 (synsets). The synset at `i` and those below it are
        `ids[i : i + 1 + below[i]]`.
    elsewhere
        The parents below which a synset stands in the taxonomy and not in the tree, by its id.
    """

    taxonomy: Taxonomy
    ids: tuple[str, ...]
    depths: NDArray[np.int32]
    below: NDArray[np.int32]
    elsewhere: Mapping[str, tuple[str, ...]]

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Where each id stands in `ids`."""
        return {name: place for place, name in enumerate(self.ids)}


def build_label_tree(taxonomy: Taxonomy) -> LabelTree:
    """Return the tree of a taxonomy.

    Raises
    ------
    DataError
        With each circle of parents from which no way leads to the top.
    """
    parents = {synset.id: _parent(taxonomy, synset.id) for synset in taxonomy}
    children: dict[str, list[str]] = {}
    for name, parent in parents.items():
        children.setdefault(parent, []).append(name)
    ids, depths = _walk(children)
    if len(ids) < len(taxonomy):
        raise DataError(*map(circle_fault, taxonomy.circles()))
    others = {name: _others(taxonomy, name, parent) for name, parent in parents.items()}
    return LabelTree(
        taxonomy,
        tuple(ids),
        np.array(depths, np.int32),
        _sizes(depths),
        {name: found for name, found in others.items() if found},
    )


def _parent(taxonomy: Taxonomy, name: str) -> str:
    """Return the parent below which a synset stands in the tree; an empty text at the top."""
    instance_of = taxonomy.synset(name).instance_of
    return min(taxonomy.parents(name), key=lambda parent: parent in instance_of, default="")


def _others(taxonomy: Taxonomy, name: str, parent: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for each in taxonomy.parents(name) if each != parent))


def _walk(children: Mapping[str, list[str]]) -> tuple[list[str], list[int]]:
    """Return the ids that are reached from the top, and the depth of each."""
    ids, depths = [], []
    ahead = [(name, 0) for name in reversed(children.get("", ()))]
    while ahead:
        name, depth = ahead.pop()
        ids.append(name)
        depths.append(depth)
        ahead += [(child, depth + 1) for child in reversed(children.get(name, ()))]
    return ids, depths


def _sizes(depths: list[int]) -> NDArray[np.int32]:
    """Return how many stand below each, from the depths alone."""
    sizes = np.zeros(len(depths), np.int32)
    above: list[int] = []
    for place, depth in enumerate([*depths, 0]):
        while above and depths[above[-1]] >= depth:
            top = above.pop()
            sizes[top] = place - top - 1
        above.append(place)
    return sizes
