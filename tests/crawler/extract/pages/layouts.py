"""Eleven ways in which sites set an article, written for the tests after the habits of themes, page builders and editors."""

from __future__ import annotations

import json
from html import escape

from tests.crawler.extract.pages.articles import Invented

WORDS = {
    "vi": {
        "home": "Trang chủ", "menu": "Giới thiệu|Tin tức|Văn bản|Thủ tục|Liên hệ", "related": "Các tin khác", "by": "Tác giả", "share": "Chia sẻ",
        "subscribe": "Nhận bản tin của chúng tôi mỗi sáng thứ hai", "rights": "Bản quyền thuộc về trang tin. Ghi rõ nguồn khi phát hành lại.",
        "comments": "Ý kiến bạn đọc", "comment": "Tôi thấy bài này rất bổ ích, mong trang tin viết tiếp về chuyện này trong những số tới nhé.",
        "others": "Xã Minh Tân phát động trồng cây đầu xuân|Phòng Giáo dục tập huấn phần mềm quản lý trường học|Lịch tiếp công dân tháng này của các xã|Kết quả giải bóng chuyền truyền thống",
        "read_more": "Xem thêm", "site": "Trang tin Vạn Xuân", "box": "Đường dây nóng của tòa soạn nhận tin bài suốt ngày đêm, kể cả ngày lễ.", "date": "{d}/{m}/{y}",
    },
    "en": {
        "home": "Home", "menu": "About|News|Documents|Services|Contact", "related": "Related articles", "by": "By", "share": "Share",
        "subscribe": "Sign up for our newsletter and get the week's stories by post", "rights": "All rights reserved. Reproduction only with written permission.",
        "comments": "Comments", "comment": "I remember this from when I was a child and would love to read more about it in the coming weeks.",
        "others": "Swimming pool to close for repairs until spring|Four schools share one science teacher this year|Market stalls move to the church square|Old signal box becomes a home for bats",
        "read_more": "Read more", "site": "The Vale Courier", "box": "Our reporters can be reached on the telephone at any hour, also on holidays.", "date": "{d} {name} {y}",
    },
}  # fmt: skip
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def said(article: Invented, word: str) -> str:
    return WORDS[article.language][word]


def printed_day(article: Invented) -> str:
    year, month, day = article.day.split("-")
    return said(article, "date").format(y=year, m=month, d=day, name=MONTHS[int(month) - 1])


def unwanted(article: Invented) -> tuple[str, ...]:
    """What stands on every page around an article and belongs to none."""
    others = said(article, "others").split("|")
    return (said(article, "subscribe"), said(article, "rights"), said(article, "box"), *others)


def menu(article: Invented) -> str:
    items = "".join(
        f'<li><a href="/muc-{n}">{name}</a></li>' for n, name in enumerate(said(article, "menu").split("|"))
    )
    return f'<nav class="main-nav"><ul><li><a href="/">{said(article, "home")}</a></li>{items}</ul></nav>'


def others(article: Invented) -> list[str]:
    return [f'<a href="/tin/khac-{n}-{n}17">{title}</a>' for n, title in enumerate(said(article, "others").split("|"))]


def related(article: Invented, name: str = "related-posts") -> str:
    items = "".join(f"<li>{link}</li>" for link in others(article))
    return f'<div class="{name}"><h3>{said(article, "related")}</h3><ul>{items}</ul></div>'


def footer(article: Invented) -> str:
    return f"<footer><p>{said(article, 'rights')}</p><form><label>{said(article, 'subscribe')}</label><input></form></footer>"


def side(article: Invented) -> str:
    return f'<aside class="sidebar"><p>{said(article, "box")}</p>{related(article, "latest")}</aside>'


def paragraphs(article: Invented, tag: str = "p") -> str:
    return "".join(f"<{tag}>{escape(text, quote=False)}</{tag}>" for text in article.paragraphs)


def document(article: Invented, head: str, body: str, *, suffix: bool = True) -> str:
    title = f"{article.title} | {said(article, 'site')}" if suffix else article.title
    return (
        f'<!doctype html><html lang="{article.language}"><head><meta charset="utf-8"><title>{escape(title)}</title>{head}</head>'
        f"<body>{body}</body></html>"
    )


