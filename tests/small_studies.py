"""Studies of small data sets, made where a test stands."""

from retrain_kit.studies import disclosure, manifests
from retrain_kit.studies.data_access import Access
from retrain_kit.studies.sampling import Rule


def study(folder, dataset, images=(), files=None, **rule):
    """Return a study of `images`, (id, file, size) each, files by name below the folder, and a rule."""
    return manifests.Manifest(
        name="mine",
        title="t",
        why="w",
        dataset=dataset,
        version="1",
        licence="l",
        retrieved="r",
        folder=folder,
        files={name: folder / path for name, path in (files or {}).items()},
        annotation=disclosure.AnnotationProcess(),
        images=tuple(
            manifests.ImageRow(name, file, "0" * 64, *size, "licence", "author", "source")
            for name, file, size in images
        ),
        digest="",
        access=Access(how="Ask its authors."),
        draw=Rule(5, 7, **{key: tuple(value) if key == "labels" else value for key, value in rule.items()}),
    )


def folder_toml(title, why, more="", version="1"):
    """Return the manifest of a folder that has annotations of its own, by Ana; `more` is what she tells besides."""
    return f"""
title = "{title}"
why = "{why}"
dataset = "folder"
version = "{version}"
licence = "CC0-1.0"
retrieved = 2026-11-30

[files]
annotations = "annotations.jsonl"

[annotation]
who = "Ana"
when = "2026"
how = "By hand."
{more}"""


def put(folder, *paths, content=b"an image"):
    """Write a file at each path below the folder."""
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
