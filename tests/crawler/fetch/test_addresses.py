"""Which addresses may be asked."""

import pytest

from crawler.fetch.addresses import PrivateAddress, UnknownHost, is_public, refuse_private, resolve


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("127.0.0.1", False), ("10.1.2.3", False), ("192.168.1.1", False), ("172.16.0.9", False), ("169.254.169.254", False),
        ("0.0.0.0", False), ("100.64.0.1", False), ("::1", False), ("fe80::1%eth0", False), ("fd00::1", False),
        ("::ffff:127.0.0.1", False), ("224.0.0.1", False), ("113.160.1.1", True), ("2001:4860:4860::8888", True),
        ("::ffff:113.160.1.1", True),
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
