"""A real Asterisk (Debian 11's, `scripts/asterisk`), with the dialplan that docs/howto/other-dialers.md shows.

    with asterisk(folder, agi=4573, carrier=5070) as dialer:
        dialer.calls("0201000007", shows="0201990001")

Calls are placed over ARI, as a dialer that is built on Asterisk places them: through the dialplan, by a Local channel.
"""

import os
import re
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.api.service import free_port

_SECONDS = 15
_CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
ROOT = Path(os.environ.get("BELBAAR_ASTERISK", _CACHE / "belbaar" / "asterisk"))
"""Where `scripts/asterisk` unpacks it."""
PAGE = Path(__file__).parents[2] / "docs" / "howto" / "other-dialers.md"
USER, SECRET = "dialer", "no secret"
_DIRECTORIES = {
    "astetcdir": "etc", "astmoddir": "{root}/usr/lib/asterisk/modules", "astvarlibdir": "lib", "astdbdir": "lib",
    "astkeydir": "lib", "astdatadir": "{root}/usr/share/asterisk", "astagidir": "lib", "astspooldir": "spool",
    "astrundir": "run", "astlogdir": "log", "astsbindir": "{root}/usr/sbin", "astcachedir": "lib",
}  # fmt: skip
_FILES = {
    "modules.conf": "[modules]\nautoload = yes\n",  # what finds no settings of its own declines
    "logger.conf": "[general]\n[logfiles]\nconsole = warning,error,verbose\n",
    "stasis.conf": "",
    "http.conf": "[general]\nenabled = yes\nbindaddr = 127.0.0.1\nbindport = {http}\n",
    "ari.conf": f"[general]\nenabled = yes\n[{USER}]\ntype = user\npassword = {SECRET}\n",
    "pjsip.conf": """[transport]
type = transport
protocol = udp
bind = 127.0.0.1:{sip}
[carrier]
type = endpoint
allow = alaw
aors = carrier
send_pai = yes
[carrier]
type = aor
contact = sip:127.0.0.1:{carrier}
""",
}


@dataclass(frozen=True)
class RealAsterisk:
    """A running Asterisk: its ARI, and what it said."""

    ari: httpx.Client
    log: Path

    def calls(
        self, called: str, *, shows: str, context: str = "outbound", name: str = "", then: str = "s", seconds: int = 30
    ) -> None:
        """Have it call, through the dialplan, and wait until the call has ended.

        ``then``: what is done when it is answered, an extension of the context ``talk``; ``seconds``: how long it may take.
        """
        told = {
            "endpoint": f"Local/{called}@{context}",
            "callerId": f'"{name}" <{shows}>' if name else shows,
            "context": "talk",
            "extension": then,
            "timeout": seconds,
            "priority": 1,
        }
        answer = self.ari.post("/channels", params=told)
        assert answer.status_code == httpx.codes.OK, answer.text
        end = time.monotonic() + _SECONDS
        while self.ari.get("/channels").json():
            assert time.monotonic() < end, self.said()
            time.sleep(0.02)

    def said(self) -> str:
        """What it wrote, as people read it on its console."""
        return re.sub(r"\x1b\[[0-9;]*m", "", self.log.read_text(encoding="utf-8", errors="replace"))


def block(name: str) -> str:
    """Give a block of the page, by the file that its fence names."""
    found = re.search(
        rf"^```\w+ {re.escape(name)}\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    assert found, name
    return found[1]


@contextmanager
def asterisk(folder: Path, dialplan: str, *, carrier: int) -> Iterator[RealAsterisk]:
    """Run it until the block ends. ``carrier``: the port to which it leads calls."""
    if not (ROOT / "usr/sbin/asterisk").exists() or not (loader := next(ROOT.glob("lib/*/ld-2*.so"), None)):
        pytest.skip("there is no Asterisk: make system (it needs Debian's mirrors)")
    ports = {"http": free_port(), "sip": free_port(), "carrier": carrier}
    _write(folder, dialplan, ports)
    libraries = ":".join(str(each) for each in (loader.parent, *ROOT.glob("usr/lib/*-linux-gnu"), ROOT / "usr/lib"))
    program = (loader, "--library-path", libraries, ROOT / "usr/sbin/asterisk")
    log = folder / "asterisk.log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [*map(str, program), "-C", str(folder / "etc/asterisk.conf"), "-f", "-n", "-vvv"],
            cwd=folder, stdout=out, stderr=out, start_new_session=True,
        )  # fmt: skip
    ari = httpx.Client(base_url=f"http://127.0.0.1:{ports['http']}/ari", auth=(USER, SECRET), timeout=_SECONDS)
    try:
        _await(ari, process, log)
        yield RealAsterisk(ari, log)
    finally:
        ari.close()
        process.terminate()
        try:
            process.wait(_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _write(folder: Path, dialplan: str, ports: Mapping[str, int]) -> None:
    for name in ("etc", "lib", "spool", "run", "log"):
        (folder / name).mkdir(exist_ok=True)
    lines = (
        f"{name} => {to.format(root=ROOT) if to.startswith('{') else folder / to}" for name, to in _DIRECTORIES.items()
    )
    (folder / "etc/asterisk.conf").write_text("\n".join(["[directories]", *lines, ""]), encoding="utf-8")
    for name, text in _FILES.items():
        filled = re.sub(r"\{(\w+)\}", lambda found: str(ports[found[1]]), text)
        (folder / "etc" / name).write_text(filled, encoding="utf-8")
    (folder / "etc/features.conf").write_text(block("features.conf"), encoding="utf-8")
    talk = (
        "[talk]\nexten => s,1,Wait(0.3)\n same => n,Hangup()\n"
        "exten => objects,1,Wait(0.3)\n same => n,SendDTMF(*9)\n same => n,Wait(1)\n same => n,Hangup()\n"
    )
    (folder / "etc/extensions.conf").write_text(f"{talk}{dialplan}", encoding="utf-8")


def _await(ari: httpx.Client, process: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + _SECONDS
    while time.monotonic() < end:
        with suppress(httpx.TransportError):
            if ari.get("/asterisk/info").status_code == httpx.codes.OK:
                return
        assert process.poll() is None, log.read_text(encoding="utf-8")[-3000:]
        time.sleep(0.05)
    raise AssertionError(log.read_text(encoding="utf-8")[-3000:])
