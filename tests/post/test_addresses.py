"""Which addresses we call for others: asked of the check itself, without a call."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from lessons.post.channels import addresses
from lessons.post.channels.addresses import NotAllowed, Target, looked_up, target

INNER = """
http://127.0.0.1/ https://127.0.0.1/ https://[::1]/ https://0.0.0.0/ https://169.254.169.254/latest/meta-data/
https://10.0.0.1/ https://172.16.0.1/ https://172.31.255.255/ https://192.168.1.1/ https://100.64.0.1/
https://[fc00::1]/ https://[fd12:3456::1]/ https://[fe80::1]/ https://[::ffff:127.0.0.1]/ https://[::ffff:a00:1]/
https://2130706433/ https://0x7f.1/ https://0x7f000001/ https://0177.0.0.1/ https://127.1/ https://localhost/
https://localhost./ https://LOCALHOST/ https://[::]/ https://[::127.0.0.1]/ https://[64:ff9b::7f00:1]/
https://[2002:7f00:1::]/ https://[fec0::1]/ https://[ff02::1]/ https://224.0.0.1/ https://255.255.255.255/
https://198.18.0.1/ https://192.0.2.1/ https://240.0.0.1/ https://[2001:db8::1]/ https://[2001:0:7f00:1::]/
""".split()
UNCLEAR = [
    "file:///etc/passwd", "gopher://example.org/", "ftp://example.org/", "javascript:alert(1)", "//example.org/", "",
    "https://", "https:///x", "https://user:pw@93.184.216.34/", "http://user:pw@127.0.0.1", "https://93.184.216.34@10.0.0.1/",
    "https://127。0。0。1/", "https://１２７.0.0.1/", "https://example.org\\@127.0.0.1/", "https://example.org:0/",
    "https://example.org:99999/", "https://example.org:x/", "https://exa mple.org/", "https://example.org/\r\nHost: x",
    "https://127.0.0.1%2f@example.org/", "https://[fe80::1%25eth0]/", "https://example.org/" + "a" * 10_000,
    "https://[::1/", "https://\u05d0.example/",
]  # fmt: skip


def at(*found: str) -> addresses.Look:
    return lambda _host, _port: found


@pytest.mark.parametrize("url", INNER)
def test_no_form_of_an_inner_address_is_called(url: str) -> None:
    with pytest.raises(NotAllowed, match=addresses.INSIDE):
        target(url)


@pytest.mark.parametrize("url", UNCLEAR)
def test_no_address_is_called_that_two_readers_could_read_in_two_ways(url: str) -> None:
    with pytest.raises(NotAllowed, match=addresses.UNCLEAR):
        target(url, look=at("93.184.216.34"))


def test_a_name_with_one_answer_inside_is_not_called_whatever_the_others_are() -> None:
    assert target("https://example.org/x?y=1", look=at("93.184.216.34")) == Target(
        "https", "example.org", 443, "93.184.216.34", "/x?y=1"
    )
    for inside in ("10.0.0.1", "::ffff:10.0.0.1", "fe80::1%eth0"):
        with pytest.raises(NotAllowed, match=addresses.INSIDE):
            target("https://example.org/", look=at("93.184.216.34", inside))
    with pytest.raises(NotAllowed, match=addresses.NOT_FOUND):
        target("https://example.org/", look=at())


def test_the_address_that_was_judged_is_the_one_that_is_called() -> None:
    answers = [["93.184.216.34"], ["127.0.0.1"]]

    def changing(_host: str, _port: int) -> Sequence[str]:
        return answers.pop(0)

    assert target("https://example.org/", look=changing).address == "93.184.216.34"
    assert len(answers) == 1  # it was asked once


def test_what_the_operator_opens_is_called_and_nothing_beside_it() -> None:
    allow = "10.2.0.0/16, 127.0.0.1,fd00:2::/32"
    assert target("http://10.2.3.4:8080/hook", allow=allow).named == "10.2.3.4:8080"
    assert target("https://[fd00:2::5]/", allow=allow).named == "[fd00:2::5]"
    assert target("https://[::ffff:10.2.0.1]/", allow=allow).host == "::ffff:10.2.0.1"
    for url in ("http://10.3.0.1/", "https://127.0.0.2/", "https://[fd00:3::5]/"):
        with pytest.raises(NotAllowed, match=addresses.INSIDE):
            target(url, allow=allow)


def test_what_travels_the_world_is_encrypted() -> None:
    with pytest.raises(NotAllowed, match=addresses.OPEN_TEXT):
        target("http://example.org/", look=at("93.184.216.34"))
    with pytest.raises(NotAllowed, match=addresses.OPEN_TEXT):
        target("http://example.org/", allow="10.0.0.0/8", look=at("10.0.0.1", "93.184.216.34"))


def test_a_name_is_looked_up_by_the_machine() -> None:
    assert "127.0.0.1" in looked_up("localhost", 443)
