"""``tinhuyen report``: a page that was read wrong, as a file for whoever mends it."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from archive.queries.suspensions import suspension
from archive.store import Store
from archive.text.plain_output import printable
from archive.text.plurals import counted
from archive.warc.read import find_file
from crawler.commands.article_named import identifier_of
from crawler.commands.options import archive_option
from crawler.errors import UserError
from crawler.folder.archive_folder import ArchiveFolder
from crawler.folder.config import choose
from crawler.learn import theme_file
from crawler.learn.archived import original_of
from crawler.page.page import Page
from crawler.probe import misreading, portal_report
from crawler.probe.misreading import FIELDS, Misreading
from crawler.probe.redaction import without_private_headers
from crawler.settings import VERSION
from crawler.watchdog.watchdog import bounded


@click.command()
@click.argument("named", metavar="ARTICLE|PORTAL")
@click.option("--fix", "fixes", multiple=True, metavar="FIELD=VALUE", help="What is right; may be given several times.")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The zip file to write."
)
@click.option(
    "--pages",
    type=click.IntRange(1, portal_report.MOST),
    default=5,
    show_default=True,
    help="Sample pages of a portal.",
)
@archive_option
def report(named: str, fixes: tuple[str, ...], output: Path, pages: int, folder: ArchiveFolder) -> None:
    """Report a page that is read wrong, named by its id or address: the page, what was read, what is right, its theme.

    A portal's name reports the portal: sample pages, those first whose fields are doubtful or empty, how full its fields are,
    its theme, versions, and of its settings only what says which addresses are asked for and where the parts of an article are.

    Of a page without --fix you are asked field by field. The file holds the page as it came and nothing of yours: no settings, no
    contact, and of the response's headers none that may tell who asked. Its fields are title, lead, paragraphs, captions, section, byline, author, source, published (2026-10-14T08:30,
    or 14/10/2026: then any minute of that day is right), event_date, views, tags, attachments; lists have ; between their entries, and an empty value says that there is none.

    Example:  tinhuyen report 2026050112345678 --fix title="Xã Tân Lễ đắp đê" -o x.zip
    """
    folder.require()
    if output.exists():
        raise UserError(f"{output} exists: name another file with -o, or remove it")
    config = folder.config()
    if not named.isdecimal() and "/" not in named:
        choose(config, [named])  # neither an id nor an address: a slip in a portal's name is told with the nearest ones
    if named in config.portals:
        if fixes:
            raise UserError("--fix says what is right of one page: name the page, and not its portal")
        _report_portal(folder, named, pages, output)
    else:
        _report_page(folder, named, fixes, output)


def _report_portal(folder: ArchiveFolder, name: str, pages: int, output: Path) -> None:
    with Store.open_reading(folder.database) as store:
        told, samples = portal_report.survey(store.conn, name, VERSION, folder.entry(name))
    portal_report.gather(told, samples, pages, lambda article: held(folder, str(article)))
    if not told.pages:
        raise UserError(f"no article of {name} is held whose page can be sent: try  tinhuyen probe  and  tinhuyen why")
    portal_report.write(told, output)
    doubtful = sum(bool(faults) for faults in told.faults)
    click.echo(f"{output}: {name}, {counted(len(told.pages), 'page')}, {doubtful} with doubtful or empty fields:")
    for page, faults in zip(told.pages, told.faults, strict=True):
        click.echo(f"  {printable(page.url)}  {'; '.join(faults) or 'nothing doubtful, for comparison'}")
    if told.masked:
        click.echo(f"{counted(told.masked, 'article')} with masked private numbers left out", err=True)
    click.echo(_LOOK.format(name=output.name), err=True)


_LOOK = "Look into it before you send it; whoever mends it begins with  tinhuyen family test {name}"


def _report_page(folder: ArchiveFolder, article: str, fixes: tuple[str, ...], output: Path) -> None:
    right = dict(misreading.right_of(one) for one in fixes)
    found = held(folder, article)
    if not fixes:
        if not sys.stdin.isatty():
            raise UserError("say with --fix FIELD=VALUE what is right: there is nobody to ask")
        right = asked(found)
    found.right = {
        name: value
        for name, value in right.items()
        if (found.kind if name == "kind" else found.read.get(name)) != value
    }
    if not found.right:
        raise UserError("nothing is said to be wrong: what is right is what is read already")
    misreading.write(found, output)
    click.echo(
        f"{output}: {found.url}, {counted(len(found.right), 'field')} said to be wrong: {', '.join(found.right)}"
    )
    click.echo(_LOOK.format(name=output.name), err=True)


def held(folder: ArchiveFolder, named: str) -> Misreading:
    """The page of an article as the archive holds it, and as it is read now. Raises :class:`UserError`."""
    with Store.open_reading(folder.database) as store:
        identifier = identifier_of(store, named)
        if suspension(store.conn, identifier) is not None:
            raise UserError(f"{identifier} is suspended: nothing of it is given away")
        record = store.record(identifier)
        assert record is not None, "an id that was just found"
        capture = record.capture
        original = original_of(store.conn, folder.warc, capture)
    if original is None:
        raise UserError(f"the page of {identifier} cannot be read from {capture.file}: see  tinhuyen verify")
    page, at = original
    path = theme_file.path_of(folder.path, record.portal.name)
    theme = path.read_text("utf-8") if path.is_file() else ""
    shown = Page.parse(page.body, page.url, content_type=page.content_type, fetched_at=page.fetched_at)
    found = bounded(lambda: misreading.misreading(shown, page.body, theme, VERSION, page.content_type), page.url)
    with find_file(folder.warc, at.file).open("rb") as stream:
        stream.seek(at.offset)
        found.record, found.left_out = without_private_headers(stream.read(at.length))
    return found


def asked(found: Misreading) -> dict[str, Any]:
    """What a reader says is right, asked field by field; enter leaves a field as it is read."""
    click.echo(
        f"{found.url}\nread as {found.kind}: {found.reason}\nEnter: it is right. A single - says that there is none."
    )
    told: dict[str, Any] = {}
    for name in FIELDS:
        click.echo(f"{name}: {_shown(found.read.get(name))}")
        while answer := click.prompt("  right is", default="", show_default=False):
            try:
                told |= [misreading.right_of(f"{name}={'' if answer == '-' else answer}")]
                break
            except UserError as error:  # asked again: what was answered before is not lost over a slip
                click.echo(f"  {error}", err=True)
    return told


def _shown(value: Any) -> str:
    if isinstance(value, str) or not isinstance(value, Iterable):
        return "–" if value is None else str(value)
    return "; ".join(str(part)[:80] for part in value) or "–"
