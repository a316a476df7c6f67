"""``python -m crawler`` is ``tinhuyen``."""

from crawler.cli import main

main(prog_name="tinhuyen")
