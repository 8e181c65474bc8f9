"""Notebook 15 runs headless: on annotations of a machine, and with figures of one's own."""

import reporting

OWN = """
[[figure]]
id = "mine"
about = "time"
work = "box"
value = 2
unit = "min/box"
source = "my own clock"
verified = "text"
"""


def test_what_a_machine_made_took_nobodys_time(kernel, tmp_path):
    (tmp_path / "own.toml").write_text(OWN, "utf-8")
    done = reporting.report(
        "15", tmp_path, "-p", "more_figures=own.toml", "-p", 'only_figures=["mine", "coco-outline"]'
    )
    assert done.returncode == 0, done.stderr
    text = reporting.text(reporting.page(tmp_path))
    assert "time 0 seconds pieces of work 747" in text
    assert "747 pieces, no annotator's time; by hand they would have been 19 hours" in text
    assert "From: not stated. my own clock hardly verified" in text
    assert "No figure of pay is chosen." in text
