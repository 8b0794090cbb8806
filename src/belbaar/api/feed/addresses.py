"""Where a webhook may lead: not into the installation's own network, unless it was told that it may.

>>> [is_outside(text) for text in ("93.184.215.14", "10.1.2.3", "169.254.169.254", "::1", "::ffff:127.0.0.1")]
[True, False, False, False, False]
>>> is_outside("64:ff9b::a9fe:a9fe")  # 169.254.169.254, through NAT64
False
"""

__all__ = ["check_url", "is_outside"]

import ipaddress
from urllib.parse import urlsplit

from belbaar.errors import InputError

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_LONGEST = 500


def is_outside(text: str) -> bool:
    """Tell whether an address is on the public net, with those inside it where one is wrapped in another."""
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        wrapped = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            wrapped = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if wrapped is not None:
            return is_outside(str(wrapped))
        if address.teredo or address.is_site_local:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def check_url(url: str, *, inside: bool) -> None:
    """Look whether a webhook may lead somewhere, as far as its URL tells; names are looked at when they are resolved.

    Args:
        url: where it leads.
        inside: whether it may lead into the installation's own network; on the loopback even without TLS.

    Raises:
        InputError: when it may not.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise _refused("this is no URL.") from None
    if not host or len(url) > _LONGEST or not url.isascii() or any(each <= " " for each in url) or port == 0:
        raise _refused("this is no URL.")
    if parts.username is not None or parts.fragment:
        raise _refused("a webhook's URL has no user and no fragment.")
    if parts.scheme not in ("https", "http") or (parts.scheme == "http" and not _is_loopback(host)):
        raise _refused("a webhook's URL begins with https://.")
    if not inside and (_is_loopback(host) or (_is_address(host) and not is_outside(host))):
        raise InputError(
            "this leads into the service's own network.",
            where="/url",
            todo="Name a public address; whoever runs the service may allow it: BELBAAR_WEBHOOKS_INSIDE=true",
            code="address-refused",
        )


def _is_loopback(host: str) -> bool:
    return (
        host == "localhost"
        or host.endswith(".localhost")
        or (_is_address(host) and ipaddress.ip_address(host.partition("%")[0]).is_loopback)
    )


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def _refused(what: str) -> InputError:
    return InputError(what, where="/url", todo='Such as "https://crm.example/belbaar".')
