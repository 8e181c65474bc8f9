"""Start the command line, or say which extra it needs."""

from __future__ import annotations

import sys


def main() -> None:
    """Run `retrain-kit`; the entry point of the installed command."""
    try:
        from retrain_kit.cli import kit  # noqa: PLC0415 - the core is installed without click
    except ModuleNotFoundError as missing:
        if (missing.name or "").startswith("retrain_kit"):
            raise
        sys.exit(f"retrain-kit: {missing.name} is not installed. Type: pip install 'retrain-kit[kit]'")
    kit()


if __name__ == "__main__":
    main()
