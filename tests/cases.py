"""The small inputs that fail, from beside the checkout, in today's words: their keys are those of an older kit."""

import re
import shutil

import pytest
from places import SHARED

CASES = SHARED / "cases"

_WORDS = {
    "*.toml": [
        (r"(?m)^marks\b", "annotations"),
        (r'"marks\.jsonl"', '"annotations.jsonl"'),
        (r"(?m)^pictures\s*=", "images ="),
        (r'(?m)^dataset\s*=\s*"pictures"', 'dataset = "images"'),
        (r"(?m)^\[files\.pictures\]", "[files.images]"),
    ],
    "*.jsonl": [(r'"maker"', '"annotator"')],
}


def copy_case(name, folder):
    """Copy a case (`files/17-rejected-box`) into a folder, its keys in today's words; return the copy."""
    source = CASES / name
    if not source.exists():
        pytest.skip(f"the case lies in ../shared/cases/{name}, which is not here")
    target = shutil.copytree(source, folder / source.name, symlinks=True)
    for pattern, words in _WORDS.items():
        for path in target.rglob(pattern):
            text = path.read_bytes().decode("utf-8", "surrogateescape")
            for old, new in words:
                text = re.sub(old, new, text)
            path.write_bytes(text.encode("utf-8", "surrogateescape"))
    for path in target.rglob("marks.jsonl"):
        path.rename(path.with_name("annotations.jsonl"))
    return target
