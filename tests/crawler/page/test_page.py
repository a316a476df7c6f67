"""A page resolves its links once for all who ask."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crawler.addresses.urls import absolute, without_visit
from crawler.page.page import Page


@given(
    st.sampled_from(["http://a.example/x/y?z=1", "https://b.example:8080/", "http://a.example/d/(S(abc))/e.aspx"]),
    st.sampled_from(["", "/", "//", "http://", "https://", "/../", "./"]),
    st.text(alphabet="abđ./?=&#%:@[] \t\\;S()", max_size=14),
)
def test_a_link_from_the_root_resolves_as_any_link_does(url: str, start: str, rest: str) -> None:
    page = Page.parse(b"<p>x</p>", url)
    href = start + rest
    if href.strip()[:1] in ("", "#"):
        return

    expected = absolute(page.base_url, href)

    assert page.resolve(href) == (without_visit(expected) if expected is not None else None)
