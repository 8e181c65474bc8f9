"""What the tests of voices share: a folder that somebody brings, and the store it is kept in."""

import pytest

from retrain_kit.answers import Author
from retrain_kit.exercises.voices import Voices, intake
from retrain_kit.exercises.voices.folder import read_folder
from retrain_kit.storage import texts


class Desk:
    """A folder `ours` with voices.toml, the store `answers` beside it, and people's keys."""

    def __init__(self, place):
        self.place, self.folder, self.table = place, place / "ours", place / "keys.csv"
        self.folder.mkdir()

    def write(self, toml, **files):
        (self.folder / "voices.toml").write_text(toml, encoding="utf-8")
        for name, data in files.items():
            (self.folder / name.replace("_", ".")).write_bytes(data)

    def take(self, toml=None, **files):
        if toml is not None:
            self.write(toml, **files)
        brought = read_folder(self.folder)
        self.study = brought.study
        return intake.take_in(brought, self.voices(), self.table)

    def voices(self):
        return Voices(self.place / "answers", self.study.name, demonstration=self.study.demonstration)

    @property
    def keys(self):
        rows = texts.table_rows(self.table, ("pseudonym", "key"), ("pseudonym", "key"))
        return {row["pseudonym"]: row["key"] for _, row in rows}

    def who(self, name):
        return Author(self.keys[name]).who


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)
