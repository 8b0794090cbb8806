"""What is kept of how a person filled a form in (evidence.md 7): the text, the boxes, the steps, where and when.

Instants are the service's own. A browser tells how long ago things happened, not when: its clock may be wrong.
"""

__all__ = ["Filled", "evidence", "prefix_of"]

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from belbaar.capture.design import Lang
from belbaar.capture.forms import Published
from belbaar.errors import InputError
from belbaar.law.calendar import moment_of
from belbaar.ledger.captured import read_steps, read_viewport
from belbaar.proof.receipt.record import UTC

_MS = 1000
_LONGEST_QUEUE = 7 * 86_400_000
_LONGEST_PAGE = 300


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as somebody filled it in.

    Args:
        form: its id.
        version: which was shown.
        language: in which.
        number: E.164.
        boxes: of each box whether it began ticked, and whether it ended so.
        way: by which it came: ``widget``, ``page``, ``woocommerce`` and so on.
        sent_under: an id by which the same form, sent again, is known.
        address: a mail address, "" where none was told.
        sha256: of the text as it was shown, "" where that was not told.
        steps: what the person did, and how many milliseconds after the form was shown.
        shown_ms: how long before it was sent the form was shown.
        queued_ms: how long it waited for a connection.
        viewport: the size of the page, "" where that was not told.
        page: its URL.
        scan: the SHA-256 of the scan of a paper form, "" where there is none.
        ip: the address from which it came, "" where that says nothing of the person.
    """

    form: str
    version: int
    language: Lang
    number: int
    boxes: tuple[tuple[bool, bool], ...]
    way: str
    sent_under: str
    address: str = ""
    sha256: str = ""
    steps: tuple[tuple[str, int], ...] = ()
    shown_ms: int = 0
    queued_ms: int = 0
    viewport: str = ""
    page: str = ""
    ip: str = ""
    scan: str = ""


def evidence(filled: Filled, of: Published, captured_by: str, *, now: int) -> dict[str, Any]:
    """Give the fields of an event that tell how a consent was captured; the text itself apart.

    Raises:
        InputError: when what is told is not what was published, nothing was chosen, or a box began ticked.
    """
    put = of.shown.get(filled.language)
    if put is None:
        raise InputError("the form is not shown in this language.", where="/language")
    if filled.sha256 and filled.sha256 != put.sha256:
        raise InputError(
            "another text was shown than the one that was published.",
            where="/sha256",
            todo="Load the page again.",
            code="another-wording",
        )
    if len(filled.boxes) != len(put.boxes):
        raise InputError(f"this form has {len(put.boxes)} boxes.", where="/boxes", code="malformed")
    if any(began for began, _ in filled.boxes):
        raise InputError("a box began ticked, so it says nothing.", where="/boxes", code="form.preticked")
    if of.design.kind == "consent" and not any(ended for _, ended in filled.boxes):
        raise InputError(
            "no box was ticked.", where="/boxes", todo="Send nothing: no is the rule.", code="nothing-chosen"
        )
    sent = now - min(max(filled.queued_ms, 0), _LONGEST_QUEUE) * _MS
    shown = sent - min(max(filled.shown_ms, 0), _LONGEST_QUEUE) * _MS
    fields: dict[str, Any] = {
        "wording_version": str(of.version),
        "language": filled.language,
        "boxes": [
            {"label": box.label, "initial": began, "final": ended}
            for box, (began, ended) in zip(put.boxes, filled.boxes, strict=True)
        ],
        "shown_at": _utc(shown),
        "captured_by": f"{captured_by}, form {filled.form}, {filled.way}",
    }
    steps = [f"{_utc(shown + min(max(ms, 0), max(filled.shown_ms, 0)) * _MS)} {what}" for what, ms in filled.steps]
    if steps:
        fields["steps"] = list(read_steps(steps))
    if filled.viewport:
        fields["viewport"] = read_viewport(filled.viewport)
    return fields | {name: told for name, told in _from(filled).items() if told}


def prefix_of(ip: str) -> str:
    """Give the beginning of an address, as much as may be kept: ``192.0.2.0/24``; "" where it is none.

    >>> prefix_of("192.0.2.17"), prefix_of("2001:db8:1:2::3"), prefix_of("::ffff:192.0.2.17"), prefix_of("unix")
    ('192.0.2.0/24', '2001:db8:1::/48', '192.0.2.0/24', '')
    """
    try:
        address = ipaddress.ip_address(ip.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    bits = 24 if isinstance(address, ipaddress.IPv4Address) else 48
    return str(ipaddress.ip_network((address, bits), strict=False))


def _from(filled: Filled) -> Mapping[str, str]:
    return {"page": _without_query(filled.page), "ip_prefix": prefix_of(filled.ip), "scan": filled.scan}


def _without_query(page: str) -> str:
    """Give the URL of a page without what may tell of the person: query and fragment."""
    try:
        parts = urlsplit(page)
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return ""
    return f"{parts.scheme}://{parts.hostname}{parts.path}"[:_LONGEST_PAGE]


def _utc(at: int) -> str:
    return moment_of(at, UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
