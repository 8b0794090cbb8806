"""What a gate is told: where it listens, where it asks, where calls go on, and from where they come.

>>> gate = read_gate('''
... listen = ["udp:10.0.0.5:5060"]
... gate = "http://127.0.0.1:8080/v1/gate"
... carrier = "sip:sbc.carrier.example:5060"
... jcard = "https://voltix.example/jcard.jws"
... [[trunks]]
... name = "bureau"
... sources = ["10.0.0.20"]
... key = "bel_0f3a_x"
... campaign = "autumn"
... ''')
>>> gate.trunks[0].name
'bureau'
"""

__all__ = ["Gate", "Trunk", "read_gate"]

import ipaddress
import tomllib
from collections import Counter
from typing import Annotated, Literal

import msgspec

from belbaar.errors import InputError

_Name = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9]{0,31}$")]
_Id = Annotated[str, msgspec.Meta(pattern=r"^([a-z0-9][a-z0-9._-]*)?$", max_length=200)]
_Url = Annotated[str, msgspec.Meta(pattern=r"^https?://[A-Za-z0-9._:/?=&%\[\]~-]+$", max_length=300)]
_Asked = Annotated[str, msgspec.Meta(pattern=r"^https?://[A-Za-z0-9.:\[\]-]+/[A-Za-z0-9./_-]*$", max_length=300)]
_Sip = Annotated[str, msgspec.Meta(pattern=r"^sip:[A-Za-z0-9.:\[\]-]+(;transport=(udp|tcp|tls))?$", max_length=300)]
_Listen = Annotated[str, msgspec.Meta(pattern=r"^(udp|tcp|tls):[0-9A-Za-z.:\[\]-]+:[0-9]{1,5}$")]
_Key = Annotated[str, msgspec.Meta(pattern=r"^bel_[0-9a-f]{1,32}_[A-Za-z0-9_-]{1,128}$")]
_Digits = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{2,6}$")]
_Peer = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9._-]{0,64}$")]
_Secret = Annotated[str, msgspec.Meta(pattern=r"^([!-~]{16,128})?$")]
_Press = Annotated[str, msgspec.Meta(pattern=r"^[0-9*#]?$")]
_Udp = Annotated[str, msgspec.Meta(pattern=r"^udp:[0-9.]{7,15}:[0-9]{1,5}$")]
_Folder = Annotated[str, msgspec.Meta(pattern=r"^/[A-Za-z0-9._/-]+$", max_length=90)]


