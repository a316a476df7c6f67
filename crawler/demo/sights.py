"""What to try in the demo's archive: addresses of its site, each with what is to be seen there."""

from __future__ import annotations

from archive.store import Store
from crawler.demo import load
from crawler.demo.weeks import changes
from crawler.folder.archive_folder import ArchiveFolder

SEED = "Cụm thi đua các Huyện"
"""How the title of the one real article begins."""


def sights(folder: ArchiveFolder) -> list[tuple[str, str]]:
    """Pairs of what is to be seen and its path on the site; what the archive does not hold is left out."""
    found = [("search without accents", "/tim?q=thu+ngan+sach")]
    with Store.open_reading(folder.database) as store:
        rows = store.conn.execute("SELECT title, id FROM article ORDER BY id").fetchall()
    ids = {title: identifier for title, identifier in rows if title}
    seed = next((identifier for title, identifier in ids.items() if title.startswith(SEED)), None)
    wanted = [("an article whose hidden advert was taken out", seed)]
    for kind, what in (
        ("edited", "an article that was edited: its versions"),
        ("replaced", "an article whose attachment was replaced"),
        ("removed", "an article that the portal removed"),
    ):
        change = changes()[kind][0]
        title = next(article.title for article in load(change["portal"]).articles if article.id == change["id"])
        wanted.append((what, ids.get(title)))
    found += [(what, f"/bai/{identifier}") for what, identifier in wanted if identifier is not None]
    return [*found, ("how each portal was found", "/suc-khoe")]
