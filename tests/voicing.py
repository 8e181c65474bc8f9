"""Studies of voices for tests, made up and said to be so by nothing in them: no test shows them to anybody."""

import json

TODAY = "2026-11-30"
TERMS = {
    "agreed": ["read", "class"],
    "until": "withdrawal",
    "asked_by": "one of the group",
    "how": "in a call",
}


def voice(name, kind="testimony", **fields):
    """Return a voice as a table of TOML; a field that is None is left out."""
    stated = {"id": name, "kind": kind, "text": f"I say {name}.", **TERMS, **fields}
    lines = (
        f"{key} = {json.dumps(value, ensure_ascii=False)}"
        for key, value in stated.items()
        if value is not None
    )
    return "\n".join(("[[voice]]", *lines, ""))


def study(*voices, images=(), **fields):
    """Return a whole voices.toml; with images, one voice that speaks of them."""
    head = {"title": "Ours", **fields}
    lines = [f"{key} = {json.dumps(value)}" for key, value in head.items()]
    spoken = [voice("of-images", images=list(images))] if images else []
    situations = '[situations]\nwait = "A wait"\nrejected-task = "A task that was rejected"\n'
    return "\n".join((*lines, situations, *voices, *spoken))
