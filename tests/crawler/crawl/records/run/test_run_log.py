"""The log of a crawl: a line a visit, each line one line."""

from __future__ import annotations

import re

import pytest

from crawler.crawl.records.run import run_log
from crawler.crawl.records.run.run_log import RunLog
from tests.crawler.crawl.opened import HOME, why


@pytest.mark.parametrize(("status", "shown"), [(200, "200"), (None, "---")])
def test_a_visit_is_a_line_with_its_time_status_state_and_reason(status, shown):
    log = RunLog()
    log.visit(HOME, status, "stored", why("read as\nan article"))
    text = log.take().decode()
    assert re.fullmatch(rf"\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\dZ {shown} stored {HOME} read as an article\n", text)


def test_lines_are_given_out_once_and_parts_are_counted():
    log = RunLog()
    log.line("một")
    log.line("hai")
    assert log.take().decode().count("\n") == 2
    assert (log.take(), log.parts) == (b"\n", 2)


def test_a_log_is_long_beyond_its_bound_and_short_again_when_taken(monkeypatch):
    monkeypatch.setattr(run_log, "LONG", 100)
    log = RunLog()
    log.line("x" * 50)
    assert not log.is_long
    log.line("x" * 50)
    assert log.is_long
    log.take()
    assert not log.is_long
