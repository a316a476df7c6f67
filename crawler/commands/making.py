"""Commands that make an archive and put portals into it: ``init``, ``add``, ``repair``."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path
from typing import TextIO

import click

from archive.store import Store
from archive.text.plurals import counted
from archive.warc import repair as warc_repair
from crawler.commands.options import DEFAULT_FOLDER, archive_option, errors_as_one_line
from crawler.errors import FAILURES, BadAddress, UserError
from crawler.folder.archive_folder import ArchiveFolder
from crawler.folder.config import Config
from crawler.folder.nearby import archives_near
from crawler.portals.registry import registry
from crawler.probe.adding import add_portals, glance_at, is_registered_name, portal_asked_for, registered, went_on
from crawler.probe.as_toml import entry_of


@click.command()
@click.argument("directory", required=False, metavar="[DIR]")
@click.option("--contact", default="", help="Mail address or page by which portals can reach you.")
@click.option("--name", help="The archive's name; default: the folder's.")
@click.option("--archive", "archive_after", metavar="DIR", help="The archive's folder, the same as DIR.")
@click.pass_context
@errors_as_one_line
def init(
    context: click.Context, directory: str | None, contact: str, name: str | None, archive_after: str | None
) -> None:
    """Make an archive: a folder with a tinhuyen.toml.

    An archive that exists stays as it is: exit code 0, but 2 when --contact or --name asks for something else than its
    tinhuyen.toml says.

    Example:  tinhuyen init thai-binh --contact luutru@example.org
    """
    before = context.find_root().params.get("archive")
    folder = ArchiveFolder(directory or archive_after or before or DEFAULT_FOLDER)
    if not folder.init(name=name, contact=contact):
        _exists(folder, contact, name)
        return
    Store.open(folder.database).close()
    place = shlex.quote(str(folder.path))
    click.echo(f"Made the archive {folder.path}. Next:\n  export TINHUYEN_ARCHIVE={place}\n  tinhuyen add URL")
    if near := [other for other in archives_near(folder.path) if _is_related(other, folder.path)]:
        click.echo(f"Another archive lies at {near[0]}; this one is apart from it.", err=True)


def _exists(folder: ArchiveFolder, contact: str, name: str | None) -> None:
    """Say that the archive was there before, and fail when it is not as was asked for."""
    config = folder.config()
    differs = [
        what
        for what, asked, is_ in (("contact", contact, config.contact), ("name", name or "", config.name))
        if asked and asked != is_
    ]
    if differs:
        raise UserError(
            f"{folder.path} is an archive already; set its {' and '.join(differs)} in {folder.config_path}."
        )
    missing = "" if config.contact else f"; set its contact in {folder.config_path}"
    click.echo(f"{folder.path} is an archive already{missing}.")


def _is_related(other: Path, path: Path) -> bool:
    """Whether a new archive was likely meant to be the other one: of the same name, or within it."""
    return other.name == path.name or other in path.parents


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


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@errors_as_one_line
def repair(file: Path) -> None:
    """Repair a WARC file after a crash: keep every whole record, cut off the incomplete last one.

    A crawl does this by itself when it starts. A file that is damaged in the middle is reported and left as it is.
    """
    if not file.is_file():
        raise BadAddress(f"{file} is not a file")
    done = warc_repair.repair(file)
    if done.path is None:
        click.echo(f"{file}: it held no record; removed.")
    elif done.bytes_cut:
        kept, cut = counted(done.records, "record"), counted(done.bytes_cut, "byte")
        click.echo(f"{done.path}: {kept} kept, {cut} of an incomplete record cut off.")
    else:
        click.echo(f"{done.path}: {counted(done.records, 'record')}, all complete.")
