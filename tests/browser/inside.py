"""What is done on the island: every notebook with a widget, as it is, run whole in JupyterLab by a browser.

Those that have tests which do so are left to these, see `islands.NOTEBOOKS_THERE`.
What the others do in a kernel is done on the island by their reports; in a browser they show tables, as these do.
"""

import re
import shutil

import islands
import pytest
from places import ROOT

WIDGET = re.compile(r"from retrain_kit\S*\.widgets?\b|from retrain_kit\S+ import .*\bwidget\b")

NOTEBOOKS = [
    path
    for path in sorted((ROOT / "notebooks").glob("*.ipynb"))
    if path.name[:2] not in islands.NOTEBOOKS_THERE and WIDGET.search(path.read_text("utf-8"))
]


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem[:2])
def test_the_notebook_runs_whole_in_jupyterlab(open_page, lab, run_notebook, notebook):
    shutil.copy(notebook, lab.folder)
    with open_page(viewport={"width": 1280, "height": 1100}) as page:
        run_notebook(page, lab, notebook.name)
