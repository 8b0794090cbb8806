"""A carrier: answers whatever reaches it, and keeps it. What is not in here never left the gate."""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_COPIED = re.compile(r"^(?:Via|v|From|f|To|t|Call-ID|i|CSeq|Record-Route):", re.IGNORECASE)
_SOUND = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 9 RTP/AVP 8\r\n"


class Carrier:
    """Guards a socket and what came in on it.

    Args:
        rings: whether it only lets it ring, until the call is called off.
        answers: what it answers an INVITE.
        sdp: what it says of its sound when it answers one; "": nothing.
    """

    def __init__(self, *, rings: bool = False, answers: str = "200 OK", sdp: str = "") -> None:
        self.rings = rings
        self.answers = answers
        self.sdp = sdp
        self.received: list[str] = []
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.settimeout(0.2)
        self.port = int(self._socket.getsockname()[1])
        self._invite = ""
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def invites(self, call_id: str = "") -> list[str]:
        """Give the INVITEs that came, of one call or all, each once."""
        found = [text for text in self.received if text.startswith("INVITE ") and call_id in text]
        return list(dict.fromkeys(found))

    def stop(self) -> None:
        """Hang up for good."""
        self._stopped.set()
        self._thread.join(5)
        self._socket.close()

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                data, address = self._socket.recvfrom(65535)
            except TimeoutError:
                continue
            text = data.decode("latin-1")
            self.received.append(text)
            for answer in self._answers(text):
                self._socket.sendto(answer.encode("latin-1"), address)

    def _answers(self, text: str) -> list[str]:
        method = text.split(" ", 1)[0]
        if method == "INVITE":
            self._invite = text
            # not both: Kamailio's processes may send on what comes close together in another order
            return [self._answer(text, "180 Ringing" if self.rings else self.answers)]
        if method == "CANCEL":
            return [self._answer(text, "200 OK"), self._answer(self._invite, "487 Request Terminated")]
        return [] if method == "ACK" else [self._answer(text, "200 OK")]

    def _answer(self, text: str, status: str) -> str:
        copied = [line for line in text.split("\r\n\r\n", maxsplit=1)[0].split("\r\n")[1:] if _COPIED.match(line)]
        lines = [line if ";tag=" in line or not line.startswith("To:") else f"{line};tag=carrier" for line in copied]
        contact = f"Contact: <sip:carrier@127.0.0.1:{self.port}>"
        # who offers sound hangs up where none is taken
        body = (
            (self.sdp or (_SOUND if "m=audio" in text else ""))
            if status == "200 OK" and text.startswith("INVITE ")
            else ""
        )
        kind = ["Content-Type: application/sdp"] if body else []
        return "\r\n".join([f"SIP/2.0 {status}", *lines, contact, *kind, f"Content-Length: {len(body)}", "", body])


@contextmanager
def carrier(*, rings: bool = False, answers: str = "200 OK", sdp: str = "") -> Iterator[Carrier]:
    """Run a carrier until the block ends."""
    made = Carrier(rings=rings, answers=answers, sdp=sdp)
    try:
        yield made
    finally:
        made.stop()
