"""Licences: whether an image may go along with what is made of it, as far as its study's table lists it."""

from __future__ import annotations

import re

KEEP_NOTICE = "pass nothing on"
"""Words by which the notice of a study keeps all of its images where they are."""
_FREE = re.compile(r"(cc0|public domain|cc[ -]by(-sa)?)([ -][\w. -]*)?", re.IGNORECASE)
_BOUND = re.compile(r"\b(nc|nd)\b", re.IGNORECASE)


def licence_allows(licence: str) -> bool:
    """Say whether a licence, as a table lists it, is CC0, public domain, CC BY or CC BY-SA."""
    return bool(_FREE.fullmatch(licence.strip())) and not _BOUND.search(licence)


def reason_to_stay(licence: str, notice: str, study_notice: str) -> str:
    """Return why an image may not be shown elsewhere, as a clause; an empty text where it may.

    Parameters
    ----------
    licence, notice
        What the study's table lists for the image: its licence, and what to know before looking at it.
    study_notice
        The study's own notice on content.
    """
    if KEEP_NOTICE in study_notice:
        return "the study asks to pass nothing on"
    if notice:
        return "it has a notice of its own"
    if not licence_allows(licence):
        return f"no licence is listed that allows it: {licence.strip() or 'none is listed'}"
    return ""
