"""Notebook 19 reads voices as their terms allow it; without any it shows what no worker said, and says so."""

import re

import media
import pytest
import reporting
from bs4 import BeautifulSoup
from voicing import study, voice

from retrain_kit.errors import ParameterError
from retrain_kit.exercises.voices import Voices, intake, notebook_view
from retrain_kit.exercises.voices.folder import read_folder
from retrain_kit.reports import notebooks, render

MADE_UP = "Made for demonstration by the makers of the kit. No worker said this."


def test_each_view_of_the_demonstration_says_that_no_worker_said_it(report_of):
    soup = BeautifulSoup(report_of("19").read_text(encoding="utf-8"), "html.parser")
    views = soup.select(
        ".rk-note:-soup-contains('The makers of the kit, as'), .rk-note:-soup-contains('None here')"
    )
    assert len(views) > 5
    assert all(MADE_UP in each.get_text() for each in views)
    text = reporting.text(soup)
    assert "not shown 1: not agreed to: class 1: the terms have ended" in text
    assert "250,000 workers" in text
    assert not soup.select("audio, script")


def test_it_shows_ones_own_voices_and_asks_for_their_store(tmp_path):

    assert render.STORE_PARAMETER in {
        each.name for each in notebooks.read_parameters(notebooks.find_notebook("19_voices"))
    }
    toml = study(
        voice("a", text="<b>one</b>\ntwo", pseudonym="kestrel"),
        voice("b", text=None, file="b.wav"),
        voice("s", "strategy", answers=["wait"], agreed=["class", "archive"], pseudonym="kestrel"),
    )
    (tmp_path / "voices.toml").write_text(toml, encoding="utf-8")
    (tmp_path / "b.wav").write_bytes(media.wav())
    brought = read_folder(tmp_path)
    with Voices(tmp_path / "kept", brought.study.name) as kept:
        intake.take_in(brought, kept, tmp_path / "keys.csv")
    shown = notebook_view.shown_voices(str(tmp_path), str(tmp_path / "kept"), "class")
    html = notebook_view.testimonies_view(shown, None)._repr_html_()
    assert "&lt;b&gt;one&lt;/b&gt;<br>two" in html
    assert "No transcript." in html
    assert "demonstration" not in html
    archive = notebook_view.archive_view(shown)
    assert re.sub(r"\s+", " ", repr(archive)) == "A wait I say s. A task that was rejected"
    assert "kestrel" not in archive._repr_html_()
    with pytest.raises(ParameterError, match="voices_folder, store_folder: found one of them; expected both"):
        notebook_view.shown_voices(str(tmp_path), "", "class")
