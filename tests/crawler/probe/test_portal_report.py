"""A portal's report: which pages it samples, what is private stays out, and what ``family test`` makes of it."""

from __future__ import annotations

import json
import zipfile

import pytest

from crawler.errors import UserError
from crawler.probe import portal_report
from crawler.probe.portal_report import Sample, _told, _worst_first
from tests.conftest import answer


def page(number: int, day: str) -> str:
    prose = "".join(f"<p>Bà con thôn {n} ra đồng đắp lại đoạn đê bị sạt lở dài {number * 100} mét.</p>" for n in "ABCD")
    title = f"Xã Tân Lễ đắp đê mùa mưa lần {number}"
    return f"<html lang=vi><head><title>{title}</title></head><body><article><h1>{title}</h1><p>{day}</p>{prose}</article></body></html>"


@pytest.fixture
def archive(tinhuyen, loopback, tmp_path):
    """Four articles of which one prints no day; secrets stand in the archive's settings."""
    links = "".join(
        f"<h2><a href='/tin/dap-de-{n}.html'>Xã Tân Lễ đắp đê mùa mưa lần {n}</a></h2>" for n in range(1, 5)
    )
    loopback.routes["/"] = answer(f"<html lang=vi><body>{links}</body></html>")
    for n in range(1, 5):
        loopback.routes[f"/tin/dap-de-{n}.html"] = answer(page(n, "" if n == 3 else f"0{n}/03/2024"))
    tinhuyen("init", "--contact", "bi-mat@example.org")
    name = tinhuyen("add", loopback.base, "--allow-private", "--no-probe").stdout.split()[0]
    assert tinhuyen("crawl", "--delay", "0").returncode == 0
    config = tmp_path / "archive" / "tinhuyen.toml"
    config = config if config.is_file() else next(tmp_path.rglob("tinhuyen.toml"))
    extra = 'proxy = "http://user:bi-mat@proxy.example:3128"\nhours = "00:00-23:59"\nlift = ["/lich/"]\nfeeds = ["http://ten:bi-mat@xa.example/rss"]\n'
    text = config.read_text("utf-8")
    config.write_text(text.replace("allow_private = true\n", f"allow_private = true\n{extra}", 1), "utf-8")
    return lambda *args: tinhuyen("report", name, "-o", str(tmp_path / "x.zip"), *args)


def test_a_portals_report_holds_its_worst_pages_first_and_no_secret(archive, tmp_path, tinhuyen):
    made = archive("--pages", "2")
    assert made.returncode == 0, made.stderr
    with zipfile.ZipFile(tmp_path / "x.zip") as held:
        parts = {name: held.read(name) for name in held.namelist()}
    told = json.loads(parts["portal.json"])
    assert told["faults"][0] == ["published: no date"] and len(told["faults"]) == 2
    assert (told["articles"], told["fill"]["title"], told["fill"]["published"]) == (4, 1.0, 0.75)
    assert told["settings"]["lift"] == ["/lich/"] and told["settings"]["feeds"] == ["http://xa.example/rss"]
    assert set(told["settings"]) <= set(portal_report.TOLD)
    assert b"lan 3" not in parts["pages/1/page.html"] and "lần 3".encode() in parts["pages/1/page.html"]
    everything = b"".join(parts.values())
    assert b"bi-mat" not in everything and str(tmp_path).encode() not in everything
    tried = tinhuyen("family", "test", str(tmp_path / "x.zip"))
    assert tried.returncode == 0 and "2 pages: read as when the report was made" in tried.stdout, tried.stderr
    assert "published: no date" in tried.stdout


def test_what_is_read_otherwise_since_is_told_and_ends_with_1(archive, tinhuyen, tmp_path):
    archive("--pages", "1")
    told = portal_report.load(tmp_path / "x.zip")
    told.pages[0].read["published"] = "2024-03-03"
    portal_report.write(told, tmp_path / "x.zip")
    tried = tinhuyen("family", "test", str(tmp_path / "x.zip"))
    assert tried.returncode == 1 and "is read  None\n    was read '2024-03-03'" in tried.stdout


def test_a_slip_in_a_portals_name_is_told_with_the_nearest(archive, tinhuyen, loopback, tmp_path):
    said = tinhuyen("report", "127.0.0.1x", "-o", str(tmp_path / "x.zip"))
    assert (
        said.returncode == 2
        and "there is no portal '127.0.0.1x' in this archive: did you mean 127.0.0.1" in said.stderr
    )


def test_what_is_right_is_said_of_a_page_and_not_of_a_portal(archive, tmp_path):
    refused = archive("--fix", "title=x")
    assert refused.returncode == 2 and "name the page, and not its portal" in refused.stderr
    assert not (tmp_path / "x.zip").exists()


def test_of_each_kind_of_fault_one_page_comes_before_the_second_of_any():
    faults = [("a",), ("a",), ("a", "b"), (), ("c",), ("a", "b")]
    order = [one.article for one in _worst_first([Sample(n, kind) for n, kind in enumerate(faults)])]
    assert order == [2, 0, 4, 5, 1, 3]


@pytest.mark.parametrize(
    ("key", "value", "kept"),
    [
        ("proxy", "http://u:p@proxy.example", None),
        ("delay", 3, None),
        ("include", ["^https://u@x/"], ["^https://x/"]),
        ("sections", [{"url": "https://u:p@xa.example/tin", "title": "Tin"}], [{"url": "https://xa.example/tin", "title": "Tin"}]),
        ("selectors", {"title": "h1"}, {"title": "h1"}),
    ],
)  # fmt: skip
def test_only_what_says_how_a_portal_is_read_is_told_and_without_secrets(key, value, kept):
    assert _told({key: value}).get(key) == kept


def test_a_file_that_is_there_already_is_left_alone(archive, tmp_path):
    (tmp_path / "x.zip").write_text("mine")
    refused = archive()
    assert refused.returncode == 2 and "exists: name another file with -o" in refused.stderr
    assert (tmp_path / "x.zip").read_text() == "mine"


def test_a_damaged_report_is_told_in_one_line(tmp_path):
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as out:
        out.writestr("portal.json", json.dumps({"format": 1, "name": "x"}))
    with pytest.raises(UserError, match="is no report made by"):
        portal_report.load(tmp_path / "x.zip")
