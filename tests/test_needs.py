"""What the machine lacks is named with how to get it, and hides nothing where all is to be there."""

import needs
import pytest

from retrain_kit.imaging.jpeg import turbo

LACKING = pytest.mark.parametrize(
    ("variable", "need", "said"),
    [
        ("CHROMIUM", needs.chromium, r"no chromium \(sudo apt install chromium\)"),
        (turbo.LIBRARY_VARIABLE, needs.turbojpeg, r"no libturbojpeg \(sudo apt install libturbojpeg0\)"),
    ],
    ids=["chromium", "libturbojpeg"],
)


@LACKING
def test_a_test_is_skipped_for_want_of_it(monkeypatch, variable, need, said):
    monkeypatch.setenv(variable, "/nowhere")
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match=said):
        need()


@LACKING
def test_where_ci_is_true_it_fails(monkeypatch, variable, need, said):
    monkeypatch.setenv(variable, "/nowhere")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match=said):
        need()
