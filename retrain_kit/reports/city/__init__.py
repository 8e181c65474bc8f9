"""The page of a city: a whole data set to be walked through, in one file that needs nothing else."""

from retrain_kit.reports.city.making import MOST_CARDS, CityPage, city_html

__all__ = ["MOST_CARDS", "CityPage", "city_html"]
