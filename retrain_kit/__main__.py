"""Start the command line, or say which extra it needs."""

from __future__ import annotations

import os
import sys

from retrain_kit.errors import STOPPED, STOPPED_STATUS


def main() -> None:
    """Run `retrain-kit`; the entry point of the installed command."""
    _open_closed()
    try:
        _run()
    except KeyboardInterrupt:  # while it was loading: later ones the group of commands has heard
        sys.stderr.write(f"{STOPPED}\n")
        sys.exit(STOPPED_STATUS)


def _open_closed() -> None:
    """Give each closed standard stream the empty device: else a file that is opened gets its number."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode))  # noqa: SIM115, PTH123 - open as long as the program


def _run() -> None:
    try:
        from retrain_kit.cli import kit  # noqa: PLC0415 - the core is installed without click
    except ModuleNotFoundError as missing:
        if (missing.name or "").startswith("retrain_kit"):
            raise
        sys.exit(f"retrain-kit: {missing.name} is not installed. Type: pip install 'retrain-kit[kit]'")
    kit()


if __name__ == "__main__":
    main()
