"""WordPress: newer commune portals and some departments. The loop and its classes are the same in almost every theme."""

from __future__ import annotations

import re
from typing import ClassVar
from urllib.parse import unquote, urlsplit

from crawler.addresses.roles import LinkKind
from crawler.addresses.shapes import query_of, root_of
from crawler.cms.family import Dates, Family, Pagination, Selectors, Verdict
from crawler.cms.fingerprints import Mark, own_asset
from crawler.page.dom import node_text, outermost
from crawler.page.page import Page
from crawler.reasons.codes import Code
from crawler.reasons.reason import Reason

_ASSETS = 'link[rel~="stylesheet"][href*="{0}"], script[src*="{0}"], link[rel~="icon"][href*="{0}"]'
# Times of comments, of other posts in a list, and of what stands in a side column.
_OF_OTHERS = (
    "#comments *, .comment-body *, .comment-list *, .comments-area *, .wp-block-comments *, .wp-block-post *, .widget *"
)
_DATED = re.compile(r"/\d{4}/\d{2}(?:/\d{2})?/[^/]+/?(?:\.html)?$")


_QUESTION_TYPE = re.compile(r"single-(?:hoi[-_]?dap|cau[-_]?hoi|faqs?|questions?|qa)", re.I)
"""The class of ``body`` for one entry of a type of posts that is made for questions."""


