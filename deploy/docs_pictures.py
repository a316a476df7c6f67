"""Pictures of the readers' site for the documentation, taken of the demo: python deploy/docs_pictures.py

It crawls the demo into a temporary folder, serves it and writes docs/images/*.png. Needs the extra `test`
(Pillow comes with its WeasyPrint) and Chromium with its driver.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from selenium import webdriver

from crawler.demo.sights import sights
from crawler.folder.archive_folder import ArchiveFolder

IMAGES = Path(__file__).parent.parent / "docs" / "images"
LARGEST = 120_000
"""Bytes of a picture: they lie in the history of the repository for good."""
TINHUYEN = [sys.executable, "-m", "crawler"]


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of the demo's site."""
    subprocess.run([*TINHUYEN, "demo", "--no-serve", "--dir", str(folder)], check=True, stdout=subprocess.DEVNULL)
    command = [*TINHUYEN, "--archive", str(folder), "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as site:
        assert site.stdout is not None
        found = re.match(r"(http://\S+?)/?(?:\s|$)", site.stdout.readline())
        assert found is not None, "the site says where it listens"
        try:
            yield found[1]
        finally:
            site.terminate()


def main() -> None:
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or "chromium"
    for argument in ("--headless=new", "--no-sandbox", "--hide-scrollbars", "--window-size=1000,760", "--lang=vi"):
        options.add_argument(argument)
    service = webdriver.ChromeService(shutil.which("chromedriver"))
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as work, served(Path(work) / "demo") as base:
        article = next(path for what, path in sights(ArchiveFolder(Path(work) / "demo")) if "edited" in what)
        pages = {"home": "/", "search": "/tim?q=dang+bo", "article": article, "health": "/suc-khoe"}
        browser = webdriver.Chrome(options=options, service=service)
        try:
            for name, path in pages.items():
                browser.get(base + path)
                target = IMAGES / f"{name}.png"
                browser.save_screenshot(str(target))
                # plain areas and letters: 128 colours show them at a third of the bytes
                with Image.open(target) as shot:
                    shot.convert("RGB").quantize(128, dither=Image.Dither.NONE).save(target, optimize=True)
                size = target.stat().st_size
                print(f"{target.name}  {size / 1000:.0f} KB  {path}")
                if size > LARGEST:
                    sys.exit(f"{target} is larger than {LARGEST:,} bytes")
        finally:
            browser.quit()


if __name__ == "__main__":
    main()
