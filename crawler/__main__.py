"""The entry point of ``tinhuyen``, also as ``python -m crawler``.

What is imported at the top is what Python has loaded anyway, so that the moment without Ctrl-C's promise is as short as can be.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

from crawler.commands.interrupts import watch_for_interrupts


def main() -> None:
    """Run the command line."""
    watch_for_interrupts()
    if (wrong := shadowed()) is not None:
        sys.stderr.write(f"tinhuyen: {wrong}\n")
        sys.exit(2)  # usage; the room of exit codes imports the archive, which is what is missing
    from archive.text.plain_output import guard_output
    from crawler.cli import main as command

    guard_output()
    command(prog_name="tinhuyen")


def shadowed() -> str | None:
    """What to say where another package named ``archive`` comes before ours, which stands beside this one; else ``None``."""
    found = find_spec("archive")
    place = Path(found.origin).parent if found is not None and found.origin else None
    if place is not None and place.parent == Path(__file__).parent.parent:
        return None
    return (
        f"another package named archive hides ours: {place or 'one without a file'}; take it out of PYTHONPATH and of this folder, "
        "or install tinhuyen into an environment of its own"
    )


if __name__ == "__main__":
    main()
