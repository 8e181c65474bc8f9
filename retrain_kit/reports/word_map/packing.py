"""Packing: a label system of eighty thousand words as a text that fits into a page.

Numbers are written in seven bits a byte, the last byte of each with its highest bit clear. All is compressed
by LZMA, which finds words again that stand far apart, and the bytes are written as signs of seven bits each:
deflate would take the nouns of WordNet over a megabyte, and so would base64, with six bits. The three signs
that HTML would not leave as they are stand 256 places higher.
"""

from __future__ import annotations

import json
import lzma
import re
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from retrain_kit.analysis.label_use import LabelUse
    from retrain_kit.annotations.label_tree import LabelTree
    from retrain_kit.annotations.veil import Veil

FILTER = {"id": lzma.FILTER_LZMA1, "preset": 9, "dict_size": 1 << 23, "lc": 3, "lp": 0, "pb": 0}
"""How bytes are compressed; the script knows no other way."""
_BITS = 7
_MOVED = {0x00: 0x100, 0x0D: 0x10D, ord("<"): 0x100 + ord("<")}
_NUMBERED = re.compile(r"[A-Za-z]*[0-9]{8}")


def packed_tree(tree: LabelTree, veil: Veil, use: LabelUse | None = None) -> str:
    """Return a tree as a text for `page.js`.

    Parameters
    ----------
    tree
        The label system.
    veil
        Words that it hides are not in the text.
    use
        In how many images each is; none where nobody has counted.
    """
    children = np.zeros(len(tree.ids), np.int64)
    above: list[int] = []
    for place, depth in enumerate(tree.depths):
        del above[depth:]
        if above:
            children[above[-1]] += 1
        above.append(place)
    also = [(tree.places[name], tree.places[each]) for name, them in tree.elsewhere.items() for each in them]
    prefix, ids = _ids([veil.shown_id(name) for name in tree.ids])
    parts = {
        "words": "\n".join(_words(tree, veil)).encode(),
        "ids": ids,
        "children": numbers(children),
        "kinds": numbers(_kinds(tree, veil)),
        "also": numbers(number for pair in sorted(also) for number in pair),
        "images": _counts(tree, use.images if use else None),
        "imagesBelow": _counts(tree, use.images_below if use else None),
        "annotations": _counts(tree, use.annotations if use else None),
        "annotationsBelow": _counts(tree, use.annotations_below if use else None),
    }
    head = {"prefix": prefix, "parts": [[name, len(data)] for name, data in parts.items()]}
    return as_text(compressed(b"\n".join((json.dumps(head).encode(), b"".join(parts.values())))))


def compressed(data: bytes) -> bytes:
    """Return bytes as `lzma.js` unpacks them: their length in four bytes, then a stream of LZMA."""
    return len(data).to_bytes(4) + lzma.compress(data, lzma.FORMAT_RAW, filters=[FILTER])


def _counts(tree: LabelTree, counts: Mapping[str, int] | None) -> bytes:
    return b"" if counts is None else numbers(counts.get(name, 0) for name in tree.ids)


def _words(tree: LabelTree, veil: Veil) -> Iterable[str]:
    """Yield the words of each synset, in a line; words of the parent are said by a sign."""
    above: list[str] = []
    for place, name in enumerate(tree.ids):
        synset = tree.taxonomy.synset(name)
        shown = not veil.hides(name)
        line = "\t".join(" ".join(word.replace("_", " ").split()) for word in synset.lemmas) if shown else ""
        del above[tree.depths[place] :]
        yield _shortened(line, above[-1] if above else "")
        above.append(line.partition("\t")[0])


def _shortened(line: str, parent: str) -> str:
    r"""Return a line in which \x01 stands for the parent's first word, at the end of a word of its own."""
    return re.sub(f" {re.escape(parent)}(?=\t|$)", "\x01", line) if parent else line


def _ids(ids: Sequence[str]) -> tuple[str | None, bytes]:
    """Return the letters before numbers of eight digits, and the numbers; None, and lines, of other ids."""
    prefixes = {name[:-8] for name in ids if _NUMBERED.fullmatch(name)}
    if len(prefixes) != 1 or not all(map(_NUMBERED.fullmatch, ids)):
        return None, "\n".join(ids).encode()
    values = [int(name[-8:]) for name in ids]
    steps = (value - before for value, before in zip(values, [0, *values[:-1]], strict=True))
    return prefixes.pop(), numbers(2 * step if step >= 0 else -2 * step - 1 for step in steps)


def _kinds(tree: LabelTree, veil: Veil) -> list[int]:
    """Return of each synset: 1 where it is an instance, 2 where it was withdrawn, 4 where it is veiled."""
    found = []
    for name in tree.ids:
        synset = tree.taxonomy.synset(name)
        named = bool(synset.instance_of) and set(synset.parents) <= set(synset.instance_of)
        found.append(named + 2 * bool(synset.retired) + 4 * veil.hides(name))
    return found


def numbers(values: Iterable[int]) -> bytes:
    """Return whole numbers, none of them negative, seven bits a byte, the lowest first."""
    found = bytearray()
    for value in values:
        rest = int(value)
        while rest >> _BITS:
            found.append(rest & 127 | 128)
            rest >>= _BITS
        found.append(rest)
    return bytes(found)


def as_text(data: bytes) -> str:
    """Return bytes as signs of seven bits, the highest first; zeros fill the last."""
    bits = np.unpackbits(np.frombuffer(data, np.uint8))
    padded = np.concatenate([bits, np.zeros(-len(bits) % _BITS, np.uint8)])
    codes = np.packbits(padded.reshape(-1, _BITS), axis=1)[:, 0] >> 1
    return codes.tobytes().decode("ascii").translate(_MOVED)
