"""Outputs: what comes out of a model, read by the form that its card states.

| form | outputs |
|---|---|
| `probabilities`, `logits` | the first: (1, words) |
| `features` | the first: (1, …), flattened |
| `tokens` | the first: (1, length), numbers of words; a word that is empty or `</s>` ends the line |
| `boxes` | three: (1, n, 4) left, top, right, bottom as shares of the frame; (1, n) scores; (1, n) numbers of words |
| `ssd` | one: rows of seven, image, number of the word, score, left, top, right, bottom, as OpenCV's layer has them |
| `blazeface` | two: (1, cells, 16) places and sizes in the model's pixels, (1, cells, 1) scores before the sigmoid |
| `centerface` | four: heat map, sizes, offsets and landmarks, on a grid of four pixels |

Of boxes that cover one another by more than `SAME_SHARE` and bear one word, that of the highest score stays.
"""  # noqa: E501 - a table

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from retrain_kit.errors import DataError, Fault, count_in_words

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from retrain_kit.models.cards import Card

    Floats = NDArray[np.float32]
    Rows = NDArray[np.float64]

SAME_SHARE = 0.3
_BEYOND_THE_FRAME = 1.0
"""Boxes that machines propose reach over the edge; what reaches further than by the frame is in pixels."""
_FROM_0_TO_1 = "numbers from 0 to 1"
LINE_END = "</s>"
_GRID_PX = 4
_SSD_COLUMNS, _EDGES = 7, 4
_FEWEST = {"boxes": 3, "blazeface": 2, "centerface": 3}


def word_probabilities(outputs: list[Floats], card: Card) -> Floats:
    """Return how likely each word is for one image, float32 (1, words).

    Raises
    ------
    DataError
        When there are more or fewer outputs than words, or none that can be a probability.
    """
    found = outputs[0].reshape(1, -1)
    if found.shape[1] != len(card.labels):
        do = "Is the list in the model's order? Some models have a word for the background first."
        told = count_in_words(len(card.labels), "word")
        fault = Fault(f"model {card.name}, labels", told, f"{found.shape[1]:,}, one an output", do)
        raise DataError(fault)
    if card.form == "probabilities":
        _check_shares(found, Fault(f"model {card.name}, output.form", "", _FROM_0_TO_1, "Are they logits?"))
        return found
    raised = np.exp(found - found.max(axis=1, keepdims=True))
    result: Floats = raised / raised.sum(axis=1, keepdims=True)
    return result


def line_of_tokens(tokens: Floats, card: Card) -> str:
    """Return the words of one row of tokens as a line.

    Raises
    ------
    DataError
        When a number is none of a word.
    """
    said = []
    for number in np.rint(tokens.ravel()).astype(np.int64).tolist():
        _check_number(number, card)
        word = card.labels.words[number]
        if word in {"", LINE_END}:
            break
        said.append(word)
    return " ".join(said)


def found_boxes(outputs: list[Floats], card: Card) -> Rows:
    """Return the boxes of one image, float64 (n, 6), the highest score first.

    Each row is left, top, right, bottom as shares of the model's frame, the score and the number of the word.

    Raises
    ------
    DataError
        When the outputs are not of the form that the card states, or a number is none of a word.
    """
    try:
        reading = {"ssd": _ssd, "boxes": _boxes, "blazeface": _blazeface, "centerface": _centerface}
        rows = reading[card.form](outputs, card)
    except (ValueError, IndexError) as error:
        shapes = ", ".join(" × ".join(map(str, output.shape)) for output in outputs)
        fault = Fault(
            f"model {card.name}, output.form", f"outputs of {shapes} ({error})", f"those of {card.form}"
        )
        raise DataError(fault) from None
    rows = rows[rows[:, 4] >= card.score]
    if card.form == "boxes":
        _check_boxes(rows, card)
    for number in np.unique(rows[:, 5]).astype(int).tolist():
        _check_number(number, card)
    return _without_doubles(rows[np.argsort(-rows[:, 4], kind="stable")])


def _check_shares(found: Floats | Rows, fault: Fault, beyond: float = 0.01) -> None:
    """Raise a `DataError` of a fault, with what was found, where numbers lie so far beyond 0 and 1."""
    if found.size and (found.min() < -beyond or found.max() > 1 + beyond):
        raise DataError(replace(fault, found=f"{found.min():g} to {found.max():g}"))


