"""Which addresses may be asked."""

import socket

import pytest

from crawler.fetch.network import PrivateAddress, UnknownHost, connect, is_public, refuse_private, resolve


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("127.0.0.1", False), ("10.1.2.3", False), ("192.168.1.1", False), ("172.16.0.9", False), ("169.254.169.254", False),
        ("0.0.0.0", False), ("100.64.0.1", False), ("::1", False), ("fe80::1%eth0", False), ("fd00::1", False),
        ("::ffff:127.0.0.1", False), ("224.0.0.1", False), ("113.160.1.1", True), ("2001:4860:4860::8888", True),
        ("::ffff:113.160.1.1", True),
        # IPv6 forms that carry an IPv4 address: 6to4, Teredo, NAT64, compatible, ISATAP
        ("2002:7f00:1::", False), ("2002:c0a8:101::1", False), ("2002:71a0:101::1", True),
        ("64:ff9b::7f00:1", False), ("64:ff9b::10.0.0.1", False), ("64:ff9b::113.160.1.1", True), ("64:ff9b:1::1", False),
        ("::127.0.0.1", False), ("::113.160.1.1", False), ("2001:0:53aa:64c:0:0:80ff:fffe", False),
        ("2405:4800::5efe:7f00:1", False), ("2405:4800::200:5efe:10.0.0.1", False), ("2405:4800::1", True),
        ("fec0::1", False), ("::", False), ("ff0e::1", False), ("240.0.0.1", False), ("255.255.255.255", False),
    ],
)  # fmt: skip
def test_public_is_what_the_whole_internet_can_reach(address, public):
    assert is_public(address) is public


def test_a_private_address_is_refused_unless_permitted():
    refuse_private("127.0.0.1", host="x", allowed=True)
    with pytest.raises(PrivateAddress, match="--allow-private"):
        refuse_private("127.0.0.1", host="x", allowed=False)


def test_an_unknown_host_is_one_sentence():
    with pytest.raises(UnknownHost, match="does not resolve"):
        resolve("khong-co.invalid", 80)


def answering(monkeypatch, *addresses):
    """Have each look-up give the next of these addresses, the last one for ever."""
    left = list(addresses)

    def getaddrinfo(host, port, *_, **__):
        address = left.pop(0) if len(left) > 1 else left[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr("socket.getaddrinfo", getaddrinfo)
    return left


def test_a_name_that_changes_between_two_look_ups_leads_nowhere_else(monkeypatch):
    asked = []
    monkeypatch.setattr("socket.create_connection", lambda address, timeout: asked.append(address))
    answering(monkeypatch, "113.160.1.1", "127.0.0.1")
    connect("cong.gov.vn", 80, allowed=False, timeout=1)
    assert asked == [("113.160.1.1", 80)]


def test_a_name_that_leads_to_a_private_address_is_not_connected_to(monkeypatch):
    monkeypatch.setattr("socket.create_connection", lambda *_: pytest.fail("connected"))
    answering(monkeypatch, "127.0.0.1")
    with pytest.raises(PrivateAddress):
        connect("cong.gov.vn", 80, allowed=False, timeout=1)


def test_the_second_address_is_tried_when_the_first_does_not_answer(monkeypatch):
    tried = []

    def create(address, timeout):
        tried.append(address[0])
        if len(tried) == 1:
            raise ConnectionRefusedError
        return "connected"

    monkeypatch.setattr("socket.create_connection", create)
    monkeypatch.setattr("crawler.fetch.network.resolve", lambda *_: ["113.160.1.1", "113.160.1.2"])
    assert connect("cong.gov.vn", 80, allowed=False, timeout=1) == "connected"
    assert tried == ["113.160.1.1", "113.160.1.2"]
