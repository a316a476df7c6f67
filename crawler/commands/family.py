"""Commands about CMS families: ``family list``, ``family new``, ``family test``."""

from __future__ import annotations

import functools
import sys
from pathlib import Path
from urllib.parse import urlsplit

import click

import crawler
from archive.text.plain_output import printable
from archive.text.plurals import counted
from crawler.addresses.urls import origin
from crawler.cms.recognise import FAMILIES
from crawler.commands.options import ListsByDefault, errors_as_one_line
from crawler.errors import FAILURES, UserError
from crawler.probe import misreading, portal_report
from crawler.probe.asker import Asker
from crawler.probe.new_family import Saved, make
from crawler.watchdog.watchdog import bounded


@click.group(cls=ListsByDefault)
def family() -> None:
    """The CMS families that are known (the default), and the skeleton of a new one."""


@family.command("list")
def list_() -> None:
    """Name every family: its handle, its title, how its lists go on."""
    for one in FAMILIES:
        click.echo(f"{one.name:16} {one.title:32} {one.pagination}")


@family.command()
@click.argument("name")
@click.argument("article", metavar="URL|FILE")
@click.option("--home", metavar="URL|FILE", help="The portal's home page; default: the front of the article's host.")
@click.option("--list", "listing", metavar="URL|FILE", help="A list page; default: the home page.")
@click.option("--url", help="The address a FILE was fetched from.")
@errors_as_one_line
def new(name: str, article: str, home: str | None, listing: str | None, url: str | None) -> None:
    """Make the skeleton of a family from the page of an article: its module, its saved pages, what is expected of them.

    It is written into the checkout this runs from, and passes its tests: check the values that are printed, and put the
    page's own content out of the saved pages before they are given away.

    Example:  tinhuyen family new mycms https://example.gov.vn/tin/bai-123.html
    """
    asker = Asker(typed=article if "://" in article else None)
    saved = _load(article, url, asker)
    front = _load(home or origin(saved.url) + "/", None, asker, near=saved.url)
    listed = _load(listing, None, asker, near=saved.url) if listing else front
    for key, value in make(name, saved, front, listed).items():
        click.echo(f"{key:12} {value}")
    click.echo(f"Written: crawler/cms/families/{name}.py, tests/crawler/cms/pages/{name}/. Check every value above.")


@family.command()
@click.argument("report", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--save", is_flag=True, help="Put the page among the saved pages of the tests of this checkout.")
@errors_as_one_line
def test(report: Path, save: bool) -> None:
    """Read the page of a report (``tinhuyen report``) and compare it with what its reader says is right.

    Each page of a report of a portal is compared with what was read when it was made. Ends with 1 while a field differs. With --save it becomes a test: a saved page with what is expected of it. Put the page's
    own content out of it before it is given away.

    Example:  tinhuyen family test x.zip --save
    """
    if portal_report.is_portal_report(report):
        _test_portal(portal_report.load(report), save)
        return
    told = misreading.load(report)
    found = bounded(lambda: misreading.differences(told), told.url)
    for name, (now, right) in found.items():
        click.echo(f"{name}\n  is read  {now!r}\n  is right {right!r}")
    if save:
        _save(told)
    if found:
        sys.exit(FAILURES)
    click.echo(f"{told.url}: read as its reader says is right")


def _save(told: misreading.Misreading) -> None:
    pages = Path(crawler.__file__).parent.parent / "tests" / "crawler" / "cms" / "pages"
    click.echo(f"Written: {misreading.save_as_page(told, pages)}, and what is expected of it beside it", err=True)


def _test_portal(told: portal_report.PortalReport, save: bool) -> None:
    """Each page of a portal's report: what made it a sample, and what is read otherwise than when the report was made."""
    fill = ", ".join(f"{name} {share:.0%}" for name, share in told.fill.items())
    click.echo(
        f"{printable(told.name)}: {told.articles:,} articles, made by {printable(told.version)}; of them have {fill}"
    )
    otherwise = 0
    for page, faults in zip(told.pages, told.faults, strict=True):
        found = bounded(functools.partial(misreading.differences, page), page.url)
        otherwise += bool(found)
        click.echo(
            f"{printable(page.url)}  {page.kind}, {page.family}: {printable('; '.join(faults)) or 'nothing doubtful'}"
        )
        for name, (now, then) in found.items():
            click.echo(f"  {name}\n    is read  {now!r}\n    was read {then!r}")
        if save:
            _save(page)
    if otherwise:
        sys.exit(FAILURES)
    click.echo(f"{counted(len(told.pages), 'page')}: read as when the report was made")


def _load(source: str, url: str | None, asker: Asker, near: str = "") -> Saved:
    if source.startswith(("http://", "https://")):
        answer = asker.get(source)
        if not answer.is_page:
            raise UserError(f"{source} cannot be fetched: {answer.error or f'it answers {answer.status}'}")
        return Saved(answer.body, answer.url)
    path = Path(source)
    if not path.is_file():
        raise UserError(f"{source} is neither an address nor a file")
    if url is None and not near:
        raise UserError(f"say with --url which address {source} was fetched from: links and families are told by it")
    front = urlsplit(near)
    return Saved(path.read_bytes(), url or f"{front.scheme}://{front.netloc}/")
