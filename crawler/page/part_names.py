"""Names of parts: which words of a class or id say what a part is, and which how it looks or what else the page has.

A theme writes both into one attribute: ``layout--with-sidebar`` is no side column, ``overflow-hidden`` hides nothing, and
``field--label-hidden`` hides a label alone.
"""

from __future__ import annotations

import re
from functools import lru_cache

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z](?:[a-z]|$|[^A-Za-z]))")

_OWN = re.compile(
    r"\b(?:entry|post|article|node|item|news|content|detail|single)[-_](?:footer|header|meta|nav|links?|title)\b|"
    r"\b(?:has|with|no|content)[-_]side-?bars?\w*|\bside-?bars?[-_](?:grid|wrap|layout|main)\w*",
    re.I,
)
"""Names of an article's own header and small print, and of layouts that have a side column beside the text."""

_LOOKS = re.compile(
    r"(?<!\S)(?:mso\S*|foot(?:er)?-?notes?(?:[-_]\S*)?|hidden-(?:xs|sm|md|lg|xl|print|phone|tablet|desktop)|hljs\S*|prism\S*|token|language-\S+|overflow-\S+|elementor-widget(?:-(?:container|wrap|text-editor|heading|image|theme-post-content|theme-text-block|shortcode)\S*)?|elementor-widget-?_+\S+|elementor-widget-(?:mobile|tablet)\S*|elementor-location-\S+|"
    r"(?:font|text|bg|color|style|has|is|no|js|wp-block|with|without|hide|hides|post|tag|category|cat)[-_]\S+|\S+[-_](?:fonts?|colou?rs?|bg|sizes?|styles?|text|txt|align|weight|enabled|disabled|first|last|sticky|pusher|margins?))(?!\S)",
    re.I,
)
"""Names of how a part looks, and those that Word, code highlighters and page builders give to text of any sort."""

_BESIDE = re.compile(
    r"[-_](?:has|with|without|no)[-_].*|--(?:[a-z0-9]+[-_]+){0,3}(?:side-?bars?|hidden|label[-_]hidden|visually[-_]hidden|ads?|left|right|banner|widgets?|header|footer)$",
    re.I,
)
"""The end of a name that says what else there is: ``page_has-leading-ad``, ``docs--sidebar``, ``field--label-hidden``."""

_LENGTH_LIMIT = 1000
"""Characters of an element's names that are read."""


@lru_cache(maxsize=8192)
def parted(names: str) -> str:
    """Names with the words of ``camelCase`` parted; letters of a hash ("c-ZIpQC") stay together."""
    return _CAMEL.sub("-", names) if names else ""


@lru_cache(maxsize=8192)  # a theme gives few names to many elements
def said(names: str) -> str:
    """Names without those that say how a part looks, what stands beside it, or that it is the article's own."""
    left = [word for name in names[:_LENGTH_LIMIT].split() if (word := _noun(name))]
    return _OWN.sub(" ", _LOOKS.sub(" ", " ".join(left)))


def without_own(names: str) -> str:
    """Names without those of an article's own header and small print ("article-header-date" is no header's)."""
    return _OWN.sub(" ", names)


def _noun(name: str) -> str:
    """One name without its modifier; none of a utility's ("md:hidden", "[&_p]:mt-2")."""
    if ":" in name or "[" in name:
        return ""
    return _BESIDE.sub("", name, count=1)
