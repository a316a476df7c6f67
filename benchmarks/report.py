"""What a benchmark says in the end: a small table, a line for each bar, JSON for whoever keeps them."""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any


class Report:
    """Collects figures and bars; :meth:`end` prints them and gives the exit code (1: a bar is missed)."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.figures: dict[str, Any] = {}
        self.bars: list[dict[str, Any]] = []

    def table(self, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Print rows of a name and numbers, and keep them."""
        cells = [[_shown(value) for value in row] for row in rows]
        widths = [max(len(row[at]) for row in [list(heads), *cells]) for at in range(len(heads))]
        for row in [list(heads), *cells]:
            first, *others = (
                cell.ljust(widths[0]) if at == 0 else cell.rjust(widths[at]) for at, cell in enumerate(row)
            )
            print("  ".join([first, *others]))
        print(flush=True)
        self.figures["table"] = {row[0]: dict(zip(heads[1:], row[1:], strict=True)) for row in cells}

    def note(self, name: str, value: float | int | str, unit: str = "") -> None:
        """A figure without a bar."""
        print(f"        {name}: {_shown(value)}{' ' + unit if unit else ''}")
        self.figures[name] = value

    def bar(self, name: str, value: float, bar: float, *, at_least: bool) -> None:
        held = value >= bar if at_least else value <= bar
        print(f"{'ok' if held else 'MISSED':6}  {name}: {_shown(value)} (bar: {'>=' if at_least else '<='} {bar:g})")
        self.bars.append({"name": name, "value": value, "bar": bar, "at_least": at_least, "held": held})

    def end(self, to: Path | None) -> int:
        if to is not None:
            machine = {"cores": os.cpu_count(), "system": platform.platform(), "python": platform.python_version()}
            whole = {"benchmark": self.name, "machine": machine, "figures": self.figures, "bars": self.bars}
            to.write_text(json.dumps(whole, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        return 0 if all(bar["held"] for bar in self.bars) else 1


def arguments(description: str | None) -> argparse.ArgumentParser:
    """A parser with what every benchmark takes."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write figures and bars there, too")
    return parser


def median(values: Iterable[float]) -> float:
    return statistics.median(values)


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.2f}" if abs(value) < 100 else f"{value:,.0f}"
    return f"{value:,}" if isinstance(value, int) else str(value)