def graph(article: Invented, **more: object) -> str:
    """JSON-LD of an article within a graph, its author by reference, as SEO plugins write it."""
    nodes = [
        {"@type": "WebSite", "@id": "#site", "name": said(article, "site")},
        {"@type": "NewsArticle", "headline": article.title, "datePublished": f"{article.day}T09:30:00+07:00", "author": {"@id": "#who"}, **more},
        {"@type": "Person", "@id": "#who", "name": article.author},
    ]  # fmt: skip
    return f'<script type="application/ld+json">{json.dumps({"@context": "https://schema.org", "@graph": nodes}, ensure_ascii=False)}</script>'


def semantic(article: Invented) -> str:
    body = f"""<header>{menu(article)}</header><main><article><header><h1>{article.title}</h1><p class="standfirst">{article.lead}</p></header>
    <div class="body">{paragraphs(article)}</div></article>{related(article)}</main>{side(article)}{footer(article)}"""
    return document(article, graph(article), body)


def genesis(article: Invented) -> str:
    """A theme that names its layout after the side column, and its text widgets after widgets."""
    parts = "".join(
        f'<div class="widget widget_text"><div class="textwidget"><p>{text}</p></div></div>'
        for text in article.paragraphs
    )
    body = f"""<div class="site-container"><div class="site-header">{menu(article)}</div><div class="content-sidebar-wrap"><main class="content">
    <div class="entry"><h1 class="entry-title">{article.title}</h1><p class="entry-meta"><time datetime="{article.day}T08:00:00+07:00">{printed_day(article)}</time>
    <span class="author"><a rel="author" href="/author/1">{article.author}</a></span></p><div class="entry-content"><p>{article.lead}</p>{parts}</div></div></main>{side(article)}</div></div>{footer(article)}"""
    return document(article, "", body)


def tables(article: Invented) -> str:
    """A site of 2009: tables for everything, paragraphs by line breaks."""
    text = "<br><br>".join((article.lead, *article.paragraphs))
    head = f'<meta name="author" content="{article.author}"><meta name="date" content="{article.day}">'
    body = f"""<table width="1000"><tr><td colspan="2">{menu(article)}</td></tr><tr><td width="220" valign="top">{"<br>".join(others(article))}<p>{said(article, "box")}</p></td>
    <td valign="top"><span class="tieude"><b>{article.title}</b></span><br><i>{printed_day(article)}</i><div align="justify"><font size="2">{text}</font></div></td></tr>
    <tr><td colspan="2">{said(article, "rights")}<br>{said(article, "subscribe")}</td></tr></table>"""
    return document(article, head, body)


def builder(article: Invented) -> str:
    """A page builder: hashed classes, and a span around the paragraphs."""
    body = f"""<div class="x1a hdr">{menu(article)}</div><div class="section"><div class="row"><div class="column c9d2"><h1 class="t5f">{article.title}</h1>
    <div class="m3e">{said(article, "by")} <a href="/people/{article.slug}">{article.author}</a> · <span class="date">{printed_day(article)}</span></div>
    <div class="wysiwyg"><span class="rich_text_wrapper"><p>{article.lead}</p>{paragraphs(article)}</span></div></div></div></div>{related(article)}<div class="cta"><p>{said(article, "box")}</p></div>{footer(article)}"""
    return document(article, f'<meta property="og:title" content="{escape(article.title)}">', body)


def unlocked(article: Invented) -> str:
    """The text is hidden until a script has looked at the reader's account."""
    head = f'<meta property="article:published_time" content="{article.day}T10:00:00+07:00"><meta name="author" content="{article.author}">'
    body = f"""{menu(article)}<article><h1>{article.title}</h1><p class="lead">{article.lead}</p><div class="paywall" style="display:none">{paragraphs(article)}</div>
    <div class="newsletter"><p>{said(article, "subscribe")}</p></div></article>{side(article)}{footer(article)}"""
    return document(article, head, body)


def blog(article: Invented) -> str:
    """Whole posts stand under the post."""
    more = "".join(
        f'<article class="postbox"><h2>{link}</h2><p>{said(article, "box")} {said(article, "comment")} {said(article, "comment")}</p></article>'
        for link in others(article)
    )
    body = f"""{menu(article)}<div class="cols"><article class="postbox single"><h1 class="headline">{article.title}</h1><div class="byline">{said(article, "by")} {article.author} <time datetime="{article.day}">{printed_day(article)}</time></div>
    <p>{article.lead}</p>{paragraphs(article)}</article>{more}</div>{footer(article)}"""
    return document(article, "", body)


