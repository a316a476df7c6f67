"""Joomla's own articles (com_content), versions 2.5 to 5."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from crawler.cms.families.joomla import Joomla, is_joomla
from crawler.cms.family import Dates, Selectors, may_bear
from crawler.cms.fingerprints import Mark, found_mark
from crawler.page.page import Page


class JoomlaContent(Joomla):
    """``div.item-page``; the text lies loose in it in 2.5, in ``[itemprop=articleBody]`` since 3."""

    name: ClassVar[str] = "joomla_content"
    section_links: ClassVar[tuple[str, ...]] = (".category-name a", ".categories-module a")
    title: ClassVar[str] = "Joomla com_content"
    asked: ClassVar[int] = 10
    article_marks: ClassVar[tuple[str, ...]] = (
        ".item-page",
        ".com-content-article",
        'body[class*="view-article"] [itemprop="articleBody"]',
    )
    listing_marks: ClassVar[tuple[str, ...]] = (
        ".blog", ".blog-featured", ".category-list", ".com-content-category", "table.category", ".items-leading", ".items-row", 'body[class*="view-category"]', 'body[class*="view-featured"]',
    )  # fmt: skip
    dates: ClassVar[Dates] = Dates(
        published=("time", "microdata", "jsonld", "visible", "meta"),
        modified=("time", "microdata", "jsonld", "visible"),
    )
    selectors: ClassVar[Selectors] = Selectors(
        title=('.item-page [itemprop="headline"]', ".item-page .page-header h1, .item-page .page-header h2", ".item-page h1", ".item-page h2", ".com-content-article h1, .com-content-article h2"),
        body=('.item-page [itemprop="articleBody"]', ".com-content-article__body", ".item-page .article-body, .item-page .articleBody", ".item-page"),
        published=('.article-info time[itemprop="datePublished"]', ".article-info .published", '.article-info time[itemprop="dateCreated"]', ".article-info .create", ".article-info time"),
        modified=('.article-info time[itemprop="dateModified"]', ".article-info .modified"),
        section=('.article-info .category-name [itemprop="genre"]', ".article-info .category-name a", ".article-info .category-name"),
        account=('.article-info .createdby [itemprop="name"]', ".article-info .createdby a", ".article-info .createdby"),
        tags=(".item-page .tags a", ".tags a"),
        attachments=(".attachmentsList a.at_url", ".attachmentsContainer a", ".attachments a"),
        views=(".article-info .hits",),
        image=(".item-image img", ".com-content-article .item-image img"),
        caption=(".item-image figcaption", ".img_caption"),
        drop=(
            (".page-header", "other"),
            (".icons, ul.actions, .icons .dropdown-menu, .btn-group", "toolbar"),
            (".article-info, dl.article-info, .article-info-term", "other"),
            (".tags", "other"),
            (".content_rating, .rating, form[action*='hitcount'], .content_vote, .content-rating", "rating"),
            (".pager, .pagenav, ul.pagination, .pagination, .item-pagenavigation, .pagenavigation", "navigation"),
            (".related, .relateditems, .mod-related", "related"),
            (".attachmentsContainer, .attachmentsList", "other"),
            (".item-page > .item-image", "other"),
        ),
        aside=((".article-info .hits", "counter"), (".article-info .category-name", "section"), (".content_rating", "rating")),
    )  # fmt: skip

    marks: ClassVar[tuple[Mark, ...]] = (
        Mark("item-page", "class names of com_content", ".item-page[itemtype], .com-content-article", anywhere=True),
        Mark("article-info", "class names of com_content", "dl.article-info, .item-page .article-info", anywhere=True),
    )

    def recognise(self, page: Page, bears_any: Callable[[Page], bool] = may_bear) -> str | None:
        return is_joomla(page, bears_any) or found_mark(page, self.marks, bears_any)
