"""Runtimes: ONNX Runtime, LiteRT and OpenCV's dnn, each as one function from arrays to arrays.

All run on the processor, with a fixed number of threads, and are shown one image after the other, so that a
run says what the last one said, whatever else was asked in it. None is a part of the kit: a library is
imported when a card asks for it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

from retrain_kit.errors import DataError, Fault

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from retrain_kit.models.cards import Card

    Floats = NDArray[np.float32]

Run = Callable[["Floats"], list[Any]]
"""From one image, float32 (1, …), to the outputs in the model's order, an array each."""

THREADS = 2
PACKAGES = {"onnx": "onnxruntime", "litert": "ai-edge-litert", "opencv": "opencv-python-headless"}
_MODULES = {"onnx": "onnxruntime", "litert": "ai_edge_litert.interpreter", "opencv": "cv2"}
_ONNX_SILENT = 4
_STDERR = 2
_ONNX_FOLDER = "session.model_external_initializers_file_folder_path"
_ONNX_TYPES: Mapping[str, type[np.generic]] = {
    "tensor(float16)": np.float16,
    "tensor(float)": np.float32,
    "tensor(double)": np.float64,
    "tensor(uint8)": np.uint8,
    "tensor(int8)": np.int8,
    "tensor(uint16)": np.uint16,
    "tensor(int16)": np.int16,
    "tensor(int32)": np.int32,
    "tensor(int64)": np.int64,
}
_ELSEWHERE = re.compile("external (data|initializer)", re.IGNORECASE)
_PLACE_IN_SOURCE = re.compile(
    r"\S+\.(?:h|cc|cpp):\d+ .*?\)(?: const)? (?=[A-Z])|OpenCV\(\S+\) \S+:\d+: error: (?:\(-\d+:[^)]*\) )?"
)
"""Where in its own source a library raised; what was wrong stands behind it."""


class NoNumberError(DataError):
    """An answer with what is no number: of this image the model says nothing."""


def open_model(card: Card) -> Run:
    """Return what runs the model of a card, whose files are here.

    Raises
    ------
    DataError
        When its library is not installed, or cannot read the file.
    """
    try:
        library: Any = import_module(_MODULES[card.runtime])
    except ImportError:
        package = PACKAGES[card.runtime]
        fault = Fault(
            f"the runtime of {card.name}",
            f"no {package}",
            f"the library {package}, which runs it",
            "Type: pip install 'retrain-kit[models]'",
        )
        raise DataError(fault) from None
    opening = {"onnx": _onnx, "litert": _litert, "opencv": _opencv}[card.runtime]
    try:
        return opening(library, card)
    except DataError:
        raise
    except Exception as error:  # noqa: BLE001 - libraries raise what they like at a broken file
        found = f"a file that {PACKAGES[card.runtime]} cannot read ({_brief(error)})"
        do = "Is it whole, and made for this runtime?"
        if _ELSEWHERE.search(str(error)):
            do = (
                "Its numbers lie in a file of their own: name it too, in a second [[files]] behind the model."
            )
        raise DataError(Fault(str(card.files[0].path), found, "a model", do)) from None


def run_model(run: Run, card: Card, image: Floats) -> list[Floats]:
    """Return the outputs for one image, float32.

    Parameters
    ----------
    image
        float32 (1, …), as the card says.

    Raises
    ------
    DataError
        When the model refuses it, or answers with what is no array.
    NoNumberError
        When it answers with what is no number.
    """
    try:
        answer = run(image)
    except DataError:
        raise
    except Exception as error:  # noqa: BLE001 - libraries raise what they like
        fault = Fault(
            f"model {card.name}",
            f"an input that it refuses ({_brief(error)})",
            f"what it takes; it was given {' × '.join(map(str, image.shape))} numbers",
            "Are width_px, height_px and layout in its card right?",
        )
        raise DataError(fault) from None
    with np.errstate(over="ignore"):  # what is too large is infinite, and told of below
        outputs = [np.atleast_1d(np.asarray(output)).astype(np.float32) for output in answer]
    if not all(np.isfinite(output).all() for output in outputs):
        do = "Are mean and std in its card right? Is the file whole?"
        where, found = f"model {card.name}", "an answer that is no number (NaN), or infinite"
        raise NoNumberError(Fault(where, found, "numbers", do))
    return outputs


def _brief(error: Exception) -> str:
    told = _PLACE_IN_SOURCE.sub("", " ".join(str(error).split()))
    return told[:300].rstrip(". ") or type(error).__name__


