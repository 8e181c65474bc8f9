"""Cards: the head that makes a folder of Parquet files a data set in the layout of Hugging Face."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
import yaml  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from polars._typing import PolarsDataType

_NAMES: dict[PolarsDataType, str] = {pl.String: "string", pl.Float64: "float64", pl.Int64: "int64"}


def head(told: Mapping[str, object]) -> str:
    """Return the YAML that stands before the text of a card; what is empty is left out."""
    stated = {key: value for key, value in told.items() if value}
    return f"---\n{yaml.safe_dump(stated, allow_unicode=True, sort_keys=False)}---\n\n"


def about(title: str, languages: Collection[str]) -> dict[str, object]:
    """Return what a card says of a data set; nobody has said under which licence answers may be passed on."""
    short = sorted({language.lower().partition("-")[0] for language in languages if language})
    return {"pretty_name": title, "license": "unknown", "language": short}


def layout(
    tables: Mapping[str, pl.DataFrame], paths: Mapping[str, str], split: str
) -> dict[str, list[dict[str, Any]]]:
    """Return what a card says of its files.

    Parameters
    ----------
    tables
        By name; each becomes a configuration of that name, the first the default one.
    paths
        Where each table is, below the card's folder.
    split
        What its one split is called.
    """
    files = {name: [{"split": split, "path": paths[name]}] for name in tables}
    return {
        "configs": [
            {"config_name": name, "data_files": file, "default": name == next(iter(files))}
            for name, file in files.items()
        ],
        "dataset_info": [
            {"config_name": name, "features": features(table)} for name, table in tables.items()
        ],
    }


def features(table: pl.DataFrame) -> list[dict[str, Any]]:
    """Return the columns of a table as a card names them."""
    return [{"name": name, **_feature(kind)} for name, kind in table.schema.items()]


def _feature(kind: PolarsDataType) -> dict[str, Any]:
    if isinstance(kind, pl.List):
        inner = _feature(kind.inner)
        return {"sequence": inner.get("dtype", inner)}
    return {"dtype": _NAMES[kind.base_type()]}
