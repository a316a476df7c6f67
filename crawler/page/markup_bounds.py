"""Bounds of a page's markup, before any parser sees it: what costs a parser the square of its length is refused or cut.

lexbor compares each attribute of a tag with all before it (100,000 of them: 12 s) and each option of a select with the
rest; both hold the interpreter. What is here is linear in the length of the page and costs an ordinary one 20 µs.
"""

from __future__ import annotations

import re

MOST_ATTRIBUTES = 1_000
"""Attributes of one tag; the most seen on a real page is 38."""
MOST_OPTIONS = 2_000
"""Options of all selects; a list of every commune of a province has some 300."""

MOST_TAGS = 30_000
"""Tags that are parsed: reading 60,000 of them takes 180 MB. The densest real page seen has under 20,000."""

_LONG = 4_000  # characters without a `>`, in which no tag of more than `MOST_ATTRIBUTES` attributes that matter fits
_TAG = re.compile(r"<!--|<[a-zA-Z][^\s/>]*")
_NO_MARKUP = {
    "<!--": re.compile("-->"),
    "<script": re.compile("</script", re.IGNORECASE),
    "<style": re.compile("</style", re.IGNORECASE),
}
# One attribute as HTML's tokenizer takes it (WHATWG 13.2.5.32 on): a name, perhaps a value, quoted or not.
_ATTRIBUTE = r"""[\s/]++(?:=?[^\s/>=]+)(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]*))?"""
_ONE_MORE = re.compile(_ATTRIBUTE)
_MOST = re.compile(rf"(?:{_ATTRIBUTE}){{0,{MOST_ATTRIBUTES}}}+")
# Text, closing tags and the tags of few attributes, passed over in one go; it stops before what is to be looked at.
_ORDINARY = re.compile(
    rf"(?:[^<]++|<(?!!--|[a-zA-Z])|<(?!(?i:script|style))[a-zA-Z][^\s/>]*+(?:{_ATTRIBUTE}){{0,50}}+(?=[\s/]*+>))*+"
)
_OPTION = re.compile(r"<option\b[^<>]*>[^<]*", re.IGNORECASE)


def too_many_attributes(text: str) -> bool:
    """Whether a tag has more than `MOST_ATTRIBUTES` attributes."""
    if not _is_long_without_end(text) and text.count('=">"') + text.count("='>'") < 100:
        return False
    at = 0
    while (tag := _TAG.search(text, _ORDINARY.match(text, at).end())) is not None:  # type: ignore[union-attr]
        at = tag.end()
        if (ends := _NO_MARKUP.get(tag[0].lower())) is not None:  # a comparison in a script is no tag
            end = ends.search(text, at)
            at = end.end() if end else len(text)
            continue
        at = _MOST.match(text, at).end()  # type: ignore[union-attr]
        if _ONE_MORE.match(text, at) is not None:  # one more than the most
            return True
    return False


def _is_long_without_end(text: str) -> bool:
    """Whether `_LONG` characters in a row hold no `>`."""
    at = 0
    while (last := text.rfind(">", at, at + _LONG)) >= 0:
        at = last + 1
    return len(text) - at >= _LONG


def first_tags(text: str, most: int = MOST_TAGS) -> str:
    """The markup before its tag number ``most`` (opening and closing ones count), closed; all of it where there are fewer."""
    if text.count("<") <= most:
        return text
    at = -1
    for _ in range(most + 1):
        at = text.find("<", at + 1)
    return text[:at] + "</body></html>"


def without_options(text: str) -> str:
    """The markup without the options of its selects where there are more than `MOST_OPTIONS`; no article is in them."""
    if text.count("<option") + text.count("<OPTION") <= MOST_OPTIONS:
        return text
    return _OPTION.sub("", text)
