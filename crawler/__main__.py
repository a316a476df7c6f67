"""``python -m crawler`` is ``tinhuyen``."""

from crawler.start import main

main()
