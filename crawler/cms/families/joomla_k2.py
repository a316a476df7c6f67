"""Joomla with the K2 component: the district portals of Thái Bình and many others.

The item page prints its blocks in a fixed order, each of them optional. Class names are K2's own; a template that
overrides them mostly keeps the prefix, so the second selector of each field looks for the name within the class.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from crawler.cms.families.joomla import Joomla, is_joomla
from crawler.cms.family import Dates, Selectors, may_bear
from crawler.cms.fingerprints import Mark, edges, found_mark
from crawler.page.page import Page

_ITEM_PAGE = "#k2Container.itemView, div.itemView, .itemFullText, .itemIntroText, .k2ItemPage, article.itemView"
_LIST_PAGE = "div.itemListView, #itemListLeading, #itemListPrimary, .catItemView, .tagItemView, .userItemView, .genericItemView, .latestItemView"


class JoomlaK2(Joomla):
    """K2 2.x. ``itemIntroText`` is missing where an item has no full text: its first paragraph is the lead then."""

    name: ClassVar[str] = "joomla_k2"
    section_links: ClassVar[tuple[str, ...]] = (".catItemCategory a", ".itemCategory a")
    title: ClassVar[str] = "Joomla K2"
    asked: ClassVar[int] = 5
    article_marks: ClassVar[tuple[str, ...]] = (_ITEM_PAGE,)
    listing_marks: ClassVar[tuple[str, ...]] = (_LIST_PAGE, 'body[class*="view-itemlist"]')
    # JSON-LD and the printed date come from the same column; the printed one has no offset to get wrong.
    dates: ClassVar[Dates] = Dates(
        published=("jsonld", "microdata", "time", "visible", "meta"), modified=("jsonld", "visible")
    )
    selectors: ClassVar[Selectors] = Selectors(
        title=(".itemHeader .itemTitle", ".itemTitle", '[class*="itemTitle" i]', "#k2Container h1", "#k2Container h2"),
        body=(".itemBody .itemFullText, .itemBody .itemIntroText", ".itemFullText, .itemIntroText", '[class*="itemFullText" i], [class*="itemIntroText" i]', ".itemBody", '[class*="itemBody" i]', '#k2Container [class*="Text"]'),
        lead=(".itemBody .itemIntroText", ".itemIntroText", '[class*="itemIntroText" i]'),
        caption=(".itemImageCaption", '[class*="itemImageCaption" i]'),
        image=(".itemImageBlock img", '[class*="itemImage" i] img'),
        published=(".itemDateCreated", '[class*="itemDateCreated" i]'),
        modified=(".itemDateModified",),
        section=(".itemCategory a", ".itemLinks .itemCategory", '[class*="itemCategory" i] a'),
        account=(".itemAuthor a", ".itemAuthor", '[class*="itemAuthor" i] a[rel="author"]'),
        tags=(".itemTags a", ".itemTagsBlock a", '[class*="itemTag" i] a'),
        attachments=(".itemAttachments a", ".itemAttachmentsBlock a", '[class*="itemAttach" i] a'),
        views=(".itemHits", '[class*="itemHits" i]'),
        drop=(
            (".itemImageBlock", "other"),
            (".itemContentFooter .itemHits, .itemHits", "counter"),
            (".itemDateModified", "other"),
            (".itemRatingBlock", "rating"),
            (".itemLinks, .itemCategory", "section"),
            (".itemSocialSharing", "share"),
            (".itemToolbar", "toolbar"),
            (".itemRelated, .itemAuthorLatest, .itemNavigation", "related"),
            (".itemComments, #itemCommentsAnchor", "comments"),
        ),
        aside=(
            (".itemHits", "counter"),
            (".itemRatingBlock", "rating"),
            (".itemCategory", "section"),
        ),
    )  # fmt: skip

    marks: ClassVar[tuple[Mark, ...]] = (
        Mark("k2Container", "element #k2Container", "#k2Container", anywhere=True, common=True),
        Mark("startOfPageId", "element #startOfPageId", '[id^="startOfPageId"]', anywhere=True, common=True),
        Mark("com_k2", "body class com_k2", 'body[class*="com_k2"]'),
        Mark("itemFullText", "class names of K2 items", ".itemFullText", anywhere=True, common=True),
        Mark("catItemView", "class names of K2 items", ".catItemView", anywhere=True, common=True),
    )

    def recognise(self, page: Page, bears_any: Callable[[Page], bool] = may_bear) -> str | None:
        found = found_mark(page, self.marks, bears_any)
        if found is not None or is_joomla(page, bears_any) is None:
            return found
        tree = page.tree
        if tree.css_first('body[class*="com_content"], .item-page') is not None:
            return None
        if "/com_k2/" in edges(page) or "/media/k2/" in edges(page):
            return "Joomla that loads K2's assets"
        if tree.css_first('a[href*="/itemlist/"], a[href*="/item/"]') is not None:
            return "Joomla that links K2 items"
        return None
