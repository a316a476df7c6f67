"""Origins of captures that others made: the file each was imported from, and the note of it in the log with its proof."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from archive.imports import imports
from archive.proof.log import Log
from archive.proof.merkle import Tree, leaf_hash

NOTED = ("source", "sha256", "through")
"""What the log's note of an import says of the file it was made from."""


def import_notes(log: Log) -> dict[str, bytes]:
    """The entries of the log that name where the records of a WARC file came from, by the name of that file."""
    found: dict[str, bytes] = {}
    for _, line in log.notes():
        try:
            values = json.loads(line)
            if values["note"] == "import":
                found[values["file"]] = line
        except (ValueError, KeyError, TypeError):
            continue
    return found


def missing_notes(log: Log, conn: sqlite3.Connection) -> list[dict[str, object]]:
    """The notes of imports that the log has none of: what was killed before it wrote one among them."""
    noted = import_notes(log)
    return [
        {"note": "import", "file": one.file, **{name: getattr(one, name) for name in NOTED}}
        for one in imports(conn)
        if one.file not in noted
    ]


def origins(log: Log, conn: sqlite3.Connection, files: Iterable[str], size: int, tree: Tree) -> dict[str, dict[str, Any]]:  # fmt: skip
    """Those of the WARC files that hold what others captured, each with the file it came from, who captured it, and the
    entry that says so with its proof; without ``entry`` where the log, as its head signs it, has none."""
    wanted, notes = set(files), import_notes(log)
    found: dict[str, dict[str, Any]] = {}
    for one in imports(conn):
        if one.file not in wanted:
            continue
        told: dict[str, Any] = {name: value for name, value in asdict(one).items() if name != "file"}
        if (note := notes.get(one.file)) is not None:
            leaf = leaf_hash(note)
            index = next((at for at, known in enumerate(log.leaves(size)) if known == leaf), None)
            if index is not None:
                path = [node.hex() for node in tree.inclusion_proof(index)]
                told |= {"entry": note.decode("ascii"), "index": index, "path": path}
        found[one.file] = told
    return found
