"""A wrong value in tinhuyen.toml is told in one line, whatever it is and wherever it stands."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import UserError
from crawler.folder.archive_folder import ArchiveFolder
from crawler.folder.config import ALERTS, LIMITS, POLITENESS
from crawler.folder.portal_settings import KEYS
from crawler.folder.setting_values import wrong_name

VALUES = (
    "-5", "true", "[1]", '[["a"]]', "{a = 1}", "2024-01-01", "inf", "nan", "1e308", "9223372036854775807", "1" * 400,
    '"a\\u0000b\\nc"', '"http://[::1"', '"http://x:99999999/"', '"javascript:1"', '""', '"abc"',
)  # fmt: skip
WRONG = [
    *(f"{key} = {value}" for key in ("name", "contact") for value in VALUES[:12]),
    *(f"[politeness]\n{key} = {value}" for key in POLITENESS for value in VALUES),
    *(f"[limits]\n{key} = {value}" for key in LIMITS for value in VALUES),
    *(f"[alerts]\n{key} = {value}" for key in ALERTS for value in VALUES[:15] if key != "from" or value[0] != '"'),
    *(f"[portals.x]\nurl = {value}" for value in VALUES),
    *(f'[portals.x]\nurl = "http://x/"\n{key} = {value}' for key in ("title", "unit", "family") for value in VALUES[:12]),
    *(f'[portals.x]\nurl = "http://x/"\n{key} = {value}' for key in ("hours", "proxy") for value in VALUES),
    *(f'[portals.x]\nurl = "http://x/"\nallow_private = {value}' for value in VALUES if value != "true"),
    *(f'[portals."{name}"]\nurl = "http://x/"' for name in ("", " ", "a,b", "../../x", "a\\\\b", "a\\nb", "a\\u001b", "-a", ".", "x" * 300)),
    '[portals.x]\nurl = "http://u:p@x/"', "a = " + "[" * 5000 + "]" * 5000, "a = " + "{b = " * 2000 + "1" + "}" * 2000,
    "[[[", "a = 1\na = 2", 'name = "\x00"', "." * 1000 + " = 1", "portals = 3", "[portals]\nx = 3", "a = 1" + "0" * 5000,
]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return ArchiveFolder(tmp_path_factory.mktemp("kho"))


def told(folder, content: bytes) -> str | None:
    """What is said of a settings file; ``None`` when it is taken."""
    folder.config_path.write_bytes(content)
    try:
        folder.config()
    except UserError as error:
        assert error.exit_code == 2
        return str(error)
    return None


@pytest.mark.parametrize("text", WRONG, ids=range(len(WRONG)))
def test_a_wrong_value_is_told_in_one_line(folder, text):
    said = told(folder, text.encode())
    assert said is not None and len(said.splitlines()) == 1 and len(said) < 700


@pytest.mark.parametrize("content", [b'name = "\xff"', "name = 'Xã'".encode("utf-16"), b"\xef\xbb\xbf= 1"])
def test_a_file_in_another_encoding_is_told_in_one_line(folder, content):
    said = told(folder, content)
    assert said is not None and len(said.splitlines()) == 1


@given(key=st.sampled_from(KEYS), value=st.text(st.characters(blacklist_categories=["Cs"]), max_size=30))
def test_no_text_under_any_key_of_a_portal_is_an_error_of_ours(folder, key, value):
    import json

    first = "" if key == "url" else 'url = "http://xahoa.gov.vn/"\n'
    content = f"[portals.x]\n{first}{key} = {json.dumps(value)}\n".replace("\x7f", "").encode()
    said = told(folder, content)
    assert said is None or len(said.splitlines()) == 1


@pytest.mark.parametrize("name", ["hungha.thaibinh", "127.0.0.1-8080", "w3.lamdong-ductrong", "xã hoà", "a'b\"c%"])
def test_ordinary_names_and_settings_are_taken(folder, name):
    assert wrong_name(name) is None
    text = '[politeness]\ndelay = 0\ntimeout = 60.0\nhours = "19:00-07:00"\n[limits]\nquota_gb = 100\n[alerts]\n' + (
        'mail = "a@b.vn"\nfrom = "Kho <a@b.vn>"\nsmtp = "smtp+starttls://a%40b@mail.vn:587"\nwebhook = "https://b.vn/x?y=z"\n'
        '[portals.x]\nurl = "http://xahoa.gov.vn:8080/trang?a=b"\nproxy = "http://ai:mat@proxy.vn:3128"\n'
    )
    assert tomllib.loads(text) and told(folder, text.encode()) is None
