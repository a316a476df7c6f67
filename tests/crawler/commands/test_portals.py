"""``portals`` lists and filters the registry and checks it; ``add`` takes portals from it."""

from __future__ import annotations

import json
import tomllib

import pytest
from click.testing import CliRunner

from archive.store import Store
from crawler.cli import main
from crawler.fetch.network import UnknownHost
from crawler.portals.registry import registry
from crawler.reasons.codes import Code
from crawler.reasons.reason import Reason
from tests.conftest import answer
from tests.crawler.crawl.test_faults import article, links


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TINHUYEN_ARCHIVE", raising=False)

    def invoke(*args: str):
        return CliRunner().invoke(main, list(args))

    return invoke


@pytest.fixture
def archive(run):
    run("init", "kho")
    return lambda *args: run("--archive", "kho", *args)


def listed(result) -> list[str]:
    assert result.exit_code == 0, result.output
    return [entry["name"] for entry in json.loads(result.stdout)]


@pytest.mark.parametrize(
    ("args", "names"),
    [
        pytest.param(["hưng hà"], ["hungha.thaibinh"], id="a phrase with accents"),
        pytest.param(["HUNG HA"], ["hungha.thaibinh"], id="without"),
        pytest.param(["thai", "80590"], ["hungha.thaibinh"], id="every word, anywhere"),
        pytest.param(["--province", "hung yen"], ["hungyen", "hungphu.hungyen"], id="province"),
        pytest.param(
            ["--province", "thai binh", "--level", "district"], ["hungha.thaibinh", "kienxuong.thaibinh"], id="level"
        ),
        pytest.param(
            ["--province", "tay ninh", "--family", "nukeviet", "--level", "department"], ["sokhcn.tayninh"], id="family"
        ),
        pytest.param(["--state", "reused"], ["sontinh.quangngai"], id="state"),
        pytest.param(["--province", "Huế", "--province", "Điện Biên", "--level", "province"],
                     ["dienbien", "hue", "thuathienhue"], id="either province"),
        pytest.param(["list", "hung ha"], ["hungha.thaibinh"], id="list in full"),
        pytest.param(["không có gì"], [], id="nothing"),
    ],
)  # fmt: skip
def test_filters(run, args, names):
    assert listed(run("portals", *args, "--json")) == names


def test_all_are_listed_in_columns(run):
    shown = run("portals")
    assert len(shown.stdout.splitlines()) == len(registry())
    (line,) = [line for line in shown.stdout.splitlines() if line.startswith("hungha.thaibinh ")]
    assert line.split() == [
        "hungha.thaibinh",
        "district",
        "former",
        "multi_tenant",
        "Huyện",
        "Hưng",
        "Hà,",
        "tỉnh",
        "Thái",
        "Bình",
    ]
    assert shown.stderr == f"{len(registry())} of {len(registry())} registered portals\n"


def test_json_tells_all_that_is_known(run):
    (entry,) = json.loads(run("portals", "--province", "thai binh", "--level", "province", "--json").stdout)
    assert entry["successors"] == [{"portal": "hungyen", "since": "2025-07-01", "document": "202/2025/QH15"}]
    assert (entry["unit"], entry["predecessors"], entry["in_archive"]) == ("p34@2025-06", [], None)


def test_those_in_the_archive_and_those_not(archive):
    archive("add", "hungha.thaibinh")
    assert listed(archive("portals", "--in-archive", "--json")) == ["hungha.thaibinh"]
    rest = listed(archive("portals", "--not-in-archive", "--json"))
    assert len(rest) == len(registry()) - 1 and "hungha.thaibinh" not in rest
    starred = [line for line in archive("portals").stdout.splitlines() if line.startswith("*")]
    assert [line.split()[1] for line in starred] == ["hungha.thaibinh"]


@pytest.mark.parametrize(
    ("args", "says"),
    [
        pytest.param(["--province", "Thai Bin"], "did you mean Thái Bình", id="province"),
        pytest.param(["--family", "geocities"], "give one of aspnet_ui", id="family"),
        pytest.param(["--in-archive"], "no archive at", id="no archive"),
        pytest.param(["check", "nowhere.toml"], "nowhere.toml is not a file", id="no file"),
    ],
)
def test_what_cannot_be_asked_is_one_line(run, args, says):
    told = run("portals", *args)
    assert told.exit_code == 2
    assert says in told.output and len(told.output.splitlines()) == 1


def test_check_passes_the_registry_and_fails_a_wrong_file(run, tmp_path):
    assert (run("portals", "check").exit_code, run("portals", "check").stdout) == (0, "")
    (tmp_path / "x.toml").write_text('[province]\nname = "Thái Bình"\nunit = "p34@2025-06"\n[portals.x]\nurl = 3\n')
    told = run("portals", "check", "x.toml")
    assert told.exit_code == 1
    assert "x.toml: x: needs title" in told.stdout.splitlines()


