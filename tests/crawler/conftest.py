"""An archive that many tests of the crawler begin with."""

from __future__ import annotations

import pytest

from tests.conftest import answer
from tests.crawler.crawl.test_faults import article, links

PATHS = [f"/tin/bai-viet-{n}.html" for n in range(40)]
FILE = "/files/quyet-dinh.pdf"


@pytest.fixture
def kho(tmp_path):
    return tmp_path / "kho"


@pytest.fixture
def watched(loopback, tinhuyen):
    """A portal whose articles change, vanish and replace a file, crawled twice."""
    attached = article("Quyết định mới").replace(
        b"</article>", f'<p><a href="{FILE}">Tải về</a></p></article>'.encode()
    )
    loopback.routes = {"/": answer(links(*PATHS[:6], "/tin/kem-tep.html")), "/tin/kem-tep.html": answer(attached)}
    loopback.routes |= {path: answer(article(f"Bài {path}")) for path in PATHS[:6]}
    loopback.routes[FILE] = answer(b"%PDF-1.4 mot" + b"x" * 300, kind="application/pdf")
    assert tinhuyen("init").returncode == 0
    assert tinhuyen("add", loopback.base, "--allow-private").returncode == 0
    assert tinhuyen("crawl", "--delay", "0").returncode == 0
    loopback.routes[PATHS[0]] = answer(article("Bài đã sửa"))
    loopback.routes[PATHS[1]] = answer("không có", "404 Not Found")
    loopback.routes[FILE] = answer(b"%PDF-1.4 hai" + b"y" * 300, kind="application/pdf")
    tinhuyen("crawl", "--full", "--delay", "0")
    return loopback
