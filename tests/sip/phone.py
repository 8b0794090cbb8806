"""A telephone that calls over SIP, hears, and presses keys: what a voice at the other end is there for."""

import re
import secrets
import socket
import time
from typing import Any, Self

import numpy as np

from tests.sip.sound import Ear, at

_RATE = 8000


class Phone:
    """Guards a telephone with one call.

    Args:
        port: of the proxy that it calls through, on loopback.
        source: the address that it calls from.
    """

    def __init__(self, port: int, source: str = "127.0.0.1") -> None:
        self.ear = Ear()
        self.answers: list[str] = []
        """What came in, requests too."""
        self._port, self._socket = port, socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((source, 0))
        self._here = f"{source}:{self._socket.getsockname()[1]}"
        self._dialogue = ""
        self.call_id = secrets.token_hex(8)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.ear.stop()
        self._socket.close()

    def calls(self, user: str, *headers: str, sender: str = "<sip:anonymous@anonymous.invalid>") -> str:
        """Call; give the final answer, acknowledged. Headers are lines."""
        call_id = self.call_id
        self._dialogue = f"From: {sender};tag={call_id}\r\nCall-ID: {call_id}\r\nMax-Forwards: 70\r\nContact: <sip:phone@{self._here}>\r\n"
        uri, branch = f"sip:{user}@127.0.0.1", f"branch=z9hG4bK{call_id}"
        head = f"INVITE {uri} SIP/2.0\r\nVia: SIP/2.0/UDP {self._here};{branch}\r\nTo: <{uri}>\r\n{self._dialogue}CSeq: 1 INVITE\r\n"
        more = "".join(f"{header}\r\n" for header in headers) + "Content-Type: application/sdp\r\n"
        self._send(f"{head}{more}Content-Length: {len(self.ear.sdp)}\r\n\r\n{self.ear.sdp}")
        answer = self.awaited(r"SIP/2\.0 [2-6]")
        to = re.search(r"^To: (.*?)\r?$", answer, re.MULTILINE)[1]
        if answer.startswith("SIP/2.0 2"):
            uri, branch = re.search(r"^Contact: <(.*?)>", answer, re.MULTILINE)[1], f"{branch}ack"
            self.ear.toward = at(answer)
        routes = "".join(
            f"Route: {each}\r\n" for each in re.findall(r"^Record-Route: (.*?)\r?$", answer, re.MULTILINE)[::-1]
        )
        self._send(
            f"ACK {uri} SIP/2.0\r\nVia: SIP/2.0/UDP {self._here};{branch}\r\nTo: {to}\r\n{self._dialogue}{routes}"
            "CSeq: 1 ACK\r\nContent-Length: 0\r\n\r\n"
        )
        return answer

    def hangs_up_on(self) -> None:
        """Wait until the other side hangs up, and agree."""
        bye = self.awaited("BYE ", 30)
        copied = [line for line in bye.split("\r\n") if re.match(r"(Via|From|To|Call-ID|CSeq):", line)]
        self._send("\r\n".join(["SIP/2.0 200 OK", *copied, "Content-Length: 0", "", ""]))

    def awaited(self, start: str, seconds: float = 10) -> str:
        """Give the next message that begins so."""
        end = time.monotonic() + seconds
        while True:
            self._socket.settimeout(max(end - time.monotonic(), 0.01))
            message = self._socket.recv(65535).decode()
            self.answers.append(message)
            if re.match(start, message):
                return message

    def hears(self, since: int = 0, until: int | None = None) -> float:
        """Give the pitch of what it heard, Hz, as its strongest; 0 where that was silence. From a packet to another."""
        heard = _pcm(b"".join(packet[12:] for packet in self.ear.heard[since:until] if packet[1] & 0x7F == 8))
        if not len(heard) or np.abs(heard).max() < 500:
            return 0.0
        spectrum = np.abs(np.fft.rfft(heard))
        return float(np.fft.rfftfreq(len(heard), 1 / _RATE)[spectrum.argmax()])

    def _send(self, text: str) -> None:
        self._socket.sendto(text.encode(), ("127.0.0.1", self._port))


def _pcm(alaw: bytes) -> "np.ndarray[Any, np.dtype[np.float64]]":
    """Read A-law (G.711)."""
    code = np.frombuffer(alaw, np.uint8) ^ 0x55
    exponent, mantissa = (code >> 4) & 7, (code & 15).astype(np.int64) * 16 + 8
    size = np.where(exponent == 0, mantissa, (mantissa + 256) << np.maximum(exponent.astype(np.int64) - 1, 0))
    return np.where(code & 0x80, size, -size).astype(np.float64)
