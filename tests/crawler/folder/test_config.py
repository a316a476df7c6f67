"""The settings of an archive: keys that nothing reads are told with the table they were meant for."""

from __future__ import annotations

from pathlib import Path

import pytest
import tomlkit

from crawler.folder.config import read_config


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("delay = 3", "delay (it belongs under [politeness])"),
        ("[politeness]\nquota_gb = 3", "politeness.quota_gb (it belongs under [limits])"),
        ("[limits]\nsmtp = 'smtp://x'", "limits.smtp (it belongs under [alerts])"),
        (
            "[portals.x]\nurl = 'http://x.vn/'\ncontact = 'a@example.org'",
            "portals.x.contact (it belongs at the top, above the first table)",
        ),
        ("ghi_chu = 'của tôi'", "ghi_chu"),
        ("[portals.x]\nurl = 'http://x.vn/'\ndelay = 3", None),
    ],
)
def test_a_key_in_the_wrong_table_is_told_with_the_right_one(text, told):
    assert read_config(tomlkit.parse(text), Path("tinhuyen.toml")).unread == ([told] if told else [])
