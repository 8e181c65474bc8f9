"""Work statement: what the documents of a study say of the time and the pay of its annotations.

Two things stand beside each other and are never one: what the authors of the data set disclose, mostly
nothing, and what like work takes by published figures. The datasheet and Croissant read both here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from retrain_kit import __version__
from retrain_kit.analysis import ledger as ledgers
from retrain_kit.analysis.ledger import Ledger, WorkTally
from retrain_kit.reports.ledger_views import PAY
from retrain_kit.reports.responsible_ai import is_silent
from retrain_kit.studies import labour_figures
from retrain_kit.studies.quantity_words import money_in_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.studies.labour_figures import LabourFigure
    from retrain_kit.studies.manifests import Manifest

    Json = dict[str, Any]

NOT_DISCLOSED = "not disclosed"
LIKE_WORK = "time that like work takes, by published figures"
TOOK, PAID = "time that it took", "pay"


@dataclass(frozen=True)
class WorkStatement:
    """What is disclosed, and what published figures say.

    Parameters
    ----------
    took, paid
        What the authors of the data set say; `NOT_DISCLOSED` where they do not.
    tally
        The work in the study's annotations.
    """

    took: str
    paid: str
    tally: WorkTally = field(default_factory=WorkTally)

    @property
    def whole(self) -> Ledger:
        """The ledger of all of it, by all figures of the kit."""
        return ledgers.make_ledger(self.tally.whole, labour_figures.kit_figures())

    @property
    def machines(self) -> int:
        """How many pieces machines made."""
        return sum(ledgers.by_hand(self.tally.whole).values())

    @property
    def earned(self) -> list[tuple[LabourFigure, str]]:
        """What the time would have earned by each figure of pay: claimed ones, then measured ones."""
        time = self.whole.time
        pays = [each for name in PAY for each in labour_figures.kit_figures() if each.about == name]
        return [(each, money_in_words(ledgers.earned(time, each.quantity))) for each in pays if time.high]

    def of_annotator(self, word: str) -> Ledger:
        """Return the ledger of what an annotator made, by the word that the study has."""
        return ledgers.make_ledger(self.tally.annotators[word], labour_figures.kit_figures())


def state_work(manifest: Manifest, samples: Iterable[Sample]) -> WorkStatement:
    """Return what a study's documents say of the work in it."""
    said = manifest.annotation
    took, paid = (
        NOT_DISCLOSED if is_silent(text) else " ".join(text.split()) for text in (said.took, said.paid)
    )
    return WorkStatement(took, paid, ledgers.count_work(samples, manifest))


def properties(statement: WorkStatement, found: Ledger) -> list[Json]:
    """Return what is stated of a part of the work, as `PropertyValue` of schema.org, with its sources."""
    told = [_property(TOOK, {"value": statement.took}), _property(PAID, {"value": statement.paid})]
    if found.pieces == found.untimed:
        return [*told, _property(LIKE_WORK, {"value": ledgers.NO_FIGURE})]
    limits = {"minValue": found.time.low, "maxValue": found.time.high, "unitCode": "SEC"}
    told.append(_property(LIKE_WORK, limits | {"description": found.told} | _origin(found)))
    return told


def _property(name: str, more: Mapping[str, Any]) -> Json:
    return {"@type": "sc:PropertyValue", "name": name, **more}


def _origin(found: Ledger) -> Json:
    """Return in PROV-O what reckoned a time, and from which figures."""
    agent = {"@type": "prov:SoftwareAgent", "prov:label": f"retrain-kit {__version__}"}
    reckoned = {
        "@type": "prov:Activity",
        "prov:label": "reckoned from published figures of like work; nobody measured it here",
        "prov:wasAssociatedWith": agent,
    }
    sources = [
        {
            "@type": "prov:Entity",
            "prov:label": figure.source,
            "description": f"{figure.written}. {figure.told} {figure.standing.capitalize()}.",
        }
        for figure in found.figures
    ]
    return {"prov:wasGeneratedBy": reckoned} | ({"prov:wasDerivedFrom": sources} if sources else {})
