"""A dialer that speaks SIP over TCP or TLS, with a certificate or a password: what SIPp of Debian cannot."""

import hashlib
import re
import secrets
import socket
import ssl

from tests.sip.dialer import BUREAU


class Speaker:
    """Guards a connection to a gate.

    Args:
        port: of the gate, on loopback.
        shows: the number that its calls show.
        tls: what it trusts and shows over TLS; None: plain TCP.
        source: the address that it calls from.
    """

    def __init__(self, port: int, shows: str, tls: ssl.SSLContext | None = None, source: str = BUREAU) -> None:
        plain = socket.create_connection(("127.0.0.1", port), timeout=5, source_address=(source, 0))
        self._socket = tls.wrap_socket(plain) if tls else plain
        self._transport = "TLS" if tls else "TCP"
        self._shows, self._source, self._port = shows, source, port
        self._call, self._cseq = secrets.token_hex(8), 0
        self._rest = ""

    def close(self) -> None:
        """Hang up for good."""
        self._socket.close()

    def invite(self, called: str, *, user: str = "", password: str = "") -> tuple[int, str]:
        """Call; sign in when asked to. Give the final code, and the answer."""
        code, answer = self._invite(called, "")
        if code == 407 and user:
            asked = dict(re.findall(r'(\w+)="?([^",\r]+)"?', re.search(r"Proxy-Authenticate: Digest (.*)", answer)[1]))
            code, answer = self._invite(called, _digest(asked, f"sip:{called}@127.0.0.1", user, password))
        return code, answer

    def _invite(self, called: str, signed: str) -> tuple[int, str]:
        self._cseq += 1
        uri = f"sip:{called}@127.0.0.1"
        lines = [
            f"INVITE {uri} SIP/2.0",
            f"Via: SIP/2.0/{self._transport} {self._source}:{self._port};branch=z9hG4bK{secrets.token_hex(8)}",
            f"From: <sip:{self._shows}@dialer.example>;tag=s{self._call}",
            f"To: <{uri}>",
            f"Call-ID: {self._call}",
            f"CSeq: {self._cseq} INVITE",
            f"Contact: <sip:dialer@{self._source}>",
            f"P-Asserted-Identity: <sip:{self._shows}@dialer.example>",
            "Max-Forwards: 70",
            *([f"Proxy-Authorization: {signed}"] if signed else []),
            "Content-Length: 0",
        ]
        self._socket.sendall("\r\n".join([*lines, "", ""]).encode())
        while True:
            answer = self._answer()
            code = int(answer.split(" ", 2)[1])
            if code >= 200 and f"CSeq: {self._cseq} INVITE" in answer:
                self._acknowledge(lines, answer, uri)
                return code, answer

    def _answer(self) -> str:
        while "\r\n\r\n" not in self._rest:
            data = self._socket.recv(65535)
            assert data, "the gate hung up"
            self._rest += data.decode()
        answer, self._rest = self._rest.split("\r\n\r\n", 1)
        return answer

    def _acknowledge(self, invite: list[str], answer: str, uri: str) -> None:
        to = re.search(r"^To: .*$", answer, re.MULTILINE)[0].strip()
        routes = [f"Route: {route.strip()}" for route in re.findall(r"^Record-Route: (.*)$", answer, re.MULTILINE)]
        kept = [line for line in invite if line.startswith(("Via", "From", "Call-ID", "Max-Forwards"))]
        ack = [f"ACK {uri} SIP/2.0", *kept, to, *routes, f"CSeq: {self._cseq} ACK", "Content-Length: 0", "", ""]
        self._socket.sendall("\r\n".join(ack).encode())


def _digest(asked: dict[str, str], uri: str, user: str, password: str) -> str:
    """Answer a challenge (RFC 7616)."""
    one, two = (_md5(text) for text in (f"{user}:{asked['realm']}:{password}", f"INVITE:{uri}"))
    cnonce = secrets.token_hex(4)
    answer = _md5(f"{one}:{asked['nonce']}:00000001:{cnonce}:auth:{two}")
    return (
        f'Digest username="{user}", realm="{asked["realm"]}", nonce="{asked["nonce"]}", uri="{uri}", '
        f'response="{answer}", algorithm=MD5, qop=auth, nc=00000001, cnonce="{cnonce}"'
    )


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
