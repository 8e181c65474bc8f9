"""A study's nutrition label: what is in it, from whom, by whose work, what was never said; one page."""

from retrain_kit.reports.nutrition_label.contents import LabourFigure, NutritionLabel, fill_label
from retrain_kit.reports.nutrition_label.counting import study_label
from retrain_kit.reports.nutrition_label.pages import PAPERS, LabelView, label_html, label_pdf

__all__ = [
    "PAPERS",
    "LabelView",
    "LabourFigure",
    "NutritionLabel",
    "fill_label",
    "label_html",
    "label_pdf",
    "study_label",
]
