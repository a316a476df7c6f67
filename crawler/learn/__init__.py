"""A portal teaches how it is read: themes learnt from the pages held, as data, and articles read by them.

>>> themes = learn(pages)                 # pure: pages in, themes out, each field with its evidence
>>> theme = theme_for(page, themes)       # the theme whose title and text a page bears
"""

from __future__ import annotations

from crawler.cms.learnt import Evidence, LearntTheme
from crawler.extract.by_theme import by_theme, theme_for
from crawler.learn.learner import learn
from crawler.learn.signs.held import HeldPage

__all__ = ["Evidence", "HeldPage", "LearntTheme", "by_theme", "learn", "theme_for"]
