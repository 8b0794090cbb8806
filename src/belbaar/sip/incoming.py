"""The proxy in the path of calls that come in for subscribers: what it is told, and its configuration for Kamailio.

>>> incoming = read_incoming('''
... listen = ["udp:10.0.0.5:5062"]
... spool = "/var/spool/belbaar"
... lines = "sip:10.0.0.30:5060"
... line_sources = ["10.0.0.30"]
... [[peers]]
... name = "transit"
... sources = ["192.0.2.7"]
... trust = "national"
... ''')
>>> incoming.star, incoming.peers[0].trust
('*57', 'national')
"""

__all__ = ["Incoming", "Peer", "incoming_written", "read_incoming"]

import ipaddress
import tomllib
from collections import Counter
from collections.abc import Mapping
from importlib.resources import files
from typing import Annotated, Literal

import msgspec

from belbaar.errors import InputError
from belbaar.reading import read_number

_Name = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9]{0,31}$")]
_Sip = Annotated[str, msgspec.Meta(pattern=r"^sip:[A-Za-z0-9.:\[\]-]+(;transport=(udp|tcp))?$", max_length=300)]
_Listen = Annotated[str, msgspec.Meta(pattern=r"^(udp|tcp):[0-9A-Za-z.:\[\]-]+:[0-9]{1,5}$")]
_Folder = Annotated[str, msgspec.Meta(pattern=r"^/[A-Za-z0-9._/-]+$", max_length=90)]
_Star = Annotated[str, msgspec.Meta(pattern=r"^[*][0-9]{2,4}$")]
_HOWTO = "See: docs/howto/find-an-anonymous-caller.md"


class Peer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whence calls come in: another provider, or one's own exchange.

    Args:
        name: a word for it: small letters and digits.
        sources: addresses that its calls come from; no other peer's.
        trust: how far a number that it asserts is trusted: ``own`` subscribers, ``signed``, ``national`` or ``international``.
        callbacks: whether it may say that a call is one back after an emergency call (RFC 7090).
    """

    name: _Name
    sources: Annotated[list[str], msgspec.Meta(min_length=1)]
    trust: Literal["own", "signed", "national", "international"] = "international"
    callbacks: bool = False


class Incoming(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The proxy of incoming calls.

    Args:
        listen: transports, addresses and ports to listen on, such as ``udp:10.0.0.5:5062``.
        spool: the folder between it and the service: the service's setting ``trace_spool``.
        lines: where the subscribers' lines are reached.
        line_sources: addresses from which subscribers dial the star code.
        peers: whence calls come in.
        exempt: numbers that are let through without showing theirs, such as of who calls back for 112.
        star: the code that marks the latest call.
        announcements: where announcements are played: ``marked``, ``nothing`` and, before it answers 433, ``refused``; "": a
            code and words only.
        run: a folder for its control socket, which its user can write.
    """

    listen: Annotated[list[_Listen], msgspec.Meta(min_length=1)]
    spool: _Folder
    lines: _Sip
    line_sources: Annotated[list[str], msgspec.Meta(min_length=1)]
    peers: Annotated[list[Peer], msgspec.Meta(min_length=1)]
    exempt: tuple[str, ...] = ()
    star: _Star = "*57"
    announcements: _Sip | Literal[""] = ""
    run: _Folder = "/run/belbaar-sip"


def read_incoming(text: str, where: str = "") -> Incoming:
    """Read what the proxy is told, TOML.

    Raises:
        InputError: names what is wrong.
    """
    try:
        incoming = msgspec.convert(tomllib.loads(text), Incoming)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"this is not TOML: {error}", where=where) from error
    except msgspec.ValidationError as error:
        raise InputError(f"{error}.", where=where, todo=_HOWTO) from error
    sources = [_address(each, where) for peer in incoming.peers for each in peer.sources]
    sources += [_address(each, where) for each in incoming.line_sources]
    for what, found in (("name", [peer.name for peer in incoming.peers]), ("source", sources)):
        twice = sorted(each for each, times in Counter(found).items() if times > 1)
        if twice:
            raise InputError(f'the {what} "{twice[0]}" stands there twice.', where=where, todo="Keep them apart.")
    for number in incoming.exempt:
        read_number(number, where)
    return incoming


def incoming_written(incoming: Incoming) -> str:
    """Write a configuration for Kamailio 5.6: the same for the same proxy.

    Whatever is put in has been read by a pattern that has no quotes in it, so nothing can end a text of the file early.
    """
    text = files("belbaar.sip").joinpath("incoming.cfg").read_text(encoding="utf-8")
    for name, value in _slots(incoming).items():
        text = text.replace(f"{{{{{name}}}}}", value)
    return text


def _slots(incoming: Incoming) -> Mapping[str, str]:
    listen = [f"listen={each}" for each in incoming.listen]
    if not any(each.startswith("tcp:") for each in incoming.listen):
        listen.append("disable_tcp=yes")
    exempt = "|".join(str(read_number(number, "")) for number in incoming.exempt)
    return {
        "listen": "\n".join(listen),
        "run": incoming.run,
        "spool": incoming.spool,
        "lines": incoming.lines,
        "line_sources": _from(incoming.line_sources),
        "peers": "\n".join(_peer(peer) for peer in incoming.peers),
        "exempt": f"^({exempt})$" if exempt else "^nobody$",
        "star": incoming.star,
        "announced": _announced(incoming.announcements),
        "refusal_announced": _refusal_announced(incoming.announcements),
    }


def _from(sources: list[str]) -> str:
    return " || ".join(f'$si == "{source}"' for source in sources)


def _peer(peer: Peer) -> str:
    """Write how a peer is known."""
    lines = [
        f"    if ({_from(peer.sources)}) {{",
        '$avp(side) = "peer";',
        f'$avp(peer) = "{peer.name}";',
        f'$avp(trust) = "{peer.trust}";',
        f"$avp(callbacks) = {int(peer.callbacks)};",
        "return;",
    ]
    return "\n        ".join(lines) + "\n    }"


def _announced(announcements: str) -> str:
    """Write that an announcement is played in the place of an answer without sound."""
    if not announcements:
        return ""
    host = announcements.removeprefix("sip:")
    return (
        f'    $ru = "sip:nothing@{host}";\n    if ($avp(line) != 0) $ru = "sip:marked@{host}";\n'
        f'    $du = "{announcements}";\n    record_route();\n    if (t_relay()) exit;'
    )


def _refusal_announced(announcements: str) -> str:
    """Write that who is refused hears why, where somebody tells it: before an answer, and that is 433 too."""
    if not announcements:
        return ""
    host = announcements.removeprefix("sip:")
    return (
        f'    route(STRIP);\n    $ru = "sip:refused@{host}";\n    $du = "{announcements}";\n    record_route();\n'
        '    t_on_failure("REFUSING");\n    if (t_relay()) exit;'
    )


def _address(text: str, where: str) -> str:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError as error:
        raise InputError(f'"{text}" is not an address.', where=where, todo="Such as 10.0.0.30") from error
