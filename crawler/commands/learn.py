"""Commands about learnt themes: ``learn``, ``reread``."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime

import click

from archive.store import Store
from archive.text.plurals import counted
from crawler.cms.learnt import Evidence, LearntTheme
from crawler.commands.options import archive_option
from crawler.crawl.records.learning import keep_check, tell_ledger
from crawler.crawl.records.recorded import recorded
from crawler.errors import UserError
from crawler.folder.archive_folder import ArchiveFolder
from crawler.folder.config import choose
from crawler.learn.again import Changes, read_again
from crawler.learn.archived import to_learn_from
from crawler.learn.checked import check
from crawler.learn.learner import learn as themes_of
from crawler.learn.signs.held import HeldPage
from crawler.learn.theme_file import BadTheme, load, path_of, reading_text, save, with_those_before
from crawler.ledger.frontier import Ledger


@click.command()
@click.argument("portal")
@click.option("--dry-run", "mode", flag_value="dry", default=True, help="Print what would be learnt (the default).")
@click.option("--apply", "mode", flag_value="apply", help="Keep it in themes/PORTAL.toml and read by it from now on.")
@click.option("--forget", "mode", flag_value="forget", help="Delete themes/PORTAL.toml; one that was edited stays.")
@archive_option
def learn(portal: str, mode: str, folder: ArchiveFolder) -> None:
    """Learn from a portal's pages held where its articles keep title, day, lead, text, section and tags.

    Prints, field by field, the place, on how many pages it was found, how often it says what other pages say, three
    samples, and what was read without it. What a person edited in themes/PORTAL.toml is never overwritten.

    Example:  tinhuyen learn hungha.thaibinh --apply
    """
    name = choose(folder.config(), [portal])[0].name
    path = path_of(folder.path, name)
    held = load(path)
    if mode == "forget":
        if held.edited and path.exists():
            raise BadTheme(f"{path} was edited and stays; delete it yourself")
        path.unlink(missing_ok=True)
        click.echo(f"{name}: no theme is held any more")
        return
    with Store.open_reading(folder.database) as store:
        pages = to_learn_from(store.conn, folder.warc, name)
    themes = themes_of(pages)
    if not themes:
        raise UserError(
            f"{name}: nothing can be learnt yet from its {counted(len(pages), 'page')} held: four articles of one template are needed"
        )
    for line in _told(themes, pages):
        click.echo(line)
    if mode == "apply":
        today = datetime.now(UTC).date().isoformat()
        save(path, name, with_those_before(themes, held.themes, today))
        with recorded(folder) as store:
            keep_check(store, name, check(themes, pages))
        click.echo(f"Written: {path}. Next:  tinhuyen reread {name}")


@click.command()
@click.argument("portal")
@click.option("--dry-run", is_flag=True, help="Print what would change, and change nothing.")
@archive_option
def reread(portal: str, dry_run: bool, folder: ArchiveFolder) -> None:
    """Read a portal's pages held again by its themes: no request is made, no revision; ids and addresses stay.

    Example:  tinhuyen reread hungha.thaibinh --dry-run
    """
    config = folder.config()
    name = choose(config, [portal])[0].name
    themes = load(path_of(folder.path, name)).themes
    with recorded(folder) as store:
        if themes:
            store.note("theme", name, reading_text(name, themes))
        if (own := config.of(name).selectors) is not None:
            store.note("selectors", name, asdict(own))
        changes = read_again(store, folder.warc, name, themes, config.of(name).selectors, dry=dry_run)
        if (changes.found or changes.withdrawn) and not dry_run:
            ledger = Ledger(folder.ledger)
            try:
                with ledger.write() as conn:
                    tell_ledger(conn, store, changes)
            finally:
                ledger.close()
    for line in _changes(changes, dry_run):
        click.echo(line)


def _told(themes: list[LearntTheme], pages: list[HeldPage]) -> list[str]:
    """The themes, field by field."""
    lines = []
    for theme in themes:
        days = " ".join(filter(None, [theme.since and f"from {theme.since}", theme.until and f"until {theme.until}"]))
        lines.append(f"{theme.name}: learnt from {counted(theme.learnt_from, 'page')} {days}".rstrip())
        for told in theme.evidence:
            lines += _field(told)
        if theme.selectors.drop:
            lines.append(f"  left out of the text: {', '.join(selector for selector, _ in theme.selectors.drop)}")
    return lines + _instead(themes, pages)


def _field(told: Evidence) -> list[str]:
    where = f"refused: {told.refused}" if told.refused else told.selector
    agrees = f"; as other pages say {told.agrees} of {told.asked}" if told.asked else ""
    lines = [f"  {told.field:10} {where}", f"{'':13}on {told.pages} of {counted(told.of, 'page')}{agrees}"]
    return lines + [f"{'':13}“{sample}”" for sample in told.samples if sample]


def _instead(themes: list[LearntTheme], pages: list[HeldPage]) -> list[str]:
    """What the family or the general way says otherwise, by field, over some articles."""
    found = check(themes, pages)
    lines = [f"Without it, of {counted(found.compared, 'article')}:"] if found.compared else []
    for name, pairs in found.differs.items():
        lines.append(f"  {name:10} otherwise on {len(pairs)}: “{pairs[0][0][:80]}” for “{pairs[0][1][:80]}”")
    return lines + (["  all is read alike"] if found.compared and not found.differs else [])


def _changes(changes: Changes, dry: bool) -> list[str]:
    would = "would be read" if dry else "are read"
    lines = [f"{counted(changes.read, 'article')} held: {changes.changed} {would} otherwise"]
    for name, count in changes.fields.most_common():
        lines.append(f"  {name:11} on {count}")
        for url, before, now in changes.samples[name]:
            lines += [f"    {url}", f"      was  {before[:100]}", f"      is   {now[:100]}"]
    if changes.found:
        lines.append(
            f"{counted(len(changes.found), 'page')} taken for something else {'would be' if dry else 'are'} articles:"
        )
        lines += [f"    {url}" for _, url, _ in changes.found[:5]]
    if changes.withdrawn:
        lines.append(
            f"{counted(len(changes.withdrawn), 'list')} taken for an article {'would be' if dry else 'is'} withdrawn:"
        )
        lines += [f"    {url}" for _, url in changes.withdrawn[:5]]
    if changes.no_longer:
        lines.append(f"{counted(len(changes.no_longer), 'article')} would be none today, and stay as they are:")
        lines += [f"    {url} ({why})" for url, why in changes.no_longer[:5]]
    return lines
