"""The summary page of many reports: what was made, with links, and what was not, with the reason."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from retrain_kit.reports.making import MadeReport

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrain_kit.reports.making import ReportJob, ReportOutcome

TEMPLATES = Path(__file__).parent / "templates"
NAME = "index.html"


def write_summary(jobs: Sequence[ReportJob], outcomes: Sequence[ReportOutcome], folder: Path) -> Path:
    """Write the page that links the reports of a call, in their folder, and return its path.

    Parameters
    ----------
    jobs
        The reports that were asked for; their targets lie in `folder`.
    outcomes
        What became of each, in the same order.
    """
    from markupsafe import Markup  # noqa: PLC0415 - many reports alone

    from retrain_kit import __version__  # noqa: PLC0415 - the same
    from retrain_kit.display import assets  # noqa: PLC0415 - the same
    from retrain_kit.reports import templating  # noqa: PLC0415 - the same
    from retrain_kit.storage.files import writing  # noqa: PLC0415 - the same

    environment = templating.html_environment(TEMPLATES)
    rows = [_row(job, outcome, folder) for job, outcome in zip(jobs, outcomes, strict=True)]
    html = environment.get_template("summary/page.html.j2").render(
        rows=rows,
        made=sum(row["made"] for row in rows),
        style=Markup(assets.page_sheet(TEMPLATES / "report" / "style.css")),  # noqa: S704 - the kit's own
        version=__version__,
    )
    with writing(folder / NAME) as temporary:
        temporary.write_text(html, encoding="utf-8")
    return folder / NAME


def _row(job: ReportJob, outcome: ReportOutcome, folder: Path) -> dict[str, Any]:
    """Return what the page says of one report."""
    from retrain_kit.reports import notebooks  # noqa: PLC0415 - slow to load

    defaults = {each.name: each.default for each in notebooks.read_parameters(job.notebook)}
    values = {name: value for name, value in job.values.items() if name != "study"}
    failed = job.target.with_name(f"{job.target.stem}.failed.ipynb")
    if isinstance(outcome, MadeReport):
        files, said, rejected = outcome.files, "", outcome.rejected
    else:
        files, said, rejected = [failed] if failed.is_file() else [], str(outcome), 0
    return {
        "title": notebooks.notebook_title(notebooks.load_notebook(job.notebook)) or job.notebook.stem,
        "study": job.values.get("study", ""),
        "parameters": {name: _shown(value) for name, value in values.items() if value != defaults.get(name)},
        "made": isinstance(outcome, MadeReport),
        "said": said,
        "rejected": rejected,
        "files": [(path.name, quote(path.relative_to(folder).as_posix())) for path in files],
    }


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
