"""The kit as a plugin of FiftyOne: this folder is what lies in FiftyOne's folder of plugins.

It holds no code of its own: the operators are those of the kit that is installed beside FiftyOne.
"""

from __future__ import annotations

from typing import Any


def register(plugin: Any) -> None:  # noqa: ANN401 - FiftyOne has no types
    """Give FiftyOne the kit's operators."""
    from retrain_kit.fiftyone.operators import OPERATORS  # noqa: PLC0415 - FiftyOne names what it does not find

    for operator in OPERATORS:
        plugin.register(operator)
