"""``tinhuyen portals``: what the registry of portals holds, and the check that holds it to its rules."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from archive.model import PortalLink
from archive.text.fold import fold
from crawler.commands.options import ListsByDefault, archive_option, errors_as_one_line
from crawler.errors import FAILURES, UserError
from crawler.folder.archive_folder import ArchiveFolder
from crawler.portals.entry import LEVELS, STATES, PortalEntry
from crawler.portals.registry import Registry, registry


@click.group(cls=ListsByDefault)
def portals() -> None:
    """List the registry of known portals (the default), or check it.

    \b
    tinhuyen portals                                  all of them
    tinhuyen portals "hung ha"                        those that a word or phrase is found in
    tinhuyen portals --province "Thái Bình" --level district --state former
    tinhuyen portals list --help                      every filter

    Names need no accents. `tinhuyen add NAME` and `tinhuyen add --province NAME` take portals from here.
    """


@dataclass(slots=True)
class Wanted:
    """Which portals are asked for; what is empty asks for nothing in particular."""

    words: tuple[str, ...] = ()
    provinces: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    states: tuple[str, ...] = ()


@portals.command("list")
@click.argument("words", nargs=-1, metavar="[WORD]...")
@click.option("--province", "provinces", multiple=True, metavar="NAME", help="Of before July 2025, or of now.")
@click.option("--level", "levels", multiple=True, type=click.Choice(LEVELS))
@click.option("--family", "families", multiple=True, metavar="CMS", help="The software it runs on, such as liferay.")
@click.option("--state", "states", multiple=True, type=click.Choice(STATES))
@click.option("--in-archive/--not-in-archive", "held", default=None, help="Those that are, or are not, in the archive.")
@click.option("--json", "as_json", is_flag=True, help="Print an array of JSON objects.")
@archive_option
def list_(held: bool | None, as_json: bool, folder: ArchiveFolder, **wanted: tuple[str, ...]) -> None:
    """List the portals of the registry that fit every filter; a filter given twice is met by either.

    Example:  tinhuyen portals --province "thai binh" --not-in-archive
    """
    known = registry()
    mine = frozenset(folder.config().portals) if folder.exists() or held is not None else None
    found = [entry for entry in choose(known, Wanted(**wanted)) if held is None or (entry.name in (mine or ())) is held]
    if as_json:
        described = [describe(known, entry, mine) for entry in found]
        click.echo(json.dumps(described, ensure_ascii=False, indent=2))
        return
    for line in table(found, mine):
        click.echo(line)
    click.echo(summary(len(found), len(known), found, mine), err=True)


@portals.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[FILE]...")
@errors_as_one_line
def check(files: tuple[Path, ...]) -> None:
    """Check the registry, or files of one's own, against its rules: a line for each fault, exit code 1 for any.

    Example:  tinhuyen portals check thai-binh.toml
    """
    from crawler.portals import lint  # reads every CMS family, which listing needs not

    for file in files:
        if not file.is_file():
            raise UserError(f"{file} is not a file: give a TOML file of portals")
    faults = lint.check(list(files))
    for fault in faults:
        click.echo(str(fault))
    if faults:
        sys.exit(FAILURES)
    checked = (
        ", ".join(map(str, files)) if files else f"{len(registry().provinces)} provinces, {len(registry())} portals"
    )
    click.echo(f"No fault: {checked}.", err=True)


def choose(known: Registry, wanted: Wanted) -> list[PortalEntry]:
    """The portals that fit, in the registry's order. Raises `UserError` for a province or a family nobody has."""
    families = {entry.family for entry in known if entry.family}
    for family in wanted.families:
        if family not in families:
            raise UserError(
                f"no registered portal is of the family {family!r}: give one of {', '.join(sorted(families))}"
            )
    inside = {entry.name for province in wanted.provinces for entry in known.of_province(province)}
    words = [fold(word).strip() for word in wanted.words]
    return [
        entry
        for entry in known
        if (not wanted.provinces or entry.name in inside)
        and (not wanted.levels or entry.level in wanted.levels)
        and (not wanted.families or entry.family in wanted.families)
        and (not wanted.states or entry.state in wanted.states)
        and all(word in _text(entry) for word in words)
    ]


def _text(entry: PortalEntry) -> str:
    """What a word is looked for in."""
    said = (entry.name, entry.url, entry.title, entry.province, entry.family, entry.fingerprint, entry.note, entry.unit)
    return fold("\n".join(text for text in said if text))


def table(found: list[PortalEntry], mine: frozenset[str] | None) -> list[str]:
    """A line a portal, in columns; where there is an archive, a star before those in it."""
    rows = [(entry.name, entry.level, entry.state, entry.family or "-") for entry in found]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for entry, row in zip(found, rows, strict=True):
        star = "" if mine is None else "* " if entry.name in mine else "  "
        columns = [text.ljust(width) for text, width in zip(row, widths, strict=True)]
        lines.append(star + "  ".join([*columns, entry.title]))
    return lines


def summary(count: int, total: int, found: list[PortalEntry], mine: frozenset[str] | None) -> str:
    """One line below the table."""
    held = sum(entry.name in mine for entry in found) if mine is not None else None
    return f"{count} of {total} registered portals" + ("" if held is None else f", {held} in this archive (*)")


def describe(known: Registry, entry: PortalEntry, mine: frozenset[str] | None) -> dict[str, Any]:
    """A portal as JSON; ``in_archive`` is null where there is no archive."""
    return {
        "name": entry.name,
        "url": entry.url,
        "title": entry.title,
        "province": entry.province,
        "level": entry.level,
        "state": entry.state,
        "unit": entry.unit,
        "family": entry.family,
        "fingerprint": entry.fingerprint,
        "evidence": entry.evidence,
        "note": entry.note,
        "predecessors": [_linked(link.old, link) for link in known.predecessors(entry.name)],
        "successors": [_linked(link.new, link) for link in known.successors(entry.name)],
        "in_archive": None if mine is None else entry.name in mine,
    }


def _linked(name: str, link: PortalLink) -> dict[str, str | None]:
    return {"portal": name, "since": link.since, "document": link.document}
