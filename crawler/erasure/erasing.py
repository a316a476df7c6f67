"""The erasure of an article, step by step; each may be done twice, so that after a kill the same command goes on.

What is to be done is planned once and stands in ``.erasing`` until it is done: takedown, note in the log, WARC files written
anew, positions, tombstone, ledger, themes, free pages, signed head.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from archive import erasure
from archive.ids import url_key
from archive.model import Article
from archive.proof.log import Log
from archive.queries.records import versions
from archive.queries.suspensions import suspension
from archive.redo.recorded_store import RecordedStore
from archive.redo.redo_scan import corrections_told, scan_part
from archive.store import Store
from archive.suspension import Rows, reinstate, suspend
from archive.warc import rewrite
from archive.warc.read import find_file
from archive.warc.record import uri
from archive.warc.write import OPEN_SUFFIX, Finished, utc_now, warc_date
from crawler.erasure.where_mentioned import Wanted, fragments_of, mentions, other_files
from crawler.errors import UserError
from crawler.folder.archive_folder import ArchiveFolder
from crawler.folder.own_files import write_private
from crawler.health.proving.verifying import bring_log_up_to_date
from crawler.learn.theme_file import FOLDER as THEMES
from crawler.learn.theme_file import BadTheme, load, save
from crawler.ledger import suspended
from crawler.ledger.frontier import Ledger
from crawler.ledger.processes import alive_workers
from crawler.reasons.codes import Code
from crawler.reasons.reason import Reason

_ERASED = Reason(Code.ERASED).columns
PLAN = ".erasing"
Bar = Callable[[str, int], Any]


@dataclass(slots=True)
class Plan:
    """What an erasure takes out. ``leaves`` are the hashes in the log of the captures, ``digests`` those of their payloads."""

    article: int
    reason: str
    at: str
    records: list[str] = field(default_factory=list)
    lists: list[str] = field(default_factory=list)
    """Records among them of lists and feeds that hold words of the article."""
    leaves: list[str] = field(default_factory=list)
    digests: list[str] = field(default_factory=list)
    series: list[str] = field(default_factory=list)
    """Series of redo records of which some told what a person said of the article."""
    files: list[str] = field(default_factory=list)
    fragments: list[str] = field(default_factory=list)
    shared: int = 0
    """Paragraphs that begin as one of another article does: they are not looked for."""
    elsewhere: list[str] = field(default_factory=list)
    """Addresses of captures that hold words of it and stay: other articles' pages, lists that were to be kept."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What was done: the plan, and files of the folder that still hold words of the article."""

    plan: Plan
    left_in: list[Path]


def held_plan(folder: ArchiveFolder) -> Plan | None:
    """The plan of an erasure that was broken off."""
    with suppress(FileNotFoundError):
        return Plan(**json.loads((folder.path / PLAN).read_text("utf-8")))
    return None


def refuse_while_crawling(folder: ArchiveFolder) -> None:
    """Raise `UserError` while a crawl writes."""
    if alive_workers(folder.workers):
        raise UserError(f"a crawl of {folder.path} is running: wait for its end, or stop it with  tinhuyen stop")


def plan_erasure(
    folder: ArchiveFolder,
    store: RecordedStore,
    ledger: Ledger,
    article: int,
    reason: str,
    *,
    files: bool,
    lists: bool,
    bar: Bar,
) -> Plan:
    """Take the article down and write down what is to be erased."""
    at = warc_date(utc_now())
    if Log(folder.path).exists():  # what is erased has its leaf
        bring_log_up_to_date(folder, store)
    stone = suspension(store.conn, article)
    if stone is not None and stone.erased is not None:
        raise UserError(f"{article} was erased before: nothing of it is held")
    if stone is None:
        suspend(store, article, reason, at, lambda rows: suspended.keep(ledger, article, at, rows))
    rows = suspended.kept(ledger, article)
    if rows is None:
        raise UserError(f"crawl.db holds no copy of {article}: restore it first")
    said = fragments_of(_versions(store, article, rows))
    alone = [fragment for fragment in said if not _is_said_elsewhere(store, fragment)]
    plan = Plan(article, reason, at, fragments=alone, shared=len(said) - len(alone))
    _find(folder, store, ledger, plan, rows, files=files, lists=lists, bar=bar)
    write_private(folder.path / PLAN, json.dumps(asdict(plan)))
    return plan


