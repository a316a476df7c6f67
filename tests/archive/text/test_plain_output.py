"""Output that cannot command a terminal, and stays the same JSON."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.text.plain_output import printable


@pytest.mark.parametrize("text", ["\x1b]0;pwned\x07", "\x9b31m", "a\rb", "\x08\x7f", "\u202egpj.exe", "\u2028", "\x00"])
def test_control_characters_are_written_out(text):
    shown = printable(f"Tin {text} x")
    assert shown.isprintable()
    assert "\\u" in shown


@pytest.mark.parametrize("text", ["Xã họp\n\tmột", "đ\u0323", "👍🏽", "a\u200bb", "a\u00a0b"])
def test_text_stays(text):
    assert printable(text) == text


@given(st.text())
def test_json_means_the_same(text):
    assert json.loads(printable(json.dumps({"t": text}, ensure_ascii=False))) == {"t": text}


def test_both_streams_of_a_process_are_guarded_and_a_bar_can_still_be_drawn():
    code = (
        "import sys, click; from archive.text.plain_output import drawing, guard_output; guard_output();"
        "print('a\\x1b[31mb'); click.echo('c\\x9bd'); click.echo('e\\x07', err=True);"
        "drawing(sys.stderr).write('\\x1b[2K'); drawing(sys.stderr).flush()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "a\\u001b[31mb\nc\\u009bd\n"
    assert done.stderr == "e\\u0007\n\x1b[2K"
