"""The demo's server: HTTP as a crawler needs it, on loopback, gone when the block ends."""

from __future__ import annotations

import gzip
import http.client
import socket
from http.server import BaseHTTPRequestHandler
from urllib.parse import urlsplit

import pytest

from crawler import demo

CSS = "/wp-content/themes/xa-phuong/css/style.css"


def connect(base: str) -> http.client.HTTPConnection:
    parts = urlsplit(base)
    return http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=5)


def fetch(
    connection: http.client.HTTPConnection, path: str, method: str = "GET", **headers: str
) -> tuple[http.client.HTTPResponse, bytes]:
    connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    response = connection.getresponse()
    return response, response.read()


def test_portals_have_the_ports_of_the_readme() -> None:
    assert [(p.name, p.port) for p in demo.portals()] == [("hungha", 8931), ("daikhe", 8932), ("tragiang", 8933)]


def test_one_connection_serves_page_after_page_and_the_log_tells_of_each() -> None:
    hits: list[demo.Hit] = []
    with demo.serve(None, log=hits) as bases:
        assert list(bases) == ["hungha", "daikhe", "tragiang"]
        connection = connect(bases["daikhe"])
        first, body = fetch(connection, "/")
        port = connection.sock.getsockname()[1]
        second, _ = fetch(connection, "/khong-co/")
        assert connection.sock.getsockname()[1] == port
        connection.close()
    assert (first.status, second.status) == (200, 404)
    assert first.getheader("Content-Type") == "text/html; charset=utf-8"
    assert first.getheader("ETag") is None
    assert f"{bases['daikhe']}/".encode() not in body.split(b"<body", 1)[1]
    assert [(hit.portal, hit.target, hit.status) for hit in hits] == [
        ("daikhe", "/", 200),
        ("daikhe", "/khong-co/", 404),
    ]
    assert hits[0].ended <= hits[1].began


def test_links_carry_the_address_served() -> None:
    with demo.serve(None, names=["tragiang"]) as bases:
        connection = connect(bases["tragiang"])
        _, body = fetch(connection, "/feed/")
        rows = demo.truth("tragiang", bases["tragiang"])
        assert rows[0]["url"].encode() in body
        response, page = fetch(connection, urlsplit(rows[0]["url"]).path)
        assert response.status == 200 and rows[0]["title"].encode() in page
        connection.close()


def test_html_is_gzipped_when_asked_and_a_style_sheet_is_known_again() -> None:
    with demo.serve(None, names=["tragiang"]) as bases:
        connection = connect(bases["tragiang"])
        _, plain = fetch(connection, "/")
        packed, body = fetch(connection, "/", Accept_Encoding="gzip, deflate")
        assert packed.getheader("Content-Encoding") == "gzip" and gzip.decompress(body) == plain
        style, _ = fetch(connection, CSS)
        etag, date = style.getheader("ETag") or "", style.getheader("Last-Modified") or ""
        assert style.getheader("Content-Type") == "text/css; charset=utf-8"
        again, nothing = fetch(connection, CSS, If_None_Match=etag)
        assert (again.status, nothing) == (304, b"")
        assert fetch(connection, CSS, If_Modified_Since=date)[0].status == 304
        assert fetch(connection, CSS, If_None_Match='"other"', If_Modified_Since=date)[0].status == 200
        assert fetch(connection, "/", If_None_Match=etag)[0].status == 200
        head, nothing = fetch(connection, "/", "HEAD")
        assert nothing == b"" and head.getheader("Content-Length") == str(len(plain))
        connection.close()


def test_redirect_names_the_whole_address() -> None:
    with demo.serve(None, names=["tragiang"]) as bases:
        connection = connect(bases["tragiang"])
        response, _ = fetch(connection, "/?p=101")
        connection.close()
    assert response.status == 301
    assert (response.getheader("Location") or "").startswith(f"{bases['tragiang']}/2025/07/01/")


def test_busy_port_is_refused_in_one_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(demo.PortBusy, match=str(port)) as caught, demo.serve(port, names=["hungha"]):
            pass
    assert "\n" not in str(caught.value)


def test_unknown_name_is_refused() -> None:
    with pytest.raises(KeyError, match="hanoi"), demo.serve(None, names=["hanoi"]):
        pass


def test_fault_answers_in_place_of_the_portal() -> None:
    def cut_off(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf")

    faults: dict[str, demo.Fault] = {"/broken": cut_off, "/": lambda _: demo.Reply(b"busy", "text/plain", 500)}
    with demo.serve(None, names=["hungha"], faults=faults) as bases:
        connection = connect(bases["hungha"])
        response, body = fetch(connection, "/")
        assert (response.status, body) == (500, b"busy")
        with pytest.raises(http.client.IncompleteRead):
            fetch(connection, "/broken")
        connection.close()


def test_end_of_the_block_ends_kept_connections_and_frees_the_port() -> None:
    with demo.serve(None, names=["hungha"]) as bases:
        connection = connect(bases["hungha"])
        fetch(connection, "/")
        port = urlsplit(bases["hungha"]).port or 0
    assert connection.sock.recv(1) == b""
    connection.close()
    with demo.serve(port, names=["hungha"]) as again:
        assert urlsplit(again["hungha"]).port == port
