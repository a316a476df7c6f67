"""Settings kept with the captures: enough to understand the crawl, no secret."""

from __future__ import annotations

import tomllib

from crawler.crawl.records.run.settings_record import public_settings

SETTINGS = """\
name = "Kho"   # a comment may hold anything: COMMENTSECRET
contact = "luutru@example.org"
token = "TOPSECRET"

[politeness]
delay = 2.5

[alerts]
mail = "hang.private@example.org"
smtp = "smtps://user:SMTPSECRET@mail.example.org"
webhook = "https://hooks.example.org/HOOKSECRET"

[portals."x"]
url = "https://user:URLSECRET@x.gov.vn/tin?p=1"
proxy = "http://archivist:PROXYSECRET@proxy.example:3128"
include = ["/tin/"]
cookie = "COOKIESECRET"
selectors = { title = "h1.ten" }
feeds = ["https://u:FEEDSECRET@x.gov.vn/rss"]
"""


def test_what_shaped_the_crawl_is_kept():
    kept = tomllib.loads(public_settings(SETTINGS))
    assert kept["contact"] == "luutru@example.org"
    assert kept["politeness"] == {"delay": 2.5}
    assert kept["portals"]["x"] == {
        "url": "https://x.gov.vn/tin?p=1",
        "include": ["/tin/"],
        "selectors": {"title": "h1.ten"},
        "feeds": ["https://x.gov.vn/rss"],
        "proxy": True,
    }


def test_no_secret_is_kept():
    kept = public_settings(SETTINGS)
    assert "SECRET" not in kept
    assert "hang.private" not in kept
    assert "hooks.example.org" not in kept


def test_settings_that_are_odd_are_still_told():
    assert public_settings('portals = 5\npoliteness = "x"\n').strip() == ""
