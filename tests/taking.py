"""What somebody takes along from a widget: downloads, and what becomes of them."""

import subprocess
import sys
from pathlib import Path

from retrain_kit.answers import Store


def take(page, root, label, folder):
    """Click a button that downloads, keep the file under the name it is given, return its path."""
    with page.expect_download() as download:
        root.get_by_role("button", name=label, exact=True).click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def key_in(letter):
    """Return the key that a downloaded letter holds."""
    return letter.read_text(encoding="utf-8").splitlines()[2]


def merge(file, into):
    """Merge a file by the command line; return the records that are in the store then."""
    command = [Path(sys.executable).parent / "retrain-kit", "merge", file, "-o", into]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    return records(into)


def records(folder):
    with Store(folder) as store:
        return store.records()


def end_kernel(page):
    """End the notebook's kernel, as a server does that nobody has used for a while.

    JupyterLab says so at some time or other, in a dialog, which whoever sits there puts away.
    """
    page.add_locator_handler(
        page.get_by_role("dialog"), lambda dialog: dialog.get_by_role("button").last.click()
    )
    page.evaluate("async () => { await jupyterapp.shell.currentWidget.sessionContext.shutdown(); }")
    page.context.set_offline(True)
