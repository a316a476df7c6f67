"""Tags of a WordPress theme that prints none: its classes tell them, and the cloud calls them by name."""

from __future__ import annotations

import pytest

from crawler.extract import extract

TEXT = "<p>" + "Bà con xã Phương Mai vào vụ thu hoạch với năng suất cao hơn năm trước nhiều. " * 6 + "</p>"
CLOUD = '<div class="tagcloud"><a href="/tag/lua-xuan/">lúa xuân</a> <a href="/tag/bao/">bão</a> <a href="/tag/le-hoi/">lễ hội</a></div>'


def page(classes: str, posts: int = 1) -> bytes:
    post = f'<article class="post type-post hentry {classes}"><h1 class="entry-title">Được mùa lúa xuân ở xã Phương Mai</h1><div class="entry-content">{TEXT}</div></article>'
    return (
        '<html lang="vi"><head><meta name="generator" content="WordPress 6.1"><title>Được mùa</title></head>'
        f'<body class="single single-post">{post * posts}<aside>{CLOUD}</aside></body></html>'
    ).encode()


@pytest.mark.parametrize(
    ("classes", "tags"),
    [
        ("category-kinh-te tag-lua-xuan tag-le-hoi", ["lúa xuân", "lễ hội"]),
        ("category-kinh-te", []),
        ("tag-nobody-links", []),
    ],
)
def test_the_names_of_the_classes_lists(classes: str, tags: list[str]) -> None:
    assert extract(page(classes), "http://phuongmai.example/2024/03/duoc-mua/").tags == tags


def test_of_several_posts_none_is_the_pages_own() -> None:
    assert extract(page("tag-bao", posts=3), "http://phuongmai.example/2024/03/duoc-mua/").tags == []
