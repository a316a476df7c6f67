"""TLS certificates near their end: kept when a connection is made, told by ``status``, the site, alerts and as a sign."""

from __future__ import annotations

import json
import sqlite3
import ssl
import threading
import time
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.rows import portal_health as health
from archive.store import Store
from archive.text.vietnam_time import DAY
from crawler.folder.archive_folder import ArchiveFolder
from crawler.health import certificates
from crawler.health.alerting.alert_messages import ending_certificates
from crawler.health.sunset import Sign, forget, note
from crawler.health.sunset import closing as closing_portals
from crawler.health.verdict import Facts
from crawler.ledger.frontier import Ledger
from tests.command_line import run_command
from tests.crawler.crawl.test_tls import OLDEST, TlsServer, serving
from tests.crawler.fetch.certificates import Authority

LEFT = {"near": 5, "far": 40, "old": 5, "expired": -2}
"""Days until each server's certificate ends; ``old`` speaks TLS 1.0 alone."""


@pytest.mark.parametrize(
    ("days", "near"), [(20, False), (13, True), (0.1, True), (-3, True), (-40, False)], ids=lambda value: str(value)
)
def test_it_is_told_from_two_weeks_before_its_end_until_a_month_after(days, near):
    assert certificates.is_near(1e9 + days * DAY, 1e9) is near


def test_the_end_is_that_of_the_https_address_a_portal_leads_to(tmp_path):
    frontier = Ledger(tmp_path / "crawl.db")
    frontier.conn.execute("INSERT INTO host (origin, certificate_ends) VALUES ('https://hoaan.gov.vn', 5)")
    assert certificates.ends_of(frontier.conn, "http://hoaan.gov.vn/") == 5
    assert certificates.ends_of(frontier.conn, "http://khac.gov.vn/") is None
    frontier.close()


@pytest.fixture(scope="module")
def crawled(tmp_path_factory):
    """An archive of servers whose certificates end in so many days, crawled once."""
    path = tmp_path_factory.mktemp("certificates")
    authority = Authority(path / "authority")
    folder = ArchiveFolder(path / "kho")
    folder.init()
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(authority.root))
        for name, days in LEFT.items():
            chain = authority.issue(name, days=days, rsa_bits=2048 if name == "old" else 0)
            if name == "old":
                with pytest.warns(DeprecationWarning):
                    context = serving(chain, ciphers=OLDEST, newest=ssl.TLSVersion.TLSv1)
            else:
                context = serving(chain)
            server = stack.enter_context(TlsServer(context))
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
            stack.callback(server.shutdown)
            with folder.config_path.open("a") as config:
                url = f"https://127.0.0.1:{server.server_address[1]}/"
                config.write(f'[portals."{name}"]\nurl = "{url}"\nallow_private = true\n')
        run(folder.path, "crawl", "--delay", "0")
    return folder


def run(folder: Path, *args: str) -> str:
    done = run_command("--archive", folder, *args)
    assert "Traceback" not in done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
@pytest.mark.xdist_group("tls")
def test_a_crawl_keeps_when_each_certificate_ends_whatever_way_it_was_reached(crawled):
    with closing(sqlite3.connect(crawled.ledger)) as conn:
        ends = dict(conn.execute("SELECT origin, certificate_ends FROM host").fetchall())
    for name, portal in crawled.config().portals.items():
        assert ends[portal.url.rstrip("/")] == pytest.approx(time.time() + LEFT[name] * DAY, abs=600)


@pytest.mark.slow
@pytest.mark.xdist_group("tls")
def test_those_near_their_end_are_told_by_status_the_site_the_alerts_and_as_a_sign_of_closing(crawled):
    day = f"{datetime.now(UTC) + timedelta(days=5, hours=7):%Y-%m-%d}"
    told = run(crawled.path, "status")
    assert f"closing:    near: its TLS certificate ends on {day} and was not renewed" in told
    assert "closing:    expired: its TLS certificate ended on" in told and "closing:    far" not in told
    assert json.loads(run(crawled.path, "status", "--json"))["certificate_ends"].keys() == LEFT.keys()
    with Store.open(crawled.database) as store:
        shown = {one.portal for one in health.all_portals(store.conn) if one.certificate_is_near(datetime.now(UTC))}
    assert shown == {"near", "old", "expired"}
    frontier = Ledger(crawled.ledger)
    alerts = ending_certificates(frontier.conn, crawled.config().portals.values(), time.time())
    assert {alert.cause for alert in alerts} == {"near: certificate", "old: certificate", "expired: certificate"}
    assert all(alert.every == 7 * DAY for alert in alerts)
    frontier.close()


def test_the_sign_is_taken_back_when_the_certificate_was_renewed(tmp_path):
    frontier = Ledger(tmp_path / "crawl.db")
    facts = Facts("a", "https://a.vn/", "finished", 1e9, held=10)
    note(frontier, facts, [Sign("certificate", "it ends")])
    forget(frontier, "a", "certificate")
    assert closing_portals(frontier.conn) == {}
    frontier.close()
