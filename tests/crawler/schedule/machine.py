"""A machine under a simulated clock: processes that claim what is due, crawl for a while, end, are killed or switched off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from crawler.folder.hours import Hours
from crawler.ledger.frontier import Ledger
from crawler.schedule.due import Claim, Standing, claim, finish, is_anything_due


@dataclass
class Process:
    """One ``run-due`` that crawls until ``ends``."""

    name: str
    claims: list[Claim]
    ends: float


@dataclass
class Machine:
    """``now`` is in Unix seconds; ``ran`` lists (portal, occurrence, begun, ended) of crawls that came to their end."""

    path: str
    now: float
    portals: set[str] = field(default_factory=set)
    paused: set[str] = field(default_factory=set)
    no_room: str | None = None
    hours: dict[str, Hours] = field(default_factory=dict)
    running: list[Process] = field(default_factory=list)
    ran: list[tuple[str, float, float, float]] = field(default_factory=list)
    begun: dict[int, float] = field(default_factory=dict)
    count: int = 0

    def __post_init__(self) -> None:
        # two connections: two processes that look at the same moment
        self.frontiers = [Ledger(self.path, clock=lambda: self.now) for _ in range(2)]

    @property
    def frontier(self) -> Ledger:
        return self.frontiers[0]

    def standing(self) -> Standing:
        alive = [process.name for process in self.running]
        return Standing(self.portals, alive, self.paused, self.no_room, self.hours, host="may")

    def tick(self, takes: Callable[[list[Claim]], float] = lambda claims: 60.0, which: int = 0) -> list[Claim]:
        """One look: crawls that are over end first, then what is due is claimed by a new process."""
        self.end_those_over()
        frontier = self.frontiers[which]
        if not is_anything_due(frontier.conn, self.now, lambda: []) and not self.has_dead_claims():
            return []
        self.count += 1
        name = f"may-{self.count}"
        self.running.append(Process(name, [], self.now))
        claims = claim(frontier, name, self.standing)
        if not claims:
            self.running.pop()
            return []
        self.running[-1].claims, self.running[-1].ends = claims, self.now + takes(claims)
        self.begun |= {one.id: self.now for one in claims}
        return claims

    def has_dead_claims(self) -> bool:
        alive = {process.name for process in self.running}
        rows = self.frontier.conn.execute("SELECT DISTINCT worker FROM run_due WHERE state = 'claimed'")
        return any(row[0] not in alive for row in rows)

    def end_those_over(self) -> None:
        for process in [process for process in self.running if process.ends <= self.now]:
            self.running.remove(process)
            finish(self.frontier, process.claims, None, "finished")
            self.ran += [(one.portal, one.occurrence, self.begun[one.id], process.ends) for one in process.claims]

    def kill(self, nth: int = 0) -> None:
        """Kill a process: nothing of it is written."""
        self.running.pop(nth)

    def rows(self, where: str = "1") -> list[dict]:
        return [dict(row) for row in self.frontier.conn.execute(f"SELECT * FROM run_due WHERE {where} ORDER BY id")]

    def close(self) -> None:
        for frontier in self.frontiers:
            frontier.conn.close()
