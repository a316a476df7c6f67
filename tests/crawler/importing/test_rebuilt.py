"""What was imported is made anew with all else when ``archive.db`` is rebuilt: new articles and older versions of our own."""

from __future__ import annotations

import json

import pytest

from tests.conftest import answer

pytestmark = pytest.mark.slow
PROSE = "".join(
    f"<p>Sáng nay bà con thôn {name} ra đồng đắp lại đoạn đê bị sạt lở dài hàng trăm mét.</p>" for name in "ABCD"
)


def test_a_rebuild_keeps_what_others_captured(tinhuyen, loopback, tmp_path):
    loopback.routes["/"] = answer(
        "<html lang=vi><body><h2><a href='/tin/dap-de-1.html'>Xã đắp đê mùa mưa</a></h2></body></html>"
    )
    loopback.routes["/tin/dap-de-1.html"] = answer(
        f"<html lang=vi><body><article><h1>Xã đắp đê mùa mưa</h1><p>12/03/2024</p>{PROSE}</article></body></html>"
    )
    tinhuyen("init")
    tinhuyen("add", loopback.base, "--allow-private", "--no-probe")
    assert tinhuyen("crawl", "--delay", "0").returncode == 0
    lines = [
        {
            "url": f"{loopback.base}/tin/dap-de-1.html",
            "title": "Xã đắp đê",
            "text": f"Bản cũ. {PROSE}",
            "time": "2024-03-13T00:00:00Z",
        },
        {
            "url": f"{loopback.base}/tin/cau-2.html",
            "title": "Xã làm cầu",
            "text": f"Cầu mới. {PROSE}",
            "time": "2019-03-13T00:00:00Z",
        },
    ]
    (tmp_path / "cu.jsonl").write_text("\n".join(json.dumps(line) for line in lines), "utf-8")
    assert tinhuyen("import", "cu.jsonl", "--through", "Thư viện").returncode == 0
    before = tinhuyen("export").stdout, tinhuyen("export", "--changes").stdout
    rows = [json.loads(line) for line in before[0].splitlines()]
    assert sorted((row["title"], row["revisions"]) for row in rows) == [("Xã làm cầu", 0), ("Xã đắp đê mùa mưa", 1)]

    checked = tinhuyen("rebuild", "--check")
    assert (checked.returncode, "identical to archive.db" in checked.stdout) == (0, True), checked.stdout
    for path in (tmp_path / "kho").glob("archive.db*"):
        path.unlink()
    assert tinhuyen("rebuild").returncode == 0
    assert (tinhuyen("export").stdout, tinhuyen("export", "--changes").stdout) == before
    assert tinhuyen("verify").returncode == 0
