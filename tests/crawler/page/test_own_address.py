"""A page saved as a file is read under the address it names; its pictures and captions stay in any case."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from crawler.cli import main
from crawler.page.own_address import UNKNOWN, own_address
from crawler.page.page import Page
from tests.crawler.extract.pages.plain import PARAGRAPHS, plain

SITE = "https://donggiang.example.gov.vn"
PICTURE = '<p style="text-align:center"><img src="anh/tram-bom.jpg"></p><p style="text-align:center"><em>Trạm bơm đầu kênh</em></p>'
BODY = f"<p>{PARAGRAPHS[0]}</p>{PICTURE}<p>{PARAGRAPHS[1]}</p>"
HEADS = {
    f'<link rel="canonical" href="{SITE}/tin/1.html">': f"{SITE}/tin/1.html",
    f'<meta property="og:url" content="{SITE}/tin/2.html">': f"{SITE}/tin/2.html",
    f'<base href="{SITE}/tin/">': f"{SITE}/tin/bai%20viet.html",
    f'<link rel="canonical" href="{SITE}/">': f"{SITE}/bai%20viet.html",
    '<base href="/tin/">': f"{UNKNOWN}bai%20viet.html",
    '<link rel="canonical" href="http://[x">': f"{UNKNOWN}bai%20viet.html",
    "": f"{UNKNOWN}bai%20viet.html",
}


@pytest.mark.parametrize("head", HEADS)
def test_the_address_is_the_one_the_page_names(head):
    page = Page.parse(plain(head=head).encode(), "file:///tmp/bai viet.html", content_type="text/html")
    assert own_address(page, "bai viet.html") == HEADS[head]


@pytest.mark.parametrize("head", ["", f'<link rel="canonical" href="{SITE}/tin/1.html">'])
def test_extract_keeps_pictures_and_captions_of_a_file(tmp_path, head):
    file = tmp_path / "bai.html"
    file.write_text(plain(BODY, head=head), encoding="utf-8")
    done = CliRunner().invoke(main, ["--archive", str(tmp_path), "extract", str(file), "--json"])
    assert done.exit_code == 0, done.output
    article = json.loads(done.stdout)
    assert article["captions"] == ["Trạm bơm đầu kênh"]
    root = f"{SITE}/tin/" if head else UNKNOWN
    assert [picture["url"] for picture in article["images"]] == [f"{root}anh/tram-bom.jpg"]
    assert ("names no address" in done.stderr) == (head == "")