class WordPress(Family):
    """Posts are told from pages by the classes on ``body`` and ``article``; both print ``.entry-content``."""

    name: ClassVar[str] = "wordpress"
    title: ClassVar[str] = "WordPress"
    asked: ClassVar[int] = 20
    section_links: ClassVar[tuple[str, ...]] = (".menu-item-object-category > a", 'a[rel~="category"]', ".cat-item > a")
    feed_paths: ClassVar[tuple[str, ...]] = ("/feed/",)
    pagination: ClassVar[Pagination] = "path"
    # article:published_time of SEO plugins is in UTC; <time datetime> of the theme carries the site's own offset.
    dates: ClassVar[Dates] = Dates(
        published=("time", "jsonld", "microdata", "meta", "visible"), modified=("time", "jsonld", "meta")
    )
    selectors: ClassVar[Selectors] = Selectors(
        title=("article h1.entry-title", "h1.entry-title", "h1.post-title, h1.single-title, h1.wp-block-post-title", "article .entry-title", "article h1", "main h1", "h1"),
        body=("article .entry-content", ".entry-content", ".wp-block-post-content", "article .post-content, .post-content, .td-post-content, .single-content, .the-content, .post_content", "article.post"),
        lead=(".entry-summary", ".post-excerpt, .sapo, .entry-excerpt"),
        caption=(".post-thumbnail figcaption", ".entry-header figcaption, .wp-post-image + figcaption"),
        image=(".post-thumbnail img", ".wp-post-image"),
        published=(
            ".wp-block-post-date:not(.wp-block-post-date__modified-date, .wp-block-post *) time", f"article time.entry-date.published:not({_OF_OTHERS})",
            f"time.entry-date:not({_OF_OTHERS})", f"article time[datetime].published:not({_OF_OTHERS})", f"article time[datetime]:not({_OF_OTHERS})",
            f".entry-meta time:not({_OF_OTHERS}), .posted-on time:not({_OF_OTHERS})", f".entry-meta .date, .posted-on, .post-date:not({_OF_OTHERS})",
        ),
        modified=(f"article time.updated:not(.published, {_OF_OTHERS})", f"time.updated:not(.published, {_OF_OTHERS})", ".wp-block-post-date__modified-date:not(.wp-block-post *) time"),
        section=("article .cat-links a", '.post-taxonomies a[rel="category tag"]', '.entry-meta a[rel~="category"], .entry-footer a[rel~="category"]', '.cat-links a, a[rel~="category"]:not(.wp-block-post *)', ".taxonomy-category.wp-block-post-terms:not(.wp-block-post *) a"),
        account=("article .byline a", ".author.vcard a, .author.vcard", 'article a[rel="author"]', '.entry-meta a[rel="author"]', ".wp-block-post-author__name, .wp-block-post-author-name"),
        tags=(".tags-links a", '.post-tags a, .tagcloud-single a, .entry-tags a', '.entry-footer a[rel="tag"]', 'article a[rel="tag"]:not([rel~="category"])', ".taxonomy-post_tag.wp-block-post-terms:not(.wp-block-post *) a"),
        attachments=(".wp-block-file a:not(.wp-block-file__button)", ),
        views=(".post-views-count", ".post-views", ".entry-meta .views", ".wpp-views"),
        drop=(
            (".sharedaddy, .jp-relatedposts + .sharedaddy, .addtoany_share_save_container, .heateor_sss_sharing_container, .social-share, .ss-inline-share", "share"),
            (".jp-relatedposts, .related-posts, .yarpp, .crp_related, .wp-block-query, .rp4wp-related-posts", "related"),
            (".post-views, .post-views-count, .wpp-views", "counter"),
            (".kk-star-ratings, .post-ratings, .wp-postratings, .rmp-widgets-container, .gdrts-rating-block", "rating"),
            (".page-links, .post-navigation, .navigation, .ez-toc-container, #toc_container, .toc_container, .lwptoc", "navigation"),
            (".tags-links, .post-tags, .entry-footer, .entry-meta, .entry-header, .cat-links, .author-box, .wp-block-post-author", "other"),
            ("#comments, .comments-area, .comment-respond", "comments"),
            (".wp-block-file", "other"),
            (".code-block, .adsbygoogle, .ads, .widget_ads, .quads-location", "spam"),
        ),
        aside=((".post-views, .post-views-count", "counter"), (".post-ratings, .kk-star-ratings", "rating"), (".cat-links", "section")),
    )  # fmt: skip

    generator: ClassVar[tuple[str, ...]] = ("wordpress",)
    marks: ClassVar[tuple[Mark, ...]] = (
        Mark("/wp-content/", "assets under /wp-content/", _ASSETS.format("/wp-content/")),
        Mark("/wp-includes/", "assets under /wp-includes/", _ASSETS.format("/wp-includes/")),
        Mark("api.w.org", "link to the WordPress REST interface", 'link[rel="https://api.w.org/"]'),
        Mark(
            "/wp-content/uploads/",
            "pictures under /wp-content/uploads/",
            anywhere=True,
            test=own_asset("/wp-content/uploads/"),
        ),
    )

    def tags_by_class(self, page: Page) -> list[str]:
        """``post_class()`` writes ``tag-SLUG``; the cloud, or any link to that list, calls it by its name."""
        posts = outermost(page.tree.css("article.post, .hentry.post, .wp-block-post.post"))
        if len(posts) != 1:  # the entries of a list bear them as well
            return []
        slugs = [name[4:] for name in (posts[0].attributes.get("class") or "").split() if name.startswith("tag-")]
        if not slugs:
            return []
        named = {
            unquote(urlsplit(link.attributes.get("href") or "").path).rstrip("/").rpartition("/")[2]: node_text(link)
            for link in page.tree.css('a[href*="/tag/"]')
        }
        return [named[slug] for slug in slugs if named.get(slug)]

    def own_kind(self, url: str) -> LinkKind | None:
        path, query = unquote(urlsplit(url).path), query_of(url)
        if re.search(
            r"/(?:wp-admin|wp-json|wp-includes|xmlrpc\.php|wp-login\.php|wp-comments-post\.php|wp-trackback)\b", path
        ):
            return LinkKind("skip", Reason(Code.MACHINERY))
        if re.search(r"/(?:comments/)?feed/?(?:rss2?|atom|rdf)?/?$", path) or "feed" in query:
            return LinkKind("skip", Reason(Code.FEED_VIEW))
        if "replytocom" in query or "share" in query:
            return LinkKind("skip", Reason(Code.ANSWER_FORM))
        if "s" in query:
            return LinkKind("skip", Reason(Code.SEARCH))
        if "p" in query and query["p"].isdigit():
            return LinkKind("article", Reason(Code.POST_NUMBER))
        if "cat" in query or "paged" in query or "page_id" in query:
            return LinkKind("listing", Reason(Code.LIST_OF_POSTS)) if "page_id" not in query else None
        if re.search(r"/page/\d+/?$", path) or re.search(r"/category/", path):
            if re.search(r"/(?:tag|author)/", path):
                return LinkKind("skip", Reason(Code.TAG_OR_AUTHOR_LIST))
            return LinkKind("listing", Reason(Code.LIST_OF_POSTS))
        if re.search(r"/(?:tag|author)/", path):
            return LinkKind("skip", Reason(Code.TAG_LIST if "/tag/" in path else Code.AUTHOR_LIST))
        if re.fullmatch(r"/\d{4}(?:/\d{2}){0,2}/?", path):
            return LinkKind("skip", Reason(Code.CALENDAR))
        if _DATED.search(path):
            return LinkKind("article", Reason(Code.DATE_AND_NAME))
        if re.search(r"/(?:attachment)/|attachment_id", url):
            return LinkKind("skip", Reason(Code.PICTURE_PAGE))
        return None

    def canonical(self, url: str) -> str | None:
        """A dated permalink without query, page number, AMP and closing slash; ``?p=N`` stays itself."""
        path, query = urlsplit(url).path, query_of(url)
        if query.get("p", "").isdigit():
            return f"{root_of(url)}/?p={int(query['p'])}"
        trimmed = re.sub(r"/(?:amp|print)$", "", re.sub(r"/{2,}", "/", path).rstrip("/"))
        return f"{root_of(url)}{trimmed}/" if _DATED.search(unquote(trimmed)) else None

    def verdict(self, page: Page) -> Verdict | None:
        tree = page.tree
        body = tree.css_first("body")
        classes = set((body.attributes.get("class") or "").split()) if body is not None else set()
        if classes & {"error404"}:
            return Verdict("error", Reason(Code.NO_SUCH_PAGE))
        if classes & {"search", "search-results", "search-no-results"}:
            return Verdict("search", _marked("search results"))
        if (
            classes & {"archive", "blog", "category", "tag", "author", "date", "home", "front-page"}
            and "single" not in classes
        ):
            return Verdict("listing", _marked("a list of posts"))
        if classes & {"attachment"}:
            return Verdict("media", Reason(Code.PAGE_OF_ATTACHMENT))
        if any(_QUESTION_TYPE.fullmatch(name) for name in classes):
            return Verdict("qa", _marked("a question"))
        if classes & {"single", "single-post", "single-format-standard"}:
            return Verdict("article", _marked("a single post"), typed=True)
        if classes & {"page", "page-template", "page-template-default"}:
            return Verdict("static", _marked("a page, not a post"))
        posts = tree.css("article[class*='type-post'], article.post, .hentry")
        if len(posts) == 1 and tree.css_first(".entry-content") is not None and tree.css_first("h1.entry-title"):
            return Verdict("article", Reason(Code.ONE_POST))
        if len(posts) > 1:
            return Verdict("listing", Reason(Code.MANY_POSTS, posts=len(posts)))
        return None


def _marked(kind: str) -> Reason:
    return Reason(Code.MARKED, software="WordPress", type=kind)