def _is_said_elsewhere(store: Store, fragment: str) -> bool:
    """Whether another article says the same: then nothing tells whose words they are."""
    found = store.conn.execute(
        "SELECT 1 FROM body WHERE instr(text, ?1) OR instr(coalesce(lead, ''), ?1) LIMIT 1", (fragment,)
    )
    return found.fetchone() is not None


class _Undone(Exception):
    """Raised to undo a look."""


def _versions(store: RecordedStore, article: int, rows: Rows) -> list[Article]:
    """Every version of a suspended article, by a look that is undone."""
    found: list[Article] = []
    with suppress(_Undone), store.batch():
        reinstate(store, article, rows, "")
        found = [version.article for version in versions(store.conn, article)]
        raise _Undone
    return found


def _find(
    folder: ArchiveFolder, store: Store, ledger: Ledger, plan: Plan, rows: Rows, *, files: bool, lists: bool, bar: Bar
) -> None:
    own = [row for row in rows["capture"] if files or row["kind"] not in ("file", "requisite")]
    pages = [row for row in own if row["kind"] not in ("file", "requisite")]
    held = suspended.held(ledger, plan.article)
    records = {row["record_id"].strip("<>") for row in own} | {one.record_id.strip("<>") for one in held}
    addresses = {uri(row["url"]) for row in pages} | {uri(row[name]) for row in rows["article"] for name in ("url", "canonical_url")}  # fmt: skip
    digests = {row["digest"] for row in pages if row["status"] == 200 and row["digest"]}
    wanted = Wanted(set(records), addresses, digests, plan.fragments)
    total = sum(path.stat().st_size for path in folder.warc.glob("*.warc.gz*"))
    with bar("WARC files", total) as step:
        found = list(mentions(folder.warc, wanted, step))
    erased = {one.record_id for one in found if not one.holds and _is_nobodys(store, one.record_id)} | records
    others = [one for one in found if not one.holds and one.record_id not in erased]
    if others:
        raise UserError(
            f"{others[0].url} is another article with the same bytes: erase that one first, or take it down"
        )
    listed = {one.record_id for one in found if one.holds and lists and _is_nobodys(store, one.record_id)}
    plan.records, plan.lists = sorted(erased | listed), sorted(listed)
    plan.elsewhere = sorted({one.url for one in found if one.holds and one.record_id not in listed})
    plan.files = sorted({one.file for one in found if one.record_id in erased or one.record_id in listed})
    _find_corrections(folder, plan)
    leaves = {row["record_id"]: row["leaf"] for row in _suspended_captures(store, plan.article)}
    plan.leaves = [leaves[one] for one in leaves if one.strip("<>") in erased]
    plan.leaves += erasure.leaves_of(store.conn, [*plan.records, *(f"<{one}>" for one in plan.records)])
    plan.digests = sorted({one.digest for one in found if one.record_id in plan.records and one.digest})


def _find_corrections(folder: ArchiveFolder, plan: Plan) -> None:
    """What a person said of it stands in redo records of their own, which hold nothing else."""
    for path in sorted(folder.warc.glob("*.warc.gz*")):
        if told := list(corrections_told(path, plan.article)):
            plan.records = sorted({*plan.records, *(record_id for record_id, _ in told)})
            plan.series = sorted({*plan.series, *(series for _, series in told)})
            plan.files = sorted({*plan.files, path.name.removesuffix(OPEN_SUFFIX)})


def _suspended_captures(store: Store, article: int) -> list[dict[str, str]]:
    found = store.conn.execute("SELECT record_id, leaf FROM suspended_capture WHERE article = ?", (article,))
    return [{"record_id": row[0], "leaf": row[1]} for row in found]


def _is_nobodys(store: Store, record_id: str) -> bool:
    """Whether a capture shows no article that is public."""
    row = store.conn.execute(
        "SELECT article FROM capture WHERE record_id IN (?, ?)", (record_id, f"<{record_id}>")
    ).fetchone()
    return row is None or row[0] is None