def _onnx(library: Any, card: Card) -> Run:  # noqa: ANN401 - the library has no types
    options = library.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = THREADS, 1
    options.log_severity_level = _ONNX_SILENT
    options.use_deterministic_compute = True
    model, *others = (file.path for file in card.files)
    options.add_session_config_entry(_ONNX_FOLDER, str(model.parent if others else model))
    session = library.InferenceSession(model.read_bytes(), options, providers=["CPUExecutionProvider"])
    taken, given = session.get_inputs(), session.get_outputs()
    if card.does != "detect":
        given = given[:1]
    _check_one_image(card, [each.name for each in taken])
    dtype = _onnx_type(card, f"the input {taken[0].name}", taken[0].type)
    for each in given:
        _onnx_type(card, f"the output {each.name}", each.type)
    names, at_once = [each.name for each in given], taken[0].shape[0] if taken[0].shape else 1

    def run(image: Floats) -> list[Any]:
        times = at_once if isinstance(at_once, int) else 1  # it takes so many, no more and no less
        shown = _of_type(np.repeat(image, times, axis=0), dtype, card)
        answer: list[Any] = session.run(names, {taken[0].name: shown})
        return [output[:1] if times > 1 and len(output) == times else output for output in answer]

    return run


def _onnx_type(card: Card, what: str, told: str) -> type[np.generic]:
    if told not in _ONNX_TYPES:
        found, do = f"{what}, which is {told}", "Export the model without it, or run it elsewhere."
        raise DataError(Fault(str(card.files[0].path), found, "an array of numbers", do))
    return _ONNX_TYPES[told]


def _check_one_image(card: Card, names: list[str]) -> None:
    if len(names) != 1:
        found = f"a model of {len(names)} inputs: {', '.join(names) or 'none'}"
        do = "Export one that takes an image alone. Lines that it wrote elsewhere can be brought as a table."
        raise DataError(Fault(str(card.files[0].path), found, "one input, an image", do))


@contextmanager
def _without_greeting() -> Iterator[None]:
    """Keep what LiteRT says of itself off the page: it writes past Python, and no setting ends that."""
    kept, nowhere = os.dup(_STDERR), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, _STDERR)
        yield
    finally:
        os.dup2(kept, _STDERR)
        os.close(kept)
        os.close(nowhere)


def _litert(library: Any, card: Card) -> Run:  # noqa: ANN401 - the library has no types
    content = card.files[0].path.read_bytes()
    with _without_greeting():
        interpreter = library.Interpreter(model_content=content, num_threads=THREADS)
        interpreter.allocate_tensors()
    taken, given = interpreter.get_input_details(), interpreter.get_output_details()
    _check_one_image(card, [each["name"] for each in taken])

    def run(image: Floats) -> list[Any]:
        interpreter.set_tensor(taken[0]["index"], _quantised(image, taken[0], card))
        interpreter.invoke()
        return [_unquantised(interpreter.get_tensor(each["index"]), each) for each in given]

    return run


def _opencv(library: Any, card: Card) -> Run:  # noqa: ANN401 - the library has no types
    network = library.dnn.readNet(*(str(file.path) for file in card.files[:2]))
    names = network.getUnconnectedOutLayersNames()

    def run(image: Floats) -> list[Any]:
        before = library.getNumThreads()
        library.setNumThreads(THREADS)
        try:
            network.setInput(image)
            return [np.array(output) for output in network.forward(names)]
        finally:
            library.setNumThreads(before)

    return run


def _of_type(image: Floats, dtype: type[np.generic], card: Card) -> NDArray[Any]:
    """Return an image in the numbers that a model takes; one that counts in whole steps takes no others."""
    if not issubclass(dtype, np.integer):
        return image.astype(dtype)
    limits = np.iinfo(dtype)
    if not np.array_equal(image, np.rint(image)) or image.min() < limits.min or image.max() > limits.max:
        found = f"numbers from {image.min():g} to {image.max():g}, as mean and std make them"
        expected = f"whole numbers from {limits.min:,} to {limits.max:,}, as this model takes"
        do = "Leave mean and std out of its card: pixels are whole numbers from 0 to 255."
        raise DataError(Fault(f"model {card.name}, input", found, expected, do))
    return image.astype(dtype)


def _quantised(image: Floats, told: dict[str, Any], card: Card) -> NDArray[Any]:
    """Return numbers as a model takes them that counts in whole steps."""
    scale, zero = told["quantization"]
    if not scale:
        return _of_type(image, told["dtype"], card)
    limits = np.iinfo(told["dtype"])
    steps: NDArray[Any] = np.clip(np.rint(image / scale) + zero, limits.min, limits.max)
    return steps.astype(told["dtype"])


def _unquantised(output: NDArray[Any], told: dict[str, Any]) -> NDArray[np.float64]:
    scale, zero = told["quantization"]
    found = output.astype(np.float64)
    return (found - zero) * scale if scale else found