@pytest.mark.parametrize("what", ["hungha.thaibinh", "hungha.thaibinh.gov.vn", "HUNGHA.thaibinh.gov.vn/"])
def test_add_takes_a_registered_portal_by_name_or_host(archive, tmp_path, what):
    added = archive("add", what)
    assert (added.exit_code, added.output) == (0, "hungha.thaibinh\n")
    entry = tomllib.loads((tmp_path / "kho/tinhuyen.toml").read_text())["portals"]["hungha.thaibinh"]
    assert entry == {
        "url": "http://hungha.thaibinh.gov.vn/", "title": "Huyện Hưng Hà, tỉnh Thái Bình", "unit": "d339",
    }  # fmt: skip
    with Store.open(tmp_path / "kho/archive.db") as store:
        portal = store.portal("hungha.thaibinh")
    assert (portal.unit, portal.family, portal.title) == ("d339", "multi_tenant", "Huyện Hưng Hà, tỉnh Thái Bình")
    assert "already" in archive("add", what).stderr


def test_add_tells_where_the_news_went_on_and_keeps_it(archive, tmp_path):
    added = archive("add", "thaibinh")
    assert added.stdout == "thaibinh\n"
    assert "Its successor is hungyen since 2025-07-01 (202/2025/QH15)" in added.stderr
    with Store.open(tmp_path / "kho/archive.db") as store:
        (link,) = store.portal_links("hungyen")
    assert (link.old, link.new) == ("thaibinh", "hungyen")


def test_add_province_takes_all_of_it_once(archive, tmp_path):
    added = archive("add", "--province", "thai binh")
    names = [entry.name for entry in registry().of_province("Thái Bình")]
    assert (added.exit_code, added.stdout.split()) == (0, names)
    assert list(tomllib.loads((tmp_path / "kho/tinhuyen.toml").read_text())["portals"]) == names
    again = archive("add", "--province", "Hưng Yên", "--province", "Thái Bình")
    assert again.stdout.split() == ["hungyen"]
    assert f"1 portal added, {len(names)} in the archive already" in again.stderr


def test_add_province_tells_what_belongs_to_it_now(archive):
    assert 'tinhuyen add --province "Nam Định"' in archive("add", "--province", "Ninh Bình").stderr


def test_an_address_that_is_registered_brings_what_is_known(archive, tmp_path, monkeypatch):
    monkeypatch.setattr("crawler.probe.adding.resolve", lambda host, port: ["203.113.1.1"])
    monkeypatch.setattr("crawler.probe.adding.refuse_private", lambda address, **kwargs: None)
    assert archive("add", "https://www.kienxuong.thaibinh.gov.vn/cong-dan").stdout == "kienxuong.thaibinh\n"
    entry = tomllib.loads((tmp_path / "kho/tinhuyen.toml").read_text())["portals"]["kienxuong.thaibinh"]
    assert entry["url"] == "https://www.kienxuong.thaibinh.gov.vn/cong-dan"
    assert (entry["title"], entry["unit"]) == ("Huyện Kiến Xương, tỉnh Thái Bình", "d343")


@pytest.mark.parametrize(
    ("args", "says"),
    [
        pytest.param([], "give addresses, names of registered portals, --from FILE, or --province", id="nothing"),
        pytest.param(["x", "--province", "Huế"], "give addresses", id="both"),
        pytest.param(["--province", "Thai Bin"], "did you mean Thái Bình", id="province"),
        pytest.param(["hungha.thaibin"], "did you mean hungha.thaibinh", id="name"),
        pytest.param(["http://hungha.thaibinh.gov.vn/"], "tinhuyen add hungha.thaibinh", id="dead, but registered"),
        pytest.param(["http://khong-co.invalid/"], "khong-co.invalid does not resolve", id="dead"),
    ],
)
def test_what_cannot_be_added_is_one_line(archive, monkeypatch, args, says):
    def nowhere(host, port):
        raise UnknownHost(Reason(Code.NAME_UNKNOWN, asked=host))

    monkeypatch.setattr("crawler.probe.adding.resolve", nowhere)
    told = archive("add", *args)
    assert told.exit_code == 2
    assert says in told.output and len(told.output.splitlines()) == 1


def test_a_broken_registry_is_one_line(run, monkeypatch, tmp_path):
    (tmp_path / "a.toml").write_text("= what")
    monkeypatch.setattr("crawler.portals.registry.FOLDER", tmp_path)
    registry.cache_clear()
    try:
        told = run("portals")
    finally:
        registry.cache_clear()
    assert told.exit_code == 2
    assert "a.toml: is no TOML" in told.output and len(told.output.splitlines()) == 1


@pytest.mark.slow
def test_a_crawl_keeps_the_unit_and_the_export_names_it(loopback, tinhuyen, tmp_path):
    loopback.routes = {"/": answer(links("/tin/bai-1.html")), "/tin/bai-1.html": answer(article("Bài 1"))}
    tinhuyen("init")
    tinhuyen("add", loopback.base, "--allow-private")
    config = tmp_path / "kho/tinhuyen.toml"
    config.write_text(config.read_text("utf-8") + 'unit = "d339"\n', "utf-8")
    assert tinhuyen("crawl", "--delay", "0").returncode == 0
    (line,) = tinhuyen("export").stdout.splitlines()
    assert json.loads(line)["unit"] == "d339"


@pytest.mark.parametrize("line", ["unit = 339", "title = 1"])
def test_a_unit_that_is_no_text_is_one_line(archive, tmp_path, line):
    config = tmp_path / "kho/tinhuyen.toml"
    config.write_text(config.read_text("utf-8") + f'[portals.x]\nurl = "http://x/"\n{line}\n', "utf-8")
    told = archive("status")
    assert told.exit_code == 2
    assert "must be a text" in told.output and len(told.output.splitlines()) == 1