def carry_out(folder: ArchiveFolder, store: RecordedStore, ledger: Ledger, plan: Plan, bar: Bar) -> Erased:
    """Do what was planned; after a kill what was done already is left."""
    log = Log(folder.path)
    note = {
        "note": "erased", "article": plan.article, "at": plan.at, "reason": plan.reason, "erased": plan.leaves,
        "digests": plan.digests,
    }  # fmt: skip
    if not any(_is_note(line, plan) for _, line in log.notes()):
        log.note(note)
    _rewrite(folder, store, ledger, plan, log, bar)
    erasure.erase(store, plan.article, plan.at, [*plan.records, *(f"<{one}>" for one in plan.records)], plan.series)
    addresses = [bytes.fromhex(row[0]) for row in store.conn.execute("SELECT key FROM suspended_address WHERE article = ?", (plan.article,))]  # fmt: skip
    _forget(ledger, plan.article, addresses)
    _samples_out(folder, plan.fragments)
    for conn in (store.conn, ledger.conn):
        erasure.scrub(conn)
    bring_log_up_to_date(folder, store)
    (folder.path / PLAN).unlink(missing_ok=True)
    return Erased(plan, other_files(folder.path, plan.fragments))


def _is_note(line: bytes, plan: Plan) -> bool:
    with suppress(ValueError):
        said = json.loads(line)
        return (said.get("note"), said.get("article"), said.get("at")) == ("erased", plan.article, plan.at)
    return False


def _rewrite(folder: ArchiveFolder, store: Store, ledger: Ledger, plan: Plan, log: Log, bar: Bar) -> None:
    """Write the WARC files anew, and let every row follow its record."""
    rewrite.remove_traces(folder.warc)
    records = frozenset(plan.records)
    with bar("WARC files written anew", len(plan.files)) as step:
        for name in plan.files:
            path = find_file(folder.warc, name)
            done = rewrite.without(path, records) or _as_it_is(path)
            _follow(store, ledger, path)
            log.note_files([replace(done, name=name)])
            step(1)


def _as_it_is(path: Path) -> Finished:
    """A file that a killed erasure wrote anew already."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Finished(path.name, path.stat().st_size, digest)


def _follow(store: Store, ledger: Ledger, path: Path) -> None:
    """Positions of captures as the file has them now, in both databases."""
    places: dict[str, tuple[int, int]] = {}
    start: int | None = 0
    while start is not None:
        part = scan_part(path, start)
        places.update({one.record_id: (one.offset, one.length) for one in part.captures})
        start = part.end
    # not through the store: a rebuild reads positions from the files
    store.conn.execute("BEGIN IMMEDIATE")
    store.conn.executemany(
        "UPDATE capture SET offset = ?, length = ? WHERE record_id IN (?, ?)",
        [(*place, record_id, f"<{record_id}>") for record_id, place in places.items()],
    )
    store.conn.execute("COMMIT")
    suspended.follow(ledger, places)


def _forget(ledger: Ledger, article: int, keys: list[bytes]) -> None:
    """Nothing of the article is kept in private, and none of its addresses is asked for again."""
    ledger.conn.execute("PRAGMA secure_delete = ON")
    suspended.forget(ledger, article)
    with ledger.write() as conn:
        conn.executemany(
            "UPDATE page SET state = 'skipped', due = NULL, etag = NULL, last_modified = NULL, record_id = NULL,"
            " article_id = NULL, reason = ?, reason_code = ?, reason_facts = ? WHERE key = ? OR article_id = ?",
            [(*_ERASED, key, article) for key in keys or [url_key("")]],
        )


def _samples_out(folder: ArchiveFolder, fragments: list[str]) -> None:
    """Samples of the article's words in the files of themes, which a person may have edited."""
    for path in sorted((folder.path / THEMES).glob("*.toml")):
        try:
            held = load(path)
        except BadTheme:
            continue
        samples = {sample for theme in held.themes for told in theme.evidence for sample in told.samples}
        named = {sample for sample in samples if any(_shares(sample, fragment) for fragment in fragments)}
        if not named:
            continue
        if not held.edited:
            clean = [
                replace(theme, evidence=tuple(replace(told, samples=tuple(one for one in told.samples if one not in named)) for told in theme.evidence))
                for theme in held.themes
            ]  # fmt: skip
            save(path, path.stem, clean)
            continue
        text = path.read_text("utf-8")
        for sample in named:
            text = text.replace(json.dumps(sample, ensure_ascii=False), '"…"')
        write_private(path, text)


def _shares(sample: str, fragment: str) -> bool:
    told = " ".join(sample.split())
    return fragment in told or (len(told) >= 8 and fragment.startswith(told[: len(fragment)]))
