"""Runtimes: ONNX Runtime, LiteRT and OpenCV's dnn, each as one function from arrays to arrays.

All run on the processor, with a fixed number of threads, so that a run says what the last one said. None is a
part of the kit: a library is imported when a card asks for it.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

from retrain_kit.errors import DataError, Fault

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from retrain_kit.models.cards import Card

    Floats = NDArray[np.float32]

Run = Callable[["Floats"], list["Floats"]]
"""From a batch, float32 (images, …), to the outputs in the model's order, float32 (images, …) each."""

THREADS = 2
PACKAGES = {"onnx": "onnxruntime", "litert": "ai-edge-litert", "opencv": "opencv-python-headless"}
_MODULES = {"onnx": "onnxruntime", "litert": "ai_edge_litert.interpreter", "opencv": "cv2"}
_ONNX_SILENT = 4


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
    paths = [file.path for file in card.files]
    opening = {"onnx": _onnx, "litert": _litert, "opencv": _opencv}[card.runtime]
    try:
        return opening(library, paths)
    except Exception as error:  # noqa: BLE001 - libraries raise what they like at a broken file
        fault = Fault(
            str(paths[0]), f"a file that {PACKAGES[card.runtime]} cannot read ({_brief(error)})", "a model"
        )
        raise DataError(fault) from None


def run_model(run: Run, card: Card, batch: Floats) -> list[Floats]:
    """Return the outputs for a batch.

    Raises
    ------
    DataError
        When the model refuses the batch, or answers with what is no number.
    """
    try:
        outputs = run(batch)
    except Exception as error:  # noqa: BLE001 - libraries raise what they like
        fault = Fault(
            f"model {card.name}",
            f"an input that it refuses ({_brief(error)})",
            f"what it takes; it was given {' × '.join(map(str, batch.shape))} numbers",
            "Are width_px, height_px and layout in its card right?",
        )
        raise DataError(fault) from None
    if not all(np.isfinite(output).all() for output in outputs):
        do = "Are mean and std in its card right? Is the file whole?"
        raise DataError(Fault(f"model {card.name}", "an answer that is no number (NaN)", "numbers", do))
    return outputs


def _brief(error: Exception) -> str:
    return " ".join(str(error).split())[:160] or type(error).__name__


def _onnx(library: Any, paths: list[Path]) -> Run:  # noqa: ANN401 - the library has no types
    options = library.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = THREADS, 1
    options.log_severity_level = _ONNX_SILENT
    options.use_deterministic_compute = True
    session = library.InferenceSession(paths[0].read_bytes(), options, providers=["CPUExecutionProvider"])
    taken = session.get_inputs()[0]
    one_by_one = isinstance(taken.shape[0], int)
    dtype = {"tensor(uint8)": np.uint8, "tensor(float16)": np.float16}.get(taken.type, np.float32)

    def run(batch: Floats) -> list[Floats]:
        parts = np.split(batch, len(batch)) if one_by_one else [batch]
        return _joined([session.run(None, {taken.name: part.astype(dtype)}) for part in parts])

    return run


def _litert(library: Any, paths: list[Path]) -> Run:  # noqa: ANN401 - the library has no types
    interpreter = library.Interpreter(model_content=paths[0].read_bytes(), num_threads=THREADS)
    interpreter.allocate_tensors()
    taken, given = interpreter.get_input_details()[0], interpreter.get_output_details()

    def run_one(part: Floats) -> list[Floats]:
        interpreter.set_tensor(taken["index"], _quantised(part, taken))
        interpreter.invoke()
        return [_unquantised(interpreter.get_tensor(each["index"]), each) for each in given]

    return lambda batch: _joined([run_one(part) for part in np.split(batch, len(batch))])


def _opencv(library: Any, paths: list[Path]) -> Run:  # noqa: ANN401 - the library has no types
    network = library.dnn.readNet(*map(str, paths[:2]))
    names = network.getUnconnectedOutLayersNames()

    def run_one(part: Floats) -> list[Floats]:
        before = library.getNumThreads()
        library.setNumThreads(THREADS)
        try:
            network.setInput(part)
            return [np.array(output) for output in network.forward(names)]
        finally:
            library.setNumThreads(before)

    return lambda batch: _joined([run_one(part) for part in np.split(batch, len(batch))])


def _joined(answers: list[Any]) -> list[Floats]:
    """Return the outputs of several runs as those of one."""
    return [np.concatenate(each).astype(np.float32) for each in zip(*answers, strict=True)]


def _quantised(part: Floats, told: dict[str, Any]) -> NDArray[Any]:
    """Return numbers as a model takes them that counts in whole steps."""
    scale, zero = told["quantization"]
    if not scale:
        return part.astype(told["dtype"])
    limits = np.iinfo(told["dtype"])
    steps: NDArray[Any] = np.clip(np.rint(part / scale) + zero, limits.min, limits.max)
    return steps.astype(told["dtype"])


def _unquantised(output: NDArray[Any], told: dict[str, Any]) -> Floats:
    scale, zero = told["quantization"]
    found = output.astype(np.float64)
    result: Floats = ((found - zero) * scale if scale else found).astype(np.float32)
    return result
