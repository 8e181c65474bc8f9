"""Absence: what was written and is in no box, denied, never together, said beside people, or has no word.

Each table leads from its numbers to sentences and small images, all of them under the veil.
"""

from retrain_kit.reports.absence.beside import beside
from retrain_kit.reports.absence.denied import denied
from retrain_kit.reports.absence.meetings import meetings
from retrain_kit.reports.absence.study_words import Asked, StudyWords, study_note, study_words
from retrain_kit.reports.absence.written import in_no_box, no_word, written_note

__all__ = [
    "Asked",
    "StudyWords",
    "beside",
    "denied",
    "in_no_box",
    "meetings",
    "no_word",
    "study_note",
    "study_words",
    "written_note",
]
