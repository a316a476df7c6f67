"""The demo's two weeks: what the portals published first, and what they edited, replaced and removed afterwards."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any, Literal

from crawler.demo.body import Block
from crawler.demo.content import HERE, Article, ContentError, Portal, load

Week = Literal[1, 2]


@cache
def changes() -> dict[str, list[dict[str, Any]]]:
    """``edited``, ``replaced`` and ``removed``, each with the portal and id of its article."""
    data: dict[str, list[dict[str, Any]]] = tomllib.loads((HERE / "weeks.toml").read_text("utf-8"))
    return data


def portal_in(name: str, week: Week | None) -> Portal:
    """The portal as it was in a week; without one, with everything it ever published, as it stood last.

    Raises ContentError for a change that names no article, or a text that does not stand in it.
    """
    portal = load(name)
    if week is None:
        return portal
    if week == 2:
        removed = {change["id"] for change in _of(name, "removed")}
        return replace(portal, articles=tuple(a for a in portal.articles if a.id not in removed))
    articles = {article.id: article for article in portal.articles}
    for change in _of(name, "edited"):
        before = _with(articles[change["id"]], change["now"], change["was"])
        if before == articles[change["id"]]:
            raise ContentError(f"weeks.toml: {name} {change['id']}: {change['now']!r} does not stand in it")
        articles[change["id"]] = before
    return replace(portal, articles=tuple(articles[article.id] for article in portal.articles))


def first_files(name: str) -> dict[str, str]:
    """Files that were replaced after week 1, each with the heading of the document that lay there."""
    return {change["file"]: change["was"] for change in _of(name, "replaced")}


def _of(name: str, kind: str) -> list[dict[str, Any]]:
    return [change for change in changes()[kind] if change["portal"] == name]


def _with(article: Article, now: str, was: str) -> Article:
    """The article with ``was`` in the place of ``now``, and without a time of modification."""

    def earlier(text: str) -> str:
        return text.replace(now, was)

    body = tuple(_block(block, earlier) for block in article.body)
    changed = replace(article, title=earlier(article.title), lead=earlier(article.lead), body=body)
    return changed if changed == article else replace(changed, modified=None)


def _block(block: Block, earlier: Callable[[str], str]) -> Block:
    return replace(block, text=earlier(block.text))