class Trunk(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whence calls come: a dialer, or an agent's. Of what it is known by all must hold, and there must be one.

    Args:
        name: a word for it: small letters and digits.
        sources: addresses that its calls come from; no other trunk's.
        certificate: the name (CN) in the certificate that it shows over TLS; no other trunk's.
        user: by which it says who it is (digest, RFC 8760), with ``password``; no other trunk's.
        password: its own; in the configuration stands what follows from it.
        key: of the organisation that answers for these calls, with the rights ``ask`` and ``permit``.
        agent: the agent that dials, as it is registered.
        campaign: that all its calls are for. Left out: the dialer names it, in ``X-Belbaar-Campaign``.
        product: what its calls are about, where no campaign is named.
        identity: ``required`` where its calls must be signed (RFC 8224); "": a signature that is there must hold.
        plain: whether to answer 603 in the place of 608 and 433, for dialers that do not know these.
        per_second: new calls in a second; more are refused with 503, so that none floods the others.
    """

    name: _Name
    sources: list[str] = []
    certificate: _Peer = ""
    user: _Peer = ""
    password: _Secret = ""
    key: _Key
    agent: _Id = ""
    campaign: _Id = ""
    product: _Id = ""
    identity: Literal["", "required"] = ""
    plain: bool = False
    per_second: Annotated[int, msgspec.Meta(ge=1, le=100_000)] = 50


class Tls(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the gate shows and asks over TLS: files, PEM.

    Args:
        certificate: its own.
        key: of that.
        authority: that signed the certificates of trunks.
    """

    certificate: _Folder
    key: _Folder
    authority: _Folder


class Media(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """rtpengine, through which the sound goes, so that keys in it are heard (RFC 4733).

    Args:
        rtpengine: where it takes orders (``--listen-ng``).
        keys: where it says which keys it heard (``--dtmf-log-dest``), to ``belbaar sip calls``.
    """

    rtpengine: _Udp
    keys: _Udp


class CallersBack(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who calls a number back that calls show: such a call goes to ``belbaar sip speak``.

    Args:
        sources: addresses that it comes from: the carrier's; no trunk's.
        voice: where ``belbaar sip speak`` listens.
        secret: as that one has it: it takes nobody else's word for who is calling.
    """

    sources: Annotated[list[str], msgspec.Meta(min_length=1)]
    voice: _Sip
    secret: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9._-]{16,128}$")]


class Gate(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A gate.

    Args:
        listen: transports, addresses and ports to listen on, such as ``udp:10.0.0.5:5060``.
        gate: the URL of the service's end point, over an address that nobody else can listen to.
        carrier: where calls go that are let through.
        jcard: where the caller's signed jCard is (RFC 8688, section 3.2): 608 tells whom to ask about it.
        trunks: whence calls come.
        tls: for transports that begin with ``tls:``.
        emergency: numbers that are let through unasked, from every trunk.
        workers: processes that ask, so calls that are asked about at a time; belbaar makes those durable together.
        run: a folder for its control socket, which its user can write.
        calls: a folder for the record of calls, which its user can write and that outlives a restart of the machine.
        objection_key: a key of the telephone that means "do not call me again", in a call; left out: none.
        offered_key: one by which the dialer says that it told of that right; left out: none.
        media: where keys are heard that travel in the sound; left out: keys count as SIP INFO only.
        callers_back: who calls back; left out: their calls do not come this way.
    """

    listen: Annotated[list[_Listen], msgspec.Meta(min_length=1)]
    gate: _Asked
    carrier: _Sip
    jcard: _Url
    trunks: Annotated[list[Trunk], msgspec.Meta(min_length=1)]
    tls: Tls | None = None
    emergency: Annotated[tuple[_Digits, ...], msgspec.Meta(min_length=1)] = ("112",)
    workers: Annotated[int, msgspec.Meta(ge=1, le=256)] = 32
    run: _Folder = "/run/belbaar-sip"
    calls: _Folder = "/var/spool/belbaar-sip"
    objection_key: _Press = ""
    offered_key: _Press = ""
    media: Media | None = None
    callers_back: CallersBack | None = None


def read_gate(text: str, where: str = "") -> Gate:
    """Read what a gate is told, TOML.

    Raises:
        InputError: names what is wrong.
    """
    try:
        gate = msgspec.convert(tomllib.loads(text), Gate)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"this is not TOML: {error}", where=where) from error
    except msgspec.ValidationError as error:
        raise InputError(f"{error}.", where=where, todo="See: docs/howto/gate-in-the-call-path.md") from error
    _check_apart(gate, where)
    return gate


def _check_apart(gate: Gate, where: str) -> None:
    """See to it that each trunk is known by something of its own, or calls of one would pass as another's."""
    for trunk in gate.trunks:
        if not (trunk.sources or trunk.certificate or trunk.user) or bool(trunk.user) != bool(trunk.password):
            raise InputError(
                f'nothing tells the trunk "{trunk.name}" from another.',
                where=where,
                todo="Give it sources, a certificate, or a user with a password.",
            )
    if gate.media and not (gate.objection_key or gate.offered_key):
        raise InputError("no key means anything.", where=where, todo="Give objection_key, or leave [media] out.")
    listens = any(each.startswith("tls:") for each in gate.listen)
    if gate.tls is None and (listens or any(trunk.certificate for trunk in gate.trunks)):
        raise InputError("certificates need TLS.", where=where, todo="Give [tls] certificate, key and authority.")
    for what, found in (
        ("name", [trunk.name for trunk in gate.trunks]),
        ("source", [_address(source, where) for source in _sources(gate)]),
        ("certificate", [trunk.certificate for trunk in gate.trunks if trunk.certificate]),
        ("user", [trunk.user for trunk in gate.trunks if trunk.user]),
    ):
        twice = sorted(each for each, times in Counter(found).items() if times > 1)
        if twice:
            raise InputError(f'the {what} "{twice[0]}" is that of two trunks.', where=where, todo="Keep them apart.")


def _sources(gate: Gate) -> list[str]:
    own = [source for trunk in gate.trunks for source in trunk.sources]
    return own + (gate.callers_back.sources if gate.callers_back else [])


def _address(text: str, where: str) -> str:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError as error:
        raise InputError(f'"{text}" is not an address.', where=where, todo="Such as 10.0.0.20") from error
