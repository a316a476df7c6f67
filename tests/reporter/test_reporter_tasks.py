"""The eight tasks of `docs/reporter.md`: each from home, without SQL, within three steps."""

from __future__ import annotations

import re

import pytest

from tests.reporter.conftest import fetched, sha256

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.xdist_group("reporter")]

EDITED = "Hưng Hà thu hồi đất mở rộng tuyến đường qua hai xã"
CUT = "Chi trả tiền bồi thường cho các hộ có đất bị thu hồi"
VANISHED = "Kết luận kiểm tra việc sử dụng quỹ đất công ở ba thôn"
OF_QUANG_TRUNG = "Thông báo thu hồi đất ruộng ở thôn Bắc"
MINUTE = r"\d\d/\d\d/\d{4} \d\d:\d\d"


def test_which_portals_of_an_old_province_wrote_of_land_recovery_in_2024(reader):
    reader.search("thu hồi đất")
    reader.click("Tỉnh Thái Bình (cũ)", ".facets")
    reader.click("2024", ".facets")
    chips = reader.texts(".chips a")
    assert any("Tỉnh Thái Bình (cũ) → nay Tỉnh Hưng Yên" in chip for chip in chips) and any("2024" in c for c in chips)
    assert {EDITED, CUT, OF_QUANG_TRUNG} <= set(reader.texts(".hits h3"))
    portals = set(reader.texts(".hits .meta a"))
    assert portals == {"Trang thông tin điện tử huyện Hưng Hà", "Trang thông tin xã Quang Trung"}
    assert all("/2024 " in line for line in reader.texts(".hits .meta"))


def test_a_vanished_page_is_proven_by_its_address(reader, addresses):
    reader.search(addresses[VANISHED])
    assert reader.texts("h1") == [VANISHED]
    assert "mã 404" in reader.text(".state") and "11 thửa được cho thuê bằng giấy viết tay" in reader.text("article")
    shown = re.search(r"\b[0-9a-f]{64}\b", reader.text(".provenance"))
    assert shown is not None
    raw = reader.link("Tải bản chụp gốc", ".provenance").get_attribute("href")
    assert sha256(fetched(raw)) == shown[0]
    reader.click("Xem trang lúc đó")
    assert re.search(f"Bản chụp lúc {MINUTE}", reader.text("h1"))
    assert {"200", "404"} <= set(re.findall(r"mã (\d{3})", " ".join(reader.texts(".days"))))
    reader.browser.switch_to.frame(reader.browser.find_element("css selector", "iframe.capture"))
    assert "tiền thuê không nộp vào ngân sách" in reader.text("body")
    reader.browser.switch_to.default_content()


def test_what_was_cut_and_when(reader):
    reader.click(CUT, "main .changes")
    cut = "Còn 23 hộ chưa nhận vì cho rằng giá quá thấp và đã gửi đơn lên tỉnh."
    assert reader.texts(".diff del") == [f"bỏ: {cut}"] and reader.texts(".diff ins") == []
    assert reader.text(".summary").startswith("Sửa 1 chỗ")
    assert re.search(f"Bản trước thấy lần cuối {MINUTE}.*bản sau thấy lần đầu {MINUTE}", reader.text())


def test_did_a_figure_change(reader):
    reader.click("Thay đổi", "header nav")
    reader.choose("kind", "số liệu")
    reader.send("form.filters button")
    assert reader.texts(".change-rows h3") == [EDITED]
    reader.click(EDITED, ".change-rows")
    removed, added = (" ".join(reader.texts(f".diff {tag}")) for tag in ("del", "ins"))
    assert all(figure in removed for figure in ("18,6", "214")) and all(figure in added for figure in ("16,2", "187"))
    assert "số liệu" in reader.text(".summary")


def test_everything_that_cites_one_decision(reader):
    reader.search("512/QĐ-UBND")
    reader.click("512/QĐ-UBND", ".related")
    assert reader.texts("h1") == ["512/QĐ-UBND"] and "4 bài" in reader.text(".lead")
    groups = {
        section.find_element("css selector", "h2").text.partition(" ·")[0]: [
            title.text for title in section.find_elements("css selector", "h3")
        ]
        for section in reader.browser.find_elements("css selector", ".columns > div:first-child > section")
    }
    assert groups == {
        "UBND tỉnh Hưng Yên, 2024": ["Ân Thi thu hồi đất xây cụm công nghiệp làng nghề"],
        "UBND tỉnh Thái Bình, 2024": [EDITED, OF_QUANG_TRUNG, CUT],
    }


@pytest.mark.parametrize(
    ("portal", "this_month", "told"),
    [
        pytest.param("Trang thông tin xã Duyên Hải", "đã xem, không thấy bài nào", "Lần kiểm tra tốt gần nhất", id="silence"),
        pytest.param("Cổng huyện Vũ Thư", "cổng không trả lời", "Chưa lần nào xem được bình thường", id="not crawled"),
        pytest.param("Cổng thông tin điện tử huyện Ân Thi", "1 trên 3 lần xem không được trả lời", "Cổng có vấn đề từ", id="an outage"),
    ],
)  # fmt: skip
def test_silence_or_not_crawled(reader, portal, this_month, told):
    reader.click("Cổng", "header nav")
    reader.click(portal, ".portals")
    latest = [cell for cell in reader.hidden(".months tbody tr:first-child td:not(.sum)") if cell][-1]
    assert this_month in latest
    assert told in reader.text("main > .box")
    assert len(reader.texts(".legend dd")) >= 1


def test_a_version_is_cited_for_a_court(reader):
    reader.search("thu hồi đất mở rộng tuyến đường")
    reader.click(EDITED, ".hits")
    newest = re.search(r"\b[0-9a-f]{64}\b", reader.text(".provenance"))
    reader.click("Bản 1", ".versions")
    assert "18,6 ha của 214 hộ" in reader.text("article") and "Đây là bản 1 trên 2" in reader.text(".box.warning")
    digest = re.search(r"\b[0-9a-f]{64}\b", reader.text(".provenance"))
    assert digest and newest and digest[0] != newest[0]
    cited = dict(zip(reader.texts(".citations dt"), reader.hidden(".citations dd > span[data-copy]"), strict=True))
    assert all("?v=1" in line for line in cited.values()) and len(cited) >= 6
    court = cited["Hồ sơ, tòa án"]
    assert digest[0] in court and "bản 1 trên 2" in court and re.search(r"lưu lúc \d\d:\d\d:\d\d ngày", court)
    buttons = reader.browser.find_elements("css selector", "button.copy")
    assert "Chép: Hồ sơ, tòa án" in [button.get_attribute("aria-label") for button in buttons]


def test_three_merged_communes_are_followed_on_one_subject(reader):
    feedparser = pytest.importorskip("feedparser")
    reader.search("nước sạch")
    reader.click("Xã Diên Hà, tỉnh Hưng Yên", ".facets")
    of_three = {
        "Nước sạch về đến cuối xã Quang Trung",
        "Xã Duyên Hải tạm ngừng cấp nước sạch để súc rửa đường ống",
        "Văn Cẩm kiểm nghiệm mẫu nước sạch lấy tại nhà dân",
    }
    assert set(reader.texts(".hits h3")) == of_three
    feed = feedparser.parse(reader.feed("Atom"))
    assert {entry.title for entry in feed.entries} == of_three
