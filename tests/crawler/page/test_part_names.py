"""Which names of a part say what it is: modifiers, looks and states leave no word that puts a part outside the content."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from crawler.page.outside import is_outside
from crawler.page.part_names import parted, said

SENTENCES = (
    "The ferry over the lower river runs again from Monday, the harbour office said after a week of repairs.",
    "Two of its four engines had been taken ashore, and the crew lent a hand at the slipway every evening.",
    "Farmers on the far bank had meanwhile carried their rice over the railway bridge, an hour's walk away.",
    "The office thanked the village of Lower Bend, whose smith made the missing bolts out of an old plough.",
    "Fares stay as they are until the end of the harvest, and bicycles travel for nothing on market days.",
)
TEXT = "".join(f"<p>{sentence} {sentence[::-1].strip('.')}.</p>" for sentence in SENTENCES)


def part(names: str, content: str = TEXT, tag: str = "div"):
    tree = LexborHTMLParser(f'<body><main><{tag} class="{names}">{content}</{tag}></main></body>')
    return tree.css_first(f"main > {tag}")


@pytest.mark.parametrize(
    "names",
    [
        "field field--name-body field--label-hidden",
        "layout layout--with-sidebar",
        "docs docs--sidebar",
        "md:overflow-x-hidden lg:hidden",
        "page_has-leading-ad",
        "article comments-enabled",
        "footnote-content",
        "post tag-newsletter category-advertising",
        "c-ZIpQC wrapper",
    ],
)
def test_what_only_modifies_a_name_is_no_name_of_a_part(names):
    assert not is_outside(part(names, "<ul><li><a href='/a'>one</a></li></ul>"))


@pytest.mark.parametrize(
    "names", ["sidebar_content", "right-sidebar", "page-ad-margins", "keyword-recap", "share", "root hide"]
)
def test_a_place_or_a_state_may_hold_the_article(names):
    assert not is_outside(part(names))


@pytest.mark.parametrize(
    "names", ["comments", "related-news", "footer", "cookie-notice", "newsletter", "main-menu", "author-box", "popup"]
)
def test_what_is_named_for_its_contents_is_outside_however_much_it_holds(names):
    assert is_outside(part(names, f"{TEXT}<p><a href='/more'>More of this</a></p>"))


@pytest.mark.parametrize("names", ["sidebar", "right-sidebar", "widget", "banner", "share", "ads", "hidden"])
def test_a_place_that_holds_links_is_outside(names):
    links = "".join(f"<li><a href='/{n}'>The ferry runs again, says office {n}</a></li>" for n in range(8))
    assert is_outside(part(names, f"<ul>{links}</ul>"))


def test_words_of_camel_case_names_are_parted_and_hashes_are_not():
    assert parted("leftColumn pageAd") == "left-Column page-Ad"
    assert "ad" not in said(parted("kLFad9")).lower().split("-")
