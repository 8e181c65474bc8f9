"""Progress is shown where it leaves no strip of errors: in JupyterLab as a bar, elsewhere as a line."""

import pytest
from tqdm.notebook import tqdm_notebook
from tqdm.std import tqdm
from waiting import PATIENCE_S

from retrain_kit.display import assets
from retrain_kit.widgets.progress import watched


@pytest.mark.parametrize(("session", "kind"), [("a.ipynb", tqdm_notebook), ("", tqdm)])
def test_the_bar_is_the_one_of_its_place_and_gives_all_items(monkeypatch, capsys, session, kind):
    monkeypatch.delenv(assets.LAB_SESSION, raising=False)
    if session:
        monkeypatch.setenv(assets.LAB_SESSION, session)
    bar = watched(["a", "b"], "looking", delay_s=PATIENCE_S)
    assert type(bar) is kind
    assert list(bar) == ["a", "b"]
    assert capsys.readouterr() == ("", "")