def boxed(article: Invented) -> str:
    """Boxes within the text: an invitation, a teaser, a note of the editors."""
    first, *rest = article.paragraphs
    box = f'<div class="infobox"><h4>{said(article, "read_more")}</h4><p>{said(article, "box")}</p></div>'
    teaser = f'<div class="teaser-inline"><a href="/tin/khac-1-117">{said(article, "others").split("|")[1]}</a></div>'
    text = f"<p>{first}</p>{box}<p>{rest[0]}</p>{teaser}" + "".join(f"<p>{part}</p>" for part in rest[1:])
    body = f"""{menu(article)}<article class="story"><h1>{article.title}</h1><div class="story-body"><p>{article.lead}</p>{text}<p class="promo">{said(article, "subscribe")}</p></div></article>{related(article)}{footer(article)}"""
    whole = " ".join((article.lead, *article.paragraphs))
    return document(article, graph(article, articleBody=whole), body)


def addressed(article: Invented) -> str:
    """No date and no name but in the address and in a line under the title."""
    body = f"""{menu(article)}<div id="wrap"><h2 id="title">{article.title}</h2><p class="who">{said(article, "by")}: {article.author}</p><div id="noi-dung"><p><b>{article.lead}</b></p>{paragraphs(article)}</div></div>{related(article, "tin-lien-quan")}<div id="chan-trang"><p>{said(article, "rights")} {said(article, "subscribe")} {said(article, "box")}</p></div>"""
    return document(article, "", body)


def microdata(article: Invented) -> str:
    comments = f'<section id="comments"><h3>{said(article, "comments")}</h3><div class="comment" itemprop="comment"><span itemprop="author">Lan Phương</span><p>{said(article, "comment")}</p></div></section>'
    body = f"""{menu(article)}<div itemscope itemtype="https://schema.org/NewsArticle"><h1 itemprop="headline">{article.title}</h1><span itemprop="author" itemscope><span itemprop="name">{article.author}</span></span>
    <meta itemprop="datePublished" content="{article.day}T07:15:00+07:00"><div itemprop="articleBody"><p>{article.lead}</p>{paragraphs(article)}</div>{comments}</div>{side(article)}{footer(article)}"""
    return document(article, "", body)


def application(article: Invented) -> str:
    """A framework of components: the state as JSON in a script, classes with hashes, divs for paragraphs."""
    state = json.dumps({"props": {"story": {"publishedAt": f"{article.day}T11:45:00+07:00", "slug": article.slug}}})
    text = "".join(
        f'<div class="Text_block__9Zx1"><div>{part}</div></div>' for part in (article.lead, *article.paragraphs)
    )
    body = f"""<div id="__next"><div class="Header_root__a1B">{menu(article)}</div><main class="Story_main__Qq2"><h1 class="Story_title__x">{article.title}</h1><div class="Byline_root__k">{said(article, "by")} <span class="Byline_name__v">{article.author}</span></div>{text}
    <div class="Share_bar__w"><button>{said(article, "share")}</button></div></main><div class="Aside_root__o"><p>{said(article, "box")}</p>{"".join(f"<div>{link}</div>" for link in others(article))}</div>{footer(article)}</div><script id="__DATA__" type="application/json">{state}</script>"""
    return document(article, "", body, suffix=False)


def sections(article: Invented) -> str:
    """Each paragraph in a section of its own with a heading and a picture, as long reads are set."""
    parts = "".join(
        f'<section class="row row-{n}"><div class="col"><p>{part}</p><figure><img src="/anh/{article.slug}-{n}.jpg" width="640"><figcaption>{said(article, "site")} {n}</figcaption></figure></div></section>'
        for n, part in enumerate((article.lead, *article.paragraphs))
    )
    head = f'<meta property="og:title" content="{escape(article.title)}"><meta property="article:published_time" content="{article.day}T06:00:00+07:00"><meta name="author" content="{article.author}">'
    body = f'{menu(article)}<div class="hero"><h1>{article.title}</h1></div><div class="longread">{parts}</div>{related(article)}<div class="cookie-banner"><p>{said(article, "box")}</p></div>{footer(article)}'
    return document(article, head, body)


LAYOUTS = (semantic, genesis, tables, builder, unlocked, blog, boxed, addressed, microdata, application, sections)
