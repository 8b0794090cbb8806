"""A gate's configuration, written out of what it is told and the text of ``gate.cfg``."""

__all__ = ["check_written", "write_gate", "written"]

import hashlib
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path

from belbaar.errors import InputError, StoreUnavailable
from belbaar.proof.keys.secret_files import write_private
from belbaar.sip.settings import Gate, Tls, Trunk

_SECONDS = 30
_REALM = "belbaar"


def written(gate: Gate) -> str:
    """Write a configuration for Kamailio 5.6: the same for the same gate.

    Whatever is put in has been read by a pattern that has no quotes in it, so nothing can end a text of the file early.
    """
    text = files("belbaar.sip").joinpath("gate.cfg").read_text(encoding="utf-8")
    for name, value in _slots(gate).items():
        text = text.replace(f"{{{{{name}}}}}", value)
    return text


def _slots(gate: Gate) -> Mapping[str, str]:
    listen = [f"listen={each}" for each in gate.listen]
    if not any(each.startswith(("tcp:", "tls:")) for each in gate.listen):
        listen.append("disable_tcp=yes")
    if gate.tls:
        listen.append("enable_tls=yes")
    return {
        "listen": "\n".join(listen),
        "workers": str(gate.workers),
        "run": gate.run,
        "calls": gate.calls,
        "keys": "\n".join(
            _key(key, said) for key, said in ((gate.objection_key, "key"), (gate.offered_key, "offered")) if key
        ),
        "media": "#!define WITH_MEDIA" if gate.media else "",
        "rtpengine": gate.media.rtpengine if gate.media else "",
        "with_callers_back": "#!define WITH_CALLERS_BACK" if gate.callers_back else "",
        "back_sources": _from(gate.callers_back.sources) if gate.callers_back else "",
        "back_secret": gate.callers_back.secret if gate.callers_back else "",
        "voice": gate.callers_back.voice if gate.callers_back else "",
        "connections": "\n".join(_connection(gate, trunk) for trunk in gate.trunks),
        "asking": "\n".join(_asking(trunk) for trunk in gate.trunks),
        "trunks": "\n".join([*map(_trunk, gate.trunks), *filter(None, map(_challenge, gate.trunks))]),
        "tls": _tls(gate.tls) if gate.tls else "",
        "carrier": gate.carrier,
        "jcard": gate.jcard,
        "emergency": f"^([+]31|0031)?({'|'.join(gate.emergency)})$",
        "secret": _secret(gate),
    }


def _secret(gate: Gate) -> str:
    """Give what marks dialogs: it stays the same while the keys do, so dialogs outlive a configuration written anew."""
    return hashlib.sha256("\n".join(["dialogs", *sorted(trunk.key for trunk in gate.trunks)]).encode()).hexdigest()


def _connection(gate: Gate, trunk: Trunk) -> str:
    """Write a trunk's connection: its key travels as the password of HTTP's Basic scheme."""
    scheme, rest = gate.gate.split("://", 1)
    return f'modparam("http_client", "httpcon", "{trunk.name}=>{scheme}://trunk:{trunk.key}@{rest};timeout=1")'


def _asking(trunk: Trunk) -> str:
    """Write how a trunk's calls are asked about: a connection cannot be named by a variable."""
    asked = f'http_connect("{trunk.name}", "$var(path)", "application/json", "$var(q)", "$var(a)")'
    return f'    if ($avp(trunk) == "{trunk.name}") $var(rc) = {asked};'


def _trunk(trunk: Trunk) -> str:
    """Write how a trunk is known, and what its calls are."""
    known = _known_by(trunk) + ([f'$au == "{trunk.user}"'] if trunk.user else [])
    values = {"trunk": trunk.name, "agent": trunk.agent, "campaign": trunk.campaign, "product": trunk.product}
    values["signed"] = trunk.identity
    lines = _signed_in(trunk) + [f'$avp({name}) = "{value}";' for name, value in values.items()]
    lines += [f"$avp(plain) = {int(trunk.plain)};", f"$avp(most) = {trunk.per_second};", "return;"]
    return "\n        ".join([f"    if ({' && '.join(known)}) {{", *lines]) + "\n    }"


def _known_by(trunk: Trunk) -> list[str]:
    sources = _from(trunk.sources)
    shown = f'$proto == "tls" && $tls_peer_verified == 1 && $tls_peer_subject_cn == "{trunk.certificate}"'
    return [f"({each})" for each in (sources, shown if trunk.certificate else "") if each]


def _from(sources: Sequence[str]) -> str:
    return " || ".join(f'$si == "{source}"' for source in sources)


def _signed_in(trunk: Trunk) -> list[str]:
    """Write how a trunk shows that it has its password, of which only a digest stands here (RFC 7616, section 3.4.2)."""
    if not trunk.user:
        return []
    secret = hashlib.md5(f"{trunk.user}:{_REALM}:{trunk.password}".encode(), usedforsecurity=False).hexdigest()
    ask = f'if (!pv_proxy_authenticate("{_REALM}", "{secret}", "1")) {{ auth_challenge("{_REALM}", "1"); exit; }}'
    return [ask, "consume_credentials();"]


def _challenge(trunk: Trunk) -> str:
    """Write whom to ask for a password: who may be this trunk, and has not said so."""
    may_be = " && ".join([*_known_by(trunk), "$au == $null"])
    return f'    if ({may_be}) {{ auth_challenge("{_REALM}", "1"); exit; }}' if trunk.user else ""


def _tls(tls: Tls) -> str:
    """Write what is shown and asked over TLS: a certificate that is shown must hold, and not everybody need show one."""
    files = {"certificate": tls.certificate, "private_key": tls.key, "ca_list": tls.authority}
    lines = ['loadmodule "tls.so"', 'modparam("tls", "tls_method", "TLSv1.2+")']
    lines += [f'modparam("tls", "{name}", "{path}")' for name, path in files.items()]
    return "\n".join([*lines, 'modparam("tls", "verify_certificate", 1)', 'modparam("tls", "require_certificate", 0)'])


def _key(key: str, said: str) -> str:
    """Write what a key means; one that means nothing is not looked at."""
    return f'        if ($var(key) == "{key}") $avp(said) = "{said}";'


def write_gate(path: Path, text: str) -> None:
    """Write a configuration whole, for its owner's eyes: there are keys in it.

    Raises:
        StoreUnavailable: when it cannot be written.
    """
    beside = path.parent / f".{path.name}.{os.getpid()}"
    write_private(beside, text)
    try:
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise StoreUnavailable(f"it cannot be written: {error.strerror}.", where=str(path)) from error


def check_written(path: Path) -> None:
    """Have Kamailio read a configuration, without running it.

    Raises:
        InputError: when Kamailio is not there, or does not take it.
    """
    program = shutil.which("kamailio", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        raise InputError(
            "Kamailio is not on this machine, so it could not look at what was written.",
            where=str(path),
            todo="Run it where Kamailio is: kamailio -c -f gate.cfg; or leave the check out: --no-check",
        )
    run = subprocess.run(  # noqa: S603  the program's own name, a path that was written just now
        [program, "-c", "-f", str(path)], capture_output=True, text=True, timeout=_SECONDS, check=False
    )
    if run.returncode:
        told = [line for line in run.stderr.splitlines() if "CRITICAL" in line or "ERROR" in line]
        raise InputError("Kamailio does not take this configuration.", where=str(path), details=tuple(told[:5]))
