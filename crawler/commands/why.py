"""``tinhuyen why``: all that is known of one address."""

from __future__ import annotations

import json

import click

from archive.queries.looks import looks
from archive.store import Store
from archive.text.plurals import counted
from crawler.commands.options import archive_option
from crawler.errors import UserError
from crawler.folder.archive_folder import ArchiveFolder
from crawler.ledger.queries.read_only import open_read_only
from crawler.ledger.queries.story import Story, note_versions, stories_containing, stories_named


@click.command()
@click.argument("url")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@archive_option
def why(url: str, as_json: bool, folder: ArchiveFolder) -> None:
    """Explain one URL: how it was found, its state and why. A part of an address lists the pages that contain it.

    \b
    Examples:
      tinhuyen why https://hungha.thaibinh.gov.vn/lien-he
      tinhuyen why lien-he
    """
    folder.require()
    with open_read_only(folder) as conn:
        stories = stories_named(conn, url)
        if not stories:
            found, more = stories_containing(conn, url, CANDIDATES)
            if len(found) > 1:
                _tell_candidates(url, found, more, as_json)
                return
            stories = found
    if not stories:
        raise UserError(f"{url} was never discovered in this archive: no page, feed or sitemap read so far names it")
    if folder.database.exists():
        with Store.open_reading(folder.database) as store:
            for story in stories:
                story.looks = looks(store.conn, story.row)
    if as_json:
        click.echo(json.dumps([story.as_dict() for story in stories], ensure_ascii=False, indent=2))
        return
    with Store.open_reading(folder.database) as store:
        note_versions(store.conn, stories)
    for story in stories:
        click.echo("\n".join(story.lines()))


CANDIDATES = 20
"""Pages listed for a part of an address."""


def _tell_candidates(part: str, found: list[Story], more: int, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps([story.as_dict() for story in found], ensure_ascii=False, indent=2))
        return
    click.echo(f"{counted(len(found) + more, 'page')} with {part!r} in the address; explain one with  tinhuyen why URL")
    for story in found:
        click.echo(f"  {story.row['state']:9} {story.row['url']}")
    if more:
        click.echo(f"  and {more:,} more")
