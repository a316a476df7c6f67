"""The archive of the reporter's tasks: portals of `portals.toml`, served on loopback and crawled for real in two weeks.

One portal more, of huyện Vũ Thư, never answers; that of huyện Ân Thi does not at a third look.
"""

from __future__ import annotations

import json
import tomllib
from functools import cache, partial
from pathlib import Path
from typing import Any

from archive.model import Portal as Entry
from crawler.demo.content import Article, Portal, Section, read_article
from crawler.demo.server import serving
from crawler.demo.software.joomla_k2 import JoomlaK2
from crawler.demo.software.nukeviet import NukeViet
from crawler.demo.software.site import Site
from crawler.demo.software.wordpress import WordPress
from crawler.folder.archive_folder import ArchiveFolder
from tests.command_line import run_command

SOFTWARE: dict[str, type[Site]] = {"joomla_k2": JoomlaK2, "nukeviet": NukeViet, "wordpress": WordPress}
NEWS = Section(2, "tin-xa-huyen", "Tin trong vùng")
SILENT = "vuthu"
"""The portal that never answers."""


@cache
def told() -> dict[str, Any]:
    """What stands in ``portals.toml``."""
    return tomllib.loads(Path(__file__).with_name("portals.toml").read_text("utf-8"))


def make_archive(path: Path) -> dict[str, str]:
    """Crawl the portals in both weeks into an archive there; returns the addresses of what was removed, by title."""
    folder = ArchiveFolder(path)
    folder.init(name="Kho thử", contact="thu@tinhuyen.invalid")
    settings = path / "tinhuyen.toml"
    settings.write_text(f"learn = false\n{settings.read_text('utf-8')}", "utf-8")
    ports = _served(folder, week=1, ports={})
    _served(folder, week=2, ports=ports)
    _crawl(folder, ["anthi"])
    return _addresses(path)


def _served(folder: ArchiveFolder, week: int, ports: dict[str, int]) -> dict[str, int]:
    """Serve and crawl the portals as they were in a week; returns their ports."""
    sites = {row["name"]: (ports.get(row["name"], 0), partial(_site, row, week)) for row in told()["portal"]}
    with serving(sites, None, {}) as bases:
        if week == 1:
            for row in told()["portal"]:
                url = f"{bases[row['name']]}/"
                folder.add_portal(Entry(row["name"], url, title=row["title"], unit=row["unit"], allow_private=True))
            nobody = "http://127.0.0.1:9/"  # the discard port: nothing listens there
            folder.add_portal(Entry(SILENT, nobody, title="Cổng huyện Vũ Thư", unit="d344", allow_private=True))
        _crawl(folder, [*sites, SILENT])
    return {name: int(base.rpartition(":")[2]) for name, base in bases.items()}


def _site(row: dict[str, Any], week: int, base: str) -> Site:
    articles = sorted(_articles(row, week), key=lambda one: (one.when, one.id), reverse=True)
    portal = Portal(
        row["name"], row["cms"], row["title"], motto="", unit=row["title"], footer=("Nội dung hư cấu.",), visits=(),
        sections=(NEWS,), pages=(), questions=(), laws=(), videos=(), albums=(), links=(), articles=tuple(articles),
    )  # fmt: skip
    return SOFTWARE[row["cms"]](portal, base)


def _articles(row: dict[str, Any], week: int) -> list[Article]:
    def of(kind: str, identifier: int) -> list[dict[str, Any]]:
        return [one for one in told()[kind] if (one["portal"], one["id"]) == (row["name"], identifier)]

    made = []
    for article in row["article"]:
        values = dict(article)
        for edit in of("edited", article["id"]):
            assert edit["now"] in values["body"], edit
            values["body"] = values["body"].replace(edit["now"], edit["was"] if week == 1 else edit["now"])
        if week == 1 or not of("removed", article["id"]):
            made.append(read_article(values, NEWS, "portals.toml"))
    return made


def _crawl(folder: ArchiveFolder, names: list[str]) -> None:
    done = run_command("--archive", folder.path, "crawl", *names, "--delay", "0", "--full", timeout=300)
    assert done.returncode in (0, 1), done.stdout + done.stderr  # 1: one of the portals does not answer


def _addresses(path: Path) -> dict[str, str]:
    done = run_command("--archive", path, "export")
    assert done.returncode == 0, done.stderr
    return {row["title"]: row["url"] for row in map(json.loads, done.stdout.splitlines())}
