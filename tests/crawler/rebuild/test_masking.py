"""Private numbers masked by a switch: in all that is public, by a rebuild for what is kept, and back from the captures."""

from __future__ import annotations

import json
import sqlite3

import pytest

from archive.site import datasette_for
from tests.conftest import answer
from tests.crawler.crawl.test_faults import article, links

pytestmark = pytest.mark.slow

CARD, MOBILE, OFFICE = "034 088 001 234", "0912 345 678", "0987 654 321"
PAGE = "/tin/bai-viet-1.html"


@pytest.fixture
def portal(loopback, tinhuyen):
    said = (
        f"<p>Ông Lê Văn A, CCCD số {CARD}, điện thoại {MOBILE}, trình báo tại xã.</p><p>Đường dây nóng: {OFFICE}.</p>"
    )
    page = article("Trình báo").replace(b"<div class='body'>", b"<div class='body'>" + said.encode())
    loopback.routes = {"/": answer(links(PAGE)), PAGE: answer(page)}
    loopback.page = page
    assert tinhuyen("init").returncode == 0
    assert tinhuyen("add", loopback.base, "--allow-private").returncode == 0
    return loopback


def switch(kho, value):
    path = kho / "tinhuyen.toml"
    text = path.read_text("utf-8").replace("mask_private_numbers = true\n", "")
    path.write_text(f"mask_private_numbers = true\n{text}" if value else text, "utf-8")


def exported(tinhuyen):
    return tinhuyen("export").stdout


async def test_what_a_crawl_keeps_is_masked_and_its_capture_is_not_shown(portal, tinhuyen, kho):
    switch(kho, True)
    assert tinhuyen("crawl", "--delay", "0").returncode == 0
    text = exported(tinhuyen)
    assert CARD not in text and MOBILE not in text and OFFICE in text and "•••• ••• •••" in text
    conn = sqlite3.connect(kho / "archive.db")
    assert not [row for row in conn.iterdump() if CARD in row or MOBILE in row]
    [record] = [row[0] for row in conn.execute("SELECT capture FROM article")]
    conn.close()
    shown = await datasette_for(kho).client.get(f"/-/capture/{record}")
    assert shown.status_code == 403 and CARD not in shown.text
    portal.routes[PAGE] = answer(portal.page + b"<!-- 2 -->")
    assert tinhuyen("crawl", "--full", "--delay", "0").returncode == 0
    assert json.loads(exported(tinhuyen))["revisions"] == 0
    assert tinhuyen("verify").returncode == 0
    assert tinhuyen("rebuild").returncode == 0


@pytest.mark.thorough
def test_turned_on_later_a_rebuild_masks_what_is_kept_and_off_it_comes_back(portal, tinhuyen, kho):
    assert tinhuyen("crawl", "--delay", "0").returncode == 0
    before = exported(tinhuyen)
    assert CARD in before
    switch(kho, True)
    told = tinhuyen("export")
    assert "tinhuyen rebuild --replace" in told.stderr
    done = tinhuyen("rebuild", "--replace")
    assert done.returncode == 5 and "archive.db was replaced" in done.stdout
    masked = exported(tinhuyen)
    assert CARD not in masked and json.loads(masked)["id"] == json.loads(before)["id"]
    assert tinhuyen("export").stderr == ""
    switch(kho, False)
    tinhuyen("rebuild", "--replace")
    assert exported(tinhuyen) == before
