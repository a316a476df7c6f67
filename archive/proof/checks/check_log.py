"""The log held against itself and against the database: each fault names what is damaged and what to do."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from archive.proof import log_entries
from archive.proof.checks.faults import Fault
from archive.proof.heads import Head
from archive.proof.log import Log, Snapshot
from archive.proof.merkle import HASH_BYTES, Frontier, leaf_hash
from archive.proof.stamps import is_of, read_stamps
from archive.proof.trouble import LogBroken
from archive.queries.suspensions import suspended_leaves
from archive.text.plurals import counted

RESTORE = "restore proof/ from a backup"
MOST_NAMED = 1000
"""Faults of one kind that are named one by one; the rest are counted."""


@dataclass(slots=True)
class LogChecked:
    """What a check of the log found. ``pending`` captures are not signed yet: a crawl runs, or was killed."""

    size: int = 0
    heads: int = 0
    pending: int = 0
    head: Head | None = None
    faults: list[Fault] = field(default_factory=list)


def check_log(log: Log, conn: sqlite3.Connection, witnessed: Sequence[tuple[int, int, str]] = ()) -> LogChecked:
    """Check signatures, the chain of heads, the leaves against every head, and the log against the database.

    ``witnessed`` are heads seen before, as number, size and root: from the ledger, or from anybody they were sent to.
    """
    found = LogChecked()
    try:
        now = log.snapshot()
    except LogBroken as error:
        found.faults.append(Fault("log", str(log.heads_path), str(error)))
        return found
    heads = now.heads
    found.heads, found.head = len(heads), heads[-1] if heads else None
    found.size = found.head.size if found.head else 0
    found.faults += _heads(heads)
    found.faults += _witnessed(now, witnessed)
    found.faults += _leaves(log, now)
    found.faults += _stamps(log, heads)
    _database(log, now, conn, found)
    return found


def _heads(heads: list[Head]) -> Iterator[Fault]:
    before: Head | None = None
    for head in heads:
        name = f"head {head.number}"
        if not head.is_signed():
            yield Fault("signature", name, f"{name} is not what its key signed: it was changed; {RESTORE}")
        if before is None and head.previous:
            yield Fault("head", name, f"the log begins with {name}: the heads before it were removed; {RESTORE}")
        elif before is not None:
            if head.number > before.number + 1:
                gap = (
                    f"{before.number + 1}"
                    if head.number == before.number + 2
                    else f"{before.number + 1} to {head.number - 1}"
                )
                yield Fault("head", f"head {gap}", f"head {gap} is missing between {before.number} and {head.number}: it was removed; {RESTORE}")  # fmt: skip
            elif head.number <= before.number or head.previous != before.fingerprint():
                yield Fault(
                    "head", name, f"{name} does not follow head {before.number}: one of them was changed; {RESTORE}"
                )
            if head.size < before.size:
                yield Fault("head", name, f"{name} signs fewer leaves than head {before.number}; {RESTORE}")
            if head.key != before.key:
                yield Fault(
                    "key", name, f"{name} is signed by another key than head {before.number}: ask who changed it"
                )
        before = head


def _witnessed(now: Snapshot, witnessed: Sequence[tuple[int, int, str]]) -> Iterator[Fault]:
    """Heads that were there and are not, or that said otherwise."""
    known = {head.number: head for head in now.heads}
    last = now.heads[-1].number if now.heads else 0
    seen = set(witnessed)
    remembered = now.remembered
    if remembered is not None and remembered.head > last and all(number != remembered.head for number, _, _ in seen):
        seen.add((remembered.head, remembered.tree.size, remembered.tree.root().hex()))
    for number, size, root in sorted(seen):
        head = known.get(number)
        if head is None and number > last:
            told = f"head {number}, which signed {counted(size, 'leaf', 'leaves')}, is gone: it was removed; {RESTORE}"
            yield Fault("head", f"head {number}", told)
        elif head is not None and (head.size, head.root) != (size, root):
            yield Fault(
                "head", f"head {number}", f"head {number} is not the one that was signed: it was replaced; {RESTORE}"
            )


def _stamps(log: Log, heads: list[Head]) -> Iterator[Fault]:
    """Time stamps that are not of the head they stand beside."""
    known = {head.number: head for head in heads}
    for stamp in read_stamps(log.stamps_path):
        head = known.get(stamp.head)
        if head is not None and not is_of(stamp, head):
            told = f"the time stamp of head {stamp.head} by {stamp.service} is not of that head: one was changed; {RESTORE}"
            yield Fault("head", f"head {stamp.head}", told)


def _leaves(log: Log, now: Snapshot) -> Iterator[Fault]:
    """The roots of the leaves at each head: the first that differs says between which heads they were changed."""
    leaves, tree, before = now.leaves, Frontier(), 0
    for head in now.heads:
        if head.size > len(leaves):
            held, path = len(leaves), log.leaves_path
            yield Fault("log", str(path), f"{path} has {held:,} leaves, head {head.number} signed {head.size:,}: it was cut; {RESTORE}")  # fmt: skip
            return
        tree.extend(leaves[at] for at in range(tree.size, head.size))
        if tree.root().hex() != head.root:
            told = (
                f"the leaves {before:,} to {head.size - 1:,} of {log.leaves_path} are not those that head {head.number}"
                f" signed: one was changed or swapped; {RESTORE}"
            )
            yield Fault("log", f"head {head.number}", told)
            return
        before = head.size


def _database(log: Log, now: Snapshot, conn: sqlite3.Connection, found: LogChecked) -> None:
    """Every capture has its leaf, and every leaf its capture, a note, or the note of an erasure."""
    leaves = now.leaves
    places = {leaves[at][:8]: at for at in range(min(found.size, len(leaves)))}
    through, since = now.remembered, found.head.time if found.head else ""
    signed_rows = through.rowid if through is not None and log.goes_on(conn, through) else None
    missing = 0
    for rowid, capture, leaf in log_entries.captures(conn):
        at = places.pop(leaf[:8], None)
        if at is not None and leaves[at] == leaf:
            continue
        if rowid > signed_rows if signed_rows is not None else capture["fetched_at"] > since:
            found.pending += 1
            continue
        missing += 1
        if missing <= MOST_NAMED:
            name = f"capture {capture['record_id']}"
            told = (
                f"{name} of {capture['url']} is not in the log as the database has it: its row, or its leaf, was changed;"
                " compare it with its WARC record, and restore what differs from a backup"
            )
            found.faults.append(Fault("log entry", name, told))
    for leaf in chain(accounted_by_notes(log), suspended_leaves(conn)):
        places.pop(leaf[:8], None)
    for at in sorted(places.values())[:MOST_NAMED]:
        told = (
            f"leaf {at:,} of the log stands for no capture of the database: a row of capture was changed or removed, or"
            " the leaf was changed; restore archive.db or proof/ from a backup"
        )
        found.faults.append(Fault("log entry", f"leaf {at}", told))
    over = max(0, missing - MOST_NAMED) + max(0, len(places) - MOST_NAMED)
    if over:
        found.faults.append(Fault("log entry", "more", f"{over:,} more entries differ between log and database"))


def accounted_by_notes(log: Log) -> Iterator[bytes]:
    """The leaves that notes are, and those that notes of erasures name (``erased``: a list of leaf hashes in hex)."""
    for _, line in log.notes():
        yield leaf_hash(line)
        try:
            named = json.loads(line).get("erased", [])
            yield from (bytes.fromhex(leaf) for leaf in named if len(leaf) == 2 * HASH_BYTES)
        except (ValueError, AttributeError, TypeError):
            continue
