"""The report of a crawl: its lines, its exit code, and the line of a log in JSON."""

from __future__ import annotations

import pickle

import pytest

from crawler import errors
from crawler.crawl.crawl_report import MAX_FAILURE_LINES, CrawlReport, PortalsAfter, summary, survey_failed
from crawler.crawl.one_crawl import LeftBehind
from crawler.crawl.records.visit import Tally
from crawler.folder.archive_folder import ArchiveFolder
from crawler.folder.limits import Ending
from crawler.health.verdict import Verdict
from tests.crawler.crawl.opened import HOME, why

NAMES = ["xabinh", "xahoa"]


@pytest.fixture
def lines(tmp_path):
    def told(report: CrawlReport) -> str:
        return "\n".join(summary(report, ArchiveFolder(tmp_path)))

    return told


def report(outcome: str = "finished", *, after: PortalsAfter | None = None, **known) -> CrawlReport:
    told = {"seconds": 12.34, "run": 5, "tally": Tally(requests=7), "pages": {}, "left_behind": LeftBehind([]), **known}
    return CrawlReport(NAMES, outcome, after=after or PortalsAfter({"xahoa": 3, "xabinh": 1}), **told)


def full_disk() -> Ending:
    return Ending("disk full", "no room", errors.DISK_FULL)


@pytest.mark.parametrize(
    ("known", "code"),
    [
        ({}, errors.OK),
        ({"tally": Tally(failed={HOME: "503"})}, errors.FAILURES),
        ({"broken_off": [HOME]}, errors.FAILURES),
        ({"left_alone": {HOME: ("503", 1.8e9)}}, errors.FAILURES),
        ({"outcome": "interrupted", "broken_off": [HOME]}, errors.INTERRUPTED),
        ({"outcome": "interrupted", "fatal": full_disk()}, errors.DISK_FULL),
    ],
    ids=["well", "failed-page", "broken-off", "left-alone", "interrupted", "disk-full"],
)
def test_the_gravest_thing_that_happened_is_the_exit_code(known, code):
    assert report(**known).exit_code == code


def test_a_host_that_failed_is_a_failure_of_the_crawl():
    told = report()
    told.tally.hosts.failed[HOME] = why("503")
    assert told.exit_code == errors.FAILURES


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        ("finished", "2 portals, 7 requests in 12.3 s.\n"),
        ("limited", "at the limit of --limit"),
        ("interrupted", "the same command continues it"),
        ("stopped", "Stopped on request"),
        ("surveyed", "only feeds, sitemaps and lists"),
    ],
)
def test_the_first_line_says_how_the_crawl_ended(lines, outcome, said):
    assert said in lines(report(outcome))


def test_articles_are_told_by_portal_and_outcome(lines):
    tally = Tally(replaced=2)
    tally.articles.update(new=4, revised=3, suspect=1)
    text = lines(report(tally=tally))
    assert (
        "4 held: 4 new, 3 revised (2 by an attachment replaced), 0 unchanged, 0 counted as removed, 1 answering 404"
        in text
    )
    assert text.index("xabinh") < text.index("xahoa")


def test_failures_beyond_the_first_are_counted_and_not_listed(lines):
    failed = {f"{HOME}{n}": "503" for n in range(MAX_FAILURE_LINES + 3)}
    text = lines(report(tally=Tally(failed=failed)))
    assert f"failed    {MAX_FAILURE_LINES + 3}" in text and "and 3 more" in text
    assert text.count(": 503") == MAX_FAILURE_LINES


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ({"left_behind": LeftBehind([], [], 1)}, "recovered 1 page that a killed crawl had fetched"),
        ({"pages": {"new": 12, "stored": 5}}, "waiting   12 pages for the next crawl"),
        ({"errors_logged": ["ValueError: x"]}, "problem   ValueError: x"),
        ({"fatal": full_disk()}, "stopped   no room"),
        ({"broken_off": [HOME]}, "broken off 1 time;"),
        ({"after": PortalsAfter(paused=["xahoa"])}, "tinhuyen resume xahoa"),
        ({"after": PortalsAfter(not_verified={"xahoa": "expired"})}, "TLS       xahoa: expired"),
        ({"tally": Tally(limits={"xahoa": "max_pages"})}, "limit     xahoa: max_pages"),
        ({"tally": Tally(unread={"xahoa": 9})}, "9 articles not read again yet: tinhuyen reread xahoa"),
    ],
    ids=["recovered", "waiting", "problem", "stopped", "broken-off", "paused", "tls", "limit", "unread"],
)
def test_what_happened_is_told_and_nothing_of_it_otherwise(lines, known, said):
    assert said in lines(report(**known))
    assert said.split()[0] not in [line.split()[0] for line in lines(report()).splitlines()]


@pytest.mark.parametrize(("name", "told"), [("complete", False), ("unreachable", True)])
def test_a_verdict_is_told_unless_all_is_well(lines, name, told):
    verdict = Verdict(name, "no answer", "Look at it.")
    assert ("verdict   xahoa" in lines(report(after=PortalsAfter(verdicts={"xahoa": verdict})))) is told


def test_without_a_network_one_line_says_so_and_no_host_is_blamed(lines):
    no_route = why("no route")
    after = PortalsAfter({"xahoa": 3}, offline={"xahoa": no_route, "xabinh": None})
    told = report("offline", after=after)
    told.tally.hosts.failed[HOME] = no_route
    (line,) = lines(told).splitlines()
    assert "xahoa, xabinh not reached: no route" in line
    told.outcome = "finished"
    assert "host " not in lines(told)


def test_a_survey_that_read_nothing_says_why_in_one_line():
    assert survey_failed(report()) is None
    assert survey_failed(report(left_alone={HOME: ("503", 1.8e9)})) == f"{HOME}: 503"


def test_the_line_of_a_log_names_the_run_and_what_ended_it():
    told = report(fatal=full_disk(), after=PortalsAfter(verdicts={"xahoa": Verdict("complete", "", "")}))
    assert told.as_dict() == {
        "run": 5, "outcome": "finished", "requests": 7, "articles": {}, "verdicts": {"xahoa": "complete"}, "fatal": "no room",
    }  # fmt: skip


def test_a_report_comes_whole_from_the_child_that_crawled():
    told = report(left_behind=LeftBehind(["w"], [], 2), fatal=full_disk())
    told.tally.hosts.failed[HOME] = why("503")
    told.tally.hosts.reach.not_reached(HOME, "silence")
    assert pickle.loads(pickle.dumps(told)) == told
