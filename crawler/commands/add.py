"""``tinhuyen add``: a portal into the archive, looked at first."""

from __future__ import annotations

import re
import sys
from typing import TextIO

import click

from archive.text.plurals import counted
from crawler.commands.options import archive_option
from crawler.errors import FAILURES, BadAddress, UserError
from crawler.folder.archive_folder import ArchiveFolder
from crawler.folder.config import Config
from crawler.portals.registry import registry
from crawler.probe.adding import add_portals, glance_at, is_registered_name, portal_asked_for, registered, went_on
from crawler.probe.as_toml import entry_of


@click.command()
@click.argument("what", nargs=-1, metavar="[URL|NAME]...")
@click.option(
    "--from",
    "listed",
    type=click.File(encoding="utf-8-sig", errors="replace"),
    metavar="FILE",
    help="A file with an address or name a line; # begins a comment; - reads standard input.",
)
@click.option(
    "--province", "provinces", multiple=True, metavar="NAME", help="Every registered portal of a province; repeatable."
)
@click.option("--allow-private", is_flag=True, help="Permit a loopback or private address for this portal.")
@click.option("--no-probe", is_flag=True, help="Write the address down without looking at the portal.")
@archive_option
def add(
    what: tuple[str, ...],
    listed: TextIO | None,
    provinces: tuple[str, ...],
    allow_private: bool,
    no_probe: bool,
    folder: ArchiveFolder,
) -> None:
    """Add the portals at URLs, or registered ones by NAME, to the archive and print their names.

    What robots.txt and the home page tell is written into tinhuyen.toml; a portal that cannot be reached is added all
    the same, but a host name that does not resolve only with --no-probe. `tinhuyen probe URL` takes a longer look.

    Of several, one that cannot be added does not stop the others; the exit code is then 1. For a single one it is 2.

    A portal of the registry (tinhuyen portals) brings its title, its authority and what came before and after it.

    Examples:

    \b
      tinhuyen add https://hungha.thaibinh.gov.vn/
      tinhuyen add hungha.thaibinh donghung.thaibinh
      tinhuyen add --from portals.txt
      tinhuyen add --province "Thái Bình"
    """
    config = folder.config()
    if bool(what or listed is not None) == bool(provinces):
        raise BadAddress("give addresses, names of registered portals, --from FILE, or --province NAME")
    if provinces:
        _add_provinces(folder, provinces)
        return
    asked = list(dict.fromkeys([*what, *_lines_of(listed)]))
    if listed is not None and not asked:
        raise BadAddress(f"{listed.name} names no portal: write an address or a name a line")
    if len(asked) == 1:
        _add_one(folder, config, asked[0], allow_private, no_probe)
        return
    failed = 0
    for text in asked:
        try:
            _add_one(folder, config, text, allow_private, no_probe)
        except UserError as error:
            failed += 1
            click.echo(f"tinhuyen: {text} was not added: {error}", err=True)
    if failed:
        click.echo(f"{counted(failed, 'portal')} of {len(asked):,} could not be added.", err=True)
        sys.exit(FAILURES)


def _lines_of(listed: TextIO | None) -> list[str]:
    """The addresses and names of a list, without comments. A ``#`` within an address is its fragment."""
    lines = (re.sub(r"(?:^|\s)#.*", "", line).strip() for line in listed or ())
    return [line for line in lines if line]


def _add_one(folder: ArchiveFolder, config: Config, what: str, allow_private: bool, no_probe: bool) -> None:
    portal = portal_asked_for(what, allow_private=allow_private, unseen=no_probe)
    seen = None
    if not (no_probe or is_registered_name(what) or portal.name in config.portals):
        seen = glance_at(portal, config)
    facts = {portal.name: entry_of(seen)} if seen is not None and seen.reached else None
    new = add_portals(folder, [portal], facts)
    click.echo(portal.name)
    if seen is not None and seen.leads_on is not None:
        click.echo(f"Its home page only leads on to {seen.leads_on}, which a crawl follows.", err=True)
    for note in seen.notes if seen is not None else []:
        click.echo(f"{portal.name}: {note}. Added all the same; check it with  tinhuyen probe {portal.url}", err=True)
    here = [] if new else [f"{portal.name} is in the archive already."]
    for line in [*here, *went_on(portal.name)]:
        click.echo(line, err=True)


def _add_provinces(folder: ArchiveFolder, provinces: tuple[str, ...]) -> None:
    asked = list(dict.fromkeys(entry for name in provinces for entry in registry().of_province(name)))
    new = add_portals(folder, [registered(entry) for entry in asked])
    for name in new:
        click.echo(name)
    known = len(asked) - len(new)
    click.echo(
        f"{counted(len(new), 'portal')} added{f', {known:,} in the archive already' if known else ''}.", err=True
    )
    for name in provinces:
        for part in registry().merged_into(name):
            if part.name not in {entry.province for entry in asked if entry.level == "province"}:
                click.echo(f'{name} now includes {part.name}:  tinhuyen add --province "{part.name}"', err=True)
