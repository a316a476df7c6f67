"""A page that is read wrong becomes a file, the file a failing test, and a passing one once the page is read right."""

from __future__ import annotations

import json
import zipfile

import pytest
from click.testing import CliRunner

from crawler.cli import main
from crawler.commands.report import asked
from crawler.errors import UserError
from crawler.probe import misreading
from tests.conftest import answer

TITLE = "Xã Tân Lễ đắp đê mùa mưa"
PROSE = "".join(
    f"<p>Sáng nay bà con thôn {name} ra đồng đắp lại đoạn đê bị sạt lở dài hàng trăm mét.</p>" for name in "ABCD"
)
PAGE = f"<html lang=vi><head><title>{TITLE}</title></head><body><article><h1>{TITLE}</h1><p>12/03/2024</p>{PROSE}</article></body></html>"


@pytest.fixture
def archive(tinhuyen, loopback, tmp_path):
    loopback.routes["/"] = answer(
        f"<html lang=vi><body><h2><a href='/tin/dap-de-1.html'>{TITLE}</a></h2></body></html>"
    )
    loopback.routes["/tin/dap-de-1.html"] = answer(PAGE)
    tinhuyen("init", "--contact", "bi-mat@example.org")
    tinhuyen("add", loopback.base, "--allow-private", "--no-probe")
    assert tinhuyen("crawl", "--delay", "0").returncode == 0
    url = f"{loopback.base}/tin/dap-de-1.html"
    return lambda *args: tinhuyen("report", url, "-o", str(tmp_path / "x.zip"), *args)


def test_a_report_becomes_a_failing_test_and_passes_once_what_is_right_is_read(archive, tinhuyen, tmp_path):
    path = tmp_path / "x.zip"
    made = archive("--fix", "title=Đắp đê", "--fix", "tags=đê; lũ")
    assert (made.returncode, made.stdout.count("2 fields said to be wrong: title, tags")) == (0, 1), made.stderr
    tried = tinhuyen("family", "test", str(path))
    assert tried.returncode == 1
    assert f"is read  '{TITLE}'\n  is right 'Đắp đê'" in tried.stdout
    told = misreading.load(path)
    told.right = {"views": None}
    misreading.write(told, path)
    assert tinhuyen("family", "test", str(path)).returncode == 0


def test_an_article_is_reported_by_its_address_on_the_site(archive, tinhuyen, tmp_path):
    identifier = json.loads(tinhuyen("export").stdout)["id"]
    for number, address in enumerate((f"https://kho.example.org/en/bai/{identifier}?v=1", f"/bai/{identifier}")):
        made = tinhuyen("report", address, "--fix", "title=Đắp đê", "-o", str(tmp_path / f"{number}.zip"))
        assert made.returncode == 0, made.stderr
    for nowhere, told in (
        ("https://kho.example.org/bai/7", "no article of the address"),
        ("7", "no article 7 is kept here"),
    ):
        missed = tinhuyen("report", nowhere, "--fix", "title=Đắp đê", "-o", str(tmp_path / "7.zip"))
        assert (missed.returncode, missed.stderr.count("\n")) == (2, 1) and told in missed.stderr


def test_a_day_is_given_as_people_write_it_and_is_right_of_each_minute_in_it(archive, tinhuyen, tmp_path):
    path = tmp_path / "x.zip"
    assert archive("--fix", "published=14/10/2026", "--fix", "event_date=14-10-2026").returncode == 0
    told = misreading.load(path)
    assert told.right == {"published": "2026-10-14", "event_date": "2026-10-14"}
    assert "is right '2026-10-14'" in tinhuyen("family", "test", str(path)).stdout
    told.right = {"published": "2024-03-12"}  # the page's own day, of which it prints no minute
    misreading.write(told, path)
    assert tinhuyen("family", "test", str(path)).returncode == 0


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("2026-10", "2026-10"),
        ("10/2026", "2026-10"),
        ("14/10/2026 8:30", "2026-10-14T08:30"),
        ("2026-10-14T08:30:11", "2026-10-14T08:30"),
        ("2026-10-14T01:30+00:00", "2026-10-14T08:30"),
        ("", None),
    ],
)
def test_days_are_kept_as_pages_are_compared(given, kept):
    assert misreading.right_of(f"published={given}") == ("published", kept)


