"""How a consent was captured: boxes, language, times and places, read strictly, and what they mean for the consent.

    >>> read_language("nl-nl"), read_ip_prefix("192.0.2.0/24"), read_moment("2026-09-01T10:00:00+02:00")
    ('nl-NL', '192.0.2.0/24', '2026-09-01T08:00:00Z')
    >>> implied({"boxes": read_boxes([{"label": "Bel mij", "initial": True, "final": True}])})
    {'affirmative': False}

What is kept is what was shown and done; the law's reading of it (nl.md section 5: no ticked box, no silence, nothing
tied to it) is drawn here, once, so that whoever looks at an event sees it.
"""

__all__ = [
    "Box",
    "check_order",
    "implied",
    "read_boxes",
    "read_hash",
    "read_ip_prefix",
    "read_language",
    "read_moment",
    "read_steps",
    "read_viewport",
]

import ipaddress
import re
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from belbaar.errors import InputError, nearest
from belbaar.law.calendar import moment_of
from belbaar.ledger.values import Box, Value, read_instant, read_text, read_yes_no

_UTC = ZoneInfo("UTC")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_HASH = re.compile(r"[0-9a-f]{64}")
_LANGUAGE = re.compile(
    r"(?P<language>[a-z]{2,3}|[a-z]{5,8})(-(?P<script>[a-z]{4}))?(-(?P<region>[a-z]{2}|\d{3}))?"
    r"(?P<variants>(-([a-z0-9]{5,8}|\d[a-z0-9]{3}))*)"
)
_PREFIXES = {4: 24, 6: 48}
"""How much of an address may be kept: enough to see a farm of consents, too little to find a person."""
_BOX = ("label", "initial", "final")
_STEP = re.compile(r"(?P<at>\S+) (?P<what>[a-z]{2,20}( \d{1,3})?)")
_VIEWPORT = re.compile(r"\d{2,5}x\d{2,5}")
_MOST_STEPS = 100


def read_boxes(value: object) -> tuple[Box, ...]:
    """Read the boxes as they were shown: each with its label, whether it began ticked, whether it ended so."""
    if not isinstance(value, list | tuple) or not value:
        raise InputError(
            "this field is a list of boxes, at least one.",
            todo='Write it as [{"label": "Bel mij", "initial": false, "final": true}].',
        )
    return tuple(_box(item, place) for place, item in enumerate(value, 1))


def _box(item: object, place: int) -> Box:
    if not isinstance(item, Mapping):
        raise InputError(f"box {place} is no object with label, initial and final.")
    for name in item:
        if name not in _BOX:
            raise InputError(f'box {place} has no field "{name}".', todo=nearest(str(name), _BOX))
    for name in _BOX:
        if name not in item:
            raise InputError(f'box {place} needs "{name}", and it is missing.')
    try:
        box: Box = {
            "label": read_text(item["label"]),
            "initial": read_yes_no(item["initial"]),
            "final": read_yes_no(item["final"]),
        }
    except InputError as error:
        raise InputError(f"box {place}: {error.what}", todo=error.todo) from error
    if not str(box["label"]).strip():
        raise InputError(f"box {place} has no label.", todo="Write the text beside the box, as it was shown.")
    return box


def read_language(value: object) -> str:
    """Read a language tag of BCP 47 (language, script, region, variants), in the usual case."""
    text = read_text(value)
    found = _LANGUAGE.fullmatch(text.lower())
    if not found:
        raise InputError(f'"{text}" is not a language tag.', todo='Write it as BCP 47 does: "nl", "en" or "nl-BE".')
    script, region = found["script"], found["region"]
    tag = found["language"] + (f"-{script.title()}" if script else "") + (f"-{region.upper()}" if region else "")
    return tag + found["variants"]


def read_ip_prefix(value: object) -> str:
    """Read the beginning of an address: 24 bits of IPv4 or 48 of IPv6, and no more."""
    text = read_text(value)
    todo = 'Keep no more of an address than "192.0.2.0/24" or "2001:db8:1::/48".'
    try:
        network = ipaddress.ip_network(text)
    except ValueError as error:
        raise InputError("this is not the beginning of an IP address.", todo=todo) from error
    if network.prefixlen != _PREFIXES[network.version]:
        raise InputError(f"of an IPv{network.version} address only /{_PREFIXES[network.version]} is kept.", todo=todo)
    return str(network)


def read_moment(value: object) -> str:
    """Read an instant with its offset; it is kept in UTC, so that one instant has one spelling."""
    text = read_text(value)
    if _DATE.fullmatch(text):
        raise InputError(
            f'"{text}" is a day, and this is an instant.', todo='Add the time: "2026-07-01T14:00:00+02:00".'
        )
    return moment_of(read_instant(text, _UTC), _UTC).replace(tzinfo=None).isoformat() + "Z"


def read_steps(value: object) -> tuple[str, ...]:
    """Read what a person did and when, in order: ``2026-09-01T08:00:05Z ticked 1``; a word, and of which box."""
    if not isinstance(value, list | tuple) or not 0 < len(value) <= _MOST_STEPS:
        raise InputError(
            f"this field is a list of steps, 1 to {_MOST_STEPS}.", todo='Write it as ["2026-09-01T08:00:05Z ticked 1"].'
        )
    steps = []
    for item in value:
        found = _STEP.fullmatch(read_text(item))
        if not found:
            raise InputError(
                f'"{item}" is not a step.', todo='Write an instant and a word: "2026-09-01T08:00:05Z shown".'
            )
        steps.append(f"{read_moment(found['at'])} {found['what']}")
    return tuple(sorted(steps, key=lambda step: read_instant(step.partition(" ")[0], _UTC)))


def read_viewport(value: object) -> str:
    """Read how large the page was on the screen, in CSS pixels: ``360x740``."""
    text = read_text(value)
    if not _VIEWPORT.fullmatch(text):
        raise InputError(f'"{text}" is not a size.', todo='Write width and height: "360x740".')
    return text


def read_hash(value: object) -> str:
    """Read a SHA-256, in lower-case hex."""
    text = read_text(value)
    if not _HASH.fullmatch(text):
        raise InputError("this is not a SHA-256.", todo="Write its 64 hex digits, in lower case.")
    return text


def implied(fields: Mapping[str, Value]) -> dict[str, Value]:
    """Draw from how a consent was captured what the law asks of it; in doubt, no.

    A box that began ticked, or none that ended so, is no clear yes; what depends on a consent is tied to it.
    """
    drawn: dict[str, Value] = {}
    boxes = fields.get("boxes")
    if isinstance(boxes, tuple) and not _clear_yes(boxes):
        drawn["affirmative"] = False
    if fields.get("conditional_on"):
        drawn["bundled"] = True
    return drawn


def _clear_yes(boxes: tuple[str | Box, ...]) -> bool:
    states = [(box["initial"], box["final"]) for box in boxes if isinstance(box, Mapping)]
    return not any(initial for initial, _ in states) and any(final for _, final in states)


def check_order(earlier: str, at: int) -> None:
    """See to it that what was agreed to was shown, and what was answered was sent, no later than the event.

    Raises:
        InputError: when it was not.
    """
    if read_instant(earlier, _UTC) > at:
        raise InputError("this would be after the event itself.", todo="Mend this instant, or that of the event.")
