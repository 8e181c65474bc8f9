"""Takeaways: what the people at one screen have said, in a file that they take along.

It is a file of answers like any other: `retrain-kit merge` takes it. No key is in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from retrain_kit.answers import author_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from retrain_kit.answers import Key, Store


def takeaway(stores: Iterable[Store], keys: Iterable[Key]) -> dict[str, Any]:
    """Return what was said, amended and withdrawn with these keys alone, as the browser keeps it.

    Returns
    -------
    dict
        `name` and `text` of the file, and the pseudonyms of its `people`; all empty where they have said
        nothing.
    """
    keys = [key for key in keys if key]
    files = [store.lines_of(*keys) for store in dict.fromkeys(stores)]
    lines = [line.decode() for header, *said in files if said for line in (header, *said)]
    if not lines:
        return {"name": "", "text": "", "people": []}
    people = [author_of(key).who for key in keys]
    more = f"-and-{len(people) - 1}-more" if len(people) > 1 else ""
    text = "".join(f"{line}\n" for line in lines)
    return {"name": f"answers-{people[0]}{more}.jsonl", "text": text, "people": people}
