"""From where people come, behind a reverse proxy: what the proxy says is believed, what they say themselves is not."""

import pytest

from belbaar.api.consents.outside import client_ip


class Asked:
    def __init__(self, told):
        self.headers = {"x-forwarded-for": told} if told else {}
        self.client = type("Client", (), {"host": "127.0.0.1"})


@pytest.mark.parametrize(
    ("told", "proxies", "ip"),
    [
        ("198.51.100.7", 0, "127.0.0.1"),
        ("198.51.100.7", 1, "198.51.100.7"),
        ("203.0.113.9, 198.51.100.7", 1, "198.51.100.7"),
        ("203.0.113.9, 198.51.100.7, 10.0.0.2", 2, "198.51.100.7"),
        ("", 1, "127.0.0.1"),
        ("198.51.100.7", 2, "127.0.0.1"),
    ],
)
def test_only_what_the_last_proxies_say_is_believed(told, proxies, ip):
    assert client_ip(Asked(told), proxies) == ip
