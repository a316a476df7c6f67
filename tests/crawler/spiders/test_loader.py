"""Every portal of an archive is a spider of an ordinary Scrapy project."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from scrapy import Request
from scrapy.settings import Settings

from archive.model import Portal
from crawler.folder.archive_folder import ArchiveFolder
from crawler.spiders.loader import PortalSpiderLoader
from tests.conftest import answer
from tests.crawler.crawl.test_faults import article, links

ROOT = Path(__file__).parents[3]


@pytest.fixture
def loader(tmp_path):
    folder = ArchiveFolder(tmp_path / "kho")
    folder.init()
    folder.add_portal(Portal("hungha.thaibinh", "https://hungha.thaibinh.gov.vn/"))
    return PortalSpiderLoader.from_settings(Settings({"TINHUYEN_ARCHIVE": str(folder.path)}))


def test_portals_are_spiders_by_name(loader):
    assert loader.list() == ["portal", "hungha.thaibinh"]
    spider = loader.load("hungha.thaibinh")()
    assert (spider.name, spider.portal_names) == ("hungha.thaibinh", ["hungha.thaibinh"])
    assert loader.find_by_request(Request("http://hungha.thaibinh.gov.vn/tin")) == ["hungha.thaibinh"]
    with pytest.raises(KeyError, match="Spider not found: x"):
        loader.load("x")


def test_without_an_archive_there_is_the_class_alone(tmp_path):
    assert PortalSpiderLoader(ArchiveFolder(tmp_path)).list() == ["portal"]


@pytest.mark.slow
def test_scrapy_lists_and_crawls_a_portal(loopback, tinhuyen, tmp_path):
    paths = [f"/tin/bai-viet-{n}.html" for n in range(3)]
    loopback.routes = {"/": answer(links(*paths)), **{path: answer(article(f"Bài {path}")) for path in paths}}
    tinhuyen("init")
    name = tinhuyen("add", loopback.base, "--allow-private").stdout.strip()
    environment = os.environ | {"TINHUYEN_ARCHIVE": str(tmp_path / "kho")}

    def scrapy(*args):
        command = [sys.executable, "-m", "scrapy", *args]
        return subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False
        )

    assert set(scrapy("list").stdout.split()) == {"portal", name}
    done = scrapy("crawl", name, "-a", "delay=0")
    assert done.returncode == 0 and "Traceback" not in done.stderr
    assert len(tinhuyen("export").stdout.splitlines()) == 3
    fetched = scrapy("fetch", "--nolog", loopback.base + paths[0])  # no row in the ledger: through memory
    assert "Bài /tin" in fetched.stdout
