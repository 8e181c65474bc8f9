"""Voices: testimonies and small strategies of those who annotate, each under terms of its own."""

from retrain_kit.exercises.voices.terms import USES, Terms
from retrain_kit.exercises.voices.voices import EXERCISE, Voices

__all__ = ["EXERCISE", "USES", "Terms", "Voices"]
