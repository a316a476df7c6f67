"""Every rule that leaves an address out, with an address it is for and one that looks like it and is news."""

from __future__ import annotations

import pytest

from crawler.addresses.shapes import _SKIP_PATHS, _SKIP_QUERY, generic_kind, skipped_view
from crawler.cms.recognise import family_named
from crawler.discovery.links import judge

SITE = "http://vandinh.example.gov.vn"

PATHS = {
    "print view": ("/in-bai/12", "/tin/in-an-xuat-ban-pham-nam-2020.html"),
    "form to send the page": ("/gui-mail/5", "/tin/gui-mail-gop-y-du-thao-luat-dat-dai.html"),
    "saved copy of a page": ("/savefile/5", "/savefile.aspx?id=5"),
    "tag list": ("/tag/nong-thon-moi", "/tagalog/bai-1.html"),
    "author or account page": ("/tac-gia/12", "/tac-gia/trao-giai-cuoc-thi-sang-tac-van-hoc-2020.html"),
    "log-in or registration": ("/dang-ky/", "/dang-ky/thong-bao-dang-ky-nghia-vu-quan-su-nam-2020.html"),
    "search page": ("/tim-kiem?tu=x", "/tim-kiem-cuu-nan/bai-1.html"),
    "feed": ("/tin/rss/", "/tin/rss-la-gi.html"),
    "calendar": ("/calendar/2020-05", "/calendar/lich-cong-tac-tuan-12-cua-lanh-dao-xa.html"),
    "no page for readers": ("/wp-json/wp/v2", "/share/chia-se-kinh-nghiem-nuoi-ca-long-tren-song-12.html"),
    "a view of a page, not a page": ("/tin/bai/@@sharing-view", "/tin/sharing-kinh-nghiem"),
    "the page of a picture": ("/anh/hoi-nghi.jpg/image_view_fullscreen", "/anh/image_view_fullscreen.html"),
}

QUERIES = {
    "print view": ("/bai?print=1", "/bai?id=5&type=980"),
    "feed or other format": ("/tin?format=feed", "/tin?feed=thoi-su&id=5"),
    "form to answer or share": ("/bai?replytocom=5", "/bai?sharecode=5"),
    "search page": ("/tin?keyword=chợ", "/tin?keywordid=5"),
    "the same list in another order": ("/tin?sort=asc", "/index.php?dir=thong-bao&id=6"),
    "another language": ("/bai?lang=en", "/bai?lang=vi"),
    "log-in or editing": ("/bai?task=edit", "/bai?task=edition&id=5"),
    "another look of the same page": ("/bai?fontsize=14", "/index.php?template=chitiet&id=5"),
}

BESIDE = [
    ("feed", "/tin-trong-xa/itemlist.feed?moduleID=105", "/tin-trong-xa/12-feed.html"),
    ("feed", "/tin-trong-xa.rss", "/tin.rss.html"),
    ("search page", "/?s=covid", "/index.php?s=tin-tuc&id=5"),
    ("search page", "/?q=tram+bom", "/?q=node/12"),
    ("search page", "/index.php?q=cho", "/index.php?q=tin/cho-phien"),
    ("search page", "/tin?q=", "/?q=5"),
    ("calendar", "/tin?ngay=5", "/lich-cong-tac.aspx?ngay=05/03/2020"),
    ("calendar", "/events?day=5&month=3&year=2020", "/tin?ngay=5&thang=3&nam=2020"),
    ("calendar", "/su-kien?date=2020-05-01", "/xem.aspx?id=7&date=2020-05-01"),
    ("another look of the same page", "/bai.html?template=print", "/?tp=tin&newsid=7"),
    ("the same list in another order", "/tin?dir=desc", "/?dir=van-ban"),
]


def test_every_rule_has_its_example_and_its_counter_example():
    assert {code.sentence for _, code in _SKIP_PATHS} == set(PATHS)
    assert {code.sentence for _, code in _SKIP_QUERY} == set(QUERIES)


@pytest.mark.parametrize(
    ("reason", "left_out", "kept"),
    [(reason, *pair) for table in (PATHS, QUERIES) for reason, pair in table.items()] + BESIDE,
)
def test_a_rule_leaves_out_what_it_is_for_and_nothing_else(reason, left_out, kept):
    promise, code = generic_kind(SITE + left_out)
    assert (promise, code.sentence) == ("skip", reason)
    kind = generic_kind(SITE + kept)
    assert kind is None or kind[0] != "skip", kind
    assert skipped_view(SITE + kept) is None


@pytest.mark.parametrize(
    ("family", "left_out", "kept"),
    [
        ("drupal", "/?q=user/login", "/?q=node/12"),
        ("drupal", "/user/5", "/?q=tin/cho-phien-ke-rao"),
        ("joomla_k2", "/index.php/tin/itemlist/date/2020/5", "/index.php/tin/item/5-cho-phien"),
        ("joomla_k2", "/index.php/tin/itemlist/search?searchword=x", "/index.php/tim-kiem-cuu-nan/item/6-dien-tap"),
        ("joomla_k2", "/tin-trong-xa/itemlist.feed?moduleID=105", "/tin-trong-xa/item/12-cho-phien.html"),
        ("wordpress", "/tin/bai-1/feed/", "/2020/05/feed-stock-gia-thuc-an-chan-nuoi/"),
        ("wordpress", "/2020/05/", "/2020/05/12/cho-phien-ke-rao/"),
        ("wordpress", "/?s=covid", "/?p=12"),
        ("nukeviet", "/vi/news/?language=en", "/vi/news/thoi-su/cho-phien-ke-rao-12.html"),
        ("liferay", "/web/guest/home?p_p_state=pop_up", "/web/guest/-/cho-phien-ke-rao"),
        ("dotnetnuke", "/tin/ctl/Login", "/tin/articleid/12/cho-phien"),
        ("sharepoint", "/Lists/Tin/AllItems.aspx?IsDlg=1", "/Pages/2020-5-12/cho-phien.aspx"),
        ("plone", "/anh/hoi-nghi.jpg/image_view_fullscreen", "/tin/cho-phien-ke-rao"),
        ("general", "/lich?month=2&year=1031", "/lich-cong-tac?thang=2&nam=2020"),
        ("general", "/en/vi/en/tin", "/vi/tin/hop-tac/fr/bai-1.html"),
    ],
)  # fmt: skip
def test_the_rules_of_a_family_leave_its_articles_alone(family, left_out, kept):
    def skip(address):
        return judge(SITE + address, family_named(family), "link").skip

    assert skip(left_out) is not None
    assert skip(kept) is None


@pytest.mark.parametrize(
    ("address", "role"),
    [
        ("/chitiet.aspx?id=5&page=1", "article"),
        ("/xem.php?baiviet=6&trang=2", "article"),
        ("/tin-tuc?page=2", "listing"),
        ("/danhmuc.aspx?id=5&page=2", "listing"),
        ("/lich-cong-tac/tuan-12-tu-17-3-den-23-3.html", "article"),
    ],
)
def test_a_page_number_beside_the_number_of_an_article_makes_no_list(address, role):
    assert judge(SITE + address, family_named(None), "link").role == role
