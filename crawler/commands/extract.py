"""``tinhuyen extract``: the article of one page, whether or not an archive holds it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from archive.export.article import article_fields
from archive.model import Article
from crawler.addresses.urls import absolute
from crawler.commands.options import archive_option
from crawler.errors import FAILURES, BadAddress, UserError
from crawler.extract import read
from crawler.folder.archive_folder import ArchiveFolder
from crawler.folder.portal_settings import PortalSettings
from crawler.page.own_address import UNKNOWN, own_address
from crawler.page.page import Page
from crawler.probe.asker import Asker
from crawler.watchdog.watchdog import bounded


@click.command()
@click.argument("source", metavar="FILE|URL")
@click.option("--url", help="The address a FILE was fetched from; links and ids are read from it.")
@click.option("--json", "as_json", is_flag=True, help="Print every field as JSON.")
@click.option(
    "--allow-private", is_flag=True, help="Follow a name or a redirect to a loopback or private address, too."
)
@archive_option
def extract(source: str, url: str | None, as_json: bool, allow_private: bool, folder: ArchiveFolder) -> None:
    """Extract the article of one page, or of a text, and print it. Nothing is saved.

    Selectors and a proxy that the archive's tinhuyen.toml sets for the page's portal are used. A FILE without --url is read under the
    address the page gives for itself (canonical, og:url, base).

    Example:  tinhuyen extract seed-article.txt --json
    """
    body, address, content_type = _load(source, url, allow_private, folder)
    if address.startswith("file:"):
        address = _address_of(body, address, content_type, source)
    selectors = _own_settings(folder, address).selectors

    def reading() -> tuple[Article | None, str]:
        found = read(Page.parse(body, address, content_type=content_type), selectors)
        return found.article, f"{found.kind}: {found.reason}"

    article, kind = bounded(reading, source)
    if article is None:
        click.echo(f"tinhuyen: {source} is no article but of kind {kind}", err=True)
        sys.exit(FAILURES)
    if as_json:
        click.echo(json.dumps(article_fields(article), ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(_told(article)))


def _load(source: str, url: str | None, allow_private: bool, folder: ArchiveFolder) -> tuple[bytes, str, str | None]:
    """The bytes of a file or a URL, the address they are read under, and their declared type."""
    if source.startswith(("http://", "https://")):
        return _fetch(source, allow_private, folder)
    path = Path(source)
    try:
        body = path.read_bytes()
    except OSError as error:
        raise UserError(
            f"cannot read {source}: {error.strerror}; give a file or an address that begins with http"
        ) from error
    kind = {".txt": "text/plain", ".html": "text/html", ".htm": "text/html"}.get(path.suffix.lower())
    return body, url or path.resolve().as_uri(), kind


def _address_of(body: bytes, file_address: str, content_type: str | None, source: str) -> str:
    """The address a saved page names; a bare text keeps that of its file."""
    page = Page.parse(body, file_address, content_type=content_type)
    if page.problem is not None or page.is_bare_text:
        return file_address
    address = own_address(page, Path(source).name)
    if address.startswith(UNKNOWN):
        click.echo(
            f"tinhuyen: {source} names no address of its own: its links are read as of {UNKNOWN} (give --url)", err=True
        )
    return address


def _own_settings(folder: ArchiveFolder, address: str) -> PortalSettings:
    """What the archive sets for the portal an address belongs to; outside of an archive nothing is set."""
    if not folder.exists() or not address.startswith(("http://", "https://")):
        return PortalSettings()
    return folder.config().of_address(address)


def _fetch(url: str, allow_private: bool, folder: ArchiveFolder) -> tuple[bytes, str, str | None]:
    address = absolute(url, url)
    if address is None:
        raise BadAddress(f"{url} is no address of a page")
    proxy = _own_settings(folder, address).proxy
    answer = Asker(delay=0, timeout=60, allow_private=allow_private, typed=address, proxy=proxy).get(address)
    if answer.error is not None:
        raise BadAddress(f"{answer.url} cannot be fetched: {answer.error}")
    if answer.status != 200:
        raise BadAddress(f"{answer.url} answers {answer.status}")
    return answer.body, answer.url, answer.content_type


def _told(article: Article) -> list[str]:
    published = article.published
    facts: list[tuple[str, Any]] = [
        ("title", article.title),
        ("section", article.section),
        ("published", f"{published.value} (from {published.source}: {published.text})" if published else None),
        ("event", article.event_date),
        ("byline", article.byline),
        ("author", article.author),
        ("source", article.source),
        ("views", article.views),
        ("tags", ", ".join(article.tags)),
        ("read by", article.extractor),
    ]
    lines = [f"{name:10} {value}" for name, value in facts if value not in (None, "")]
    lines += ["", *([article.lead, ""] if article.lead else []), article.text]
    lines += [f"[caption] {caption}" for caption in article.captions]
    lines += [f"[file] {file.name or ''} {file.url}" for file in article.attachments]
    lines += [f"[removed: {piece.kind}] {piece.text}" for piece in article.removed]
    return lines