@pytest.mark.parametrize("given", ["30/02/2026", "10/14/2026", "hôm qua", "2026"])
def test_what_is_no_day_is_told_with_how_to_write_one(given):
    with pytest.raises(UserError, match=r"--fix published=.*: write it as 2026-10, 2026-10-14"):
        misreading.right_of(f"published={given}")


def test_a_report_holds_the_page_and_nothing_of_the_archives_owner(archive, tmp_path):
    assert archive("--fix", "title=Đắp đê").returncode == 0
    with zipfile.ZipFile(tmp_path / "x.zip") as held:
        parts = {name: held.read(name) for name in held.namelist()}
    assert parts["page.html"].decode() == PAGE
    assert sorted(parts) == ["page.html", "report.json", "response.warc.gz"]
    assert b"bi-mat" not in b"".join(parts.values())
    assert json.loads(parts["report.json"])["read"]["published"] == "2024-03-12"


def test_a_report_becomes_a_saved_page_of_the_tests(archive, tmp_path):
    archive("--fix", "title=Đắp đê")
    page = misreading.save_as_page(misreading.load(tmp_path / "x.zip"), tmp_path)
    assert page.read_text("utf-8") == PAGE
    expected = json.loads(page.with_suffix(".json").read_text("utf-8"))
    assert (expected["title"], expected["published"], expected["family"]) == ("Đắp đê", "2024-03-12", "general")


@pytest.mark.parametrize(
    ("fix", "said"),
    [
        ("titel=x", "write it as FIELD=VALUE"),
        ("title", "write it as FIELD=VALUE"),
        ("views=viele", "give digits alone"),
        ("tags=[1", "no JSON list"),
    ],
)
def test_a_fix_that_cannot_be_read_is_told_in_one_line(fix, said):
    with pytest.raises(UserError, match=said):
        misreading.fixed(fix)


@pytest.mark.parametrize(
    ("fix", "value"), [("views=", None), ("views=12", 12), ('tags=["a; b"]', ["a; b"]), ("tags=", [])]
)
def test_a_fix_is_read_as_its_field_is(fix, value):
    assert misreading.fixed(fix)[1] == value


def test_what_is_no_report_is_told_in_one_line(tmp_path):
    (tmp_path / "x.zip").write_bytes(b"PK nothing")
    told = CliRunner().invoke(main, ["family", "test", str(tmp_path / "x.zip")])
    assert (told.exit_code, told.stderr.count("\n")) == (2, 1)
    assert "is no report made by" in told.stderr


def test_that_all_is_right_is_no_report(archive, tmp_path):
    said = archive("--fix", f"title={TITLE}")
    assert (said.returncode, (tmp_path / "x.zip").exists()) == (2, False)
    assert "nothing is said to be wrong" in said.stderr


def test_a_slip_while_asked_is_asked_again_and_loses_no_answer(monkeypatch, capsys):
    answers = {"title": ["Đắp đê"], "published": ["hôm qua", "14/10/2026"], "views": ["nhiều", "-"]}
    given = iter(one for name in misreading.FIELDS for one in answers.get(name, []) + [""] * (name not in answers))
    monkeypatch.setattr("click.prompt", lambda *_, **__: next(given))
    found = misreading.Misreading("http://x.vn/1", None, None, "article", "", "general", "", {"title": TITLE}, {}, "0")
    assert asked(found) == {"title": "Đắp đê", "published": "2026-10-14", "views": None}
    assert capsys.readouterr().err.count("write it as 2026-10") == 1
