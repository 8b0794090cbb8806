"""What the voice is told, and what it says to whom it announces something: a program that answers telephone calls.

>>> voice = read_voice('''
... listen = "udp:10.0.0.5:5064"
... service = "http://127.0.0.1:8080"
... key = "bel_0f3a_x"
... secret = "sixteen-or-more-letters"
... ''')
>>> voice.calls
20
"""

__all__ = ["ANNOUNCED", "AWAY", "FAILED", "Voice", "read_voice"]

import tomllib
from collections.abc import Mapping
from typing import Annotated

import msgspec

from belbaar.errors import InputError

_HOWTO = "See: docs/howto/gate-in-the-call-path.md"
ANNOUNCED: Mapping[str, Mapping[str, str]] = {
    "marked": {
        "nl": "Dank u. Het laatste gesprek naar uw nummer is gemarkeerd. "
        "Wilt u weten wie u belde? Vraag het schriftelijk aan uw aanbieder.",
        "en": "Thank you. The last call to your number is marked. "
        "Do you want to know who called you? Ask your provider in writing.",
    },
    "nothing": {
        "nl": "Er is geen gesprek om te markeren. Dat kan tot tien minuten nadat het is afgelopen.",
        "en": "There is no call to mark. You can mark a call until ten minutes after it ended.",
    },
    "refused": {
        "nl": "Dit nummer neemt geen anonieme gesprekken aan. Bel opnieuw, en laat uw nummer zien.",
        "en": "This number does not take anonymous calls. Call again, and show your number.",
    },
}
"""By the user part that ``incoming.cfg`` sends a call to, and language."""
AWAY: Mapping[str, str] = {
    "nl": "Wij kunnen u nu niet helpen. Bel later terug.",
    "en": "We cannot help you now. Please call again later.",
}
FAILED: Mapping[str, str] = {
    "nl": "Het is niet gelukt. Uw keuze is niet bewaard. Bel later terug.",
    "en": "It did not work. Your choice was not kept. Please call again later.",
}


class Voice(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The voice.

    Args:
        listen: an address that Kamailio and the sound of calls reach, and a port.
        service: the service's URL, for who calls back; left out: nobody is answered who does.
        key: of the organisation whose numbers are called back, with the right ``permit``.
        secret: as the gate has it.
        recordings: a folder with own recordings; left out: all is spoken by espeak-ng.
        calls: that are answered at a time; who calls then hears that it is engaged.
    """

    listen: Annotated[str, msgspec.Meta(pattern=r"^udp:[0-9.]{7,15}:[0-9]{1,5}$")]
    service: Annotated[str, msgspec.Meta(pattern=r"^(https?://[A-Za-z0-9.:\[\]-]+)?$", max_length=300)] = ""
    key: Annotated[str, msgspec.Meta(pattern=r"^(bel_[0-9a-f]{1,32}_[A-Za-z0-9_-]{1,128})?$")] = ""
    secret: Annotated[str, msgspec.Meta(pattern=r"^([A-Za-z0-9._-]{16,128})?$")] = ""
    recordings: str = ""
    calls: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 20


def read_voice(text: str, where: str = "") -> Voice:
    """Read what the voice is told, TOML.

    Raises:
        InputError: names what is wrong.
    """
    try:
        voice = msgspec.convert(tomllib.loads(text), Voice)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"this is not TOML: {error}", where=where) from error
    except msgspec.ValidationError as error:
        raise InputError(f"{error}.", where=where, todo=_HOWTO) from error
    if voice.service and not (voice.key and voice.secret):
        raise InputError(
            "who calls back cannot be answered so.", where=where, todo="Give key and secret, or no service."
        )
    return voice
