"""How far into each WARC file the ledger knows its records: what lies beyond is taken up again after a kill."""

from __future__ import annotations

from crawler.ledger.frontier import Ledger


class Positions:
    """The WARC files one process writes. A record is pending from its write until its visit is in the batch."""

    def __init__(self, frontier: Ledger, worker: str) -> None:
        self.frontier = frontier
        self.worker = worker
        self._pending: dict[str, tuple[str, int]] = {}
        self._next: dict[str, int] = {}
        self._current = ""

    def written(self, file: str, offset: int, record_id: str) -> None:
        """A record went to ``offset`` (bytes) of ``file``."""
        if file not in self._next:
            self._next[file] = 0
        self._current = file
        self._next[file] = offset + 1
        self._pending[record_id] = (file, offset)

    def kept(self, record_id: str) -> None:
        """What the record brought is in the batch."""
        self._pending.pop(record_id, None)

    def save(self) -> None:
        """Note in the ledger, in the transaction of the batch, how far each file is known to it."""
        first = {file: min(o for f, o in self._pending.values() if f == file) for file, _ in self._pending.values()}
        for file, after in list(self._next.items()):
            acked = first.get(file, after)
            done = file != self._current and file not in first
            self.frontier.conn.execute(
                "INSERT INTO warc_file (name, worker, state, acked) VALUES (?, ?, ?, ?) ON CONFLICT (name)"
                " DO UPDATE SET state = excluded.state, acked = excluded.acked",
                (file, self.worker, "closed" if done else "open", acked),
            )
            if done:
                del self._next[file]

    def close(self) -> None:
        """All files of the process are whole and known."""
        with self.frontier.write() as conn:
            conn.execute("UPDATE warc_file SET state = 'closed' WHERE worker = ?", (self.worker,))
