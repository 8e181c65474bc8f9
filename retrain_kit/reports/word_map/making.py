"""The page of a map of words: one HTML file with all synsets of a label system. It asks no host for anything.

Words that the veil hides are not in the file: their places, ids and counts are.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from retrain_kit import __version__
from retrain_kit.annotations.veil import VeiledTexts
from retrain_kit.display import assets, icicle
from retrain_kit.reports import templating
from retrain_kit.reports.word_map.packing import packed_tree

if TYPE_CHECKING:
    from retrain_kit.analysis.label_use import LabelUse
    from retrain_kit.annotations.label_tree import LabelTree
    from retrain_kit.annotations.veil import Veil

FOLDER = Path(__file__).parent
_COMMENT = re.compile(r"^ */\*\*(?:(?!\*/).)*\*/\n", re.MULTILINE | re.DOTALL)
"""Comments of the script are not sent along: every byte counts, see `packing`."""


def word_map_html(tree: LabelTree, title: str, veil: Veil, use: LabelUse | None = None) -> bytes:
    """Return the page, in UTF-8: to be written as it is, since its signs stand for numbers.

    Parameters
    ----------
    tree
        The label system.
    title
        What it is called.
    veil
        Which words are not in the page.
    use
        In how many images of a study each synset is, and what bears it; none where there is no study.
    """
    environment = templating.html_environment(FOLDER)
    script = _COMMENT.sub("", assets.inlined_script(FOLDER / "page.js"))
    style = assets.page_sheet(FOLDER / "page.css")
    page = environment.get_template("page.html.j2").render(
        title=title,
        tree=tree,
        all=len(tree.ids),
        instances=sum(bool(synset.instance_of) for synset in tree.taxonomy),
        second=len(tree.elsewhere),
        veiled=sum(map(veil.hides, tree.ids)),
        use=use,
        notice=tree.taxonomy.notice,
        twin=Markup(icicle.icicle_svg(tree, veil, use.images_below if use else None)),  # noqa: S704 - escaped there
        script=Markup(script),  # noqa: S704 - the kit's own
        style=Markup(style),  # noqa: S704 - the kit's own
        script_digest=assets.policy_digest(script),
        style_digest=assets.policy_digest(style),
        version=__version__,
        words=Markup(packed_tree(tree, veil, use)),  # noqa: S704 - no sign of it is markup
        told=_told(tree, veil),
    )
    return page.encode()


def _told(tree: LabelTree, veil: Veil) -> str:
    """Return what the page says besides the words: why, when and by whose word synsets were withdrawn."""
    gone = [synset for synset in tree.taxonomy if synset.retired]
    texts = VeiledTexts(tree.taxonomy, veil) if gone else str
    withdrawn = {tree.places[synset.id]: texts(str(synset.withdrawal)) for synset in gone}
    return json.dumps({"withdrawn": withdrawn}).replace("<", "\\u003c")
