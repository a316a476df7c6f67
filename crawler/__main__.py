"""The entry point of ``tinhuyen``, also as ``python -m crawler``.

What is imported at the top is what Python has loaded anyway, so that the moment without Ctrl-C's promise is as short as can be.
"""

from __future__ import annotations

from crawler.commands.interrupts import watch_for_interrupts


def main() -> None:
    """Run the command line."""
    watch_for_interrupts()
    from archive.text.plain_output import guard_output
    from crawler.cli import main as command

    guard_output()
    command(prog_name="tinhuyen")


if __name__ == "__main__":
    main()