def _check_boxes(rows: Rows, card: Card) -> None:
    """Raise a `DataError` where rows have another order or another unit than the form says."""
    where, do = f"model {card.name}", "Are its outputs in the order boxes, scores, numbers of labels?"
    _check_shares(rows[:, 4], Fault(f"{where}, scores", "", _FROM_0_TO_1, do))
    if not np.array_equal(rows[:, 5], np.rint(rows[:, 5])):
        raise DataError(Fault(f"{where}, labels", "numbers that are not whole", "numbers of words", do))
    do = "Are they pixels? This form has shares of the model's frame."
    _check_shares(rows[:, :4], Fault(f"{where}, boxes", "", "edges from 0 to 1", do), _BEYOND_THE_FRAME)
    if (rows[:, :2] > rows[:, 2:4]).any():
        found, do = "boxes that end before they begin", "Are they a place, a width and a height?"
        raise DataError(Fault(f"{where}, boxes", found, "left, top, right, bottom", do))


def _check_number(number: int, card: Card) -> None:
    if not 0 <= number < len(card.labels):
        found, expected = f"an answer with the word number {number}", f"0 to {len(card.labels) - 1}"
        do = f"Its list has {count_in_words(len(card.labels), 'word')}. Is it whole, and the model's own?"
        raise DataError(Fault(f"model {card.name}, labels", found, expected, do))


def _ssd(outputs: list[Floats], _card: Card) -> Rows:
    rows = outputs[0].reshape(-1, _SSD_COLUMNS).astype(np.float64)
    return rows[rows[:, 2] > 0][:, [3, 4, 5, 6, 2, 1]]


def _boxes(outputs: list[Floats], card: Card) -> Rows:
    _check_count(outputs, card)
    boxes = outputs[0].reshape(-1, _EDGES).astype(np.float64)
    scores, numbers = outputs[1].ravel(), outputs[2].ravel()
    if not len(boxes) == len(scores) == len(numbers):
        raise ValueError(f"{len(boxes)} boxes, {len(scores)} scores, {len(numbers)} numbers of labels")
    return np.column_stack((boxes, scores, numbers))


def _blazeface(outputs: list[Floats], card: Card) -> Rows:
    """Return one box a cell: cells lie row by row on a square grid, in whose middle an offset begins."""
    _check_count(outputs, card)
    by_width = sorted(outputs[: _FEWEST["blazeface"]], key=lambda output: output.shape[-1])
    scores, places = by_width[0].ravel().astype(np.float64), by_width[-1].reshape(by_width[0].size, -1)
    side = round(len(scores) ** 0.5)
    if side * side != len(scores):
        raise ValueError(f"{len(scores)} cells, which are no square")
    rows, columns = np.divmod(np.arange(len(scores)), side)
    x = (columns + 0.5) / side + places[:, 0] / card.input.width_px
    y = (rows + 0.5) / side + places[:, 1] / card.input.height_px
    half_width, half_height = places[:, 2] / card.input.width_px / 2, places[:, 3] / card.input.height_px / 2
    sure = 1 / (1 + np.exp(-np.clip(scores, -100, 100)))
    edges = (x - half_width, y - half_height, x + half_width, y + half_height)
    return np.column_stack((*edges, sure, np.zeros(len(scores)))).astype(np.float64)


def _centerface(outputs: list[Floats], card: Card) -> Rows:
    _check_count(outputs, card)
    heat, sizes, offsets = outputs[0][0, 0], outputs[1][0], outputs[2][0]
    rows, columns = np.nonzero(heat >= card.score)
    height, width = (np.exp(sizes[each, rows, columns]) * _GRID_PX / 2 for each in (0, 1))
    y = (rows + offsets[0, rows, columns] + 0.5) * _GRID_PX
    x = (columns + offsets[1, rows, columns] + 0.5) * _GRID_PX
    told = card.input
    edges = ((x - width) / told.width_px, (y - height) / told.height_px)
    others = ((x + width) / told.width_px, (y + height) / told.height_px)
    return np.column_stack((*edges, *others, heat[rows, columns], np.zeros(len(rows)))).astype(np.float64)


def _check_count(outputs: list[Floats], card: Card) -> None:
    if len(outputs) < _FEWEST[card.form]:
        raise ValueError(f"{len(outputs)} of them")


def _without_doubles(rows: Rows) -> Rows:
    """Return rows, the highest score first, without those that nearly cover one before them."""
    kept: list[Rows] = []
    for row in rows:
        if not any(other[5] == row[5] and _overlap_share(other, row) > SAME_SHARE for other in kept):
            kept.append(row)
    return np.array(kept).reshape(-1, rows.shape[1])


def _overlap_share(one: Rows, other: Rows) -> float:
    """Return what two boxes share of all that both cover."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    common = max(width, 0.0) * max(height, 0.0)
    areas = sum((each[2] - each[0]) * (each[3] - each[1]) for each in (one, other))
    return float(common / (areas - common)) if areas > common else 0.0
