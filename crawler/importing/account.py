"""The account of an import: what became of each record, counted by kind, with a line for what is wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from archive.text.plain_output import printable
from archive.text.plurals import counted

MOST_TOLD = 20
"""Faults that are told one by one, and hosts."""


@dataclass(slots=True)
class Account:
    """What one file gave. ``others`` are records that are no articles, by kind, with an example each."""

    source: str
    records: int = 0
    articles: Counter[str] = field(default_factory=Counter)
    """``new``, ``older or other versions``, ``seen with the same text``."""
    files: int = 0
    held: int = 0
    """Captures that the archive held already."""
    others: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)
    hosts: Counter[str] = field(default_factory=Counter)
    """Answers of hosts that are of no portal, and were not taken."""
    faults: list[str] = field(default_factory=list)
    faults_more: int = 0
    portals: Counter[str] = field(default_factory=Counter)
    """New articles by portal."""
    themes: list[str] = field(default_factory=list)
    """Portals that are read by the theme the file brought."""
    is_dry: bool = False

    def other(self, kind: str, example: str) -> None:
        self.others[kind] += 1
        self.examples.setdefault(kind, example)

    def fault(self, text: str) -> None:
        if len(self.faults) < MOST_TOLD:
            self.faults.append(text)
        else:
            self.faults_more += 1

    @property
    def captures(self) -> int:
        """Answers that were taken."""
        return sum(self.articles.values()) + self.files

    def lines(self) -> Iterator[str]:
        """The account for a person."""
        would = "would be taken" if self.is_dry else "taken"
        kinds = ", ".join(f"{count:,} {kind}" for kind, count in self.articles.most_common())
        yield printable(
            f"{self.source}: {counted(self.records, 'record')}; articles {would}: {kinds or 'none'}"
            f"; {counted(self.files, 'file')}; {self.held:,} held already"
        )
        for portal in self.themes:
            yield f"  {portal}: read by the theme that the file brought, now themes/{portal}.toml"
        for kind, count in self.others.most_common():
            yield printable(f"  {count:>7,}  {kind}, e.g. {self.examples[kind][:150]}")
        if self.hosts:
            shown = ", ".join(f"{host} ({count:,})" for host, count in self.hosts.most_common(5))
            more = f" and {len(self.hosts) - 5:,} more" if len(self.hosts) > 5 else ""
            yield printable(
                f"  {sum(self.hosts.values()):>7,}  of hosts that are no portal here, not taken: {shown}{more}"
            )
            yield "           add them first (tinhuyen add URL --no-probe), or say whose they are with  --portal NAME"
        for text in self.faults:
            yield printable(f"  damaged: {text}")
        if self.faults_more:
            yield f"  damaged: and {counted(self.faults_more, 'more place')}"
