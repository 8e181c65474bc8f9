"""What is done on the island: every notebook as it is, run whole in JupyterLab by a browser."""

import shutil

import pytest
from places import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem[:2])
def test_the_notebook_runs_whole_in_jupyterlab(open_page, lab, run_notebook, notebook):
    shutil.copy(notebook, lab.folder)
    with open_page(viewport={"width": 1280, "height": 1100}) as page:
        run_notebook(page, lab, notebook.name)
