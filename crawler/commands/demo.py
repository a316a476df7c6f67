"""``tinhuyen demo``: three small portals on loopback, crawled for real in two weeks, then browsed."""

from __future__ import annotations

import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click

from archive.model import Portal
from archive.site.server.serving import listening, serve_on
from crawler import demo as demo_portals
from crawler.addresses.scope import portal_name
from crawler.commands.options import errors_as_one_line
from crawler.demo.sights import sights
from crawler.demo.weeks import Week
from crawler.errors import FAILURES, INTERRUPTED, OK, UserError
from crawler.folder.archive_folder import ArchiveFolder
from crawler.ledger.queries.read_only import open_read_only

HOST = "127.0.0.1"
CONTACT = "demo@tinhuyen.invalid"


@click.command()
@click.option("--dir", "directory", default="tinhuyen-demo", show_default=True, metavar="DIR", help="Where to keep it.")
@click.option("--no-serve", is_flag=True, help="End after the crawls.")
@click.option("--port", default=8001, show_default=True, type=click.IntRange(0, 65535), help="Where to browse it.")
@click.option(
    "--portals-port", default=demo_portals.FIRST_PORT, show_default=True, type=click.IntRange(1024, 65000),
    help="The first of the three ports the portals are served on.",
)  # fmt: skip
@errors_as_one_line
def demo(directory: str, no_serve: bool, port: int, portals_port: int) -> None:
    """Crawl three small portals written for this project, twice, and browse the archive.

    They are served on this machine alone. Between the two crawls, "week 1" and "week 2", they edit articles, remove some
    and replace a file, so that versions and removals can be seen. Running it again repeats week 2 and adds nothing twice.
    """
    folder = ArchiveFolder(Path(directory))
    with ExitStack() as stack:
        # before anything is crawled, so that a port that is taken costs no time
        listener = None if no_serve else stack.enter_context(listening(HOST, port))
        with _serving(portals_port, 1):
            pass
        folder.init(name="Tin Huyện demo", contact=CONTACT)
        weeks: tuple[Week, ...] = (2,) if _has_week_one(folder) else (1, 2)
        for week in weeks:
            with _serving(portals_port, week) as bases:
                names = _add(folder, bases)
                click.echo(_WEEKS[week].format(n=len(bases), path=folder.path))
                if (code := _crawl(folder, names)) not in (OK, FAILURES):
                    sys.exit(code)
        if listener is None:
            click.echo(f"Browse it with  tinhuyen --archive {shlex.quote(str(folder.path))} serve")
            sys.exit(code)
        bases = stack.enter_context(_serving(portals_port, 2))  # so that links to the portals lead somewhere
        address = f"http://{HOST}:{listener.getsockname()[1]}"
        serve_on(folder.path, listener, HOST, say=lambda line: _say(line, folder, address, bases))


_WEEKS = {
    1: "Week 1: crawling {n} small portals, served on this machine, into {path} …",
    2: "\nWeek 2: the portals edited 3 articles, replaced a file and removed 2 articles. Crawling them again …",
}


@contextmanager
def _serving(first_port: int, week: Week) -> Iterator[dict[str, str]]:
    try:
        with demo_portals.serve(first_port, week=week) as bases:
            yield bases
    except demo_portals.PortBusy as error:
        raise UserError(f"{error.strerror or error}: choose other ports with  --portals-port") from error


def _has_week_one(folder: ArchiveFolder) -> bool:
    """Whether an earlier run crawled week 1 to its end."""
    with open_read_only(folder) as conn:
        return conn.execute("SELECT 1 FROM run WHERE outcome = 'finished' LIMIT 1").fetchone() is not None


def _add(folder: ArchiveFolder, bases: dict[str, str]) -> list[str]:
    """Add the portals under their short names; those of an archive made before keep theirs."""
    titles = {portal.name: portal.title for portal in demo_portals.portals()}
    known = folder.config().portals
    by_url = {portal.url: portal.name for portal in known.values()}
    names = []
    for short, base in bases.items():
        url = base.rstrip("/") + "/"
        name = by_url.get(url) or (short if short not in known else f"{short}-{portal_name(url).rpartition('-')[2]}")
        folder.add_portal(Portal(name, url, title=titles[short], allow_private=True))
        names.append(name)
    return names


def _crawl(folder: ArchiveFolder, names: list[str]) -> int:
    """Crawl in a process of its own: Scrapy's reactor starts only once in each. Returns the exit code."""
    command = [
        sys.executable,
        "-m",
        "crawler",
        "--archive",
        str(folder.path),
        "crawl",
        *names,
        "--delay",
        "0",
        "--full",
    ]
    sys.stdout.flush()
    with subprocess.Popen(command) as crawl:
        try:
            return crawl.wait()
        except KeyboardInterrupt:  # a terminal sends it to both
            before = signal.signal(signal.SIGINT, signal.SIG_IGN)
            if crawl.poll() is None:
                crawl.send_signal(signal.SIGTERM)
            crawl.wait()
            signal.signal(signal.SIGINT, before)
            click.echo("tinhuyen: interrupted", err=True)
            return INTERRUPTED


def _say(line: str, folder: ArchiveFolder, address: str, bases: dict[str, str]) -> None:
    """What is served and what to try, once the site listens; then what the site says at its end."""
    if not line.startswith("http"):
        click.echo(line)
        return
    click.echo(f"\nThe archive is at  {address}/  (English: {address}/en). Stop with Ctrl-C. Try:")
    for what, path in sights(folder):
        click.echo(f"  {what:48} {address}{path}")
    click.echo("The portals themselves, as they are in week 2:")
    for portal in demo_portals.portals():
        click.echo(f"  {portal.title:48} {bases[portal.name]}/")
