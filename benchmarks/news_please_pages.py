"""Run by the Python of an environment with news-please in it: CPU ms a page of its extraction, as the last line.

Argument: a folder of saved pages. The median of three passes, after one page to warm up.
"""

import statistics
import sys
import time
from pathlib import Path

from newsplease import NewsPlease  # type: ignore[import-not-found]

ADDRESS = "http://xa.example/tin-tuc/1"

pages = [path.read_text(encoding="utf-8") for path in sorted(Path(sys.argv[1]).iterdir())]
NewsPlease.from_html(pages[0], url=ADDRESS)
passes = []
for _ in range(3):
    began = time.process_time()
    articles = [NewsPlease.from_html(page, url=ADDRESS) for page in pages]
    passes.append((time.process_time() - began) / len(pages) * 1000)
if not all(article.maintext for article in articles):
    sys.exit("news-please read nothing from some page")
print(statistics.median(passes))
