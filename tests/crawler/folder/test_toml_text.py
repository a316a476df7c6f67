"""A stranger's words in tinhuyen.toml stay words: no setting, no second line, no file that cannot be read again."""

from __future__ import annotations

import tomllib

import pytest
import tomlkit
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from crawler.cli import main
from crawler.folder.toml_text import LONGEST, clean
from tests.conftest import answer


@given(st.text(st.characters(), max_size=60))
def test_any_text_is_a_comment_and_a_value_of_one_line(text):
    table = tomlkit.table()
    table["family"] = clean(text)
    table["family"].comment(clean(text))
    table["next"] = 1
    document = tomlkit.document()
    document["portal"] = table
    written = tomlkit.dumps(document).encode().decode()
    assert tomllib.loads(written)["portal"] == {"family": clean(text), "next": 1}
    assert len(written.splitlines()) == 3


def test_a_long_one_is_cut_off():
    assert len(clean("a" * 10_000)) == LONGEST and clean(" Xã\t Hoà\n") == "Xã Hoà"


@pytest.mark.parametrize(
    "words",
    ["wordpress\nproxy = 'http://127.0.0.1:9'\n#", "wordpress\r\nexclude='.'\r\n#", "wordpress \x01", "wordpress \x85x",
     "wordpress\n[portals.b]\nurl='http://x/'\n#", "wordpress \x1b[31m", "wordpress \u2028exclude='.'"],
    ids=["line feed", "carriage return", "control", "next line", "table", "escape", "line separator"],
)  # fmt: skip
def test_a_home_page_writes_no_setting_when_it_is_added(loopback, tmp_path, words):
    page = f'<html><head><meta name=generator content="{words}"><title>Xã {words}</title></head><body>x</body></html>'
    loopback.routes = {"/": answer(page)}
    run = lambda *args: CliRunner().invoke(main, ["--archive", str(tmp_path / "kho"), *args])  # noqa: E731
    run("init")
    added = run("add", loopback.base + "/", "--allow-private")
    assert added.exit_code == 0, added.output
    kept = tomllib.loads((tmp_path / "kho" / "tinhuyen.toml").read_text())["portals"]
    ((_, entry),) = kept.items()
    assert set(entry) <= {"url", "title", "family", "unit", "allow_private"}
    assert run("status").exit_code == 0
