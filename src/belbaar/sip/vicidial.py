"""VICIdial tells by an address that an agent chose a disposition: "do not call me again" is one of them.

>>> told = "/objection?number=0201000007&code=31&dispo=DNC&only=DNC,DNCL&caller=voltix"
>>> objection(told)
{'event': 'objection.made', 'number': '+31201000007', 'caller': 'voltix'}
>>> objection(told.replace("dispo=DNC", "dispo=SALE")) is None
True

It calls the address of a campaign's *Dispo Call URL* for every disposition, with GET and the number in it (its
docs/CALL_URL_FEATURES.txt). So it is taken on the machine itself, where FastAGI is taken, and goes on to the service as
any event does: no address that leaves the machine has a number in it, and none holds a key.
"""

__all__ = ["objection"]

from urllib.parse import parse_qs, urlsplit

from belbaar.errors import InputError

_DISPOSITIONS = "DNC"


def objection(target: str) -> dict[str, str] | None:
    """Read what an address tells: an event to be sent; None where the disposition is another.

    Args:
        target: path and query: ``number``, ``code`` (the country's, where the number has none), ``dispo``, ``caller``,
            and ``only``, the dispositions that are an objection.

    Raises:
        InputError: when it is none, or does not say of whom, or to whom.
    """
    parts = urlsplit(target)
    told = {name: values[-1].strip() for name, values in parse_qs(parts.query).items()}
    number, caller = told.get("number", ""), told.get("caller", "")
    if parts.path != "/objection" or not number or not caller or "dispo" not in told:
        raise InputError("this tells of no disposition.", todo="See: docs/howto/other-dialers.md")
    if told["dispo"] not in told.get("only", _DISPOSITIONS).split(","):
        return None
    code = told.get("code", "")
    return {
        "event": "objection.made",
        "number": f"+{code}{number.removeprefix('0')}" if code else number,
        "caller": caller,
    }
