"""Places: the administrative units of Vietnam with their dates, before and after the reform of 1 July 2025."""

from archive.places.gazetteer import Gazetteer, gazetteer
from archive.places.unit import Level, Succession, Unit

__all__ = ["Gazetteer", "Level", "Succession", "Unit", "gazetteer"]
