"""``python -m crawler`` is ``tinhuyen``."""

from crawler.commands.start import main

main()
