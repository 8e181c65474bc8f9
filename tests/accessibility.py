"""What axe-core, the engine of most checks of accessibility, says of a page."""

from axe_playwright_python.sync_playwright import Axe

GRAVE = {"serious", "critical"}


def grave(page, within=None):
    """Return what is seriously or critically wrong on a page, or within a selector: the rule and the place."""
    found = Axe().run(page, context=within).response["violations"]
    return [
        f"{violation['id']}: {node['html'][:160]} {node['failureSummary'].splitlines()[-1].strip()}"
        for violation in found
        if violation["impact"] in GRAVE
        for node in violation["nodes"]
    ]
