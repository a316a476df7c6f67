"""Pages as a browser shows them: the text within a phone's first screen, a capture that asks for nothing but what is ours."""

from __future__ import annotations

import gzip
import socket
import threading
from contextlib import closing, suppress

import pytest
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.support.ui import WebDriverWait

from tests.browser import opened

PORTAL = "hungha.thaibinh"
SITE = "https://hungha.thaibinh.gov.vn"
EVIL = (
    b"<html><head><link rel=preconnect href=//outside.example><link rel=stylesheet href=/s.css><script>document.title='ran'</script>"
    b"<script src=https://outside.example/x.js></script><meta http-equiv=refresh content='0;url=https://outside.example/'></head>"
    b"<body onload=\"document.title='ran'\"><img src=https://outside.example/a.png onerror=\"document.title='ran'\"><img src=/anh.png>"
    b"<iframe src=https://outside.example/></iframe><form action=https://outside.example/><button>x</button></form><a href=/tin/2>hai</a>"
)
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360f8cf500f000301010018dd8db40000000049454e44ae426082"
)


@pytest.fixture
def served(store, folder, make_article, make_capture):
    """The address of a site with one article whose captured page wants to reach outside."""
    import uvicorn

    from archive.site import datasette_for

    data, where = b"", {}
    for number, (path, kind, body) in enumerate(
        [
            ("/tin/1", "text/html", EVIL),
            ("/s.css", "text/css", b"body { background: rgb(1, 2, 3) }"),
            ("/anh.png", "image/png", PNG),
        ],
        1,
    ):
        http = b"HTTP/1.1 200 OK\r\nContent-Type: %b\r\n\r\n" % kind.encode() + body
        record = gzip.compress(
            b"WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:%d>\r\nWARC-Date: 2026-01-01T00:00:00Z\r\nWARC-Target-URI: %b\r\n"
            b"Content-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n" % (number, f"{SITE}{path}".encode(), len(http))
            + http + b"\r\n\r\n"
        )  # fmt: skip
        where[path] = make_capture(
            record_id=f"urn:uuid:{number}", url=f"{SITE}{path}", fetched_at="2026-01-03T00:00:00Z", file="t.warc.gz", secure="none",
            offset=len(data), length=len(record), content_type=kind, digest=f"sha256:{number}",
        )  # fmt: skip
        data += record
    (folder / "warc" / "t.warc.gz").write_bytes(data)
    article = make_article(
        title="Hội nghị tổng kết công tác năm và triển khai nhiệm vụ trọng tâm của huyện trong năm tới",
        lead="Sáng nay, huyện tổ chức hội nghị tổng kết.", byline="Thu Uyên (Đài truyền thanh huyện)",
    )  # fmt: skip
    identifier = store.save_article(article, where["/tin/1"], PORTAL).id
    for path in ("/s.css", "/anh.png"):
        store.save_capture(where[path])
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(datasette_for(folder).app(), port=port, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}", identifier
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture
def outside():
    """The port to which the portal's name and the outside's lead in the browser, and who connected to it."""
    connected: list[object] = []
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        server.settimeout(0.2)
        ended = threading.Event()

        def accept():
            while not ended.is_set():
                with suppress(TimeoutError):
                    one, where = server.accept()
                    one.close()
                    connected.append(where)

        thread = threading.Thread(target=accept)
        thread.start()
        try:
            yield server.getsockname()[1], connected
        finally:
            ended.set()
            thread.join()


@pytest.fixture
def browser(outside):
    led = f"127.0.0.1:{outside[0]}"
    with opened(f"--host-resolver-rules=MAP outside.example {led}, MAP hungha.thaibinh.gov.vn {led}") as one:
        yield one


@pytest.mark.browser
def test_the_first_sentence_stands_within_the_first_screen_of_a_phone(served, browser):
    address, identifier = served
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}
    )
    for language in ("", "/en"):
        browser.get(f"{address}{language}/bai/{identifier}")
        bottom = browser.execute_script("return document.querySelector('#lead').getBoundingClientRect().bottom")
        width = browser.execute_script("return document.documentElement.scrollWidth")
        assert bottom < 844 and width <= 390
        assert len(browser.find_elements("css selector", "button.copy")) >= 5


@pytest.mark.browser
@pytest.mark.parametrize(
    ("width", "order"),
    [
        pytest.param(390, [".table-wrapper", "form.filters", "dl.column-descriptions"], id="phone"),
        pytest.param(1280, ["form.filters", ".table-wrapper", "dl.column-descriptions"], id="desk"),
    ],
)
def test_the_rows_of_a_table_come_before_the_words_about_its_columns_and_on_a_phone_before_its_form(
    served, browser, width, order
):
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": 844, "deviceScaleFactor": 1, "mobile": width < 600},
    )
    browser.get(f"{served[0]}/archive/article")
    tops = [
        browser.execute_script(f"return document.querySelector('main {part}').getBoundingClientRect().top")
        for part in order
    ]

    assert tops == sorted(tops)
    assert len(browser.find_elements("link text", "Filters")) == (1 if width < 600 else 0)


@pytest.mark.browser
def test_a_capture_runs_nothing_and_reaches_nobody(served, browser, outside):
    address, _ = served
    browser.get(f"{address}/ban-chup/urn%3Auuid%3A1")
    browser.switch_to.frame(browser.find_element("css selector", "iframe.capture"))
    colour = browser.find_element("css selector", "body").value_of_css_property("background-color")
    assert "1, 2, 3" in colour
    not_held, held = browser.find_elements("css selector", "img")
    assert (not_held.get_property("naturalWidth"), held.get_property("naturalWidth")) == (240, 1)
    browser.find_element("link text", "hai").click()
    browser.switch_to.default_content()
    WebDriverWait(browser, 30).until(lambda one: one.title.startswith("Chưa lưu trang này"))
    assert browser.current_url.startswith(f"{address}/luu?")
    assert outside[1] == []
    with suppress(WebDriverException):
        browser.get("http://outside.example/")  # the trap is one: what asks the outside is noticed
    assert outside[1] != []
